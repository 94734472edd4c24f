import type { RouteEntry } from '@memberpass/catalogue';

import { visibleProjects } from '../auth.ts';
import type { FieldErrors } from '../errors.ts';
import type { RateLimiter } from '../limits.ts';
import type {
	AccessCode,
	Group,
	Member,
	PaymentMethod,
	Plan,
	Project,
	Resource,
	Role,
	Subscription,
	Team,
	TeamMember,
	Token,
} from '../state.ts';
import type { Switches } from '../switches.ts';
import { iso } from '../time.ts';
import type { Input } from '../validation.ts';
import type { Endpoint } from '../webhooks/types.ts';
import type { World } from '../world.ts';

/** Rows that the path names. */
export interface Found {
	readonly project: Project;
	readonly plan: Plan;
	readonly access_code: AccessCode;
	readonly member: Member;
	readonly method: PaymentMethod;
	readonly resource: Resource;
	readonly subscription: Subscription;
	readonly team: Team;
	readonly teamMember: TeamMember;
	readonly role: Role;
	readonly group: Group;
	readonly token: Token;
	readonly endpoint: Endpoint;
}

/** What an operation works with. Inputs that failed validation are not in `input`. */
export interface Call {
	readonly world: World;
	readonly token: Token;
	readonly team: Team;
	readonly entry: RouteEntry;
	readonly input: Input;
	readonly limiter: RateLimiter;
	/** A row of the path; it is there, or the call was answered with 404 before. */
	found<K extends keyof Found>(key: K): Found[K];
}

/** What an operation answers. Rows may have more keys than the catalogue shows; the others are cut off. */
export type Outcome =
	| {
			readonly kind: 'one';
			readonly row: object;
			/** Keys beside `data`. */
			readonly beside?: Readonly<Record<string, unknown>>;
			readonly meta?: Readonly<Record<string, unknown>>;
			readonly done: 'ok' | 'created' | 'queued';
	  }
	| {
			readonly kind: 'many';
			readonly rows: readonly object[];
			readonly meta: Readonly<Record<string, unknown>>;
			/** Comes whole, as documented, with `meta.total` only. */
			readonly unpaged: boolean;
	  }
	| { readonly kind: 'nothing' };

export interface Operation {
	/** Inputs that the server does not know under these switches: they are ignored, and not required. */
	readonly unknown?: (switches: Readonly<Switches>) => readonly string[];
	/** Checks that need the account, besides those of the schema. Sees only inputs that are right so far. */
	readonly check?: (call: Call) => FieldErrors;
	readonly run: (call: Call) => Outcome;
}

/** Operations by their key in the catalogue. */
export type Operations = Readonly<Record<string, Operation>>;

export const one = (
	row: object,
	done: 'ok' | 'created' | 'queued' = 'ok',
	more: Pick<Extract<Outcome, { kind: 'one' }>, 'beside' | 'meta'> = {},
): Outcome => ({ kind: 'one', row, done, ...more });

export const many = (
	rows: readonly object[],
	meta: Readonly<Record<string, unknown>> = {},
): Outcome => ({ kind: 'many', rows, meta, unpaged: false });

/** A list that comes whole. */
export const whole = (
	rows: readonly object[],
	meta: Readonly<Record<string, unknown>> = {},
): Outcome => ({ kind: 'many', rows, meta, unpaged: true });

export const nothing: Outcome = { kind: 'nothing' };

/** Applies a filter of a list, if filters are honoured. */
export function filtered<T>(
	call: Pick<Call, 'world'>,
	rows: readonly T[],
	...tests: readonly (((row: T) => boolean) | null)[]
): readonly T[] {
	if (call.world.switches.listFilters === 'ignored') return rows;
	return rows.filter((row) => tests.every((test) => test === null || test(row)));
}

/** A filter on an optional text input. */
export function equals<T>(
	call: Call,
	name: string,
	value: (row: T) => string | null,
): ((row: T) => boolean) | null {
	const wanted = textOf(call.input, name);
	return wanted === undefined ? null : (row) => value(row) === wanted;
}

export function textOf(input: Input, name: string): string | undefined {
	const value = input[name];
	return typeof value === 'string' ? value : undefined;
}

export function numberOf(input: Input, name: string): number | undefined {
	const value = input[name];
	return typeof value === 'number' ? value : undefined;
}

export function flagOf(input: Input, name: string): boolean | undefined {
	const value = input[name];
	return typeof value === 'boolean' ? value : undefined;
}

export function listOf(input: Input, name: string): readonly string[] | undefined {
	const value = input[name];
	return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

/** A description that may be emptied: an empty one becomes null. */
export function descriptionOf(input: Input): string | null | undefined {
	const value = textOf(input, 'description');
	return value === '' ? null : value;
}

/** The project a query names, or undefined where it names none. Out of scope is caught before. */
export function projectInQuery(call: Call): Project | undefined {
	const id = textOf(call.input, 'project_id');
	return id === undefined ? undefined : call.world.state.projects.get(id);
}

/** The projects a report or list covers. */
export function coveredProjects(call: Call): ReadonlySet<string> {
	const project = projectInQuery(call);
	const rows = project === undefined ? visibleProjects(call.world.state, call.token) : [project];
	return new Set(rows.map((row) => row.id));
}

/**
 * Writes a line of the activity log.
 *
 * @param subject What it is about: a project, or a row of one.
 */
export function log(
	call: Call,
	subjectType: string,
	subject: { readonly id: string; readonly project_id?: string },
	event: string,
	description: string,
	properties: Readonly<Record<string, unknown>> = {},
): void {
	const { world, token } = call;
	const { activity } = world.state;
	// A sandbox that runs for days must not keep every write it ever saw.
	if (activity.length >= 10_000) activity.shift();
	activity.push({
		id: world.ids.next('activity'),
		team_id: token.team_id,
		project_id: subject.project_id ?? subject.id,
		log_name: 'default',
		description,
		event,
		subject_type: subjectType,
		subject_id: subject.id,
		causer_type: 'user',
		causer_id: token.user_id,
		properties,
		actor_kind: 'api_token',
		created_at: iso(world.clock.now()),
	});
}

/** `{ price: { from, to } }` of the fields that differ. */
export function changesOf(
	before: Readonly<Record<string, unknown>>,
	after: Readonly<Record<string, unknown>>,
): Record<string, { from: unknown; to: unknown }> {
	return Object.fromEntries(
		Object.entries(after)
			.filter(([key, value]) => value !== before[key])
			.map(([key, value]) => [key, { from: before[key], to: value }]),
	);
}
