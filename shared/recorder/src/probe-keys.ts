import { randomUUID } from 'node:crypto';

import { operation } from '@memberpass/catalogue';
import type { JsonObject } from '@memberpass/protocol';

import { type Client, rowsOf } from './client.ts';
import type { Attempt } from './types.ts';

/**
 * Asks what no page says of idempotency keys: on resources, which have to be removed again.
 *
 * @param title Of the resources that are made.
 * @param made Told the row of each answer, where it has one.
 */
export async function probeKeys(
	client: Client,
	project: string,
	title: string,
	observe: (topic: string, subject: string, seen: string) => void,
	made: (row: JsonObject | undefined) => void,
): Promise<void> {
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
	observe(topic, 'missing', said(await ask(title, null)));
	const key = randomUUID();
	const first = await ask(title, key);
	const again = await ask(title, key);
	observe(topic, 'sent twice', `${said(again)}, ${repeated(first, again)}`);
	const headers = Object.keys(again.exchanges.at(-1)?.headers ?? {}).filter((name) =>
		/idempot|replay/.test(name),
	);
	observe(topic, 'mark of a replay', headers.length === 0 ? 'none' : headers.join(', '));
	observe(topic, 'with another body', said(await ask(`${title}, changed`, key)));
}

function repeated(first: Attempt, again: Attempt): string {
	if (first.exchanges.at(-1)?.body === again.exchanges.at(-1)?.body) return 'the same bytes';
	const [id, sameId] = [first, again].map((attempt) => rowsOf(attempt)[0]?.['id']);
	if (sameId === undefined) return 'no row';
	return sameId === id ? 'the same row' : 'another row';
}
