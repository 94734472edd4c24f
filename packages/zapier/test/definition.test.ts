import { expectedCounts } from '@memberpass/testing';
import { events, operations, pickLists } from '@memberpass/catalogue';

import app from '../src/index.ts';
import { surfaceOf } from '../src/surface.ts';
import {
	command,
	type Definition,
	type Entry,
	type Field,
	readDefinition,
} from './house-lint/definition.ts';
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

	it('reports its surface the same way twice', () => {
		expect(JSON.stringify(surfaceOf(app))).toBe(JSON.stringify(surfaceOf(app)));
		const surface = surfaceOf(app);
		expect(Object.keys(surface.triggers)).toEqual(Object.keys(surface.triggers).sort());
		expect(surface.creates['delete_plan']).toEqual({
			label: 'Delete Plan',
			noun: 'Plan',
			inputs: { plan: 'string required', project: 'string required' },
			sample: ['deleted', 'id'],
		});
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
				!/^(billing|team|role|group)\./.test(event.type),
			);
		},
	);

	it.each(['subscription.refunded', 'payment.refunded'])(
		'%s warns that it may not fire',
		(type) => {
			const { inputFields } = entryOf('triggers', type.replaceAll('.', '_')).operation;
			expect(inputFields[0]).toMatchObject({ type: 'copy' });
			expect(inputFields[0]?.helpText).toMatch(/not|yet/i);
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
		expect(help).toMatch(/no list to choose from: .* list_recent_payments/);
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
});
