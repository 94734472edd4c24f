import { randomUUID } from 'node:crypto';

import { operation, route } from '@memberpass/catalogue';
import type { InputValues, JsonObject } from '@memberpass/protocol';

import { type Client, rowsOf, type Time } from './client.ts';
import { probeKeys } from './probe-keys.ts';
import { leftBehind } from './report.ts';
import { allPages } from './throw-away.ts';
import { type Attempt, type Gap, Trouble } from './types.ts';

/** How often, and after what time in milliseconds, to look for an access code that was ordered. */
const patience = 20;
const codeWaitMs = 500;

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

export interface Writes {
	readonly attempts: readonly Attempt[];
	readonly gaps: readonly Gap[];
}

/** Writes that are not tried, and why. */
const notTried: readonly Gap[] = [
	...['ban_member', 'unban_member', 'kick_member', 'cancel_subscription'].map((subject) => ({
		subject,
		reason: 'it needs a person, and the project has none',
	})),
	...['create_project', 'delete_project', 'revoke_token'].map((subject) => ({
		subject,
		reason: 'it reaches beyond the throw-away project',
	})),
];

/** A name that was given here, in this run or another. */
const markPattern = /^Recorder [0-9a-f]{8}(?: |$)/;

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
export async function recordWrites(options: WriteOptions): Promise<Writes> {
	const session = new WriteSession(options);
	try {
		await session.writeAll();
		return { attempts: session.attempts, gaps: session.gaps };
	} finally {
		await session.takeBack();
	}
}

class WriteSession {
	readonly attempts: Attempt[] = [];
	readonly gaps: Gap[] = [];
	readonly #options: WriteOptions;
	readonly #project: string;
	/** Part of every name given here, so that what was made can be found again when an answer was lost. */
	readonly #mark = `Recorder ${randomUUID().slice(0, 8)}`;
	/** What is still to be removed, newest last: by ID, the call that removes it. */
	readonly #left = new Map<string, readonly [string, InputValues]>();

	constructor(options: WriteOptions) {
		this.#options = options;
		this.#project = String(options.project['id']);
	}

	async writeAll(): Promise<void> {
		const { client, currencyId, observe } = this.#options;
		const project = this.#project;
		const resource = this.#made(
			await this.#run('create_resource', { project, title: this.#mark }),
			'delete_resource',
			'resource',
		);
		// Long enough for whoever counts blanks: the one refusal that a checked form can still meet.
		const short = await this.#run(
			'create_resource',
			{ project, title: '  x  ' },
			'title too short after trimming',
		);
		this.#made(short, 'delete_resource', 'resource');
		await probeKeys(client, project, `${this.#mark} probe`, observe, (row) =>
			this.#remember(row, 'delete_resource', 'resource'),
		);
		if (resource !== null && currencyId !== null) await this.#writePlan(resource, currencyId);
		else {
			this.gaps.push({
				subject: 'create_plan and what follows from a plan',
				reason:
					resource === null
						? 'no resource could be made'
						: 'no currency is known: give one with --currency',
			});
		}
		await this.#writeProject();
		if (resource !== null) {
			await this.#run('unlink_resource', { project, resource });
			this.#removed(resource, await this.#run('delete_resource', { project, resource }));
		}
		this.gaps.push(...notTried);
	}

	/** @throws Trouble that names what could not be removed. */
	async takeBack(): Promise<void> {
		const stuck: string[] = [];
		const plans = await this.#findLost('list_plans', 'name', 'delete_plan', 'plan');
		const resources = await this.#findLost(
			'list_resources',
			'title',
			'delete_resource',
			'resource',
		);
		for (const [id, [key, input]] of [...this.#left].reverse()) {
			const attempt = await this.#options.cleaner.run(route(key), input);
			if (!isDone(attempt) && !isGone(attempt)) stuck.push(`${key} ${id}`);
		}
		if (stuck.length > 0) {
			throw new Trouble(
				`These could not be taken back, please do it by hand: ${stuck.join(', ')}.`,
			);
		}
		const seen =
			plans && resources ? 'as it was' : `could not be listed: look for "${this.#mark}" by hand`;
		this.#options.observe('clean-up', 'throw-away project', seen);
	}

	async #writeProject(): Promise<void> {
		const project = this.#project;
		// The name it has already: an update that changes nothing.
		await this.#run('update_project', { project, name: this.#options.project['name'] });
		if (this.#options.project['active'] === false) {
			const reason = 'the project is archived; if a run that was killed did it, restore it by hand';
			this.gaps.push(
				...['archive_project', 'restore_project'].map((subject) => ({ subject, reason })),
			);
			return;
		}
		// Before the call: an answer that is lost may hide that it was archived.
		this.#left.set(project, ['restore_project', { project }]);
		await this.#run('archive_project', { project });
		this.#removed(project, await this.#run('restore_project', { project }));
	}

	async #writePlan(resource: string, currencyId: string): Promise<void> {
		const project = this.#project;
		const created = await this.#run('create_plan', {
			project,
			name: this.#mark,
			price: 9.5,
			currency_id: currencyId,
			billing_cycle: 'months',
			resources: [resource],
		});
		const plan = this.#made(created, 'delete_plan', 'plan');
		if (plan === null) {
			this.gaps.push({ subject: 'what follows from a plan', reason: 'no plan could be made' });
			return;
		}
		await this.#run('update_plan', { project, plan, trial_days: 3 });
		await this.#run('unpublish_plan', { project, plan });
		await this.#run('publish_plan', { project, plan });
		await this.#run('bulk_generate_access_codes', {
			project,
			plan,
			quantity: 1,
			export_type: 'messages',
			expiry_preset: '1_day',
		});
		const code = await this.#firstCode(plan);
		if (typeof code === 'string') {
			await this.#run('delete_access_code', { project, plan, access_code: code });
		} else this.gaps.push({ subject: 'delete_access_code', reason: 'no code had been made yet' });
		this.#removed(plan, await this.#run('delete_plan', { project, plan }));
	}

	/** A job makes the codes, within seconds if all is well. */
	async #firstCode(plan: string): Promise<unknown> {
		const { client, time, signal } = this.#options;
		const input = { project: this.#project, plan };
		for (let tries = 1; ; tries++) {
			const codes = await client.run(operation('list_access_codes'), input);
			const id = rowsOf(codes)[0]?.['id'];
			if (id !== undefined || tries >= patience) return id;
			await time.pause(codeWaitMs, signal);
		}
	}

	async #run(key: string, input: InputValues, name = 'success'): Promise<Attempt> {
		const attempt = await this.#options.client.run(operation(key), input, { name });
		this.attempts.push(attempt);
		this.#options.onAttempt(attempt);
		return attempt;
	}

	/** The ID of what an attempt made, kept in mind until it is removed; null where the answer has none. */
	#made(attempt: Attempt, remove: string, input: string): string | null {
		return this.#remember(rowsOf(attempt)[0], remove, input);
	}

	#remember(row: JsonObject | undefined, remove: string, input: string): string | null {
		const id = row?.['id'];
		if (typeof id !== 'string') return null;
		this.#left.set(id, [remove, { project: this.#project, [input]: id }]);
		return id;
	}

	#removed(id: string, attempt: Attempt): void {
		if (isDone(attempt)) this.#left.delete(id);
	}

	/** A creation without an id in its answer left something behind all the same. False where it could not be looked for. */
	async #findLost(list: string, named: string, remove: string, input: string): Promise<boolean> {
		const found = await this.#options.cleaner.run(
			operation(list),
			{ project: this.#project },
			{ maxPages: allPages },
		);
		for (const row of rowsOf(found)) {
			const name = String(row[named]);
			if (name.startsWith(this.#mark)) this.#remember(row, remove, input);
			else if (markPattern.test(name)) {
				this.#options.observe('clean-up', `${input} "${name}"`, leftBehind);
			}
		}
		return found.outcome.ok;
	}
}
