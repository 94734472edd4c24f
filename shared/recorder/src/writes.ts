import { randomUUID } from 'node:crypto';

import { operation, route } from '@memberpass/catalogue';
import { type InputValues, type JsonObject, readOne, toWire } from '@memberpass/protocol';

import type { Client, Time } from './client.ts';
import { type Attempt, type Gap, Trouble } from './types.ts';
import { rowsOf } from './walk.ts';

/** Pages to read of a list that decides whether writing is safe. */
const allPages = 1_000;

/** How often, and after what time in milliseconds, to look for an access code that was ordered. */
const patience = 20;
const codeWaitMs = 500;

/** Someone behind one of these would notice. */
const livePeople = new Set(['trialing', 'customer']);
const liveSubscriptions = new Set([
	'trialing',
	'active',
	'past_due',
	'unpaid',
	'paused',
	'processing',
	'incomplete',
	'pending',
]);

/**
 * Finds the project that may be written to.
 *
 * @throws Trouble where there is none of that handle, where somebody subscribes to it, or where that cannot be found
 *   out: writing to the wrong project cannot be undone.
 */
export async function findThrowAway(client: Client, handle: string): Promise<JsonObject> {
	const list = await client.run(operation('list_projects'), {}, { maxPages: allPages });
	if (!list.outcome.ok || !list.outcome.whole) {
		throw new Trouble('The projects cannot be listed, so nothing is written.');
	}
	const project = list.outcome.rows.find((row) => row['handle'] === handle);
	const id = project?.['id'];
	if (project === undefined || typeof id !== 'string') {
		throw new Trouble(`There is no project with the handle "${handle}". Nothing was written.`);
	}
	const members = await client.run(
		operation('list_members'),
		{ project: id },
		{ maxPages: allPages },
	);
	const subscriptions = await client.run(
		operation('list_subscriptions'),
		{},
		{ maxPages: allPages },
	);
	for (const { outcome } of [members, subscriptions]) {
		if (!outcome.ok || !outcome.whole) {
			throw new Trouble(
				`Whether somebody subscribes to "${handle}" cannot be found out, so nothing is written.`,
			);
		}
	}
	const people = rowsOf(members).filter((row) => livePeople.has(String(row['status'])));
	const peopleIds = new Set(rowsOf(members).map((row) => row['id']));
	const live = rowsOf(subscriptions).filter(
		(row) =>
			liveSubscriptions.has(String(row['status'])) &&
			(row['project_id'] === id || peopleIds.has(row['subscriber_id'])),
	);
	if (people.length + live.length > 0) {
		throw new Trouble(
			`"${handle}" has active subscribers (${people.length} members, ${live.length} subscriptions). Name a project that nobody uses.`,
		);
	}
	return project;
}

export interface WriteOptions {
	readonly client: Client;
	/** Not stopped by the user's signal: what was made has to go. */
	readonly cleaner: Client;
	readonly project: JsonObject;
	/** Currency for the plan; without one no plan is made. */
	readonly currencyId: string | null;
	readonly signal: AbortSignal;
	readonly time: Time;
	readonly onAttempt: (attempt: Attempt) => void;
	readonly observe: (topic: string, subject: string, seen: string) => void;
}

/** Done, whatever the answer says: some write answers have no body. */
const isDone = ({ outcome, exchanges }: Attempt): boolean => {
	const status = exchanges.at(-1)?.status ?? 0;
	return outcome.ok || (status >= 200 && status <= 299);
};

const isGone = ({ outcome }: Attempt): boolean =>
	!outcome.ok && outcome.problem.kind === 'not_found';

/**
 * Writes inside one project and takes back what it wrote.
 *
 * @throws Trouble where something that was made could not be removed; it is named.
 */
export async function recordWrites(
	options: WriteOptions,
): Promise<{ readonly attempts: readonly Attempt[]; readonly gaps: readonly Gap[] }> {
	const { client, cleaner, observe } = options;
	const project = String(options.project['id']);
	const attempts: Attempt[] = [];
	const gaps: Gap[] = [];
	/** Part of every name given here, so that what was made can be found again when an answer was lost. */
	const mark = `Recorder ${randomUUID().slice(0, 8)}`;
	/** What is still to be removed, newest last. */
	const left = new Map<string, readonly [string, InputValues]>();
	const run = async (key: string, input: InputValues, name = 'success'): Promise<Attempt> => {
		const attempt = await client.run(operation(key), input, { name });
		attempts.push(attempt);
		options.onAttempt(attempt);
		return attempt;
	};
	const made = (
		attempt: Attempt,
		remove: string,
		at: InputValues,
		input: string,
	): string | null => {
		const id = rowsOf(attempt)[0]?.['id'];
		if (typeof id !== 'string') return null;
		left.set(id, [remove, { ...at, [input]: id }]);
		return id;
	};
	const removed = (id: string, attempt: Attempt): void => {
		if (isDone(attempt)) left.delete(id);
	};
	const isActive = options.project['active'] !== false;

	try {
		const resource = made(
			await run('create_resource', { project, title: mark }),
			'delete_resource',
			{ project },
			'resource',
		);
		// Long enough for whoever counts blanks: the one refusal that a checked form can still meet.
		await run('create_resource', { project, title: '  x  ' }, 'title too short after trimming');
		await probeKeys(options, project, `${mark} probe`, (row) => {
			const id = row?.['id'];
			if (typeof id === 'string') left.set(id, ['delete_resource', { project, resource: id }]);
		});
		if (resource !== null && options.currencyId !== null) {
			await recordPlan(resource, options.currencyId);
		} else {
			gaps.push({
				subject: 'create_plan and what follows from a plan',
				reason:
					resource === null
						? 'no resource could be made'
						: 'no currency is known: give one with --currency',
			});
		}
		// The name it has already: an update that changes nothing.
		await run('update_project', { project, name: options.project['name'] });
		if (isActive) {
			// Before the call: an answer that is lost may hide that it was archived.
			left.set(project, ['restore_project', { project }]);
			await run('archive_project', { project });
			removed(project, await run('restore_project', { project }));
		}
		if (resource !== null) {
			await run('unlink_resource', { project, resource });
			removed(resource, await run('delete_resource', { project, resource }));
		}
		for (const key of ['ban_member', 'unban_member', 'kick_member', 'cancel_subscription']) {
			gaps.push({ subject: key, reason: 'it needs a person, and the project has none' });
		}
		for (const key of ['create_project', 'delete_project', 'revoke_token']) {
			gaps.push({ subject: key, reason: 'it reaches beyond the throw-away project' });
		}
		return { attempts, gaps };
	} finally {
		await takeBack();
	}

	async function recordPlan(resource: string, currencyId: string): Promise<void> {
		const created = await run('create_plan', {
			project,
			name: mark,
			price: 9.5,
			currency_id: currencyId,
			billing_cycle: 'months',
			resources: [resource],
		});
		const plan = made(created, 'delete_plan', { project }, 'plan');
		if (plan === null) {
			gaps.push({ subject: 'what follows from a plan', reason: 'no plan could be made' });
			return;
		}
		await run('update_plan', { project, plan, trial_days: 3 });
		await run('unpublish_plan', { project, plan });
		await run('publish_plan', { project, plan });
		await run('bulk_generate_access_codes', {
			project,
			plan,
			quantity: 1,
			export_type: 'messages',
			expiry_preset: '1_day',
		});
		const code = await firstCode(plan);
		if (typeof code === 'string')
			await run('delete_access_code', { project, plan, access_code: code });
		else gaps.push({ subject: 'delete_access_code', reason: 'no code had been made yet' });
		removed(plan, await run('delete_plan', { project, plan }));
	}

	/** A job makes the codes, within seconds if all is well. */
	async function firstCode(plan: string): Promise<unknown> {
		for (let tries = 1; ; tries++) {
			const codes = await client.run(operation('list_access_codes'), { project, plan });
			const id = rowsOf(codes)[0]?.['id'];
			if (id !== undefined || tries >= patience) return id;
			await options.time.pause(codeWaitMs, options.signal);
		}
	}

	async function takeBack(): Promise<void> {
		const stuck: string[] = [];
		await findLost('list_plans', 'name', 'delete_plan', 'plan');
		await findLost('list_resources', 'title', 'delete_resource', 'resource');
		for (const [id, [key, input]] of [...left].reverse()) {
			const attempt = await cleaner.run(route(key), input);
			if (!isDone(attempt) && !isGone(attempt)) stuck.push(`${key} ${id}`);
		}
		if (stuck.length > 0) {
			throw new Trouble(
				`These could not be taken back, please do it by hand: ${stuck.join(', ')}.`,
			);
		}
		observe('clean-up', 'throw-away project', 'as it was');
	}

	/** A creation without an id in its answer left something behind all the same. */
	async function findLost(
		list: string,
		named: string,
		remove: string,
		input: string,
	): Promise<void> {
		const found = await cleaner.run(operation(list), { project }, { maxPages: allPages });
		for (const row of rowsOf(found)) {
			const { id } = row;
			if (typeof id !== 'string' || !String(row[named]).startsWith(mark)) continue;
			left.set(id, [remove, { project, [input]: id }]);
		}
	}
}

/** Asks what no page says of idempotency keys: on resources, which are removed again. */
async function probeKeys(
	options: WriteOptions,
	project: string,
	title: string,
	made: (row: JsonObject | undefined) => void,
): Promise<void> {
	const { client, observe } = options;
	const entry = operation('create_resource');
	const topic = 'idempotency key';
	const ask = async (title: string, key: string | null): Promise<Attempt> => {
		const attempt = await client.run(
			entry,
			{ project, title },
			{ name: 'probe', keep: false, key },
		);
		made(rowsOf(attempt)[0]);
		return attempt;
	};
	const said = ({ outcome, exchanges }: Attempt): string => {
		const status = exchanges.at(-1)?.status ?? 0;
		if (status >= 200 && status <= 299) return `${status}, done`;
		return outcome.ok ? String(status) : `${status} ${outcome.problem.code ?? 'without a code'}`;
	};
	const idOf = (attempt: Attempt): unknown => {
		const last = attempt.exchanges.at(-1);
		return last === undefined || !attempt.outcome.ok
			? null
			: readOne(toWire(entry), JSON.parse(last.body))?.['id'];
	};
	observe(topic, 'missing', said(await ask(title, null)));
	const key = randomUUID();
	const first = await ask(title, key);
	const again = await ask(title, key);
	const same = first.exchanges.at(-1)?.body === again.exchanges.at(-1)?.body;
	observe(
		topic,
		'sent twice',
		`${said(again)}, ${same ? 'the same bytes' : idOf(first) === idOf(again) ? 'the same row' : 'another row'}`,
	);
	const headers = Object.keys(again.exchanges.at(-1)?.headers ?? {}).filter((name) =>
		/idempot|replay/.test(name),
	);
	observe(topic, 'mark of a replay', headers.length === 0 ? 'none' : headers.join(', '));
	observe(topic, 'with another body', said(await ask(`${title}, changed`, key)));
}
