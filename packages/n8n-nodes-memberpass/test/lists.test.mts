import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { type Sandbox, startSandbox } from '../../sandbox/src/index.ts';
import type { Engine, SearchRequest } from '../../../shared/testing/src/n8n-harness.ts';
import { built, open, origin, useEngine } from './support.mts';

describe('the lists that ids are picked from', () => {
	const engine = useEngine();

	const plan: INodeParameters = {
		resource: 'plan',
		operation: 'get',
		projectId: { __rl: true, mode: 'list', value: 'prj_1' },
	};
	const request = (method: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
		node: 'memberPass',
		typeVersion: 2,
		parameters: plan,
		method,
		...more,
	});
	const page = (number: number) => ({ limit: '100', page: String(number), per_page: '100' });
	const plans = (number: number, data: object[], last: number) =>
		nock(origin)
			.get('/v1/projects/prj_1/plans')
			.query(page(number))
			.reply(200, { data, meta: { current_page: number, last_page: last } });

	test('show what people recognise, and give the id', async () => {
		plans(1, [{ id: 'pln_1', name: 'Premium', price: '29.00', currency: 'USD' }], 1);
		expect(await engine().search(request('plans'))).toEqual({
			results: [{ name: 'Premium · 29.00 · USD', value: 'pln_1' }],
		});
	});

	test('show the id of a record without a name', async () => {
		plans(1, [{ id: 'pln_1', name: null }], 1);
		const { results } = await engine().search(request('plans'));
		expect(results).toEqual([{ name: 'pln_1', value: 'pln_1' }]);
	});

	test('do not show blanks: nobody could see what is picked', async () => {
		const rows = [
			{ id: 'pln_1', name: ' ', price: '29.00', currency: ' ' },
			{ id: 'pln_2', name: ' ' },
			{ id: ' ', name: 'Nobody' },
		];
		plans(1, rows, 1);
		const { results } = await engine().search(request('plans'));
		expect(results).toEqual([
			{ name: '29.00', value: 'pln_1' },
			{ name: 'pln_2', value: 'pln_2' },
		]);
	});

	test('leave out a record without an ID: nobody could pick it', async () => {
		plans(1, [{ name: 'One' }, { id: '', name: 'Two' }, { id: {} }, { id: 3, name: 'Three' }], 1);
		const { results } = await engine().search(request('plans'));
		expect(results).toEqual([{ name: 'Three', value: '3' }]);
	});

	test('go on where the last page ended', async () => {
		plans(1, [{ id: 'pln_1', name: 'One' }], 2);
		plans(2, [{ id: 'pln_2', name: 'Two' }], 2);
		const first = await engine().search(request('plans'));
		const second = await engine().search(
			request('plans', { paginationToken: String(first.paginationToken) }),
		);
		expect(second).toEqual({ results: [{ name: 'Two', value: 'pln_2' }] });
	});

	test('look through further pages for what is searched', async () => {
		plans(1, [{ id: 'pln_1', name: 'One' }], 2);
		plans(2, [{ id: 'pln_2', name: 'Two' }], 2);
		const { results } = await engine().search(request('plans', { filter: 'TWO' }));
		expect(results).toEqual([{ name: 'Two', value: 'pln_2' }]);
	});

	const named = (id: string, name = 'One') => ({ id, name });
	const search = async (filter: string, more: Partial<SearchRequest> = {}) =>
		await engine().search(request('plans', { filter, ...more }));

	test('show all that is found, on whatever page: the editor does not ask for what is left', async () => {
		for (const at of [1, 2, 3, 4, 5, 6, 7]) {
			plans(at, [named(`pln_${at}`, at === 2 || at === 7 ? 'Two' : 'One')], 7);
		}
		expect(await search('two')).toEqual({
			results: [
				{ name: 'Two', value: 'pln_2' },
				{ name: 'Two', value: 'pln_7' },
			],
		});
	});

	test('show what fills the box of the editor, and go on when somebody scrolls', async () => {
		const twenty = Array.from({ length: 20 }, (_, at) => named(`pln_${at}`));
		plans(1, twenty.slice(0, 19), 4);
		plans(2, twenty.slice(19), 4);
		const first = await search('one');
		expect(first.results.map(({ value }) => value)).toEqual(twenty.map(({ id }) => id));
		plans(3, [named('pln_20')], 4);
		plans(4, [named('pln_21')], 4);
		const second = await search('one', { paginationToken: String(first.paginationToken) });
		expect(second).toEqual({
			results: [
				{ name: 'One', value: 'pln_20' },
				{ name: 'One', value: 'pln_21' },
			],
		});
	});

	describe('are searched for twenty pages', () => {
		const twentyOf = (last: number, from = 1) => {
			for (let at = from; at < from + 20; at++) plans(at, [named(`pln_${at}`, 'One')], last);
		};

		test('which is to the end of a list that has no more', async () => {
			twentyOf(20);
			expect(await search('two')).toEqual({ results: [] });
		});

		test('and if nothing was found on those, that is said: there are more', async () => {
			twentyOf(21);
			await expect(search('two')).rejects.toThrow(
				'Nothing was found on the first 20 pages of this list. Choose "By ID" and enter the ID.',
			);
		});

		test('and if something was found, that is shown, and the search goes on when asked', async () => {
			plans(1, [named('pln_1', 'Two')], 41);
			for (let at = 2; at <= 20; at++) plans(at, [named(`pln_${at}`)], 41);
			const first = await search('two');
			expect(first.results).toEqual([{ name: 'Two', value: 'pln_1' }]);
			twentyOf(41, 21);
			const second = await search('two', { paginationToken: String(first.paginationToken) });
			expect(second.results).toEqual([]);
			plans(41, [named('pln_41', 'Two')], 41);
			const third = await search('two', { paginationToken: String(second.paginationToken) });
			expect(third).toEqual({ results: [{ name: 'Two', value: 'pln_41' }] });
		});
	});

	test.each([
		['its very ID', 'pln_7', 'Café'],
		['letters that are composed otherwise', 'CAFE\u0301', 'Café'],
		['letters of a name that is composed otherwise', 'CAFÉ', 'Cafe\u0301'],
	])('find a record by %s', async (_, filter, name) => {
		plans(1, [named('pln_77', 'Bistro'), named('pln_7', name)], 1);
		expect(await search(filter)).toEqual({ results: [{ name, value: 'pln_7' }] });
	});

	test('say so where a list ends before it is whole, instead of showing half of it', async () => {
		plans(1, [{ id: 'pln_1', name: 'One' }], 3);
		plans(2, [{ id: 'pln_1', name: 'One' }], 3);
		const { paginationToken } = await engine().search(request('plans'));
		const further = engine().search(request('plans', { paginationToken: String(paginationToken) }));
		await expect(further).rejects.toMatchObject({
			message: 'The list could not be read to its end: page 2 repeated what was read before.',
			description: 'Try again, or choose "By ID" and enter the ID.',
		});
	});

	test('say so where a whole list is wanted and ends before, with what else can be done', async () => {
		plans(1, [{ id: 'pln_1', name: 'One' }], 3);
		plans(2, [{ id: 'pln_1', name: 'One' }], 3);
		await expect(engine().options(request('plans'))).rejects.toMatchObject({
			message: 'The list could not be read to its end: page 2 repeated what was read before.',
			description: 'Try again, or enter the IDs in an expression.',
		});
	});

	test.each([
		...['nonsense', '{}', '[]', 'null', '{"page":"2","seen":[]}', '{"page":2}'],
		'{"part":0,"page":{"page":"2","seen":[]}}',
		'{"part":0,"page":{"page":2}}',
		'{"part":0,"page":[]}',
		'{"part":"0","page":{"page":2,"seen":[]}}',
		'{"page":{"page":2,"seen":[]}}',
	])(
		'start anew where what comes back from the browser is no place in the list: %s',
		async (paginationToken) => {
			plans(1, [{ id: 'pln_1', name: 'One' }], 1);
			const { results } = await engine().search(request('plans', { paginationToken }));
			expect(results).toEqual([{ name: 'One', value: 'pln_1' }]);
		},
	);

	test('do not search for blanks', async () => {
		nock(origin)
			.get('/v1/projects/prj_1/members')
			.query(page(1))
			.reply(200, { data: [{ id: 'usr_1', name: 'J. Doe', email: 'jane@example.com' }] });
		const parameters = { ...plan, resource: 'member' };
		const { results } = await engine().search(request('members', { parameters, filter: '  ' }));
		expect(results).toEqual([{ name: 'J. Doe · jane@example.com', value: 'usr_1' }]);
	});

	test('let MemberPass search where it can', async () => {
		nock(origin)
			.get('/v1/projects/prj_1/members')
			.query({ ...page(1), search: 'jane' })
			.reply(200, { data: [{ id: 'usr_1', name: 'J. Doe', email: 'jane@example.com' }] });
		const parameters = { ...plan, resource: 'member' };
		const { results } = await engine().search(request('members', { parameters, filter: 'jane' }));
		expect(results).toEqual([{ name: 'J. Doe · jane@example.com', value: 'usr_1' }]);
	});

	test('show what MemberPass found, whether or not the label says why', async () => {
		nock(origin)
			.get('/v1/projects/prj_1/members')
			.query({ ...page(1), search: '123456789' })
			.reply(200, { data: [{ id: 'usr_1', name: 'J. Doe', telegram_id: '123456789' }] });
		const parameters = { ...plan, resource: 'member' };
		const { results } = await engine().search(
			request('members', { parameters, filter: '123456789' }),
		);
		expect(results).toEqual([{ name: 'J. Doe', value: 'usr_1' }]);
	});

	test.each<[string, INodeParameters]>([
		['nothing', { projectId: '' }],
		['blanks', { projectId: ' ' }],
		['a picked nothing', { projectId: { __rl: true, mode: 'list', value: null } }],
		['an expression', { projectId: '={{ $json.project }}' }],
		['not part of the form', { resource: 'team', operation: 'getCurrent' }],
	])('say what to choose first if the project is %s', async (_, more) => {
		const parameters = { ...plan, ...more };
		await expect(engine().search(request('plans', { parameters }))).rejects.toMatchObject({
			message:
				"Choose a value for 'Project' first. If it is an expression, enter an ID here as well.",
		});
	});

	test('say which of several to choose', async () => {
		const parameters = {
			resource: 'accessCode',
			operation: 'delete',
			projectId: 'prj_1',
			planId: '',
		};
		await expect(engine().search(request('accessCodes', { parameters }))).rejects.toThrow(
			"Choose a value for 'Plan' first.",
		);
	});

	test('are named where the node has none of that name', async () => {
		const { searchList } = built('runtime/lists.js') as {
			readonly searchList: (context: object, name: string) => Promise<unknown>;
		};
		const getNode = () => ({ name: 'MemberPass' });
		await expect(searchList({ getNode }, 'nonsense')).rejects.toThrow(
			'There is no list "nonsense".',
		);
	});

	test('say what to choose first where the form has no operation yet', async () => {
		const parameters = { resource: 'plan', operation: '', projectId: 'prj_1' };
		await expect(engine().search(request('plans', { parameters }))).rejects.toThrow(
			"Choose a value for 'Project' first.",
		);
	});

	test('take a project that 1.4.0 saved as a text, with blanks around it or without', async () => {
		plans(1, [], 1);
		const parameters = { ...plan, projectId: ' prj_1 ' };
		const { results } = await engine().search(request('plans', { parameters, typeVersion: 1 }));
		expect(results).toEqual([]);
	});

	test('take a project whose ID is a number', async () => {
		nock(origin)
			.get('/v1/projects/7/plans')
			.query(page(1))
			.reply(200, { data: [{ id: 8 }] });
		const parameters = { ...plan, projectId: { __rl: true, mode: 'id', value: 7 } };
		const { results } = await engine().search(request('plans', { parameters }));
		expect(results).toEqual([{ name: '8', value: '8' }]);
	});

	test('find the project inside a collection', async () => {
		plans(1, [{ id: 'pln_1', name: 'One' }], 1);
		const parameters = {
			resource: 'analytics',
			operation: 'getDashboard',
			analyticsFilters: { project_id: { __rl: true, mode: 'id', value: 'prj_1' } },
		};
		expect(await engine().options(request('plans', { parameters }))).toEqual([
			{ name: 'One', value: 'pln_1' },
		]);
	});

	describe('of a form without a project', () => {
		const parameters = { resource: 'subscription', operation: 'list' };
		const ofAll = (more: Partial<SearchRequest> = {}): SearchRequest =>
			request('plansOfAllProjects', { parameters, ...more });
		const projects = (count: number) =>
			nock(origin)
				.get('/v1/projects')
				.query(page(1))
				.reply(200, {
					data: Array.from({ length: count }, (_, at) => ({ id: `prj_${at + 1}`, name: `P${at}` })),
				});
		const plansOf = (project: string, number: number, data: object[], last: number) =>
			nock(origin)
				.get(`/v1/projects/${project}/plans`)
				.query(page(number))
				.reply(200, { data, meta: { current_page: number, last_page: last } });

		test('are those of all projects, each row with its project', async () => {
			projects(3);
			plansOf('prj_1', 1, [{ id: 'pln_1', name: 'Basic', price: '9.00' }], 1);
			plansOf('prj_2', 1, [], 1);
			plansOf('prj_3', 1, [{ id: 'pln_3', name: 'Basic', price: '5.00' }], 1);
			expect(await engine().search(ofAll())).toEqual({
				results: [
					{ name: 'Basic · 9.00 (P0)', value: 'pln_1' },
					{ name: 'Basic · 5.00 (P2)', value: 'pln_3' },
				],
			});
		});

		test('are refused where the projects cannot be read to their end', async () => {
			nock(origin)
				.get('/v1/projects')
				.query(page(1))
				.reply(200, { data: [{ id: 'prj_1' }], meta: { total: 2 } });
			await expect(engine().search(ofAll())).rejects.toMatchObject({
				message: 'The list could not be read to its end: 1 of 2 rows came.',
				description: 'Try again, or choose "By ID" and enter the ID.',
			});
		});

		test('are found by the name of a project too', async () => {
			projects(2);
			plansOf('prj_1', 1, [{ id: 'pln_1', name: 'Basic' }], 1);
			plansOf('prj_2', 1, [{ id: 'pln_2', name: 'Basic' }], 1);
			const { results } = await engine().search(ofAll({ filter: 'p1' }));
			expect(results).toEqual([{ name: 'Basic (P1)', value: 'pln_2' }]);
		});

		test('are searched in every project at once', async () => {
			projects(7);
			for (let at = 1; at <= 7; at++) {
				plansOf(`prj_${at}`, 1, [{ id: `pln_${at}`, name: at > 5 ? 'Gold' : 'Basic' }], 1);
			}
			expect(await engine().search(ofAll({ filter: 'gold' }))).toEqual({
				results: [
					{ name: 'Gold (P5)', value: 'pln_6' },
					{ name: 'Gold (P6)', value: 'pln_7' },
				],
			});
		});

		test('go on with the sixth project when asked', async () => {
			projects(6);
			for (const at of [1, 2, 3, 4, 5]) plansOf(`prj_${at}`, 1, [{ id: `pln_${at}` }], 1);
			const first = await engine().search(ofAll());
			expect(first.results).toHaveLength(5);
			projects(6);
			plansOf('prj_6', 1, [{ id: 'pln_6' }], 1);
			const paginationToken = String(first.paginationToken);
			expect(await engine().search(ofAll({ paginationToken }))).toEqual({
				results: [{ name: 'pln_6 (P5)', value: 'pln_6' }],
			});
		});

		test('go on within a project that has more of them', async () => {
			projects(2);
			plansOf('prj_1', 1, [{ id: 'pln_1' }], 2);
			const first = await engine().search(ofAll());
			expect(first.results).toEqual([{ name: 'pln_1 (P0)', value: 'pln_1' }]);
			projects(2);
			plansOf('prj_1', 2, [{ id: 'pln_2' }], 2);
			plansOf('prj_2', 1, [{ id: 'pln_3' }], 1);
			const paginationToken = String(first.paginationToken);
			expect((await engine().search(ofAll({ paginationToken }))).results).toEqual([
				{ name: 'pln_2 (P0)', value: 'pln_2' },
				{ name: 'pln_3 (P1)', value: 'pln_3' },
			]);
		});

		test('are none without a project, or if those that were left are gone', async () => {
			projects(0);
			expect(await engine().search(ofAll())).toEqual({ results: [] });
			projects(1);
			const paginationToken = JSON.stringify({ part: 3, page: { page: 1, seen: [] } });
			expect(await engine().search(ofAll({ paginationToken }))).toEqual({ results: [] });
		});
	});

	describe('of the records of an activity log', () => {
		const ofType = (subjectType: string, filter?: string): SearchRequest =>
			request('records', {
				parameters: { resource: 'activity', operation: 'list', subjectType },
				...(filter === undefined ? {} : { filter }),
			});
		const rows = { data: [{ id: 'x_1', name: 'One', title: 'One' }] };

		test.each([
			['project', '/v1/projects', 'One'],
			['project-subscription', '/v1/subscriptions', 'x_1'],
			['subscription', '/v1/subscriptions', 'x_1'],
		])('are those of the type %s', async (type, path, name) => {
			nock(origin).get(path).query(page(1)).reply(200, rows);
			expect((await engine().search(ofType(type))).results).toEqual([{ name, value: 'x_1' }]);
		});

		test.each([
			['project-subscription-plan', 'plans'],
			['plan', 'plans'],
			['project-user', 'members'],
			['member', 'members'],
			['project-resource', 'resources'],
		])('of the type %s are those of all projects', async (type, path) => {
			nock(origin)
				.get('/v1/projects')
				.query(page(1))
				.reply(200, { data: [{ id: 'prj_1', name: 'Research' }] });
			nock(origin)
				.get(`/v1/projects/prj_1/${path}`)
				.query((asked) => asked['search'] === (path === 'members' ? 'one' : undefined))
				.reply(200, rows);
			expect((await engine().search(ofType(type, 'one'))).results).toEqual([
				{ name: 'One (Research)', value: 'x_1' },
			]);
		});

		test.each(['access-code', 'constructor'])('of the type %s cannot be listed', async (type) => {
			await expect(engine().search(ofType(type))).rejects.toThrow(
				'There is no list of records of this type. Enter the ID of the record instead.',
			);
		});

		test('want a type first', async () => {
			await expect(engine().search(ofType('={{ $json.type }}'))).rejects.toThrow(
				"Choose a value for 'Record Type' first. If it is an expression, enter an ID here as well.",
			);
		});
	});

	describe('against the sandbox', () => {
		let sandbox: Sandbox;
		let local: Engine;
		beforeAll(async () => {
			sandbox = await startSandbox({ rateLimits: false });
			sandbox.engine.addEndpoint({
				name: 'CRM sync',
				url: 'https://hooks.example.com/memberpass',
				events: ['plan.created'],
				projectId: null,
				allowedIps: null,
				isActive: true,
				teamId: sandbox.seeded.team.id,
			});
			local = await open(sandbox.apiUrl, sandbox.token);
		});
		afterAll(async () => {
			local.close();
			await sandbox.close();
		});

		test.each<[string, INodeParameters]>([
			['accessCodes', { resource: 'accessCode', operation: 'delete', planId: '$plan' }],
			['groups', { resource: 'group', operation: 'get' }],
			['members', { resource: 'member', operation: 'get' }],
			['paymentMethods', { resource: 'paymentMethod', operation: 'get' }],
			['plans', { resource: 'plan', operation: 'get' }],
			['plansOfAllProjects', { resource: 'subscription', operation: 'list' }],
			['projects', { resource: 'project', operation: 'get' }],
			['records', { resource: 'activity', operation: 'list', subjectType: 'member' }],
			['resources', { resource: 'resource', operation: 'get' }],
			['roles', { resource: 'role', operation: 'get' }],
			['subscriptions', { resource: 'subscription', operation: 'get' }],
			['teamMembers', { resource: 'teamMember', operation: 'get', teamId: '$team' }],
			['teams', { resource: 'team', operation: 'get' }],
			['tokens', { resource: 'token', operation: 'get' }],
			['webhookEndpoints', { resource: 'webhookEndpoint', operation: 'delete' }],
		])('of %s shows what the sandbox has, found by a word of it', async (method, parameters) => {
			const project = sandbox.seeded.project.id;
			const code = [...sandbox.state.accessCodes.values()].find(
				(one) => one.project_id === project,
			);
			const ids: Readonly<Record<string, string>> = {
				$plan: code?.plan_id ?? '',
				$team: sandbox.seeded.team.id,
			};
			const filled = Object.fromEntries(
				Object.entries({ projectId: project, ...parameters }).map(([name, value]) => [
					name,
					ids[value] ?? value,
				]),
			);
			const asked = request(method, { parameters: filled });
			const { results } = await local.search(asked);
			expect(results.length).toBeGreaterThan(0);
			for (const one of results) expect([one.name, one.value]).not.toContain('');
			const [last] = results.slice(-1);
			const found = await local.search({ ...asked, filter: last?.name.slice(0, 6) ?? '' });
			expect(found.results.map((one) => one.value)).toContain(last?.value);
			const none = await local.search({ ...asked, filter: 'no such thing at all' });
			expect(none.results).toEqual([]);
		});
	});

	test('tell a refusal in the words of MemberPass, instead of showing an empty list', async () => {
		nock(origin)
			.get('/v1/projects/prj_1/plans')
			.query(page(1))
			.reply(403, { error: { code: 'TOKEN_MISSING_ABILITY', message: 'Not allowed.' } });
		await expect(engine().search(request('plans'))).rejects.toThrow('Not allowed.');
	});

	test('tell a refusal where a whole list is wanted, too', async () => {
		nock(origin)
			.get('/v1/projects/prj_1/plans')
			.query(page(1))
			.reply(403, { error: { code: 'TOKEN_MISSING_ABILITY', message: 'Not allowed.' } });
		await expect(engine().options(request('plans'))).rejects.toMatchObject({
			message: 'Not allowed.',
			description: expect.not.stringContaining('Try again') as string,
		});
	});

	test.each([[{ data: {} }], [{ data: ['pln_1'] }], [{}], ['"plans"']])(
		'say so where MemberPass answers with something else than a list: %j',
		async (answer) => {
			nock(origin).get('/v1/projects/prj_1/plans').query(page(1)).reply(200, answer);
			await expect(engine().search(request('plans'))).rejects.toThrow(
				'MemberPass answered with status 200 but not with the documented data',
			);
		},
	);

	test('serve the trigger as well', async () => {
		nock(origin)
			.get('/v1/projects')
			.query(page(1))
			.reply(200, { data: [{ id: 'prj_1', name: 'Research', handle: 'research' }] });
		const { results } = await engine().search(
			request('projects', { node: 'memberPassTrigger', typeVersion: 1, parameters: {} }),
		);
		expect(results).toEqual([{ name: 'Research · research', value: 'prj_1' }]);
	});
});
