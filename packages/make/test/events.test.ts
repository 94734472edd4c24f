import { eventByType, events } from '@memberpass/catalogue';
import {
	canonicalise,
	isJsonObject,
	readEvent,
	signBody,
	toAlternatives,
} from '@memberpass/protocol';
import { expectedCounts, loadEventFixtures } from '@memberpass/testing';

import type { Value } from '../src/iml/functions.ts';
import { type Run, simulate, webhookBundle } from '../src/simulate.ts';
import { enter, moduleCalled, readBlueprint, repoRoot, world } from './support.ts';

const secret = 'signing-secret-for-tests';
const now = 1_779_098_700;
const fixtures = loadEventFixtures(repoRoot);

async function deliver(kind: 'verified' | 'light', type: string, body: string): Promise<Run> {
	const bytes = Buffer.from(body);
	const isVerified = kind === 'verified';
	const { flow } = readBlueprint(`blueprints/events/${type}.${kind}.json`);
	const delivery = webhookBundle(
		{ headers: [['MP-Signature', signBody(bytes, secret, now)]], body: bytes },
		{ headers: isVerified, passThrough: isVerified },
	);
	const ready = isVerified
		? enter(flow, moduleCalled(flow, 'Paste the signing secret').id, { secret })
		: flow;
	return await simulate(ready, world({ delivery, now: now * 1000 }));
}

/** What the last module put out, or null where the bundle did not get there. */
function fieldsOf(run: Run): Readonly<Record<string, Value>> | null {
	const [end] = run.ends;
	const last = run.outputs.at(-1)?.bundle;
	return end?.kind === 'done' && isJsonObject(last) ? last : null;
}

/** Every value of an object, by its path with underscores; lists stay whole, and so does what is a field itself. */
function flat(value: object, fields: object, path = ''): [string, unknown][] {
	return Object.entries(value).flatMap(([key, one]: [string, unknown]): [string, unknown][] => {
		const name = `${path}${key}`;
		return isJsonObject(one) && !Object.hasOwn(fields, name)
			? flat(one, fields, `${name}_`)
			: [[name, one]];
	});
}

/** What the page of a family prints and the page of the event does not: no template has a field for it. */
const ofFamilyPages = ['group_project_ids', 'role_abilities'];

const rows = fixtures.flatMap((fixture) =>
	(['verified', 'light'] as const).map((kind) => [kind, fixture.path, fixture] as const),
);

describe('an event template', () => {
	it('is tried with a delivery of every event', () => {
		expect(new Set(fixtures.map(({ type }) => type)).size).toBe(expectedCounts.events);
	});

	it.each(rows)('gives the fields of every shape (%s, %s)', async (kind, _, { type, body }) => {
		const fields = fieldsOf(await deliver(kind, type, body)) ?? {};
		const reading = readEvent(JSON.parse(body));
		const entry = eventByType(type);
		if (!reading.ok || entry === undefined) throw new Error(`${type} cannot be read.`);
		const { event } = reading;
		const whole = canonicalise(event, toAlternatives(entry));
		expect(fields).toMatchObject({
			event_id: event.id,
			event_type: type,
			event_created_at: event['created_at'],
		});
		const names = Object.keys(entry.data.properties);
		const known = Object.fromEntries(
			Object.entries(whole.data).filter(([key]) => names.includes(key)),
		);
		const sent = flat(known, fields).filter(([name]) => !ofFamilyPages.includes(name));
		expect(sent.map(([name]) => [name, fields[name] ?? null])).toEqual(
			sent.map(([name, value]) => [name, value ?? null]),
		);
		expect(names.filter((name) => !hasField(fields, name))).toEqual([]);
	});

	it.each(['verified', 'light'] as const)('lets no other event pass (%s)', async (kind) => {
		const { body = '' } = fixtures[0] ?? {};
		const other = JSON.parse(body) as { type: string };
		for (const { type } of events.filter((one) => one.type !== other.type)) {
			const run = await deliver(kind, type, body);
			expect(run.ends).toEqual([
				expect.objectContaining({ kind: 'filtered', filter: `Only ${type}` }),
			]);
		}
	});

	it.each([
		['text that is not JSON', 'hello'],
		['a list', '[]'],
		['a number', '1'],
		['nothing of an event', '{}'],
		['a type that is a list', '{"type":["member.joined"]}'],
		['a type that is a collection', '{"type":{"a":1}}'],
		['data that is text', '{"type":"member.joined","data":"x"}'],
	])('never switches the scenario off, even when MemberPass signed %s', async (_, body) => {
		for (const kind of ['verified', 'light'] as const) {
			const run = await deliver(kind, 'member.joined', body);
			expect(run.ends.filter((end) => end.kind === 'failed' || end.kind === 'incomplete')).toEqual(
				[],
			);
		}
	});

	it('lets go of a delivery that it stumbles over, and keeps nothing of it: others come behind', () => {
		for (const { type } of events) {
			for (const kind of ['verified', 'light']) {
				const [hook, ...rest] = readBlueprint(`blueprints/events/${type}.${kind}.json`).flow;
				expect([type, hook?.module, hook?.onerror]).toEqual([
					type,
					'gateway:CustomWebHook',
					undefined,
				]);
				const handlers = rest.map(({ onerror }) => onerror?.map(({ module }) => module));
				expect([type, kind, handlers]).toEqual([type, kind, rest.map(() => ['builtin:Ignore'])]);
			}
		}
	});

	it('says in its name whether the signature is checked', () => {
		for (const { type } of events) {
			const verified = readBlueprint(`blueprints/events/${type}.verified.json`);
			const light = readBlueprint(`blueprints/events/${type}.light.json`);
			expect(verified.name).toMatch(/ \(signature checked\)$/);
			expect(light.name).toMatch(/ \(signature NOT checked\)$/);
			expect(light.description).toContain('Does NOT check the signature or the age');
		}
	});
});

/** A key of the data, as a field of its own or as the start of the fields inside it. */
const hasField = (fields: object, name: string): boolean =>
	Object.keys(fields).some((key) => key === name || key.startsWith(`${name}_`));
