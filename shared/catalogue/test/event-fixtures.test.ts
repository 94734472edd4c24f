import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { events, familyOf } from '../src/events/index.ts';
import type { EventEntry, EventVariant } from '../src/model.ts';
import { eventFixturePath } from '../src/names.ts';
import { documented, faults, fieldsOf } from './support/event-schemas.ts';
import { parse } from './support/parse.ts';

const folder = join(__dirname, '../../../fixtures');

/** One delivery as a fixture file holds it; the tests that send it add the signature. */
interface EventFixture {
	readonly type: string;
	readonly variant: string | null;
	readonly evidence: string;
	readonly source: string;
	readonly note: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

interface Envelope {
	readonly id: string;
	readonly type: string;
	readonly created_at: string;
	readonly api_version: string;
	readonly project_id: string | null;
	readonly data: Readonly<Record<string, unknown>>;
}

interface Case {
	readonly path: string;
	readonly entry: EventEntry;
	readonly variant: EventVariant | null;
}

const everyCase = events.flatMap((entry): Case[] =>
	[null, ...entry.variants].map((variant) => ({
		path: eventFixturePath(entry, variant?.name ?? null),
		entry,
		variant,
	})),
);

const read = (path: string) =>
	parse(`fixtures/${path}`, readFileSync(join(folder, path), 'utf8')) as EventFixture;
// A missing file fails the test that lists them, with its name, and no other.
const cases = everyCase.filter(({ path }) => existsSync(join(folder, path)));

const envelopeOf = ({ type, body }: EventFixture) =>
	parse(`The body of the fixture of ${type}`, body) as Envelope;

/** The value at a dotted path, or undefined. */
function valueAt(data: unknown, path: string): unknown {
	let value = data;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = (value as Record<string, unknown>)[key];
	}
	return value;
}

/** Milliseconds that the first ten characters of a ULID encode. */
function ulidTime(ulid: string): number {
	const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
	return Array.from(ulid.slice(0, 10)).reduce(
		(time, letter) => time * 32 + alphabet.indexOf(letter),
		0,
	);
}

const everyFile = readdirSync(join(folder, 'events'), { recursive: true, withFileTypes: true })
	// What the recorder adds is held against the catalogue by the recorder's own report.
	.filter((file) => file.isFile() && !/\.recorded(-\d+)?\.json$/.test(file.name))
	.map((file) => join(file.parentPath, file.name).slice(folder.length + 1));

describe('the fixtures of deliveries', () => {
	it('are one for each event and one for each variant, and no others', () => {
		expect(everyFile.sort()).toEqual(everyCase.map(({ path }) => path).sort());
	});

	it('have an id of their own each', () => {
		const ids = everyFile.map((path) => envelopeOf(read(path)).id);
		expect(new Set(ids).size).toBe(everyFile.length);
	});

	it('tell the story of one project', () => {
		const projects = new Set(everyFile.map((path) => envelopeOf(read(path)).project_id));
		expect(projects).toEqual(new Set(['prj_01JT2B7M4QX9ZC5RKE8WNHV3DA', null]));
	});

	it('show both documented spellings of the event id in the header', () => {
		const spellings = new Set(
			everyFile.map((path) => (read(path).headers['MP-Event-Id'] ?? '').startsWith('evt_')),
		);
		expect(spellings.size).toBe(2);
	});

	it('contain emoji, Cyrillic, right-to-left text and escapes', () => {
		const bodies = everyFile.map((path) => read(path).body);
		const count = (pattern: RegExp) => bodies.filter((body) => pattern.test(body)).length;
		expect(
			bodies.filter((body) => Buffer.byteLength(body) > body.length).length,
		).toBeGreaterThanOrEqual(3);
		expect(count(/\p{Extended_Pictographic}/u)).toBeGreaterThan(0);
		expect(count(/\p{Script=Cyrillic}/u)).toBeGreaterThan(0);
		expect(count(/\p{Script=Arabic}/u)).toBeGreaterThan(0);
		expect(count(/\\u[0-9a-f]{4}/)).toBeGreaterThan(0);
		expect(count(/\\\//)).toBeGreaterThan(0);
	});

	it('contain bodies whose bytes change when they are parsed and written again', () => {
		const changed = everyFile.filter((path) => {
			const { body } = read(path);
			return JSON.stringify(JSON.parse(body)) !== body;
		});
		expect(changed.sort()).toEqual([
			'events/plan/created.json',
			'events/plan/updated.json',
			'events/project.resource/linked.json',
			'events/project/bot.connected.json',
			'events/subscription/created.nested.json',
		]);
	});

	it('contain a key that no page documents, so that a receiver has to keep it', () => {
		const unknown = cases.flatMap(({ path, entry, variant }) =>
			Object.keys(envelopeOf(read(path)).data)
				.filter((key) => !(key in (variant ?? entry).data.properties))
				.map((key) => `${path} ${key}`),
		);
		expect(unknown).toEqual(['events/plan/created.json kind']);
	});

	it('happen after the contract date they name and before the product was renamed', () => {
		const days = everyFile.map((path) => envelopeOf(read(path)).created_at.slice(0, 10)).sort();
		expect(days[0]).toBe('2026-05-01');
		expect(days.at(-1)).toBe('2026-07-31');
	});

	it('happen in the order of the story', () => {
		const time = (path: string) => Date.parse(envelopeOf(read(`events/${path}.json`)).created_at);
		const stories = [
			[
				'project/created',
				'project/bot.connected',
				'project/archived',
				'project/restored',
				'project/deleted',
			],
			[
				'project.resource/created',
				'project.resource/linked',
				'project.resource/unlinked',
				'project.resource/deleted',
			],
			['plan/created', 'plan/sync_completed', 'plan/updated', 'plan/deactivated', 'plan/deleted'],
			[
				'payment/pending',
				'subscription/created',
				'member/joined',
				'payment/succeeded',
				'subscription/renewed',
			],
			[
				'subscription/trial_started',
				'subscription/trial_converting',
				'subscription/activated',
				'member/converted',
			],
			['subscription/past_due', 'subscription/unpaid', 'subscription/expired', 'member/churned'],
			[
				'subscription/paused',
				'subscription/unpaused',
				'subscription/cancelled',
				'subscription/reactivated',
			],
			['member/banned', 'member/unbanned', 'member/kicked', 'member/removed'],
			['access_code/generated', 'access_code/redeemed', 'access_code/expired'],
			[
				'billing/invoice_created',
				'billing/invoice_paid',
				'billing/payment_failed',
				'billing/grace_period_warning',
				'billing/account_locked',
			],
			[
				'team/created',
				'team.member/invited',
				'team.member/joined',
				'team.member/role_changed',
				'team.member/removed',
				'team/deleted',
			],
			['role/created', 'role/updated', 'role/deleted'],
			['group/created', 'group/updated', 'group/deleted'],
		];
		for (const story of stories) {
			const times = story.map(time);
			expect([story, times]).toEqual([story, [...times].sort((a, b) => a - b)]);
			expect(new Set(times).size).toBe(times.length);
		}
	});
});

describe.each(cases.map((each): [string, Case] => [each.path, each]))('%s', (path, each) => {
	const { entry, variant } = each;
	const fixture = read(path);
	const envelope = envelopeOf(fixture);

	it('names its event, its shape, its evidence and its source', () => {
		expect({
			type: fixture.type,
			variant: fixture.variant,
			evidence: fixture.evidence,
			source: fixture.source,
		}).toEqual({
			type: entry.type,
			variant: variant?.name ?? null,
			evidence: (variant ?? entry).evidence,
			source: variant?.source ?? documented[entry.type]?.page ?? entry.sources[0],
		});
		expect(fixture.evidence).toMatch(/^(documented|inferred)$/);
		expect(fixture.note).toMatch(/^(Built from|Keys as|The key|Made up) .+\.$/);
	});

	it('has the documented envelope', () => {
		expect(envelope).toEqual({
			id: expect.stringMatching(/^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
			type: entry.type,
			created_at: expect.stringMatching(/^2026-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
			api_version: '2026-05-01',
			project_id:
				familyOf(entry).scope === 'account' ? null : expect.stringMatching(/^prj_[0-9A-Z]{26}$/),
			data: expect.any(Object),
		});
	});

	it('has an id made in the second of created_at', () => {
		const made = ulidTime(envelope.id.slice('evt_'.length));
		expect(new Date(Math.floor(made / 1000) * 1000).toISOString()).toBe(
			envelope.created_at.replace('Z', '.000Z'),
		);
	});

	it('has the documented headers, which agree with the body, and no signature', () => {
		expect({
			...fixture.headers,
			'MP-Event-Id': fixture.headers['MP-Event-Id']?.replace(/^evt_/, ''),
		}).toEqual({
			'Content-Type': 'application/json',
			'User-Agent': 'MemberPass-Webhooks/1.0',
			'MP-Event-Id': envelope.id.replace(/^evt_/, ''),
			'MP-Event-Name': entry.type,
		});
	});

	it('fits the schema of its shape', () => {
		expect(faults((variant ?? entry).data, envelope.data)).toEqual([]);
	});

	it('carries every key that its shape requires, and none that is derived', () => {
		const keys =
			variant === null
				? Object.entries(documented[entry.type]?.fields ?? {})
						.filter(([, field]) => !field.optional)
						.map(([key]) => key)
				: fieldsOf(variant.data)
						.filter(({ path: key, required }) => required && !/[[\]]/.test(key))
						.map(({ path: key }) => key);
		expect(keys.filter((key) => valueAt(envelope.data, key) === undefined)).toEqual([]);
		const derived = fieldsOf(entry.data).filter(({ field }) => field['x-derived'] === true);
		if (variant === null) {
			expect(derived.filter(({ path: key }) => valueAt(envelope.data, key) !== undefined)).toEqual(
				[],
			);
		}
	});

	it('has whole ids, and addresses that nobody can own', () => {
		const body = fixture.body;
		expect(body).not.toMatch(/\.\.|_x{3,}/);
		const ids = body.match(/"[a-z]{3}_01[0-9A-Z]*"/g) ?? [];
		expect(ids.filter((id) => !/^"[a-z]{3}_[0-7][0-9A-HJKMNP-TV-Z]{25}"$/.test(id))).toEqual([]);
		expect(ids.length).toBeGreaterThan(0);
		expect(
			(body.match(/[\w.]+@[\w.]+/g) ?? []).filter((at) => !at.endsWith('@example.com')),
		).toEqual([]);
	});
});
