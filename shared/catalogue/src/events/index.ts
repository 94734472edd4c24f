import type { EventEntry, Family } from '../model.ts';

import { accessCode } from './access-code.ts';
import { billing } from './billing.ts';
import { group } from './group.ts';
import { member } from './member.ts';
import { payment } from './payment.ts';
import { plan } from './plan.ts';
import { projectResource } from './project-resource.ts';
import { project } from './project.ts';
import { role } from './role.ts';
import { subscription } from './subscription.ts';
import { teamMember } from './team-member.ts';
import { team } from './team.ts';

const parts = [
	subscription,
	member,
	payment,
	plan,
	accessCode,
	billing,
	project,
	projectResource,
	team,
	teamMember,
	role,
	group,
];

/** The 12 families. */
export const families: readonly Family[] = parts.map((part) => part.family);

/** Every event. */
export const events: readonly EventEntry[] = parts.flatMap((part) => part.events);

const byType = new Map(events.map((entry) => [entry.type, entry]));

/** The entry of a type, or undefined for a type this catalogue does not know (MemberPass adds some without notice). */
export function eventByType(type: string): EventEntry | undefined {
	return byType.get(type);
}

/** The family of an entry. */
export function familyOf(entry: Pick<EventEntry, 'family'>): Family {
	const family = families.find((candidate) => candidate.key === entry.family);
	if (family === undefined) throw new Error(`The catalogue has no family "${entry.family}".`);
	return family;
}

/**
 * Whether it makes sense to wait for the event in one chosen project. Events of the account name no project, and a new
 * one cannot be chosen before it exists: a trigger narrowed to another would never start.
 */
export function isOfKnownProject(entry: Pick<EventEntry, 'family' | 'type'>): boolean {
	return familyOf(entry).scope === 'project' && entry.type !== 'project.created';
}
