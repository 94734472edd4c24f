import { expectedCounts } from '@memberpass/testing';
import { eventByType, events, families, familyOf, isOfKnownProject } from '../src/events/index.ts';
import type { EventEntry } from '../src/model.ts';
import {
	documented,
	fieldsOf,
	isLeaf,
	isNullable,
	type PlacedField,
	typesOf,
} from './support/event-schemas.ts';

const rows = events
	.filter((entry) => entry.type in documented)
	.map((entry): [string, EventEntry] => [entry.type, entry]);

/** Every shape of an event, for the rules that hold for all of them. */
const shapes = events.flatMap((entry): [string, PlacedField[]][] => [
	[entry.type, fieldsOf(entry.data)],
	...entry.variants.map((variant): [string, PlacedField[]] => [
		`${entry.type} (${variant.name})`,
		fieldsOf(variant.data),
	]),
]);

const documentedOf = (type: string) => {
	const event = documented[type];
	if (event === undefined) throw new Error(`${type} is not documented`);
	return event;
};

/** Of a field what a page can say. */
const shapeOf = ({ field, required }: PlacedField) => ({
	types: typesOf(field),
	nullable: isNullable(field),
	required,
	format: field.format,
	id: field['x-id'] !== undefined,
	derived: field['x-derived'],
});

/** Families in the order of the documentation's lists, with their number of events. */
const familyCounts = [
	['subscription', 16],
	['member', 10],
	['payment', 4],
	['plan', 6],
	['access_code', 3],
	['billing', 9],
	['project', 7],
	['project.resource', 4],
	['team', 2],
	['team.member', 4],
	['role', 3],
	['group', 3],
];

/** Fields that may be null although their page does not say so, each decided in the catalogue. */
const nullByInference = new Set(['access_code.generated expires_at']);

/** Events for which the vendor's later manifest lacks a key that the documentation has. */
const manifestConflicts = [
	'access_code.expired',
	'access_code.generated',
	'group.created',
	'group.deleted',
	'group.updated',
	'member.resource_added',
	'member.resource_removed',
	'payment.refunded',
	'project.resource.deleted',
	'project.resource.linked',
	'project.resource.unlinked',
	'role.created',
	'role.deleted',
	'role.updated',
	'subscription.refunded',
	'team.created',
	'team.deleted',
];

/** Keys the later manifest lists beside the documented ones; both of its versions that could be read agree. */
const laterKeys: Readonly<Record<string, readonly string[]>> = {
	'subscription.cancelled': ['paypal_event', 'reason'],
	'subscription.created': ['project_id'],
	'subscription.trial_started': ['access_code', 'project_id', 'provider'],
	'member.churned': ['plan_id'],
	'member.trial_joined': ['trial_ends_at'],
	'plan.created': ['duplicated_from_plan_id', 'kind', 'plan_id', 'plan_name'],
	'plan.deactivated': ['plan_id', 'plan_name', 'reason', 'successor_plan_id', 'window_count'],
	'access_code.redeemed': ['project_id'],
	'billing.invoice_overdue': ['attempt_count'],
	'billing.invoice_paid': ['attempt_count'],
	'billing.payment_failed': ['hosted_invoice_url'],
	'billing.tier_cancelled': ['canceled_at', 'status', 'subscription_id'],
};

/** Not in the manifest, which names `resource` only: its row after 3.0.0 of the vendor's change log. */
const changeLogKeys: Readonly<Record<string, readonly string[]>> = {
	'project.resource.created': ['resource.kind'],
};

const wellFormedPlace = /^(\^project_id|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)$/;

describe('the catalogue of events', () => {
	it('has every event of the documentation, as many as were counted and none twice', () => {
		expect(events).toHaveLength(expectedCounts.events);
		expect(events.map((entry) => entry.type)).toEqual(
			expect.arrayContaining(Object.keys(documented)),
		);
		expect(new Set(events.map((entry) => entry.type)).size).toBe(expectedCounts.events);
	});

	it('has the 12 families with the documented number of events', () => {
		expect(
			families.map((family) => [
				family.key,
				events.filter((entry) => entry.family === family.key && entry.type in documented).length,
			]),
		).toEqual(familyCounts);
	});

	it('finds an event by its type and answers undefined for an unknown one', () => {
		expect(eventByType('subscription.past_due')?.label).toBe('Subscription Past Due');
		expect(eventByType('project.bot.status_changed')).toBeUndefined();
	});

	it('refuses to name the family of an entry that has none', () => {
		expect(() => familyOf({ family: 'coupon' })).toThrow('no family "coupon"');
	});

	it('knows that account events name no project', () => {
		const account = families.filter((family) => family.scope === 'account');
		expect(account.map((family) => family.key)).toEqual([
			'billing',
			'team',
			'team.member',
			'role',
			'group',
		]);
	});

	it('lets nobody wait in one project for an event that names none, or for the project itself', () => {
		const elsewhere = events.filter(
			(entry) => !isOfKnownProject(entry) && familyOf(entry).scope === 'project',
		);
		expect(elsewhere.map(({ type }) => type)).toEqual(['project.created']);
		const inProject = events.filter(isOfKnownProject).map((entry) => familyOf(entry).scope);
		expect(new Set(inProject)).toEqual(new Set(['project']));
	});

	it('knows that teams, roles and groups begin with the Growth tier', () => {
		const growth = families.filter((family) => family.tier === 'Growth');
		expect(growth.map((family) => family.key)).toEqual(['team', 'team.member', 'role', 'group']);
	});
});

describe.each(rows)('%s', (type, entry) => {
	const fields = fieldsOf(entry.data);
	const byPath = new Map(fields.map((placed) => [placed.path, placed]));
	const source = documentedOf(type);

	it('belongs to the family its type begins with', () => {
		expect(type.startsWith(`${entry.family}.`)).toBe(true);
		expect(familyOf(entry).key).toBe(entry.family);
	});

	it('carries the label, abilities and page of the documentation', () => {
		expect({
			label: entry.label,
			ability: entry.ability,
			alsoNeeds: entry.alsoNeeds,
			page: entry.sources[0],
		}).toEqual({
			label: source.label,
			ability: source.ability,
			alsoNeeds: source.alsoNeeds,
			page: source.page,
		});
	});

	it.each(Object.entries(source.fields))(
		'has the documented field %s as it is documented',
		(path, field) => {
			const placed = byPath.get(path);
			expect(placed && shapeOf(placed)).toEqual({
				types: [field.type],
				nullable: field.nullable || nullByInference.has(`${type} ${path}`),
				required: !field.optional,
				format: field.format,
				id: field.id ?? false,
				derived: undefined,
			});
		},
	);

	it('knows the values that the documentation lists, and no others there', () => {
		const wrong = Object.entries(source.fields).filter(
			([path, field]) =>
				field.values !== undefined &&
				[...field.values].sort().join() !==
					[...(byPath.get(path)?.field['x-known-values'] ?? [])].sort().join(),
		);
		expect(wrong).toEqual([]);
	});

	it('adds nothing to the documented fields but derived ids and the inside of snapshots', () => {
		const added = fields.filter(
			({ path, field }) =>
				source.fields[path] === undefined &&
				isLeaf(field) &&
				!path.includes('[]') &&
				field['x-derived'] !== true,
		);
		const snapshots = Object.keys(source.fields).filter(
			(path) => source.fields[path]?.type === 'object',
		);
		const foreign = added.filter(
			({ path }) => !snapshots.some((snapshot) => path.startsWith(`${snapshot}.`)),
		);
		expect(foreign.map(({ path }) => path)).toEqual([]);
	});

	it('keeps derived keys optional, at the top, inferred, and says what they are derived from', () => {
		const wrong = fields.filter(
			({ path, field, required }) =>
				field['x-derived'] === true &&
				(!/^[a-z_]+_id$/.test(path) ||
					required ||
					field['x-evidence'] !== 'inferred' ||
					(field['x-also-at'] ?? []).length === 0),
		);
		expect(wrong).toEqual([]);
	});

	it('has the top-level id of whatever object it nests', () => {
		const nested = fields.filter(({ path }) => /^[a-z]+\.id$/.test(path)).map(({ path }) => path);
		const lacking = nested.filter(
			(path) => byPath.get(path.replace('.', '_'))?.field['x-also-at']?.includes(path) !== true,
		);
		expect(lacking).toEqual([]);
	});

	it('looks for values only in places that exist in one of its shapes', () => {
		const places = new Set([
			'^project_id',
			...(laterKeys[type] ?? []),
			...(changeLogKeys[type] ?? []),
			...fields.map(({ path }) => path),
			...entry.variants.flatMap((variant) => fieldsOf(variant.data).map(({ path }) => path)),
		]);
		const lost = fields.flatMap(({ path, field }) =>
			(field['x-also-at'] ?? [])
				.filter((place) => !places.has(place) || place === path || !wellFormedPlace.test(place))
				.map((place) => `${path} <- ${place}`),
		);
		expect(lost).toEqual([]);
	});

	it('copies the project of the envelope only where the documentation has it in data', () => {
		const fromEnvelope = fields.filter(({ field }) => field['x-also-at']?.includes('^project_id'));
		expect(fromEnvelope.map(({ path }) => path)).toEqual(
			source.fields['project_id'] === undefined ? [] : ['project_id'],
		);
	});

	it('has one variant for each further documented sample and one for a conflict with the manifest', () => {
		const documentedVariants = entry.variants.filter(({ evidence }) => evidence === 'documented');
		const inferred = entry.variants.filter(({ evidence }) => evidence === 'inferred');
		expect(documentedVariants).toHaveLength(source.alternatives);
		expect(inferred.map(({ name }) => name)).toEqual(
			manifestConflicts.includes(type) ? ['manifest'] : [],
		);
		for (const variant of documentedVariants) {
			expect(variant.name).toMatch(/^(nested|family)$/);
			expect(variant.source).toMatch(
				/^https:\/\/docs\.memberpass\.net\/webhooks\/events\/[a-z-]+$/,
			);
		}
	});

	it('names the keys that the later manifest has beside the documented ones', () => {
		expect(entry.laterKeys).toEqual(laterKeys[type] ?? []);
	});

	it('refers to other events, to none twice', () => {
		expect(entry.related.length).toBeGreaterThan(0);
		expect(new Set(entry.related).size).toBe(entry.related.length);
	});

	it('describes itself in one line and then in whole sentences', () => {
		expect(entry.summary).toMatch(/^Triggers when [^.]+\.$/);
		expect(entry.summary.length).toBeLessThanOrEqual(110);
		expect(entry.summary).not.toMatch(/MemberPass|Zapier|n8n|webhook/i);
		expect(entry.firesWhen).toMatch(/^[A-Z0-9].+\.$/);
		expect(entry.firesWhen).not.toBe(entry.summary);
	});

	it('has caveats', () => {
		expect(entry.caveats.length).toBeGreaterThan(0);
	});

	it('is documented and never claims to be recorded', () => {
		expect(entry.evidence).toBe('documented');
		expect(JSON.stringify(entry)).not.toContain('"recorded"');
	});
});

describe.each(shapes)('the fields of %s', (_, fields) => {
	// What only holds others needs no words: no form shows it.
	const shown = fields.filter(
		({ field }) => isLeaf(field) || field.title !== undefined || field.description !== undefined,
	);

	it('have labels in Title Case', () => {
		for (const { path, field } of shown) {
			expect([path, field.title ?? '']).toEqual([
				path,
				expect.stringMatching(/^[A-Z][A-Za-z0-9]*( ([A-Z][A-Za-z0-9]*|of|in|to|for|and|the))*$/),
			]);
			expect([path, field.title]).toEqual([path, expect.not.stringMatching(/\b(Id|Url|Api)s?\b/)]);
		}
	});

	it('say in a sentence what they mean', () => {
		for (const { path, field } of shown) {
			expect([path, field.description ?? '']).toEqual([path, expect.stringMatching(/^[A-Z].+\.$/)]);
		}
	});

	it('stay open sets, because MemberPass may add a value any day', () => {
		const closed = fields.filter(({ field }) => field.enum !== undefined || 'const' in field);
		expect(closed.map(({ path }) => path)).toEqual([]);
	});

	// That they fit their schema is a rule of src/rules.
	it('have an example where they hold a value', () => {
		// A list is shown with the example of its elements.
		const bare = fields.filter(
			({ field }) =>
				isLeaf(field) && field.items === undefined && (field.examples?.length ?? 0) === 0,
		);
		expect(bare.map(({ path }) => path)).toEqual([]);
	});

	it('have whole ids and only addresses that nobody can own', () => {
		const examples = fields.flatMap(({ path, field }) =>
			(field.examples ?? [])
				.filter((example) => typeof example === 'string')
				.map((example) => ({ path, field, example })),
		);
		const wrong = examples.filter(
			({ field, example }) =>
				example.includes('..') ||
				(field['x-id'] !== undefined && !/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/.test(example)) ||
				(example.includes('@') && !example.endsWith('@example.com')),
		);
		expect(wrong).toEqual([]);
	});
});

describe('the copy of the events', () => {
	it('never says twice when an event fires', () => {
		const copy = events.map(({ firesWhen }) => firesWhen);
		expect(copy.filter((text, index) => copy.indexOf(text) !== index)).toEqual([]);
	});

	it('does not capitalise nouns in the line that forms show', () => {
		for (const entry of events) {
			const words = entry.summary.replace('Triggers when', '').replaceAll('Telegram', '');
			expect([entry.type, words]).toEqual([entry.type, expect.not.stringMatching(/[A-Z]/)]);
		}
	});

	it('says which events are not sent yet, and no others', () => {
		const silent = events.filter(({ caveats }) =>
			caveats.some(({ kind }) => kind === 'not_firing'),
		);
		expect(silent.map(({ type }) => type)).toEqual(['subscription.refunded', 'payment.refunded']);
	});

	it('warns that overdue invoices are announced for Stripe only', () => {
		expect(eventByType('billing.invoice_overdue')?.caveats).toEqual([
			expect.objectContaining({ kind: 'partial', text: expect.stringContaining('Stripe') }),
		]);
	});
});

describe('where sources contradict', () => {
	it('each event says what was decided, and no other says anything', () => {
		const decided = events
			.filter(({ decisions }) => decisions.length > 0)
			.map(({ type, decisions }) => [type, decisions.map(({ topic }) => topic)]);
		expect(Object.fromEntries(decided)).toEqual({
			'subscription.created': ['shape of data'],
			'subscription.paused': ['who can pause'],
			'subscription.refunded': ['absence of reason', 'keys of data'],
			'member.banned': ['place of the subscriber ID'],
			'member.joined': ['shape of data'],
			'member.kicked': ['status after a kick', 'place of the subscriber ID'],
			'member.removed': ['what a removal is', 'place of the subscriber ID'],
			'member.resource_added': ['prefix of a resource ID', 'keys of data'],
			'member.resource_removed': ['prefix of a resource ID', 'keys of data'],
			'member.unbanned': ['place of the subscriber ID'],
			'payment.refunded': ['keys of data'],
			'payment.succeeded': ['billing_reason'],
			'plan.created': ['billing cycle and price'],
			'plan.sync_completed': ['how often it fires'],
			'plan.updated': ['billing cycle and price'],
			'access_code.expired': ['keys of data'],
			'access_code.generated': ['expiry of a batch', 'size of a batch', 'keys of data'],
			'billing.invoice_overdue': ['when it fires'],
			'project.archived': ['access after archiving'],
			'project.bot.disconnected': ['project.bot.status_changed'],
			'project.resource.created': ['ability', 'prefix of a resource ID'],
			'project.resource.deleted': ['ability', 'prefix of a resource ID', 'snapshot in data'],
			'project.resource.linked': ['ability', 'prefix of a resource ID', 'keys of data'],
			'project.resource.unlinked': ['ability', 'prefix of a resource ID', 'keys of data'],
			'team.created': ['keys of data'],
			'team.deleted': ['last event of a team', 'keys of data'],
			'team.member.invited': ['ability'],
			'team.member.joined': ['shape of data', 'ability'],
			'team.member.removed': ['ability'],
			'team.member.role_changed': ['ability', 'whether it is sent'],
			'role.created': ['keys of data'],
			'role.deleted': ['keys of data'],
			'role.updated': ['shape of data.role', 'keys of data'],
			'group.created': ['shape of data.group', 'keys of data'],
			'group.deleted': ['keys of data'],
			'group.updated': ['shape of data.group', 'keys of data'],
		});
	});
});
