/**
 * The Make half of the demo: the committed templates in a simulation of Make, which has no engine that runs here. Run
 * by its parent as `make.ts ROOT [WORD …]`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operation, operations, platform } from '@memberpass/catalogue';
import { isJsonObject, signBody } from '@memberpass/protocol';

import type { Blueprint } from '../../../../packages/make/src/blueprint.ts';
import { enter, mapped, moduleCalled, upstream } from '../../../../packages/make/src/fill.ts';
import { usualReading } from '../../../../packages/make/src/iml/functions.ts';
import {
	type HttpRequest,
	type Run,
	simulate,
	webhookBundle,
	type World,
} from '../../../../packages/make/src/simulate.ts';
import type { EventFixture, Recording } from '../../../testing/src/fixtures.ts';
import { recordedFormOnMake, requestForm } from '../../../testing/src/recorded-request.ts';
import { collect, now, pieces, secret } from './material.ts';
import { announce, lacking, reportAll } from './outcome.ts';
import type { Forgery } from './refusals.ts';

const [root = '.', ...words] = process.argv.slice(2);

const template = (path: string): Blueprint =>
	JSON.parse(readFileSync(join(root, 'packages/make/blueprints', path), 'utf8')) as Blueprint;

let keys = 0;
const world: World = {
	clock: { now: now * 1000, uuid: () => `key-${String(++keys)}` },
	reading: usualReading,
};

async function receive(type: string, body: string, header: string | undefined): Promise<Run> {
	const { flow } = template(`events/${type}.verified.json`);
	const delivery = webhookBundle(
		{
			headers: header === undefined ? [] : [[platform.headers.signature, header]],
			body: Buffer.from(body),
		},
		{ headers: true, passThrough: true },
	);
	const ready = enter(flow, moduleCalled(flow, 'Paste the signing secret').id, { secret });
	return await simulate(ready, { ...world, delivery });
}

async function deliver({ type, body }: EventFixture): Promise<string | null> {
	const { ends, outputs } = await receive(type, body, signBody(Buffer.from(body), secret, now));
	if (ends[0]?.kind !== 'done') return `ended as ${JSON.stringify(ends)}`;
	const [parsed, fields] = outputs.slice(-2).map(({ bundle }) => bundle);
	const event: unknown = JSON.parse(body);
	const id = isJsonObject(event) ? event['id'] : null;
	return lacking(parsed, event) ?? lacking(fields, { event_id: id, event_type: type });
}

async function refuse({ type }: EventFixture, { body, header }: Forgery): Promise<string | null> {
	const { ends, outputs } = await receive(type, body, header);
	const isStopped = ends.length === 1 && ends[0]?.kind === 'filtered';
	return isStopped ? null : `ran on to ${JSON.stringify(outputs.at(-1))}`;
}

async function perform(
	key: string,
	{ input, exchanges, output }: Recording,
): Promise<string | null> {
	const [exchange] = exchanges;
	if (exchange === undefined) return 'has no recorded request';
	const { response } = exchange;
	const sent: HttpRequest[] = [];
	const group = operation(key).kind === 'action' ? 'actions' : 'searches';
	const { flow } = template(`${group}/${key}.json`);
	const { ends, outputs } = await simulate(
		mapped(flow, input),
		{
			...world,
			send: (request) => {
				sent.push(request);
				const body = response.body === null ? '' : JSON.stringify(response.body);
				return Promise.resolve({ status: response.status, headers: response.headers, body });
			},
		},
		upstream(input),
	);
	const fault = lacking(sent.map(requestForm), [recordedFormOnMake(exchange)]);
	if (fault !== null) return `request: ${fault}`;
	if (response.status >= 400) {
		const [end] = ends;
		const isSaid =
			end !== undefined && 'error' in end && end.error.includes(String(response.status));
		return isSaid ? null : `did not fail: ${JSON.stringify(ends)}`;
	}
	const last = flow.at(-1)?.id;
	const bundles = outputs.filter(({ module }) => module === last).map(({ bundle }) => bundle);
	return answerFault(key, bundles, output ?? []);
}

/** Whether the answer, or each row of it, is there to be mapped. */
function answerFault(
	key: string,
	bundles: readonly unknown[],
	expected: readonly unknown[],
): string | null {
	const { shape, beside } = operation(key).output;
	if (shape === 'nothing') return null;
	if (shape === 'many') return lacking(bundles, expected);
	const [last] = bundles;
	const answer = isJsonObject(last) && isJsonObject(last['data']) ? last['data'] : {};
	const data = isJsonObject(answer['data']) ? answer['data'] : {};
	const added = beside.filter((name) => answer[name] !== undefined);
	return lacking(
		[{ ...data, ...Object.fromEntries(added.map((name) => [name, answer[name]])) }],
		expected,
	);
}

/**
 * A single request that was sent: Make reads one page at a time, checks nothing before it sends, and can only empty a
 * field by naming it.
 */
function isPossible(_key: string, { input, exchanges }: Recording): boolean {
	return exchanges.length === 1 && !Object.values(input).includes('');
}

const steps = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
const material = collect(root, words, steps, isPossible);

announce({
	platform: 'make',
	total: material.total,
	engine: 'the committed templates in a simulation of Make (it has no engine that runs here)',
});
await reportAll('make', pieces(material, { deliver, refuse, perform }));
