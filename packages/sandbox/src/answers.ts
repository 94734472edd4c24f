import type { ObjectSchema, RouteEntry } from '@memberpass/catalogue';

import type { StoredAnswer } from './idempotency.ts';
import { cutPage, type PageRequest } from './paging.ts';
import type { Outcome } from './routes/route.ts';
import type { Switches } from './switches.ts';

/** Cuts a row to the keys the catalogue shows, in its order. What is undefined is left out where it becomes JSON. */
function shown(row: object, schema: Pick<ObjectSchema, 'properties'>): Record<string, unknown> {
	const values = row as Readonly<Record<string, unknown>>;
	return Object.fromEntries(Object.keys(schema.properties).map((key) => [key, values[key]]));
}

/**
 * A row as the answer holds it. Where the bridge passes on what the successor answers, a resource has a kind, a
 * connector and a space (3.0.0 of the vendor's later change log) in place of its type and chat.
 */
function rowOf(
	row: object,
	{ output, resource }: Pick<RouteEntry, 'output' | 'resource'>,
	{ bridge }: Readonly<Switches>,
): Record<string, unknown> {
	const values = shown(row, output.schema);
	const isResource = resource === 'resource' && values['type'] !== undefined;
	if (bridge === 'translates' || !isResource) return values;
	const { type, chat_id: chat, ...rest } = values;
	const isManual = type === 'manual';
	return {
		...rest,
		kind: isManual ? 'manual' : `telegram:${String(type)}`,
		connector: isManual ? null : 'telegram',
		space:
			typeof chat === 'string'
				? { id: `space-${chat}`, external_id: chat, title: rest['title'] }
				: null,
	};
}

const json = (status: number, body: unknown): StoredAnswer => ({
	status,
	contentType: 'application/json',
	body: JSON.stringify(body),
});

const none = (status: number): StoredAnswer => ({ status, contentType: null, body: '' });

/** The answer of a write that has nothing to say. A 204 has no body whatever is switched. */
function emptyAnswer(status: number, body: Switches['emptyBody']): StoredAnswer {
	if (status === 204 || body === 'none') return none(status);
	return json(
		status,
		{ empty_object: {}, data_null: { data: null }, message: { message: 'Deleted.' } }[body],
	);
}

/** The answer to a call that was carried out. */
export function toAnswer(
	outcome: Outcome,
	entry: RouteEntry,
	wanted: PageRequest,
	switches: Readonly<Switches>,
): StoredAnswer {
	const chosen = switches.writeStatus === 'by_kind' ? null : Number(switches.writeStatus);
	switch (outcome.kind) {
		case 'nothing':
			return emptyAnswer(chosen ?? 204, switches.emptyBody);
		case 'one': {
			const byKind = { ok: 200, created: 201, queued: 202 }[outcome.done];
			const status = entry.method === 'GET' ? 200 : (chosen ?? byKind);
			// What is shown only once must not be lost to a status.
			if (status === 204 && entry.output.beside.length === 0) return none(204);
			// The answer to a subscription is the only one that a page shows.
			const isInside =
				switches.secretPlace === 'inside' && entry.key !== 'create_webhook_subscription';
			const data = rowOf(outcome.row, entry, switches);
			return json(status === 204 ? 200 : status, {
				data: isInside ? { ...data, ...outcome.beside } : data,
				meta: outcome.meta,
				...(isInside ? {} : outcome.beside),
			});
		}
		case 'many': {
			const page = cutPage(
				outcome.rows,
				entry.output,
				wanted,
				switches.paging,
				outcome.meta,
				outcome.unpaged,
			);
			return json(200, {
				data: page.rows.map((row) => rowOf(row, entry, switches)),
				...(page.meta === null ? {} : { meta: page.meta }),
			});
		}
	}
}
