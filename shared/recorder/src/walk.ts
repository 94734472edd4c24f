import {
	events,
	type FieldSchema,
	operation,
	type PickList,
	pickLists,
	type PickListName,
	platform,
	type RouteEntry,
	routes,
} from '@memberpass/catalogue';
import type { InputValues, JsonObject } from '@memberpass/protocol';

import { type Client, isOfHost, rowsOf } from './client.ts';
import { type Attempt, type Gap, Trouble } from './types.ts';

/** An id with the ids it needs: a plan with its project. */
export interface Binding {
	readonly at: Readonly<Record<string, string>>;
	readonly id: string;
	readonly row: JsonObject;
}

export interface WalkOptions {
	readonly client: Client;
	/** Told of each attempt as soon as it is over. */
	readonly onAttempt: (attempt: Attempt) => void;
	/** Told what comes next, for the progress line. */
	readonly onStep: (key: string, done: number, total: number) => void;
	/** How many parents to look through for a list that has something in it. */
	readonly breadth: number;
	readonly maxPages: number;
}

export interface WalkResult {
	readonly attempts: readonly Attempt[];
	readonly gaps: readonly Gap[];
}

/** Failures in a row after which the host is held to be down. */
const patience = 4;

/**
 * Reads everything that can be read: lists first, because they give the ids that the other reads need.
 *
 * @throws Trouble where the token is refused, or nothing answers any more: half a recording is none.
 */
export async function walkReads(options: WalkOptions): Promise<WalkResult> {
	const walk = new Walk(options);
	await walk.readLists();
	await walk.readOthers();
	walk.nameLists();
	await walk.readRefusals();
	return { attempts: walk.attempts, gaps: walk.gaps };
}

const reads = routes.filter((entry) => entry.method === 'GET');
/** Those that need the ids of others after them. */
const lists = Object.entries(pickLists as Readonly<Record<PickListName, PickList>>).sort(
	([, a], [, b]) => a.needs.length - b.needs.length,
);

class Walk {
	readonly attempts: Attempt[] = [];
	readonly gaps: Gap[] = [];
	readonly #options: WalkOptions;
	readonly #pool = new Map<string, readonly Binding[]>();
	/** Of each list, the attempt that shows most. */
	readonly #chosen = new Map<string, Attempt>();
	#done = 0;
	#failures = 0;

	constructor(options: WalkOptions) {
		this.#options = options;
	}

	async readLists(): Promise<void> {
		for (const [name, pick] of lists) {
			const entry = operation(pick.operation);
			this.#step(entry);
			const found: Binding[] = [];
			const seen: Attempt[] = [];
			for (const at of contextsFor(pick.needs, this.#pool).slice(0, this.#options.breadth)) {
				const attempt = await this.#run(entry, at);
				seen.push(attempt);
				const rows = rowsOf(attempt);
				for (const row of rows) {
					const id = row[pick.value];
					if (typeof id === 'string' || typeof id === 'number') {
						found.push({ at, id: String(id), row });
					}
				}
				// Two rows show how the list is paged; one shows what a row is.
				if (rows.length >= 2 || !attempt.outcome.ok) break;
			}
			this.#pool.set(name, found);
			const best = pickBest(seen);
			if (best === undefined) {
				this.gaps.push({ subject: entry.key, reason: reasonFor(pick.needs, this.#pool) });
				continue;
			}
			this.#chosen.set(entry.key, best);
			await this.#readOneRowAPage(best);
		}
	}

	async readOthers(): Promise<void> {
		for (const entry of reads) {
			if (lists.some(([, pick]) => pick.operation === entry.key)) continue;
			this.#step(entry);
			const cases = casesOf(entry, this.#pool, this.#chosen);
			if (cases.length === 0) {
				this.gaps.push({ subject: entry.key, reason: gapReason(entry, this.#pool, this.#chosen) });
				continue;
			}
			const kept = new Set<string>();
			let worked = false;
			for (const { name, input, until } of cases) {
				if (until && worked) continue;
				const attempt = await this.#run(entry, input, { name });
				worked ||= rowsOf(attempt).length > 0;
				// One recording a case: the first of each kind, empty and refused ones under names of their own.
				const label = labelOf(attempt);
				this.#replace(attempt, { name: label, keep: !kept.has(label) });
				kept.add(label);
				if (label === 'success' && kept.size === 1) await this.#readOneRowAPage(attempt);
			}
		}
	}

	/** Lists looked through in search of a fuller one: the best is the recording, an empty one shows the empty case. */
	nameLists(): void {
		for (const attempt of [...this.attempts]) {
			const best = this.#chosen.get(attempt.entry.key);
			if (best === undefined || attempt.name !== 'success') continue;
			const firstEmpty = this.attempts.find(
				(one) => one.entry === attempt.entry && one.outcome.ok && rowsOf(one).length === 0,
			);
			this.#replace(attempt, {
				name: labelOf(attempt),
				keep: attempt === best || (attempt === firstEmpty && rowsOf(best).length > 0),
			});
		}
	}

	/** What is not there, and whom nobody knows. */
	async readRefusals(): Promise<void> {
		for (const entry of reads) {
			const known = this.attempts.find((one) => one.entry === entry && one.outcome.ok);
			const last = pathInputs(entry).at(-1);
			if (known === undefined || last === undefined) continue;
			const id = String(known.input[last]);
			await this.#run(entry, { ...known.input, [last]: missingId(id) }, { name: 'not found' });
		}
		const whoever = operation('get_current_team');
		// Not counted as a failure: this token is refused on purpose.
		this.#keep(
			await this.#options.client.run(whoever, {}, { name: 'wrong token', token: wrongToken }),
		);
	}

	readonly #run: Client['run'] = async (entry, input, more) => {
		const { client, maxPages } = this.#options;
		const attempt = await client.run(entry, input, { maxPages, ...more });
		this.#failures = guard(attempt, this.#failures);
		this.#keep(attempt);
		return attempt;
	};

	/** How a list is paged that has more than one row. */
	async #readOneRowAPage(attempt: Attempt): Promise<void> {
		const { entry, input } = attempt;
		if (!isPaged(entry) || rowsOf(attempt).length < 2) return;
		await this.#run(entry, input, { name: 'one row a page', keep: false, pageSize: 1 });
	}

	#keep(attempt: Attempt): void {
		this.attempts.push(attempt);
		this.#options.onAttempt(attempt);
	}

	#replace(attempt: Attempt, change: Pick<Attempt, 'name' | 'keep'>): void {
		this.attempts[this.attempts.indexOf(attempt)] = { ...attempt, ...change };
	}

	#step(entry: RouteEntry): void {
		this.#options.onStep(entry.key, ++this.#done, reads.length);
	}
}

/** Of the right form, and nobody's. */
const wrongToken = `${platform.tokenPrefixes.live}0_wrong`;

/** Counts failures in a row, and gives up where going on makes no sense. */
function guard(attempt: Attempt, failures: number): number {
	if (attempt.outcome.ok) return 0;
	const { kind, message } = attempt.outcome.problem;
	if (kind === 'unauthenticated') {
		throw new Trouble(
			`The token was refused: ${message} Check MEMBERPASS_TOKEN and MEMBERPASS_ORIGIN.`,
		);
	}
	if (!isOfHost(kind)) return 0;
	if (failures + 1 >= patience) {
		throw new Trouble(`${patience} calls in a row failed, the last one with: ${message}`);
	}
	return failures + 1;
}

const isPaged = (entry: RouteEntry): boolean => ['pages', 'cursor'].includes(entry.output.paging);

const pickBest = (seen: readonly Attempt[]): Attempt | undefined =>
	seen.find((one) => rowsOf(one).length >= 2) ??
	seen.find((one) => rowsOf(one).length === 1) ??
	seen.find((one) => one.outcome.ok) ??
	seen[0];

/** Name of a recording by what came of it. */
function labelOf(attempt: Attempt): string {
	const { outcome, name } = attempt;
	if (name !== 'success') return name;
	if (outcome.ok) {
		if (outcome.rows.length === 0) return 'empty list';
		return outcome.rows[0]?.['connected'] === false ? 'no bot' : name;
	}
	return outcome.problem.kind === 'forbidden'
		? 'missing ability'
		: outcome.problem.kind.replace('_', ' ');
}

const pathInputs = (entry: RouteEntry): string[] =>
	[...entry.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);

/** Another id of the same form, which nothing has. */
function missingId(id: string): string {
	const prefix = /^[a-z]+_/.exec(id)?.[0] ?? '';
	return prefix + id.slice(prefix.length).replace(/[A-Za-z0-9]/g, '0');
}

/** The name under which the lists of others need an id: `project`, `plan`, `team`. */
const parentPicks: Readonly<Record<string, PickListName>> = {
	project: 'projects',
	plan: 'plans',
	team: 'teams',
};

function contextsFor(
	needs: readonly string[],
	pool: ReadonlyMap<string, readonly Binding[]>,
): readonly Readonly<Record<string, string>>[] {
	const last = needs.at(-1);
	if (last === undefined) return [{}];
	const parents = pool.get(parentPicks[last] ?? '') ?? [];
	return parents.map(({ at, id }) => ({ ...at, [last]: id }));
}

const reasonFor = (
	needs: readonly string[],
	pool: ReadonlyMap<string, readonly Binding[]>,
): string => {
	const empty = needs.find((need) => (pool.get(parentPicks[need] ?? '') ?? []).length === 0);
	return empty === undefined ? 'there is nothing to ask for' : `there is no ${empty} to look into`;
};

interface Case {
	readonly name: string;
	readonly input: InputValues;
	/** One of several tries for the same recording: the first that answers something ends them. */
	readonly until: boolean;
}

const one = (input: InputValues, name = 'success', until = true): Case => ({ name, input, until });

function casesOf(
	entry: RouteEntry,
	pool: ReadonlyMap<string, readonly Binding[]>,
	chosen: ReadonlyMap<string, Attempt>,
): readonly Case[] {
	const [project] = pool.get('projects') ?? [];
	const plans = (pool.get('plans') ?? []).slice(-3);
	const plan = plans.at(-1);
	switch (entry.key) {
		case 'list_webhook_events':
			return [
				...events.map(({ type }) => one({ type }, 'success', false)),
				one({ type: 'subscription.unheard_of' }, 'unknown event', false),
			];
		case 'list_activity':
			return [
				...plans.map(({ id }) =>
					one({ subject_type: 'project-subscription-plan', subject_id: id }),
				),
				...(plan === undefined
					? []
					: [one({ subject_type: 'plan', subject_id: plan.id }, 'older spelling', false)]),
				...(project === undefined
					? []
					: [one({ subject_type: 'project', subject_id: project.id }, 'of a project', false)]),
			];
		case 'get_bot_status':
			// With and without a bot, as far as there are both.
			return inputsOf(entry, pool).map((input) => one(input, 'success', false));
		case 'get_deep_link':
			return [
				...inputsOf(entry, pool).map((input) => one(input)),
				...(plan === undefined
					? []
					: [one({ project: plan.at['project'], plan_id: plan.id }, 'of a plan', false)]),
			];
		default:
			return entry.match === null
				? inputsOf(entry, pool).map((input) => one(input))
				: findBy(entry, chosen);
	}
}

/** A find-by search looks for a row that its own list has just shown. */
function findBy(entry: RouteEntry, chosen: ReadonlyMap<string, Attempt>): readonly Case[] {
	const { match } = entry;
	const list = routes.find(
		(other) => other.match === null && other.method === entry.method && other.path === entry.path,
	);
	const source = list === undefined ? undefined : chosen.get(list.key);
	if (match === null || source === undefined) return [];
	const pattern = new RegExp(entry.input.properties[match.input]?.pattern ?? '', 'u');
	// Not the first row: one that is first anyway says nothing about the filter.
	const wanted = [...rowsOf(source)]
		.reverse()
		.map((row) => row[match.field])
		.find(
			(value): value is string => typeof value === 'string' && value !== '' && pattern.test(value),
		);
	return wanted === undefined ? [] : [one({ ...source.input, [match.input]: wanted })];
}

/** Inputs of an operation, from the pool; several where several things could be asked about. */
function inputsOf(
	entry: RouteEntry,
	pool: ReadonlyMap<string, readonly Binding[]>,
): readonly InputValues[] {
	const required = (entry.input.required ?? []).map(
		(name) => [name, entry.input.properties[name] ?? {}] as const,
	);
	const picks = required.flatMap(([name, field]) => {
		const pick = field['x-pick'];
		return pick === undefined || !(pick in pickLists) ? [] : [{ name, pick: pick as PickListName }];
	});
	const deepest = [...picks].sort(
		(a, b) => pickLists[b.pick].needs.length - pickLists[a.pick].needs.length,
	)[0];
	const others = Object.fromEntries(
		required
			.filter(([name]) => !picks.some((pick) => pick.name === name))
			.map(([name, field]) => [name, exampleOf(field)]),
	);
	if (deepest === undefined) return [others];
	return (pool.get(deepest.pick) ?? [])
		.slice(0, 3)
		.map(({ at, id }) => ({ ...others, ...at, [deepest.name]: id }));
}

function exampleOf(field: FieldSchema): unknown {
	return field.default ?? field.enum?.[0] ?? field.examples?.[0];
}

function gapReason(
	entry: RouteEntry,
	pool: ReadonlyMap<string, readonly Binding[]>,
	chosen: ReadonlyMap<string, Attempt>,
): string {
	if (entry.match !== null) {
		return chosen.size === 0
			? 'there is nothing to look for'
			: `no row has a ${entry.match.field} to look for`;
	}
	const empty = (entry.input.required ?? []).find((name) => {
		const pick = entry.input.properties[name]?.['x-pick'];
		return pick !== undefined && (pool.get(pick) ?? []).length === 0;
	});
	return empty === undefined
		? 'there is nothing to ask about'
		: `the account has no ${empty.replace('_', ' ')}`;
}
