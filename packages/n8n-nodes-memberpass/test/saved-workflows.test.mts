import { readFileSync } from 'node:fs';

import type { INodeParameters } from 'n8n-workflow';
import { operations } from '@memberpass/catalogue';
import nock from 'nock';

import { legacy } from '../../../shared/generate/src/emitters/n8n/legacy.ts';
import { loadVendorSurface, type VendorParameter } from '../../../shared/testing/src/vendor.ts';
import { changed, inside, required, savedChoices, savedOperations } from './saved-1.4.0.mts';
import { origin, repoRoot, useEngine } from './support.mts';

/** Nodes as 1.4.0 saved them: version 1, plain texts for ids, nothing that was a default of its time. */
describe('a workflow saved with 1.4.0', () => {
	const engine = useEngine();

	interface Sent {
		readonly method: string;
		readonly url: string;
		readonly body: unknown;
	}
	const run = async (parameters: INodeParameters, data: unknown = {}) => {
		const sent: Sent[] = [];
		for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
			nock(origin)
				.persist()
				.intercept(/.*/, method)
				.reply(async (request: Request) => {
					const { pathname, search } = new URL(request.url);
					const text = await request.text();
					sent.push({
						method,
						url: decodeURIComponent(pathname + search),
						body: text === '' ? null : (JSON.parse(text) as unknown),
					});
					return [200, { data }];
				});
		}
		const result = await engine().run({ node: 'memberPass', typeVersion: 1, parameters });
		nock.cleanAll();
		return { ...result, sent };
	};

	const surface = loadVendorSurface(repoRoot).nodes.memberPass.resources;
	const savedForms = Object.entries(surface).flatMap(([resource, list]) =>
		Object.entries(list).map(
			([operation, { parameters }]) => [resource, operation, parameters] as const,
		),
	);
	const saved = (
		resource: string,
		operation: string,
		parameters: readonly VendorParameter[],
		value: (parameter: VendorParameter) => unknown,
	): INodeParameters =>
		Object.fromEntries([
			['resource', resource],
			['operation', operation],
			...parameters
				.map((parameter) => [parameter.name, value(parameter)] as const)
				.filter(([, one]) => one !== undefined),
		]) as INodeParameters;
	/** Matches every find-by search of the table. */
	const anyRow = {
		id: 'x',
		name: 'Premium Monthly',
		handle: 'research-premium',
		telegram_id: '123456789',
		telegram_user_id: '123456789',
		chat_id: '123456789',
	};
	const answerOf = (resource: string, operation: string): unknown => {
		const entry = operations.find(
			(one) => one.resource === resource && one.n8n.operation === operation,
		);
		return entry?.output.shape === 'many' ? [anyRow] : anyRow;
	};
	const asSent = ([method, url, body]: readonly [string, string, object | null]): Sent => ({
		method,
		url,
		body,
	});

	test('is known in all its 65 forms', () => {
		expect(savedForms).toHaveLength(65);
		expect(Object.keys(savedOperations).sort()).toEqual(
			savedForms.map(([resource, operation]) => `${resource}.${operation}`).sort(),
		);
	});

	describe.each([
		['defaults left out', (): unknown => undefined],
		['defaults written out', (parameter: VendorParameter): unknown => parameter.default],
	])('with %s', (_, ofDefault) => {
		test.each(savedForms)('%s: %s sends what is right', async (resource, operation, parameters) => {
			const expected = savedOperations[`${resource}.${operation}`];
			const form = saved(resource, operation, parameters, (parameter) =>
				parameter.default === '' ? required[parameter.name] : ofDefault(parameter),
			);
			const { error, sent } = await run(form, answerOf(resource, operation));
			expect(error?.message ?? null).toBe(expected?.refused ?? null);
			expect(sent).toEqual(expected?.least ? [asSent(expected.least)] : []);
		});
	});

	test.each(savedForms)(
		'with every parameter filled in, %s: %s sends what is right',
		async (resource, operation, parameters) => {
			const expected = savedOperations[`${resource}.${operation}`];
			const form = saved(resource, operation, parameters, (parameter) => {
				if (parameter.fields === undefined) {
					return parameter.default === '' ? required[parameter.name] : changed[parameter.name];
				}
				return Object.fromEntries(parameter.fields.map(({ name }) => [name, inside[name]]));
			});
			const values = parameters.flatMap(({ name, fields }) =>
				fields === undefined ? [form[name]] : Object.values(form[name] as Record<string, unknown>),
			);
			expect(values).not.toContain(undefined);
			const { sent } = await run(form, answerOf(resource, operation));
			expect(sent).toEqual(expected?.full ? [asSent(expected.full)] : []);
		},
	);

	test.each(
		savedChoices.flatMap(([operation, parameter, values]) =>
			Object.entries(values).map(([was, is]) => [operation, parameter, was, is] as const),
		),
	)('%s, %s "%s" runs as "%s"', async (key, parameter, was, is) => {
		const [resource = '', operation = ''] = key.split('.');
		const [name = '', inner] = parameter.split('.');
		const form = saved(
			resource,
			operation,
			surface[resource]?.[operation]?.parameters ?? [],
			(one) =>
				one.name === name
					? inner === undefined
						? was
						: { [inner]: was }
					: one.default === ''
						? required[one.name]
						: undefined,
		);
		const { error, sent } = await run(form, answerOf(resource, operation));
		expect(error).toBeNull();
		const wire = {
			status: 'status',
			subjectType: 'subject_type',
			compare_period: 'compare_period',
		}[inner ?? name];
		expect(new URL(sent[0]?.url ?? '', origin).searchParams.get(wire ?? name)).toBe(is);
	});

	test('is told in the README wherever a value is read otherwise than it was saved', () => {
		const readme = readFileSync('README.md', 'utf8');
		const table = readme.slice(
			readme.indexOf('<!-- generated:migration -->'),
			readme.indexOf('<!-- /generated:migration -->'),
		);
		const rows = Object.values(legacy).flatMap(({ translate, dropped }) => [
			...Object.values(translate ?? {}).flatMap((values) => Object.entries(values).flat()),
			...Object.keys(dropped ?? {}),
		]);
		expect(rows.length).toBeGreaterThan(15);
		for (const word of rows) expect(table).toContain(`\`${word}\``);
		expect(table).toContain('Plan: Create, Price');
		expect(readme).toContain('Verify Signature');
	});

	const row: [object] = [{ id: 'x' }];
	test.each<[string, INodeParameters, Sent, unknown?]>([
		[
			'a plan by its id',
			{ resource: 'plan', operation: 'get', projectId: 'prj_1', planId: 'pln_1' },
			{ method: 'GET', url: '/v1/projects/prj_1/plans/pln_1', body: null },
		],
		[
			'an id from an expression',
			{ resource: 'team', operation: 'get', teamId: '={{ "tem_" + 1 }}' },
			{ method: 'GET', url: '/v1/teams/tem_1', body: null },
		],
		[
			'the default resource and operation',
			{ name: 'Research Premium', handle: 'research-premium' },
			{
				method: 'POST',
				url: '/v1/projects',
				body: { name: 'Research Premium', handle: 'research-premium' },
			},
		],
		[
			'a list, read whole without Return All',
			{ operation: 'list' },
			{ method: 'GET', url: '/v1/projects?limit=100&page=1&per_page=100', body: null },
			row,
		],
		[
			'a list with its limit among the filters',
			{
				resource: 'member',
				operation: 'list',
				projectId: 'prj_1',
				memberListFilters: { status: 'banned', limit: 5 },
			},
			{
				method: 'GET',
				url: '/v1/projects/prj_1/members?limit=5&page=1&per_page=5&status=banned',
				body: null,
			},
			row,
		],
		[
			'a list with Return All among the filters',
			{
				resource: 'subscription',
				operation: 'list',
				subscriptionListFilters: { planId: 'pln_1', returnAll: true },
			},
			{
				method: 'GET',
				url: '/v1/subscriptions?limit=100&page=1&per_page=100&plan_id=pln_1',
				body: null,
			},
			row,
		],
		[
			'a list with neither',
			{ resource: 'subscription', operation: 'list' },
			{ method: 'GET', url: '/v1/subscriptions?limit=50&page=1&per_page=50', body: null },
			row,
		],
		[
			'a status that is spelled otherwise today',
			{
				resource: 'subscription',
				operation: 'list',
				subscriptionListFilters: { status: 'cancelled', limit: 1 },
			},
			{
				method: 'GET',
				url: '/v1/subscriptions?limit=1&page=1&per_page=1&status=canceled',
				body: null,
			},
			row,
		],
		[
			'the number of activities under its own name',
			{
				resource: 'activity',
				operation: 'list',
				subjectType: 'plan',
				subjectId: 'pln_1',
				activityLimit: 7,
			},
			{ method: 'GET', url: '/v1/activity?limit=7&subject_id=pln_1&subject_type=plan', body: null },
			row,
		],
		[
			'transactions from a cursor, one page',
			{
				resource: 'analytics',
				operation: 'listTransactions',
				analyticsProjectId: 'prj_1',
				analyticsFilters: { cursor: 'abc', limit: 1 },
			},
			{
				method: 'GET',
				url: '/v1/analytics/transactions?cursor=abc&limit=1&project_id=prj_1',
				body: null,
			},
			row,
		],
		[
			'transactions from a cursor with blanks around it',
			{
				resource: 'analytics',
				operation: 'listTransactions',
				analyticsProjectId: 'prj_1',
				analyticsFilters: { cursor: ' abc ', limit: 1 },
			},
			{
				method: 'GET',
				url: '/v1/analytics/transactions?cursor=abc&limit=1&project_id=prj_1',
				body: null,
			},
			row,
		],
		[
			'transactions with a cursor of blanks and a Return All that 1.4.0 did not have',
			{
				resource: 'analytics',
				operation: 'listTransactions',
				analyticsProjectId: 'prj_1',
				analyticsFilters: { cursor: ' ', returnAll: true, limit: 1 },
			},
			{ method: 'GET', url: '/v1/analytics/transactions?limit=1&project_id=prj_1', body: null },
			row,
		],
		[
			'a list with a cursor that 1.4.0 did not have',
			{
				resource: 'subscription',
				operation: 'list',
				subscriptionListFilters: { cursor: 'abc', limit: 1 },
			},
			{ method: 'GET', url: '/v1/subscriptions?limit=1&page=1&per_page=1', body: null },
			row,
		],
		[
			'a report of one project',
			{
				resource: 'analytics',
				operation: 'getDashboard',
				analyticsFilters: { project_id: 'prj_1', compare_period: 'prev_period' },
			},
			{
				method: 'GET',
				url: '/v1/analytics/dashboard?compare_period=previous&project_id=prj_1',
				body: null,
			},
		],
		[
			'access codes, with the 30 days that it did not store',
			{ resource: 'accessCode', operation: 'bulkGenerate', projectId: 'prj_1', planId: 'pln_1' },
			{
				method: 'POST',
				url: '/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate',
				body: { quantity: 10, export_type: 'file', expires_in_days: 30 },
			},
		],
		[
			'access codes that never expire, which was 0 days',
			{
				resource: 'accessCode',
				operation: 'bulkGenerate',
				projectId: 'prj_1',
				planId: 'pln_1',
				expiresInDays: 0,
			},
			{
				method: 'POST',
				url: '/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate',
				body: { quantity: 10, export_type: 'file' },
			},
		],
		[
			'a resource, without the fields that MemberPass does not take',
			{
				resource: 'resource',
				operation: 'create',
				projectId: 'prj_1',
				title: 'Secret Chat',
				type: 'link',
				target: 'https://example.com',
			},
			{ method: 'POST', url: '/v1/projects/prj_1/resources', body: { title: 'Secret Chat' } },
		],
		[
			'a cancellation at the end of the period, which was the default',
			{ resource: 'subscription', operation: 'cancel', subscriptionId: 'sub_1' },
			{ method: 'POST', url: '/v1/subscriptions/sub_1/cancel', body: { at_period_end: true } },
		],
		[
			'a webhook endpoint with its events in one text',
			{
				resource: 'webhookEndpoint',
				operation: 'create',
				name: 'CRM sync',
				url: 'https://hooks.example.com/memberpass',
				events: 'plan.created, plan.deleted',
				webhookEndpointFields: { allowed_ips: '203.0.113.10,203.0.113.11', is_active: false },
			},
			{
				method: 'POST',
				url: '/v1/webhook-endpoints',
				body: {
					name: 'CRM sync',
					url: 'https://hooks.example.com/memberpass',
					events: ['plan.created', 'plan.deleted'],
					allowed_ips: ['203.0.113.10', '203.0.113.11'],
					is_active: false,
				},
			},
		],
	])('runs: %s', async (_, parameters, expected, data: unknown = {}) => {
		const { error, sent } = await run(parameters, data);
		expect(error).toBeNull();
		expect(sent).toEqual([expected]);
	});

	const forProject = (resource: string, operation: string, more: INodeParameters = {}) => ({
		resource,
		operation,
		projectId: 'prj_1',
		...more,
	});
	const generated = (expiresInDays: string): INodeParameters =>
		forProject('accessCode', 'bulkGenerate', { planId: 'pln_1', expiresInDays });
	test.each(['={{ "0" }}', '={{ -3 }}', '={{ null }}', '={{ "" }}'])(
		'makes codes that never expire where the days come to %s, as 1.4.0 did',
		async (expiresInDays) => {
			const { error, sent } = await run(generated(expiresInDays));
			expect(error).toBeNull();
			expect(sent.map(({ body }) => body)).toEqual([{ quantity: 10, export_type: 'file' }]);
		},
	);

	test('takes days from a text, and refuses what is no number of them', async () => {
		const { sent } = await run(generated('={{ "7" }}'));
		expect(sent[0]?.body).toEqual({ quantity: 10, export_type: 'file', expires_in_days: 7 });
		const refused = await run(generated('soon'));
		expect(refused.error?.message).toBe("'Expires in Days' must be a whole number. [item 0]");
		expect(refused.sent).toEqual([]);
	});

	test('clears a text that an expression made null, because 1.4.0 sent that', async () => {
		const updateFields = { name: 'Renamed', description: '={{ null }}', price: '={{ null }}' };
		const { sent } = await run(forProject('plan', 'update', { planId: 'pln_1', updateFields }));
		expect(sent[0]?.body).toEqual({ name: 'Renamed', description: '' });
	});

	// Where no page shows the answer of the API, 1.4.0 gave out whatever came, and the next node may read it.
	const record = { id: 'x', name: 'Premium' };
	const second = { id: 'y', name: 'Basic' };
	const deleted = { planId: 'pln_1' };
	test.each<[string, INodeParameters, unknown, readonly object[]]>([
		[
			'a deletion that answers with the record',
			forProject('plan', 'delete', deleted),
			record,
			[{ ...record, deleted: true }],
		],
		[
			'a deletion without a record',
			forProject('plan', 'delete', deleted),
			null,
			[{ deleted: true }],
		],
		[
			'a report that is a list',
			{ resource: 'analytics', operation: 'getEarnings' },
			[record, second],
			[record, second],
		],
		['a report that is an empty list', { resource: 'analytics', operation: 'getEarnings' }, [], []],
		[
			'a report of plans that is one record',
			{ resource: 'analytics', operation: 'getPlanPerformance', analyticsProjectId: 'prj_1' },
			{ plans: [record] },
			[{ plans: [record] }],
		],
		[
			'a report of plans that is a list',
			{ resource: 'analytics', operation: 'getPlanPerformance', analyticsProjectId: 'prj_1' },
			[record, second],
			[record, second],
		],
		[
			'a report without anything in it',
			{ resource: 'analytics', operation: 'getEarnings' },
			{},
			[{}],
		],
		['the bot of a project that has none', forProject('bot', 'getStatus'), null, [{ data: null }]],
		['codes that come at once', generated('7'), [record, second], [record, second]],
	])('gives out, as 1.4.0 did: %s', async (_, parameters, data, given) => {
		const { error, items } = await run(parameters, data);
		expect(error).toBeNull();
		expect(items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			given.map((json) => [json, { item: 0 }]),
		);
	});

	test('gives out an item where the whole answer is empty, as 1.4.0 did', async () => {
		nock(origin).get('/v1/projects/prj_1/bot').reply(204);
		const parameters = forProject('bot', 'getStatus');
		const { error, items } = await engine().run({ node: 'memberPass', typeVersion: 1, parameters });
		expect(error).toBeNull();
		expect(items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([[{}, { item: 0 }]]);
	});

	test('fails where a report is no record and no list', async () => {
		for (const data of ['text', ['a']]) {
			const { error, items } = await run({ resource: 'analytics', operation: 'getEarnings' }, data);
			expect(items).toEqual([]);
			expect(error?.message).toBe(
				'MemberPass answered with status 200 but not with the documented data. [item 0]',
			);
		}
	});

	test('says what a plan needs today, and lets the rest of the workflow start', async () => {
		const { error, sent } = await run({
			resource: 'plan',
			operation: 'create',
			projectId: 'prj_1',
			name: 'Premium Monthly',
			price: 2900,
			currency: 'EUR',
			billingCycle: 'yearly',
		});
		expect(sent).toEqual([]);
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "'Currency ID' is required. Fill it in. [item 0]",
			description:
				"'Resource Names or IDs' is required. Fill it in. Enter the price in whole units, such as 29: 1.4.0 asked for 2900, in cents.",
		});
	});

	test('bills by the cycle it meant, once the rest is filled in', async () => {
		for (const [saved, today] of [
			['yearly', 'years'],
			['one_time', 'lifetime'],
			['monthly', 'months'],
		]) {
			const { sent } = await run({
				resource: 'plan',
				operation: 'create',
				projectId: 'prj_1',
				name: 'Premium',
				price: 29,
				currencyId: 'cur_1',
				resources: ['rsc_1'],
				billingCycle: saved,
			});
			expect(sent[0]?.body).toMatchObject({ billing_cycle: today });
		}
	});
});
