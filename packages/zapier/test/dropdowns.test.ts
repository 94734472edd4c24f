import nock from 'nock';

import app from '../src/index.ts';
import { choicesFrom } from '../src/dropdowns.ts';
import { call, origin, thrownBy } from './support.ts';
import { pickLists } from '@memberpass/catalogue';

type Field = { readonly key: string; readonly choices?: unknown; readonly dependsOn?: string[] };
const performOf = (group: 'creates' | 'searches' | 'triggers', key: string, input: string) => {
	const fields = (app[group][key]?.operation.inputFields ?? []) as Field[];
	const { choices } = fields.find((field) => field.key === input) ?? {};
	return (choices as { perform: Parameters<typeof call>[0] }).perform;
};

const project = 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA';
const rowsFrom = (first: number) =>
	[first, first + 1].map((n) => ({
		id: `pln_${n}`,
		name: `Plan ${n}`,
		price: '29.00',
		currency: 'USD',
	}));

const plans = (query: Record<string, string>) =>
	nock(origin)
		.get(`/v1/projects/${project}/plans`)
		.query({ limit: '100', per_page: '100', ...query });

interface Page {
	readonly results: { readonly id: string; readonly label: string }[];
	readonly paging_token: string | null;
}
const load = async (paging_token?: string | null, inputData: object = { project }) =>
	(await call(performOf('creates', 'update_plan', 'plan'), {
		inputData: { ...inputData },
		meta: { isFillingDynamicDropdown: true, ...(paging_token ? { paging_token } : {}) },
	})) as Page;

describe('a dropdown', () => {
	it.each([
		[
			'last_page',
			[
				[{ page: '1' }, { current_page: 1, last_page: 3 }],
				[{ page: '2' }, { current_page: 2, last_page: 3 }],
				[{ page: '3' }, { current_page: 3, last_page: 3 }],
			],
		],
		[
			'has_more',
			[
				[{ page: '1' }, { has_more: true }],
				[{ page: '2' }, { has_more: true }],
				[{ page: '3' }, { has_more: false }],
			],
		],
		[
			'next_cursor',
			[
				[{ page: '1' }, { next_cursor: 'c1' }],
				[{ cursor: 'c1' }, { next_cursor: 'c2' }],
				[{ cursor: 'c2' }, { next_cursor: null }],
			],
		],
	] as const)('shows all of three pages (%s)', async (_, pages) => {
		pages.forEach(([query, meta], at) => {
			plans({ ...query }).reply(200, { data: rowsFrom(at * 2), meta });
		});
		const seen: string[] = [];
		let token: string | null | undefined;
		for (let page = 1; token !== null; page++) {
			expect(page).toBeLessThan(4);
			const loaded = await load(token);
			seen.push(...loaded.results.map(({ id }) => id));
			token = loaded.paging_token;
		}
		expect(seen).toEqual(['pln_0', 'pln_1', 'pln_2', 'pln_3', 'pln_4', 'pln_5']);
	});

	it('shows what people recognise, and the id where there is nothing else', async () => {
		plans({ page: '1' }).reply(200, {
			data: [
				{ id: 'pln_1', name: 'Premium', price: '29.00', currency: 'USD' },
				{ id: 'pln_2', name: 'Free', price: null },
				{ id: 'pln_3' },
				{ id: 'pln_4', name: ' ' },
				{ name: 'Without an ID' },
				{ id: ' ', name: 'With a blank ID' },
			],
		});
		expect((await load()).results).toEqual([
			{ id: 'pln_1', label: 'Premium · 29.00 · USD' },
			{ id: 'pln_2', label: 'Free' },
			{ id: 'pln_3', label: 'pln_3' },
			{ id: 'pln_4', label: 'pln_4' },
		]);
	});

	it('says which field it depends on, and sends nothing', async () => {
		const thrown = await thrownBy(load(null, {}));
		expect(thrown.message).toBe(
			'Choose a project first: this list depends on it. Or enter the ID yourself.',
		);
	});

	it.each([[''], ['  '], [null], [['prj_1']]])('takes the project %j for none', async (given) => {
		const thrown = await thrownBy(load(null, { project: given }));
		expect(thrown.message).toMatch(/^Choose a project first/);
	});

	it('takes ids that are numbers, and offers them as text', async () => {
		nock(origin)
			.get('/v1/projects/7/plans')
			.query(true)
			.reply(200, { data: [{ id: 1, name: 'Free', price: 0 }, { id: 2 }] });
		expect((await load(null, { project: 7 })).results).toEqual([
			{ id: '1', label: 'Free · 0' },
			{ id: '2', label: '2' },
		]);
	});

	it('says so where MemberPass answers with something else than a list', async () => {
		plans({ page: '1' }).reply(200, { data: { id: 'pln_1' } });
		const thrown = await thrownBy(load());
		expect(thrown.message).toContain('not with the documented data');
		expect(thrown.status).toBe(200);
	});

	it('takes the project from a form that calls it project_id', async () => {
		nock(origin)
			.get(`/v1/projects/${project}/payment-methods`)
			.query(true)
			.reply(200, { data: [{ id: 'pmt_1', provider: 'stripe', mode: 'live' }] });
		const perform = performOf('searches', 'get_earnings', 'payment_method_ids');
		await expect(call(perform, { inputData: { project_id: project } })).resolves.toEqual({
			results: [{ id: 'pmt_1', label: 'stripe · live' }],
			paging_token: null,
		});
	});

	it.each([undefined, null, ''])('starts with its first page (%j)', async (paging_token) => {
		plans({ page: '1' }).reply(200, { data: rowsFrom(0) });
		const meta = { paging_token } as NonNullable<Parameters<typeof call>[1]>['meta'] & object;
		await expect(
			call(performOf('creates', 'update_plan', 'plan'), { inputData: { project }, meta }),
		).resolves.toMatchObject({ results: [{ id: 'pln_0' }, { id: 'pln_1' }] });
	});

	it('does not go in circles when the server repeats a page', async () => {
		plans({ page: '1' }).reply(200, { data: rowsFrom(0), meta: { has_more: true } });
		plans({ page: '2' }).reply(200, { data: rowsFrom(0), meta: { has_more: true } });
		const { paging_token } = await load();
		const thrown = await thrownBy(load(paging_token));
		expect(thrown.message).toBe(
			'The list could not be read to its end: page 2 repeated what was read before. Try again, or enter the ID yourself.',
		);
	});

	it.each([
		'junk',
		'null',
		'[]',
		'{"page":"1","cursor":null,"collected":0,"seen":[]}',
		'{"page":1,"cursor":1,"collected":0,"seen":[]}',
		'{"page":1,"cursor":null,"collected":"0","seen":[]}',
		'{"page":1,"cursor":null,"collected":0,"seen":[1]}',
		'{"page":1,"cursor":null,"collected":0,"seen":["a",1]}',
		'{"page":1,"cursor":null,"collected":0,"seen":"x"}',
	])('refuses the page %s that it did not hand out', async (token) => {
		const thrown = await thrownBy(load(token));
		expect([thrown.code, thrown.message]).toEqual([
			'stale_page',
			'This page of the list is gone. Load the list again.',
		]);
	});

	it('shows why it stays empty', async () => {
		plans({ page: '1' }).reply(403, { error: { code: 'TOKEN_MISSING_ABILITY', message: 'No.' } });
		const thrown = await thrownBy(load());
		expect(thrown.message).toContain('"project-subscription-plan:view-any"');
	});

	it('is one function for all the fields that pick from the same list', () => {
		expect(performOf('triggers', 'member_joined', 'project_id')).toBe(
			choicesFrom(pickLists.projects),
		);
		expect(performOf('creates', 'create_plan', 'project')).toBe(choicesFrom(pickLists.projects));
	});
});

describe('a list whose project is asked for only to fill it', () => {
	const load = (
		group: 'creates' | 'searches',
		key: string,
		input: string,
		inputData: Record<string, unknown>,
	) => call(performOf(group, key, input), { inputData });

	it('offers the plans of that project, where the form itself takes no project', async () => {
		plans({ page: '1' }).reply(200, { data: rowsFrom(0) });
		await expect(
			load('searches', 'list_subscriptions', 'plan_id', { project }),
		).resolves.toMatchObject({ results: [{ id: 'pln_0' }, { id: 'pln_1' }] });
	});

	it.each([
		['with a bot', { id: 'bot_1', name: 'research_bot' }, [{ id: 'bot_1', label: 'research_bot' }]],
		['without a bot', null, []],
	])('offers the bot of a project %s', async (_, bot, results) => {
		nock(origin)
			.get(`/v1/projects/${project}/bot`)
			.reply(200, { data: { project_id: project, connected: bot !== null, bot } });
		await expect(
			load('creates', 'create_project', 'bot_id', { bot_project: project }),
		).resolves.toEqual({ results, paging_token: null });
	});

	it('says so where MemberPass answers with something else than the bot of a project', async () => {
		nock(origin).get(`/v1/projects/${project}/bot`).reply(200, { data: [] });
		const thrown = await thrownBy(
			load('creates', 'create_project', 'bot_id', { bot_project: project }),
		);
		expect(thrown.message).toContain('not with the documented data');
		expect(thrown.status).toBe(200);
	});

	it('says which project is missing for a bot', async () => {
		const thrown = await thrownBy(load('creates', 'update_project', 'bot_id', { project }));
		expect(thrown.message).toBe(
			'Choose the project that has the bot first, in the field above. Or enter the ID yourself.',
		);
	});

	it.each([
		['project', '/v1/projects'],
		['project-subscription-plan', `/v1/projects/${project}/plans`],
		['plan', `/v1/projects/${project}/plans`],
		[' plan ', `/v1/projects/${project}/plans`],
		['project-subscription', '/v1/subscriptions'],
		['project-user', `/v1/projects/${project}/members`],
		['project-resource', `/v1/projects/${project}/resources`],
	])('offers the records of the chosen type (%s) for the activity log', async (type, path) => {
		nock(origin)
			.get(path)
			.query(true)
			.reply(200, { data: [{ id: 'x_1', name: 'One' }] });
		await expect(
			load('searches', 'list_activity', 'subject_id', { subject_type: type, project }),
		).resolves.toMatchObject({ results: [{ id: 'x_1' }] });
	});

	it.each([
		[{}, /^Choose a record type first/],
		[{ subject_type: 'access-code' }, /^There is no list of "access-code" records/],
		[{ subject_type: 'constructor' }, /^There is no list of "constructor" records/],
		[{ subject_type: 'plan' }, /^Choose a project first/],
	])('with %j says what is missing', async (inputData, words) => {
		const thrown = await thrownBy(load('searches', 'list_activity', 'subject_id', inputData));
		expect(thrown.message).toMatch(words);
		expect(thrown.message).toContain('nter the ID yourself.');
	});
});
