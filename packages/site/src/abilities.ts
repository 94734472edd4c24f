/** The token helper: which abilities a token needs for what one uses. Plain data and functions, no catalogue. */

/** One thing a token may be used for. */
export interface Use {
	/** Event type or operation key. */
	readonly id: string;
	readonly label: string;
	/** Heading under which it is listed. */
	readonly group: string;
	readonly needs: readonly string[];
	/** Abilities that one source names and another does not. Asked for, because a refusal is worse. */
	readonly alsoNeeds: readonly string[];
	/** Abilities of the lists that forms of Zapier and n8n offer for its inputs. */
	readonly lists: readonly string[];
}

/** What the helper chooses from. */
export interface Uses {
	readonly events: readonly Use[];
	readonly operations: readonly Use[];
	/** Needed to receive any event. */
	readonly forEvents: string;
	/** Needed by the connection test of Zapier and n8n. */
	readonly forConnection: string;
}

export const platformChoices = ['zapier', 'n8n', 'make', 'code'] as const;
export type PlatformChoice = (typeof platformChoices)[number];

/** What the reader ticked. */
export interface Choice {
	readonly platform: PlatformChoice;
	readonly events: readonly string[];
	readonly operations: readonly string[];
}

/** One ability with everything it is needed for, in words. */
export interface Needed {
	readonly ability: string;
	readonly because: readonly string[];
}

const hasForms = (choice: PlatformChoice): boolean => choice === 'zapier' || choice === 'n8n';

/** The smallest set that lets everything ticked work, sorted by name. Unknown ids are left out. */
export function abilitiesFor(uses: Uses, choice: Choice): readonly Needed[] {
	const reasons = new Map<string, Set<string>>();
	const add = (ability: string, because: string): void => {
		reasons.set(ability, (reasons.get(ability) ?? new Set()).add(because));
	};
	const events = uses.events.filter(({ id }) => choice.events.includes(id));
	const operations = uses.operations.filter(({ id }) => choice.operations.includes(id));
	const chosen = [...events, ...operations];
	if (events.length > 0) add(uses.forEvents, 'receiving events');
	if (chosen.length > 0 && hasForms(choice.platform))
		add(uses.forConnection, 'the connection test');
	for (const use of chosen) {
		for (const ability of use.needs) add(ability, use.label);
		for (const ability of use.alsoNeeds) add(ability, `${use.label} (sources differ)`);
		if (!hasForms(choice.platform)) continue;
		for (const ability of use.lists) add(ability, `the lists in the form of ${use.label}`);
	}
	return [...reasons]
		.map(([ability, because]) => ({ ability, because: [...because] }))
		.sort((a, b) => (a.ability < b.ability ? -1 : 1));
}

/** Operations that MemberPass ties to the owner of the token instead of an ability. */
export function withoutAbility(uses: Uses, choice: Choice): readonly string[] {
	return uses.operations
		.filter(({ id, needs }) => choice.operations.includes(id) && needs.length === 0)
		.map(({ label }) => label);
}

/** The choice as the part of an address after `#`, so that it can be shared. */
export function writeHash({ platform, events, operations }: Choice): string {
	const parts = [
		['for', platform],
		['events', events.join(',')],
		['does', operations.join(',')],
	].filter(([, value]) => value !== '');
	return parts.map(([name = '', value = '']) => `${name}=${encodeURI(value)}`).join('&');
}

/**
 * Reads what {@link writeHash} wrote; null where that is nothing of it, such as the address of a heading. Whatever else
 * stands there is ignored: links come from anywhere.
 */
export function readHash(uses: Uses, hash: string): Choice | null {
	const parts = new URLSearchParams(hash.replace(/^#/, ''));
	if (!['for', 'events', 'does'].some((name) => parts.has(name))) return null;
	const known = (all: readonly Use[], name: string): string[] => {
		const ids = new Set((parts.get(name) ?? '').split(','));
		return all.filter(({ id }) => ids.has(id)).map(({ id }) => id);
	};
	const wanted = parts.get('for');
	return {
		platform: platformChoices.find((one) => one === wanted) ?? 'zapier',
		events: known(uses.events, 'events'),
		operations: known(uses.operations, 'does'),
	};
}
