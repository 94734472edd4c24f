import type { INodeParameters, INodeType } from 'n8n-workflow';

import { api, bodiesOf, createPlan, getPlan, listPlans, useAction } from './action.mts';
import { built } from './support.mts';

const { engine, run } = useAction();

describe('optional fields', () => {
	const bodyOf = async (parameters: INodeParameters, typeVersion = 2) => {
		const bodies = bodiesOf(parameters['operation'] === 'update' ? 'PATCH' : 'POST', /.*/);
		const { error } = await run(parameters, { typeVersion });
		expect(error).toBeNull();
		return bodies[0];
	};
	const update: INodeParameters = {
		resource: 'plan',
		operation: 'update',
		projectId: 'prj_1',
		planId: 'pln_1',
	};

	test.each<[string, INodeParameters, object]>([
		['as it opens', {}, { expiry_preset: '1_month' }],
		[
			'with days instead of the chosen expiry',
			{ expiryPreset: '', additionalFields: { expiresInDays: 7 } },
			{ expires_in_days: 7 },
		],
	])('of new access codes make an order that MemberPass takes, %s', async (_, more, expiry) => {
		const path = '/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate';
		const bodies = bodiesOf('POST', path, { data: { job_id: 'job_1', status: 'queued' } });
		const { error } = await run({
			resource: 'accessCode',
			operation: 'bulkGenerate',
			projectId: 'prj_1',
			planId: 'pln_1',
			...more,
		});
		expect(error).toBeNull();
		expect(bodies).toEqual([{ quantity: 10, export_type: 'file', ...expiry }]);
	});

	test('that were left alone are not sent', async () => {
		expect(
			await bodyOf({ resource: 'project', operation: 'create', name: 'Research Premium' }),
		).toEqual({ name: 'Research Premium' });
	});

	test('that were emptied in Update Fields clear the field', async () => {
		expect(await bodyOf({ ...update, updateFields: { description: '' } })).toEqual({
			description: '',
		});
	});

	test('that were added to a creation and left empty are left out', async () => {
		const name = 'Research Premium';
		const create = { resource: 'project', operation: 'create', name };
		expect(await bodyOf({ ...create, additionalFields: { description: '' } })).toEqual({ name });
	});

	test('that hold a list of picked records send their ids', async () => {
		expect(
			await bodyOf({
				...createPlan,
				resources: '={{ [{ mode: "list", value: "rsc_1" }, "rsc_2"] }}',
			}),
		).toMatchObject({ resources: ['rsc_1', 'rsc_2'] });
	});

	test('that were emptied in version 1 are left out, as 1.4.0 did', async () => {
		const updateFields = { description: '', name: 'Premium' };
		expect(await bodyOf({ ...update, updateFields }, 1)).toEqual({ name: 'Premium' });
	});

	test('that an expression made null are left alone in a new form', async () => {
		const updateFields = { description: '={{ null }}', name: 'Premium' };
		expect(await bodyOf({ ...update, updateFields })).toEqual({ name: 'Premium' });
	});

	test.each(['[]', '[""]', '{}', '[null]'])(
		'that an expression made %s are left alone, for it holds nothing',
		async (nothing) => {
			const given = `={{ ${nothing} }}`;
			expect(
				await bodyOf({
					...createPlan,
					resources: ['rsc_1'],
					additionalFields: { description: given, trial_days: given, recurring: given },
				}),
			).toEqual({
				name: 'Premium Monthly',
				price: 29,
				currency_id: 'cur_1',
				billing_cycle: 'months',
				resources: ['rsc_1'],
			});
		},
	);

	test.each(['[["rsc_1", "rsc_2"]]', '["rsc_1, rsc_2"]', `['["rsc_1","rsc_2"]']`])(
		'that hold a list inside a list send its values (%s)',
		async (resources) => {
			expect(await bodyOf({ ...createPlan, resources: `={{ ${resources} }}` })).toMatchObject({
				resources: ['rsc_1', 'rsc_2'],
			});
		},
	);

	test('take false and 0 for an answer', async () => {
		expect(await bodyOf({ ...update, updateFields: { price: 0, trial_days: 0 } })).toEqual({
			price: 0,
			trial_days: 0,
		});
	});

	test('take texts from an expression or an agent', async () => {
		expect(await bodyOf({ ...update, updateFields: { price: '29.5', trial_days: '7' } })).toEqual({
			price: 29.5,
			trial_days: 7,
		});
	});

	test('take everything an agent writes as texts: lists, switches, ids, counts', async () => {
		expect(
			await bodyOf({
				resource: 'webhookEndpoint',
				operation: 'create',
				name: 'CRM sync',
				url: 'https://hooks.example.com/memberpass',
				events: '={{ "plan.created, plan.deleted" }}',
				webhookEndpointFields: {
					project_id: 'prj_1',
					allowed_ips: '203.0.113.10, 203.0.113.11',
					is_active: 'false',
				},
			}),
		).toEqual({
			name: 'CRM sync',
			url: 'https://hooks.example.com/memberpass',
			events: ['plan.created', 'plan.deleted'],
			project_id: 'prj_1',
			allowed_ips: ['203.0.113.10', '203.0.113.11'],
			is_active: false,
		});
		api()
			.get('/v1/projects/prj_1/plans')
			.query({ limit: '3', page: '1', per_page: '3' })
			.reply(200, { data: [{ id: 'a' }], meta: { last_page: 1 } });
		const { error, items: rows } = await run({
			...listPlans,
			projectId: '={{ "prj_1" }}',
			limit: '={{ "3" }}',
		});
		expect(error).toBeNull();
		expect(rows).toHaveLength(1);
	});

	test.each([
		[
			'a date of n8n',
			'DateTime.fromISO("2026-03-22", { zone: "utc" })',
			'2026-03-22T00:00:00.000Z',
		],
		['a date of JavaScript', 'new Date(Date.UTC(2026, 2, 22))', '2026-03-22T00:00:00.000Z'],
		['no date', 'new Date("soon")', 'Invalid Date'],
	])('take %s in a text for what it says', async (_, expression, name) => {
		expect(
			await bodyOf({ resource: 'project', operation: 'create', name: `={{ ${expression} }}` }),
		).toEqual({ name });
	});

	test.each(['first', 'value', 'mode'])('refuse an object with "%s" for a text', async (key) => {
		const { error } = await run({
			resource: 'project',
			operation: 'create',
			name: `={{ ({ ${key}: "Research" }) }}`,
		});
		expect(error?.message).toBe("'Project Name' must be text. [item 0]");
	});

	test('are evaluated once for an item, however many there are', async () => {
		const { executeItems } = built('runtime/execute.js') as {
			readonly executeItems: (context: object) => Promise<unknown>;
		};
		const form: Readonly<Record<string, unknown>> = {
			resource: 'project',
			operation: 'update',
			projectId: '',
			updateFields: { name: 'Renamed', description: 'Weekly', metrics: true },
		};
		const asked: string[] = [];
		await executeItems({
			getInputData: () => [{ json: {} }],
			getCredentials: async () => await Promise.resolve({}),
			getNode: () => ({ name: 'MemberPass', type: 'memberPass', typeVersion: 2 }),
			getNodeParameter: (name: string) => (asked.push(name), form[name]),
			continueOnFail: () => true,
		});
		expect(asked.filter((name) => name === 'updateFields')).toHaveLength(1);
		expect(asked).toContain('projectId');
	});

	test('that come as something else than fields are left alone', async () => {
		expect(
			await bodyOf({
				resource: 'project',
				operation: 'create',
				name: 'Research Premium',
				additionalFields: '={{ "none" }}',
			}),
		).toEqual({ name: 'Research Premium' });
	});

	test('take the dates of expressions as days', async () => {
		api()
			.get('/v1/analytics/earnings')
			.query({ from: '2026-03-22', to: '2026-04-22', granularity: 'day' })
			.reply(200, { data: { totals: {} } });
		const { error } = await run({
			resource: 'analytics',
			operation: 'getEarnings',
			analyticsFilters: {
				from: '={{ DateTime.fromISO("2026-03-22", { zone: "utc" }) }}',
				to: '2026-04-22T00:00:00',
			},
		});
		expect(error).toBeNull();
	});
});

describe('an id that an expression gives', () => {
	const getTeam = async (typeVersion: number, teamId: string) =>
		await run(
			{
				resource: 'team',
				operation: 'get',
				teamId: typeVersion === 1 ? teamId : { __rl: true, mode: 'id', value: teamId },
			},
			{ typeVersion },
		);

	test.each([1, 2])('may stand in a list of one, in version %i', async (typeVersion) => {
		api()
			.get('/v1/teams/tem_1')
			.reply(200, { data: { id: 'tem_1' } });
		const { error, items } = await getTeam(typeVersion, '={{ ["tem_1"] }}');
		expect(error).toBeNull();
		expect(items.map(({ json }) => json)).toEqual([{ id: 'tem_1' }]);
	});

	test.each([
		['["tem_1", "tem_2"]', "'Team' must be text. [item 0]"],
		['[]', "'Team' is required. Fill it in. [item 0]"],
		['({ id: "tem_1" })', "'Team' must be text. [item 0]"],
	])('is refused where it is %s', async (given, message) => {
		expect((await getTeam(2, `={{ ${given} }}`)).error?.message).toBe(message);
	});

	test('is no reason to take a list for a text that is no id', async () => {
		const { error } = await run({
			resource: 'project',
			operation: 'create',
			name: '={{ ["Research Premium"] }}',
		});
		expect(error?.message).toBe("'Project Name' must be text. [item 0]");
	});
});

test('a spelling of 1.x is one in version 1 only: a new form means what it says', async () => {
	const list = (typeVersion: number) =>
		run(
			{
				resource: 'member',
				operation: 'list',
				projectId: 'prj_1',
				memberListFilters: { status: '={{ "kicked" }}' },
			},
			{ typeVersion },
		);
	const sent = api()
		.get('/v1/projects/prj_1/members')
		.query(({ status }) => status === 'churned')
		.reply(200, { data: [] });
	expect((await list(1)).error).toBeNull();
	expect(sent.isDone()).toBe(true);
	expect((await list(2)).error?.message).toBe(
		"'Status' must be one of lead, trialing, customer, churned, banned. [item 0]",
	);
});

describe('as a tool of an agent', () => {
	const ai = (name: string, type = 'string') => `={{ $fromAI('${name}', '', '${type}') }}`;

	/** Calls its tool once for each item, all at once, as n8n's agent does with a batch. */
	const agent: INodeType = {
		description: {
			displayName: 'Agent',
			name: 'agent',
			group: ['transform'],
			version: 1,
			description: 'Calls its tool',
			defaults: { name: 'Agent' },
			inputs: ['main', { type: 'ai_tool' }],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			const said = this.getInputData().map(async ({ json }, index) => {
				const [tool] = (await this.getInputConnectionData('ai_tool', index)) as readonly {
					readonly invoke: (input: object) => Promise<string>;
				}[];
				return { json: { said: await tool?.invoke(json) } };
			});
			return [await Promise.all(said)];
		},
	};

	test('takes what the agent fills in, ids in lists and texts in number fields included', async () => {
		const bodies = bodiesOf('POST', '/v1/projects/prj_1/plans');
		const { error } = await run(
			{
				resource: 'plan',
				operation: 'create',
				projectId: { __rl: true, mode: 'id', value: ai('Project') },
				name: ai('Plan_Name'),
				price: ai('Price', 'number'),
				currencyId: ai('Currency_ID'),
				billingCycle: 'months',
				resources: ai('Resources'),
				additionalFields: { trialDays: ai('Trial_Days', 'number') },
			},
			{
				items: [
					{
						json: {
							query: {
								Project: 'prj_1',
								Plan_Name: 'Premium Monthly',
								Price: '29.5',
								Currency_ID: 'cur_1',
								Resources: 'rsc_1, rsc_2',
								Trial_Days: '7',
							},
						},
					},
				],
			},
		);
		expect(error).toBeNull();
		expect(bodies).toEqual([
			{
				name: 'Premium Monthly',
				price: 29.5,
				currency_id: 'cur_1',
				billing_cycle: 'months',
				resources: ['rsc_1', 'rsc_2'],
				trial_days: 7,
			},
		]);
	});

	test('writes anew with each call, although n8n gives calls that run at once the same number', async () => {
		const keys: string[] = [];
		api()
			.persist()
			.post('/v1/projects/prj_1/plans/pln_1/publish')
			.reply((request: Request) => {
				keys.push(request.headers.get('idempotency-key') ?? '');
				return [200, { data: { id: 'pln_1' } }];
			});
		const node = { position: [0, 0] as [number, number], parameters: {}, typeVersion: 1 };
		const { output, error } = await engine().runWorkflow({
			workflow: {
				name: 'Agent',
				nodes: [
					{ ...node, id: 's', name: 'Start', type: 'stand-in.start' },
					{ ...node, id: 'a', name: 'Agent', type: 'stand-in.agent' },
					{
						...node,
						id: 't',
						name: 'Tool',
						type: 'n8n-nodes-memberpass.memberPassTool',
						typeVersion: 2,
						parameters: { ...getPlan, operation: 'publish', planId: 'pln_1' },
						credentials: { memberPassApi: { id: '1', name: 'MemberPass account' } },
					},
				],
				connections: {
					Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
					Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
				},
			},
			from: 'Start',
			items: [{ json: {} }, { json: {} }],
			standIns: { nodeType: () => agent, reached: [], known: [] },
		});
		expect(error).toBeNull();
		expect(output['Agent']?.map(({ json }) => json['said'])).toEqual([
			'[{"id":"pln_1"}]',
			'[{"id":"pln_1"}]',
		]);
		expect(keys).toHaveLength(2);
		expect(new Set(keys).size).toBe(2);
	});

	test('tells it what to mend by the names of its form, in the message: it is shown no more', async () => {
		const { error } = await engine().run({
			node: 'memberPassTool',
			typeVersion: 2,
			parameters: {
				resource: 'plan',
				operation: 'create',
				projectId: 'prj_1',
				name: 'Pro',
				price: 'cheap',
				currencyId: 'cur_1',
				billingCycle: 'fortnights',
				resources: ['rsc_1'],
			},
		});
		expect(error?.message).toBe(
			"'Plan Name' must have at least 5 characters; it has 3. [item 0] 'Price' must be a number such as 29.50. 'Billing Cycle' must be one of days, weeks, months, years, lifetime.",
		);
	});
});
