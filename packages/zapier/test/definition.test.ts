import { expectedCounts } from '@memberpass/testing';
import { events, operations, pickLists } from '@memberpass/catalogue';

import {
	command,
	type Definition,
	type Entry,
	type Field,
	readDefinition,
} from './house-lint/definition.ts';
import { rules } from './house-lint/rules.ts';
import type { Group } from './support.ts';

let definition: Definition;
beforeAll(async () => {
	definition = await readDefinition();
});

const groups = ['triggers', 'creates', 'searches'] as const;
const entryOf = (group: Group, key: string): Entry => {
	const entry = definition[group][key];
	if (entry === undefined) throw new Error(`${group}.${key} is not in the definition.`);
	return entry;
};

describe('the app', () => {
	it('is valid for Zapier', async () => {
		await expect(command('validate')).resolves.toEqual([]);
	});

	it('has every event, every action and every search, and nothing else', () => {
		expect(groups.map((group) => Object.keys(definition[group]).length)).toEqual([
			expectedCounts.events,
			expectedCounts.actions,
			expectedCounts.searches,
		]);
	});

	it('stays small, because core copies the whole definition on every call', () => {
		expect(JSON.stringify(definition).length).toBeLessThan(450_000);
	});

	it('handles blank inputs itself and shares the rate limit of a connection', () => {
		expect(definition.flags).toEqual({ cleanInputData: false });
		expect(definition.throttle).toEqual({ window: 60, limit: 300, scope: ['auth'] });
	});

	it('asks for the token as a secret, and says where to get it', () => {
		const [token, address] = definition.authentication.fields;
		expect(token).toMatchObject({ key: 'api_token', type: 'password', required: true });
		expect(token?.helpText).toContain('](https://app.memberpass.net/settings/tokens)');
		expect(address).toMatchObject({ key: 'api_origin', required: false });
	});

	it('finds or creates projects and plans', () => {
		expect(
			Object.values(definition.searchOrCreates).map(({ search, create }) => [search, create]),
		).toEqual([
			['find_project_by_handle', 'create_project'],
			['find_plan_by_name', 'create_plan'],
		]);
	});
});

describe('triggers', () => {
	it.each(events.map((event) => [event.type, event] as const))(
		'%s can be switched on, off and tried out, and is visible if MemberPass sends it',
		(type, event) => {
			const { operation } = entryOf('triggers', type.replaceAll('.', '_'));
			expect(operation).toMatchObject({
				type: 'hook',
				performSubscribe: expect.any(String),
				performUnsubscribe: expect.any(String),
				performList: expect.any(String),
			});
			expect(operation).not.toHaveProperty('throttle');
			expect(entryOf('triggers', type.replaceAll('.', '_')).display.hidden ?? false).toBe(
				['subscription.refunded', 'payment.refunded'].includes(type),
			);
			expect(operation.inputFields.some(({ key }) => key === 'project_id')).toBe(
				// A new project cannot be chosen before it exists.
				!/^(billing|team|role|group)\./.test(event.type) && event.type !== 'project.created',
			);
		},
	);

	it('no masked code is called an access code: it would be mapped where one is redeemed', () => {
		const labels = Object.values(definition.triggers).flatMap(({ operation }) =>
			operation.outputFields
				.filter(({ key }) => key === 'data__access_code')
				.map(({ label }) => label),
		);
		expect(new Set(labels)).toEqual(new Set(['Masked Access Code']));
	});

	it('the sample of an expired code shows no subscription: it was never redeemed', () => {
		expect(entryOf('triggers', 'access_code_expired').operation.sample).toMatchObject({
			data: { subscription_id: null },
		});
	});

	const noticeOf = (type: string): string | undefined =>
		entryOf('triggers', type.replaceAll('.', '_')).operation.inputFields.find(
			({ type: kind }) => kind === 'copy',
		)?.helpText;

	it.each<[string, string, string]>([
		['payment.succeeded', 'what it is not for', 'To welcome a subscriber use New Subscription.'],
		['subscription.created', 'what it lacks', 'It may carry no email address and no name.'],
		['subscription.upgraded', 'when it is not sent', 'the same price does not send it.'],
		['subscription.renewed', 'what comes along', 'Count revenue on one of the two, not on both.'],
		['group.deleted', 'the tier it needs', 'sends this event on the Growth tier and above.'],
	])('%s says above its form %s', (type, _, words) => {
		expect(noticeOf(type)).toContain(words);
		expect(entryOf('triggers', type.replaceAll('.', '_')).operation.inputFields[0]?.type).toBe(
			'copy',
		);
	});

	it('all caveats of all events are told, one a line, and none is told where there is none', () => {
		const untold = events.flatMap((event) => {
			const lines = (noticeOf(event.type) ?? '').split('\n').map((line) => line.replace(/^- /, ''));
			return event.caveats.filter(({ text }) => !lines.includes(text)).map(({ text }) => text);
		});
		expect(untold).toEqual([]);
		expect(events.reduce((sum, { caveats }) => sum + caveats.length, 0)).toBeGreaterThan(100);
		expect(noticeOf('member.unbanned')?.startsWith('- ')).toBe(false);
		expect(noticeOf('project.resource.unlinked')?.includes('\n')).toBe(false);
	});

	it('the tier is named once, even if a caveat names it already', () => {
		expect(noticeOf('team.created')?.match(/Growth tier/g)).toHaveLength(1);
		expect(noticeOf('team.deleted')?.match(/Growth tier/g)).toHaveLength(1);
	});

	it.each(['subscription.refunded', 'payment.refunded'])(
		'%s warns before all else that it may not fire',
		(type) => {
			expect(noticeOf(type)).toMatch(/^- MemberPass does not send it yet\./);
		},
	);
});

describe('actions and searches', () => {
	const written = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
	const fieldsOf = (entry: (typeof written)[number]): readonly Field[] =>
		entryOf(entry.kind === 'action' ? 'creates' : 'searches', entry.key).operation.inputFields;

	it('let users choose every id from a list, but for those no list exists of', () => {
		const typed = written.flatMap((entry) =>
			fieldsOf(entry)
				.filter((field) => entry.input.properties[field.key]?.['x-id'] !== undefined)
				.filter((field) => field.choices === undefined)
				.map((field) => `${entry.key}.${field.key}`),
		);
		expect(typed).toEqual(['create_plan.currency_id']);
		const [help] = ['create_plan', 'list_transactions'].map(
			(key) =>
				fieldsOf(written.find((entry) => entry.key === key) as (typeof written)[number]).find(
					(field) => field.key.startsWith('currency_id'),
				)?.helpText,
		);
		expect(help).toMatch(/no list to choose from, .* list_recent_payments/);
	});

	it.each<[Group, string, string, string]>([
		['searches', 'list_subscriptions', 'plan_id', 'Plan'],
		['searches', 'list_activity', 'subject_id', 'Record'],
		['creates', 'create_project', 'bot_id', 'Bot'],
		['creates', 'revoke_token', 'token_id', 'Token'],
		['creates', 'create_plan', 'currency_id', 'Currency ID'],
		['searches', 'find_subscriber_by_telegram_id', 'telegram_id', 'Telegram ID'],
	])('%s.%s calls %s "%s"', (group, key, input, label) => {
		const field = entryOf(group, key).operation.inputFields.find((one) => one.key === input);
		expect(field?.label).toBe(label);
	});

	it.each<[Group, string, string, RegExp]>([
		['searches', 'get_member', 'member', /Subscriber ID from a trigger/],
		['searches', 'get_subscription', 'subscription', /Subscription ID from a trigger/],
		['searches', 'get_plan', 'plan', /Plan ID from a trigger/],
	])('%s.%s says what of a trigger %s takes', (group, key, input, words) => {
		const field = entryOf(group, key).operation.inputFields.find((one) => one.key === input);
		expect(field?.helpText).toMatch(words);
	});

	it('warn before what cannot be undone', () => {
		const irreversible = written.filter(({ destructive }) => destructive === 'irreversible');
		expect(irreversible.map(({ key }) => key).sort()).toEqual([
			'delete_access_code',
			'delete_plan',
			'delete_project',
			'delete_resource',
			'delete_webhook_endpoint',
			'revoke_token',
			'rotate_webhook_secret',
		]);
		for (const entry of irreversible) {
			const [notice] = fieldsOf(entry);
			expect(notice).toMatchObject({ type: 'copy' });
			expect(notice?.helpText).toMatch(/cannot be undone|at once/);
		}
	});

	it('offer all events by their names', () => {
		const field = fieldsOf(
			written.find(({ key }) => key === 'create_webhook_endpoint') as (typeof written)[number],
		).find(({ key }) => key === 'events');
		expect(field?.choices).toHaveLength(expectedCounts.events);
		expect(field?.list).toBe(true);
	});

	it('ask above for what only fills a list below, and let a mapped value pass without it', () => {
		const fields = (kind: Group, key: string) => entryOf(kind, key).operation.inputFields;
		const helpers = [
			['searches', 'list_subscriptions', 'project', 'plan_id'],
			['searches', 'list_activity', 'project', 'subject_id'],
			['creates', 'create_project', 'bot_project', 'bot_id'],
			['creates', 'update_project', 'bot_project', 'bot_id'],
		] as const;
		for (const [kind, key, helper, picked] of helpers) {
			const keys = fields(kind, key).map((field) => field.key);
			expect([key, keys.indexOf(helper) < keys.indexOf(picked) || key === 'list_activity']).toEqual(
				[key, true],
			);
			const [above, below] = [helper, picked].map((name) =>
				fields(kind, key).find((field) => field.key === name),
			);
			expect(above).toMatchObject({ choices: expect.any(Object), required: false });
			expect(above?.helpText).toContain('is not sent');
			expect(below?.choices).toEqual({ perform: expect.any(String) });
			expect(below?.dependsOn ?? []).not.toContain(helper);
		}
	});

	it('let a list wait for what it depends on', () => {
		const members = entryOf('creates', 'ban_member').operation.inputFields;
		expect(members.find(({ key }) => key === 'member')?.dependsOn).toEqual(['project']);
		const codes = entryOf('creates', 'delete_access_code').operation.inputFields;
		expect(codes.find(({ key }) => key === 'access_code')?.dependsOn).toEqual(['project', 'plan']);
		expect(pickLists.accessCodes.needs).toEqual(['project', 'plan']);
	});

	it.each([
		['get_deep_link', 'access_code', ['project']],
		['get_earnings', 'plan_ids', undefined],
		['list_transactions', 'plan_ids', ['project_id']],
	])('take a mapped value in %s.%s without what may stay empty', (key, input, waitsFor) => {
		const field = entryOf('searches', key).operation.inputFields.find((one) => one.key === input);
		expect(field?.choices).toEqual({ perform: expect.any(String) });
		expect(field?.dependsOn).toEqual(waitsFor);
	});
});

const copyOf = (value: Definition): Definition => JSON.parse(JSON.stringify(value)) as Definition;

describe.each(rules.map((rule) => [rule.code, rule.says, rule] as const))(
	'%s: %s',
	(_, __, rule) => {
		it('holds everywhere', () => {
			expect(rule.find(definition)).toEqual([]);
		});

		it('is noticed when it is broken', () => {
			const broken = copyOf(definition);
			rule.broken(broken);
			expect(rule.find(broken).length).toBeGreaterThan(0);
		});
	},
);

it('every check that a definition can show has a rule', () => {
	const checked = new Set(rules.flatMap(({ code }) => code.split('/')));
	const offline =
		'D001 D002 D003 D004 D005 D006 D007 D008 D009 D010 D011 D012 D013 D014 D015 D016 D017 D018 D021 D022 D023 D024 D025 D026 D027 D028';
	expect(offline.split(' ').filter((code) => !checked.has(code))).toEqual([]);
});

it('rules read hidden operations', () => {
	expect(definition.triggers['payment_refunded']?.display.hidden).toBe(true);
});
