import { type memberStatuses, operation, type subscriptionStatuses } from '@memberpass/catalogue';
import type { JsonObject } from '@memberpass/protocol';

import { type Client, rowsOf } from './client.ts';
import { Trouble } from './types.ts';

/** Pages to read of a list that decides whether writing is safe. */
export const allPages = 1_000;

/**
 * Nobody is left behind one of these. Whoever has another status would notice, and so may whoever has one that the
 * catalogue does not know yet. A canceled subscription gives access until its paid time is over.
 */
const gone: ReadonlySet<string> = new Set<keyof typeof memberStatuses>([
	'lead',
	'churned',
	'banned',
]);
const over: ReadonlySet<string> = new Set<keyof typeof subscriptionStatuses>(['expired', 'failed']);

/**
 * Finds the project that may be written to.
 *
 * @throws Trouble where there is none of that handle, where somebody subscribes to it, or where that cannot be found
 *   out: writing to the wrong project cannot be undone.
 */
export async function findThrowAway(
	client: Pick<Client, 'run'>,
	handle: string,
): Promise<JsonObject> {
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
	const people = rowsOf(members).filter((row) => !gone.has(String(row['status'])));
	const peopleIds = new Set(rowsOf(members).map((row) => row['id']));
	// One that does not say where it is may be here.
	const isElsewhere = (row: JsonObject): boolean =>
		typeof row['project_id'] === 'string' &&
		row['project_id'] !== id &&
		!peopleIds.has(row['subscriber_id']);
	const live = rowsOf(subscriptions).filter(
		(row) => !over.has(String(row['status'])) && !isElsewhere(row),
	);
	if (people.length + live.length > 0) {
		throw new Trouble(
			`"${handle}" has active subscribers (${people.length} members, ${live.length} subscriptions). Name a project that nobody uses.`,
		);
	}
	return project;
}
