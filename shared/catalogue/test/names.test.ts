import { expectedCounts } from '@memberpass/testing';
import { events, familyOf } from '../src/events/index.ts';
import {
	camelCase,
	eventFixturePath,
	eventName,
	n8nEventLabel,
	n8nOperationKey,
	operationFixturePath,
	titleCase,
	zapierTriggerKey,
} from '../src/names.ts';
import { operation } from '../src/operations/index.ts';
import { documented } from './support/event-schemas.ts';

const legalZapierKey = /^[a-z][a-z0-9_]+$/;

describe('zapierTriggerKey', () => {
	it.each([
		['subscription.past_due', 'subscription_past_due'],
		['project.bot.connected', 'project_bot_connected'],
		['team.member.role_changed', 'team_member_role_changed'],
		['access_code.redeemed', 'access_code_redeemed'],
	])('turns %s into %s', (type, key) => {
		expect(zapierTriggerKey(type)).toBe(key);
	});

	it('gives each event a key of its own', () => {
		const keys = events.map((entry) => zapierTriggerKey(entry.type));
		expect(new Set(keys).size).toBe(expectedCounts.events);
	});

	it('gives only keys that Zapier accepts', () => {
		const illegal = events
			.map((entry) => zapierTriggerKey(entry.type))
			.filter((key) => !legalZapierKey.test(key));
		expect(illegal).toEqual([]);
	});

	it.each(Object.keys(documented))('gives %s the key that is agreed on', (type) => {
		expect(zapierTriggerKey(type)).toBe(documented[type]?.zapierKey);
	});

	it('would let a.b and a_b collide, which is why the keys are checked as a set', () => {
		expect(zapierTriggerKey('team.member.joined')).toBe(zapierTriggerKey('team_member.joined'));
	});

	it.each(['subscription-created', 'Subscription.created', '1.created', ''])(
		'makes no legal key of %p, which is no event type',
		(type) => {
			expect(zapierTriggerKey(type)).not.toMatch(legalZapierKey);
		},
	);
});

it.each([
	['create_plan', 'plan.create'],
	['find_plan_by_name', 'plan.findByName'],
	['list_access_codes', 'accessCode.list'],
])('n8nOperationKey turns %s into %s', (key, name) => {
	expect(n8nOperationKey(operation(key))).toBe(name);
});

describe('titleCase', () => {
	it.each([
		['past_due', 'Past Due'],
		['bot.connected', 'Bot Connected'],
		['created', 'Created'],
		['trial-days', 'Trial Days'],
		['  two   spaces ', 'Two Spaces'],
		['already Title', 'Already Title'],
		['a__b', 'A B'],
		['', ''],
	])('turns %p into %p', (words, title) => {
		expect(titleCase(words)).toBe(title);
	});

	it('knows no abbreviations, so labels of ids are written by hand', () => {
		expect(titleCase('plan_id')).toBe('Plan Id');
	});
});

describe('eventName', () => {
	it.each([
		['subscription.past_due', 'subscription', 'past_due'],
		['project.bot.connected', 'project', 'bot.connected'],
		['project.resource.linked', 'project.resource', 'linked'],
		['team.member.joined', 'team.member', 'joined'],
	])('takes the family off %s in %s', (type, family, name) => {
		expect(eventName({ type, family })).toBe(name);
	});

	it('keeps team.created and team.member.joined apart by their families', () => {
		expect(eventName({ type: 'team.created', family: 'team' })).toBe('created');
		expect(eventName({ type: 'team.member.joined', family: 'team' })).toBe('member.joined');
	});
});

describe('n8nEventLabel', () => {
	it.each(
		events.filter((entry) => entry.type in documented).map((entry) => [entry.type, entry] as const),
	)('gives %s the label that users of n8n know', (type, entry) => {
		expect(n8nEventLabel(entry, familyOf(entry))).toBe(documented[type]?.n8nLabel);
	});

	it('gives each event a label of its own', () => {
		const labels = events.map((entry) => n8nEventLabel(entry, familyOf(entry)));
		expect(new Set(labels).size).toBe(expectedCounts.events);
	});
});

describe('camelCase', () => {
	it.each([
		['plan_id', 'planId'],
		['access_code', 'accessCode'],
		['expires_in_days', 'expiresInDays'],
		['top_10', 'top10'],
		['a__b', 'aB'],
		['name', 'name'],
		['alreadyCamel', 'alreadyCamel'],
	])('turns %s into %s', (key, name) => {
		expect(camelCase(key)).toBe(name);
	});

	it('leaves an underscore at the end alone', () => {
		expect(camelCase('class_')).toBe('class_');
	});
});

describe('fixture paths', () => {
	it.each([
		['subscription.past_due', 'subscription', null, 'events/subscription/past_due.json'],
		['subscription.created', 'subscription', 'nested', 'events/subscription/created.nested.json'],
		['project.bot.connected', 'project', null, 'events/project/bot.connected.json'],
		['project.resource.linked', 'project.resource', null, 'events/project.resource/linked.json'],
		['role.updated', 'role', 'family', 'events/role/updated.family.json'],
	])('of %s in %s as %s is %s', (type, family, variant, path) => {
		expect(eventFixturePath({ type, family }, variant)).toBe(path);
	});

	it('never send two deliveries to one file', () => {
		const paths = events.flatMap((entry) =>
			[null, ...entry.variants.map(({ name }) => name)].map((name) =>
				eventFixturePath(entry, name),
			),
		);
		expect(new Set(paths).size).toBe(paths.length);
	});

	it('keep the recordings of an operation with its resource', () => {
		expect(operationFixturePath({ key: 'create_plan', resource: 'plan' })).toBe(
			'api/plan/create_plan.json',
		);
	});
});
