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
		['payment.succeeded', 'what it is not for', 'To welcome a subscriber, use New Subscription.'],
		[
			'subscription.created',
			'what it lacks',
			'The event may not include an email address or a name.',
		],
		['subscription.upgraded', 'when it is not sent', 'the same price does not send this event.'],
		[
			'subscription.renewed',
			'what comes along',
			'To count revenue, use only one of the two events.',
		],
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
			expect(noticeOf(type)).toMatch(/^- MemberPass does not send this event yet\./);
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

const entryIn = (copy: Definition, group: Group, key: string): Entry => {
	const entry = copy[group][key];
	if (entry === undefined) throw new Error(`There is no ${group}.${key} to spoil.`);
	return entry;
};
const refunded = (copy: Definition): Entry => entryIn(copy, 'triggers', 'payment_refunded');
const projectOf = (copy: Definition): Field => {
	const { inputFields } = entryIn(copy, 'creates', 'create_plan').operation;
	const field = inputFields.find(({ key }) => key === 'project');
	if (field === undefined) throw new Error('There is no input project to spoil.');
	return field;
};
const pairOf = (copy: Definition): Definition['searchOrCreates'][string] => {
	const pair = copy.searchOrCreates['find_plan_by_name'];
	if (pair === undefined) throw new Error('There is no pair to spoil.');
	return pair;
};

// Each part of a condition by itself; what a rule itself breaks is tried above.
it.each<readonly [says: string, how: string, change: (copy: Definition) => unknown]>([
	[
		'No input collects a secret',
		'by its label',
		(copy) => (projectOf(copy).label = 'Client Secret'),
	],
	[
		'Every field of a connection links',
		'with a token in the open',
		({ authentication }) => authentication.fields.forEach((field) => (field.type = 'string')),
	],
	[
		'A connection is labelled',
		'with nothing of the account',
		({ authentication }) => (authentication.connectionLabel = 'MemberPass'),
	],
	[
		'A connection is labelled',
		'not at all',
		({ authentication }) => delete authentication.connectionLabel,
	],
	[
		'Every input that holds an ID',
		'without words on where to find it',
		(copy) =>
			Object.assign(projectOf(copy), {
				key: 'currency_id',
				choices: undefined,
				helpText: 'Currency of the price.',
			}),
	],
	['Every address is https', 'in a label', (copy) => (projectOf(copy).label = 'http://a')],
	[
		'Every address is https',
		'in a placeholder',
		(copy) => (projectOf(copy).placeholder = 'http://a'),
	],
	[
		'Every address is https',
		'in a description',
		(copy) => (refunded(copy).display.description = 'See http://a.'),
	],
	[
		'Every address is https',
		'in the connection',
		({ authentication }) => authentication.fields.push({ key: 'a', helpText: 'http://a' }),
	],
	[
		'No address stands bare',
		'without a scheme',
		(copy) => (projectOf(copy).helpText = 'Read more at www.memberpass.net first.'),
	],
	[
		'Help says more',
		'in fewer than 20 characters',
		(copy) => (projectOf(copy).helpText = 'Where plans belong.'),
	],
	[
		'A field that offers a search refers',
		'by a key that the search does not give',
		(copy) => (projectOf(copy).search = 'find_project_by_handle.nothing'),
	],
	[
		'A field that offers a search holds',
		'by a dictionary',
		(copy) => (projectOf(copy).dict = true),
	],
	['A field that offers a search holds', 'by children', (copy) => (projectOf(copy).children = [])],
	['A field that offers a search holds', 'by a flag', (copy) => (projectOf(copy).type = 'boolean')],
	[
		'Search-or-create pairs',
		'without the search',
		(copy) => delete copy.searches['find_plan_by_name'],
	],
	['Search-or-create pairs', 'by another key', (copy) => (pairOf(copy).key = 'find_plan')],
	[
		'Search-or-create pairs',
		'with another thing to create',
		(copy) => (entryIn(copy, 'creates', 'create_plan').noun = 'Price'),
	],
	[
		'Search-or-create pairs',
		'without an id',
		(copy) => (entryIn(copy, 'creates', 'create_plan').operation.outputFields = []),
	],
	[
		'Search-or-create pairs',
		'without what was searched by',
		(copy) => (entryIn(copy, 'creates', 'create_plan').operation.inputFields = []),
	],
	['Every trigger subscribes', 'by polling', (copy) => (refunded(copy).operation.type = 'polling')],
	[
		'Every trigger subscribes',
		'by never subscribing',
		(copy) => delete refunded(copy).operation.performSubscribe,
	],
	[
		'Labels of operations, inputs',
		'by an input',
		(copy) => (projectOf(copy).label = 'Where the plan is'),
	],
	[
		'Labels of operations, inputs',
		'by an output',
		(copy) => (refunded(copy).operation.outputFields = [{ key: 'id', label: 'The id' }]),
	],
	[
		'Labels of operations, inputs',
		'by a group',
		(copy) =>
			(entryIn(copy, 'creates', 'create_plan').operation.inputFieldGroups = [
				{ key: 'a', label: 'the price' },
			]),
	],
	[
		'Labels of operations, inputs',
		'by a pair',
		(copy) => (pairOf(copy).display.label = 'find or create'),
	],
	[
		'A trigger says when',
		'in two lines',
		(copy) => (refunded(copy).display.description = 'Triggers when a\nrefund comes.'),
	],
	[
		'A trigger says when',
		'with dots at its end',
		(copy) => (refunded(copy).display.description = 'Triggers when a refund comes...'),
	],
	[
		'An action asks',
		'by a notice alone',
		(copy) =>
			(entryIn(copy, 'creates', 'archive_project').operation.inputFields = [
				{ key: 'a', type: 'copy' },
			]),
	],
	[
		'Every value of a sample',
		'by a key that no field names',
		(copy) => (refunded(copy).operation.sample['more'] = 'x'),
	],
	[
		'Every value of a sample',
		'by a time without its zone',
		(copy) => (refunded(copy).operation.sample['created_at'] = '2026-05-18T10:05:00'),
	],
	[
		'No address can run',
		'in capitals',
		(copy) => (projectOf(copy).helpText = 'Read more on [the page](DATA:text/html).'),
	],
	[
		'Only the API Address',
		'where it is demanded',
		({ authentication }) => authentication.fields.forEach((field) => (field.required = true)),
	],
	[
		'Only the API Address',
		'where it is silent on the token',
		({ authentication }) =>
			authentication.fields.forEach((field) => (field.helpText = 'Another address.')),
	],
	[
		'Searches are called',
		'by an action that finds',
		(copy) => (entryIn(copy, 'creates', 'create_plan').display.label = 'Find Plan'),
	],
	[
		'Searches are called',
		'by a search described otherwise',
		(copy) =>
			(entryIn(copy, 'searches', 'get_plan').display.description = 'Gets a plan by its ID.'),
	],
	[
		'Searches are called',
		'by an action described as finding',
		(copy) =>
			(entryIn(copy, 'creates', 'create_plan').display.description = 'Finds a plan by its ID.'),
	],
	[
		'Labels and descriptions of operations',
		'in a label',
		(copy) => (refunded(copy).display.label = 'New Zapier Payment'),
	],
	[
		'Labels and descriptions of operations',
		'in a noun',
		(copy) => (refunded(copy).noun = 'MemberPass Payment'),
	],
	['A noun names', 'by several things', (copy) => (refunded(copy).noun = 'Payments')],
	['A noun names', 'in small letters', (copy) => (refunded(copy).noun = 'payment')],
	[
		'A noun names',
		'by the label',
		(copy) =>
			Object.assign(refunded(copy), { noun: 'Paid Twice', display: { label: 'Paid Twice' } }),
	],
	[
		'No two operations',
		'by a key',
		(copy) => (entryIn(copy, 'creates', 'create_plan').key = 'create_project'),
	],
	['No label is a key', 'in small letters', (copy) => (projectOf(copy).label = 'project')],
	[
		'Every output has a label',
		'by none at all',
		(copy) => (refunded(copy).operation.outputFields = [{ key: 'id' }]),
	],
	[
		'Keys are in snake case',
		'where it is listed under another',
		(copy) => (refunded(copy).key = 'payment_reversed'),
	],
	[
		'Long forms are grouped',
		'by a group that there is not',
		(copy) => (projectOf(copy).group = 'nowhere'),
	],
	[
		'Long forms are grouped',
		'by an empty group',
		(copy) =>
			entryIn(copy, 'creates', 'create_plan').operation.inputFieldGroups?.push({ key: 'empty' }),
	],
	[
		'Every choice has',
		'by an empty value',
		(copy) => (projectOf(copy).choices = [{ value: '', sample: '', label: 'A' }]),
	],
	[
		'Every choice has',
		'by another sample',
		(copy) => (projectOf(copy).choices = [{ value: 'a', sample: 'b', label: 'A' }]),
	],
	[
		'What a field depends on stands',
		'from below',
		(copy) => entryIn(copy, 'creates', 'delete_plan').operation.inputFields.reverse(),
	],
	[
		'No two inputs',
		'by a default that is no text',
		(copy) => Object.assign(projectOf(copy), { default: 1 }),
	],
	[
		'No action moves money',
		'by its key',
		(copy) => (entryIn(copy, 'creates', 'create_plan').key = 'charge_plan'),
	],
	[
		'No action moves money',
		'by its description',
		(copy) => (entryIn(copy, 'creates', 'create_plan').display.description = 'Pays for a plan.'),
	],
	['A hook has neither', 'by a lock', (copy) => (refunded(copy).operation.lock = {})],
	['A hook has neither', 'by its importance', (copy) => (refunded(copy).display.important = true)],
])('"%s …" is noticed when it is broken %s', (says, _, change) => {
	const [rule, ...others] = rules.filter((one) => one.says.startsWith(says));
	expect(others).toEqual([]);
	const broken = copyOf(definition);
	change(broken);
	expect(rule?.find(broken)).not.toEqual([]);
	expect(rule).toBeDefined();
});

it('every check that a definition can show has a rule', () => {
	const checked = new Set(rules.flatMap(({ code }) => code.split('/')));
	const offline =
		'D001 D002 D003 D004 D005 D006 D007 D008 D009 D010 D011 D012 D013 D014 D015 D016 D017 D018 D021 D022 D023 D024 D025 D026 D027 D028';
	expect(offline.split(' ').filter((code) => !checked.has(code))).toEqual([]);
});

it('rules read hidden operations', () => {
	expect(definition.triggers['payment_refunded']?.display.hidden).toBe(true);
});
