import { expectedCounts } from '@memberpass/testing';
import { events, operations, pickLists } from '@memberpass/catalogue';

import app from '../src/index.ts';
import {
	command,
	type Definition,
	type Entry,
	entryOf as entryIn,
	type Field,
	readDefinition,
} from './house-lint/definition.ts';
import type { Group } from './support.ts';

let definition: Definition;
beforeAll(async () => {
	definition = await readDefinition();
});

const groups = ['triggers', 'creates', 'searches'] as const;
const entryOf = (group: Group, key: string): Entry => entryIn(definition, group, key);

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
		const [currency] = entryOf('creates', 'create_plan').operation.inputFields.filter(
			({ key }) => key === 'currency_id',
		);
		expect(currency?.helpText).toMatch(/no list to choose from, .* list_recent_payments/);
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

	it('ask for what only fills a list, above it where both are optional, and let a mapped value pass without it', () => {
		// What is required comes first, so the record of an activity log stands above the project.
		const helpers = [
			['searches', 'list_subscriptions', 'project', 'plan_id', ['project', 'plan_id']],
			['searches', 'list_activity', 'project', 'subject_id', ['subject_id', 'project']],
			['creates', 'create_project', 'bot_project', 'bot_id', ['bot_project', 'bot_id']],
			['creates', 'update_project', 'bot_project', 'bot_id', ['bot_project', 'bot_id']],
		] as const;
		for (const [kind, key, helper, picked, order] of helpers) {
			const fields = entryOf(kind, key).operation.inputFields;
			const both = fields.filter((field) => field.key === helper || field.key === picked);
			expect([key, ...both.map((field) => field.key)]).toEqual([key, ...order]);
			const [narrowing, narrowed] = [helper, picked].map((name) =>
				both.find((field) => field.key === name),
			);
			expect(narrowing).toMatchObject({ choices: expect.any(Object), required: false });
			expect(narrowing?.helpText).toContain('is not sent');
			expect(narrowed?.choices).toEqual({ perform: expect.any(String) });
			expect(narrowed?.dependsOn ?? []).not.toContain(helper);
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

it('the form of a connection says what the token needs and where it goes', () => {
	expect(app.authentication?.fields).toEqual([
		{
			key: 'api_token',
			label: 'API Token',
			type: 'password',
			required: true,
			helpText:
				'Create a token on the [token page of MemberPass](https://app.memberpass.net/settings/tokens). It needs the abilities (permissions) `team:view` and `webhook-endpoint:manage`, and those for the events and data your Zaps use.',
		},
		{
			key: 'api_origin',
			label: 'API Address',
			type: 'string',
			required: false,
			placeholder: 'https://api.memberpass.net',
			helpText:
				'Leave empty unless MemberPass gave you an address for its [API](https://docs.memberpass.net/api) other than `https://api.memberpass.net`. The token is sent to this address and to no other.',
		},
	]);
	expect(app.authentication?.type).toBe('custom');
});

it('the field that tells two intended writes apart says when to use it', () => {
	const fields = app.creates['create_project']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'deduplication_key')).toEqual({
		key: 'deduplication_key',
		label: 'Deduplication Key',
		type: 'string',
		required: false,
		group: 'optional_details',
		helpText:
			'If this step runs again with the same values within 24 hours, nothing is written a second time: you get the first result, even if it was deleted since. To allow a second write, map something here that differs each time, such as the Event ID from the trigger.',
	});
});

it('the field that narrows a trigger to a project says that it may stay empty', () => {
	const fields = app.triggers['member_joined']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'project_id')).toEqual({
		key: 'project_id',
		label: 'Project',
		type: 'string',
		required: false,
		helpText: 'Only events of this project. Leave empty for all projects.',
		choices: { perform: expect.any(Function) },
		resource: 'project',
	});
});

it.each([
	['searches', 'list_activity', 'project', 'Project of the Record', 'records'],
	['searches', 'list_subscriptions', 'project', 'Project of the Plan', 'plans'],
	['creates', 'create_project', 'bot_project', 'Project with the Bot', 'bots'],
] as const)('%s.%s says of %s that it is not sent', (group, key, input, label, narrowed) => {
	const fields = app[group][key]?.operation.inputFields as { key: string }[];
	expect(fields.find((field) => field.key === input)).toMatchObject({
		label,
		type: 'string',
		required: false,
		helpText: `Only fills the list of ${narrowed}: the project itself is not sent. Leave empty if you map or enter the ID yourself.`,
	});
});

it('the number of results has a help that says from where to where', () => {
	const fields = app.searches['list_roles']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'limit')).toEqual({
		key: 'limit',
		label: 'Maximum Results',
		type: 'integer',
		required: false,
		helpText: 'How many results to return at most, from 1 to 100. Leave empty for 100.',
	});
});

it('only a search that gives a list of its own asks how many results are wanted', () => {
	const asks = (key: string) =>
		((app.searches[key]?.operation.inputFields ?? []) as { key: string }[]).some(
			(field) => field.key === 'limit',
		);
	expect(['list_roles', 'find_plan_by_name', 'get_plan'].filter(asks)).toEqual(['list_roles']);
});

it('the sample of a trigger is a whole delivery, and each part of its envelope has a label', () => {
	const { sample, outputFields } = app.triggers['group_deleted']?.operation ?? {};
	expect(sample).toMatchObject({
		type: 'group.deleted',
		created_at: '2026-05-18T10:05:00Z',
		api_version: '2026-05-01',
	});
	expect(sample?.['id']).toMatch(/^evt_[0-9A-Z]{26}$/);
	expect(app.triggers['member_joined']?.operation.sample?.['project_id']).toMatch(
		/^prj_[0-9A-Z]{26}$/,
	);
	expect(outputFields?.slice(0, 4)).toEqual([
		{ key: 'id', label: 'Event ID', type: 'string' },
		{ key: 'type', label: 'Event Type', type: 'string' },
		{ key: 'created_at', label: 'Event Created At', type: 'datetime' },
		{ key: 'api_version', label: 'API Version', type: 'string' },
	]);
});

it.each([
	['plan_created', 'Project ID'],
	['project_archived', 'Project ID of the Event'],
])(
	'the project of the envelope of %s is called "%s", as its data may name one too',
	(key, label) => {
		const { outputFields = [] } = app.triggers[key]?.operation ?? {};
		expect((outputFields as { key: string }[]).find((field) => field.key === 'project_id')).toEqual(
			{
				key: 'project_id',
				label,
				type: 'string',
			},
		);
	},
);
