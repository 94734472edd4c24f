import nock from 'nock';

import app from '../src/index.ts';
import { origin, run, thrownBy, token, type BundlePart } from './support.ts';

const project = 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA';

/** The idempotency keys of one write for each bundle. */
async function keysOfRuns(key: string, bundles: readonly BundlePart[]): Promise<string[]> {
	const keys: string[] = [];
	for (const bundle of bundles) {
		nock(bundle.authData?.['api_origin'] ?? origin)
			.post(/^\/v1\//)
			.reply((request: Request) => {
				keys.push(request.headers.get('idempotency-key') ?? '');
				return [200, { data: { id: 'new_1' } }];
			});
		await run('creates', key, 'perform', bundle);
	}
	return keys;
}

const base = { project, title: 'Perks' };
const other = token.replace('4f1c', '5f1c');

describe('the idempotency key of a write that must not be done twice', () => {
	it.each<[string, 'same' | 'another', BundlePart]>([
		['the same values', 'same', { inputData: base }],
		['the same values in another order', 'same', { inputData: { title: 'Perks', project } }],
		[
			'the same values and blanks',
			'same',
			{ inputData: { ...base, description: '', active: null } },
		],
		['another value', 'another', { inputData: { ...base, title: 'Perks 2' } }],
		['another target', 'another', { inputData: { ...base, project: 'prj_2' } }],
		['a deduplication key', 'another', { inputData: { ...base, deduplication_key: 'evt_1' } }],
		['another account', 'another', { inputData: base, authData: { api_token: other } }],
		[
			'another address',
			'another',
			{ inputData: base, authData: { api_token: token, api_origin: 'https://api.example.com' } },
		],
		['a test in the editor', 'another', { inputData: base, meta: { isLoadingSample: true } }],
	])('with %s is the %s', async (_, expected, bundle) => {
		const [first, second] = await keysOfRuns('create_resource', [{ inputData: base }, bundle]);
		expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(second === first ? 'same' : 'another').toBe(expected);
	});

	it('does not hold the token', async () => {
		const [key] = await keysOfRuns('create_resource', [{ inputData: base }]);
		expect(key).not.toContain(token.slice(-8));
	});

	it('differs for two deduplication keys and agrees for one', async () => {
		const keyed = (deduplication_key: string) => ({ inputData: { ...base, deduplication_key } });
		const [a, b, again] = await keysOfRuns('create_resource', [
			keyed('evt_1'),
			keyed('evt_2'),
			keyed('evt_1'),
		]);
		expect(a).not.toBe(b);
		expect(a).toBe(again);
	});

	it.each<[string, unknown, unknown]>([
		['a number and the same as text', 7, ' 7 '],
		['the same list', ['evt_1', 'evt_2'], ['evt_1', 'evt_2']],
	])('agrees for %s as deduplication keys', async (_, one, another) => {
		const [a, b, without] = await keysOfRuns('create_resource', [
			{ inputData: { ...base, deduplication_key: one } },
			{ inputData: { ...base, deduplication_key: another } },
			{ inputData: base },
		]);
		expect(a).toBe(b);
		expect(a).not.toBe(without);
	});

	it('differs for two tests in the editor', async () => {
		const test = { inputData: base, meta: { isLoadingSample: true } };
		const [a, b] = await keysOfRuns('create_resource', [test, test]);
		expect(a).not.toBe(b);
	});
});

/** The second partner of a day gets a batch of codes too: no value of the first order differs from the second. */
describe('an order of access codes, whose values are those of any other order,', () => {
	const order = { project, plan: 'pln_1', quantity: 10, export_type: 'file' };
	const keyed = (deduplication_key: unknown) => ({ inputData: { ...order, deduplication_key } });
	const keysOf = (...bundles: BundlePart[]) => keysOfRuns('bulk_generate_access_codes', bundles);

	it('is told from others by a key that the form demands', () => {
		const fields = (app.creates['bulk_generate_access_codes']?.operation.inputFields ??
			[]) as readonly { readonly key: string; readonly required?: boolean }[];
		expect(fields.find(({ key }) => key === 'deduplication_key')).toMatchObject({ required: true });
	});

	it('is recognised when Zapier repeats it', async () => {
		const [a, again, other] = await keysOf(keyed('rec_1'), keyed('rec_1'), keyed('rec_2'));
		expect(a).toBe(again);
		expect(a).not.toBe(other);
	});

	it.each([undefined, null, '', '  ', []])(
		'is a new one where that key arrives empty (%j), never the replay of another',
		async (empty) => {
			const [a, b] = await keysOf(keyed(empty), keyed(empty));
			expect(a).not.toBe(b);
		},
	);
});

it.each<[string, boolean]>([
	['create_project', false],
	['create_resource', false],
	['create_webhook_endpoint', false],
	['create_plan', false],
	['bulk_generate_access_codes', true],
])(
	'%s, whose values name what is made or not, demands a deduplication key: %s',
	(key, demanded) => {
		const fields = (app.creates[key]?.operation.inputFields ?? []) as readonly {
			readonly key: string;
			readonly required?: boolean;
		}[];
		expect(fields.find((field) => field.key === 'deduplication_key')?.required).toBe(demanded);
	},
);

it('a deletion that Zapier repeats is recognised, or it would fail on what it did itself', async () => {
	const keys: string[] = [];
	nock(origin)
		.delete(`/v1/projects/${project}/plans/pln_1`)
		.times(2)
		.reply((request: Request) => {
			keys.push(request.headers.get('idempotency-key') ?? '');
			return [204, ''];
		});
	const inputData = { project, plan: 'pln_1' };
	await run('creates', 'delete_plan', 'perform', { inputData });
	await run('creates', 'delete_plan', 'perform', { inputData });
	expect(keys[0]).toBe(keys[1]);
});

it.each<[string, string, object]>([
	['publishing again after unpublishing', 'publish_plan', { project, plan: 'pln_1' }],
	['lifting a second ban', 'unban_member', { project, member: 'usr_1' }],
	['kicking who came back', 'kick_member', { project, member: 'usr_1' }],
	['restoring again after archiving', 'restore_project', { project }],
	['cancelling what was taken up again', 'cancel_subscription', { subscription: 'sub_1' }],
	['rotating a secret that leaked twice', 'rotate_webhook_secret', { endpoint: 'whe_1' }],
	['testing again', 'test_webhook_endpoint', { endpoint: 'whe_1' }],
])('%s is a new write, never the replay of the first', async (_, key, input) => {
	const inputData = { ...input };
	const [first, again] = await keysOfRuns(key, [{ inputData }, { inputData }]);
	expect(first).not.toBe(again);
});

it.each([
	['create_project', true],
	['create_resource', true],
	['bulk_generate_access_codes', true],
	['create_webhook_endpoint', true],
	['create_plan', true],
	['cancel_subscription', false],
	['rotate_webhook_secret', false],
	['kick_member', false],
	['publish_plan', false],
	['update_project', false],
	['delete_project', false],
])('%s offers a deduplication key: %s', (key, offered) => {
	const fields = (app.creates[key]?.operation.inputFields ?? []) as { key: string }[];
	expect(fields.some((field) => field.key === 'deduplication_key')).toBe(offered);
});

describe('inputs', () => {
	it('all that is wrong with them is told at once, and nothing is sent', async () => {
		const thrown = await thrownBy(
			run('creates', 'create_plan', 'perform', {
				inputData: { name: 'abc', price: '-1', billing_cycle: 'monthly' },
			}),
		);
		expect(thrown.name).toBe('AppError');
		for (const words of [
			"'Project' is required",
			"'Plan Name' must have at least 5 characters",
			"'Price' must be 0 or more",
			"'Billing Cycle' must be one of days, weeks, months, years, lifetime",
			"'Resources' is required",
		]) {
			expect(thrown.message).toContain(words);
		}
	});

	it('come from Zapier as text and reach MemberPass as what they are', async () => {
		nock(origin)
			.post(`/v1/projects/${project}/plans`, {
				name: 'Premium Monthly',
				price: 29.5,
				currency_id: 'cur_1',
				billing_cycle: 'months',
				resources: ['rsr_1', 'rsr_2'],
				trial_days: 0,
				recurring: false,
			})
			.reply(201, { data: { id: 'pln_1' } });
		await expect(
			run('creates', 'create_plan', 'perform', {
				inputData: {
					project,
					name: 'Premium Monthly',
					price: '29.50',
					currency_id: 'cur_1',
					billing_cycle: 'months',
					resources: ['rsr_1', '', 'rsr_2'],
					trial_days: '0',
					recurring: 'false',
					newcomers_only: '',
					customers_only: null,
					churned_only: [],
					description: '  ',
					left_from_an_older_version: 'ignored',
				},
			}),
		).resolves.toMatchObject({ id: 'pln_1' });
	});

	it.each(['', '  ', null, undefined, '.', '..'])(
		'an id of %j in the path is refused before anything is sent',
		async (plan) => {
			const thrown = await thrownBy(
				run('creates', 'delete_plan', 'perform', { inputData: { project, plan } }),
			);
			expect(thrown.name).toBe('AppError');
			expect(thrown.message).toContain("'Plan'");
		},
	);

	it('an id with a slash stays one part of the path', async () => {
		nock(origin).delete(`/v1/projects/${project}/plans/a%2Fb%3Fc%23d`).reply(204);
		await expect(
			run('creates', 'delete_plan', 'perform', { inputData: { project, plan: 'a/b?c#d' } }),
		).resolves.toEqual({ id: 'a/b?c#d', deleted: true });
	});
});

it('a write that was answered with nothing is done, not failed', async () => {
	nock(origin).post(`/v1/projects/${project}/archive`).reply(204);
	await expect(
		run('creates', 'archive_project', 'perform', { inputData: { project } }),
	).resolves.toEqual({ id: project, done: true });
});

it.each([{ data: null }, { data: [] }, {}])(
	'a write that was answered with %j is done, whatever is documented',
	async (body) => {
		nock(origin).post(`/v1/projects/${project}/restore`).reply(200, body);
		await expect(
			run('creates', 'restore_project', 'perform', { inputData: { project } }),
		).resolves.toEqual({ id: project, done: true });
	},
);

it.each([{ data: { message: 'Deleted.' } }, { data: [] }, { data: null }, {}])(
	'a write whose answer is not documented is done, whatever was answered (%j)',
	async (body) => {
		nock(origin).delete(`/v1/projects/${project}/plans/pln_1`).reply(200, body);
		await expect(
			run('creates', 'delete_plan', 'perform', { inputData: { project, plan: 'pln_1' } }),
		).resolves.toEqual({ id: 'pln_1', deleted: true });
	},
);

it('a write that is about nothing yet, and was answered with nothing, is named after itself', async () => {
	nock(origin).post('/v1/projects').reply(200, {});
	await expect(
		run('creates', 'create_project', 'perform', {
			inputData: { name: 'Research', handle: 'research', bot_id: 'bot_1' },
		}),
	).resolves.toEqual({ id: 'create_project', done: true });
});

it.each([
	['a list of one', { data: [{ id: 'prj_2' }] }, { id: 'prj_2' }],
	['a list of several', { data: [{ id: 'prj_2' }, { id: 'prj_3' }] }, { id: project, done: true }],
])('a write that was answered with %s is done, not failed', async (_, body, expected) => {
	nock(origin).post(`/v1/projects/${project}/archive`).reply(200, body);
	await expect(
		run('creates', 'archive_project', 'perform', { inputData: { project } }),
	).resolves.toEqual(expected);
});

it.each([true, { data: true }, { data: 'Deleted.' }])(
	'a deletion that was answered with %j is done, though a record is documented',
	async (body) => {
		nock(origin)
			.delete(`/v1/projects/${project}/resources/rsc_1`)
			.reply(200, JSON.stringify(body), { 'content-type': 'application/json' });
		await expect(
			run('creates', 'delete_resource', 'perform', { inputData: { project, resource: 'rsc_1' } }),
		).resolves.toEqual({ id: 'rsc_1', deleted: true });
	},
);

it('a write that was refused with status 200 is an error, not done', async () => {
	const error = { code: 'VALIDATION_FAILED', message: 'The project is archived already.' };
	nock(origin).post(`/v1/projects/${project}/archive`).reply(200, { error });
	const thrown = await thrownBy(
		run('creates', 'archive_project', 'perform', { inputData: { project } }),
	);
	expect(thrown.message).toBe('The project is archived already. (status 200, VALIDATION_FAILED)');
});

it('a write that was answered with a text is an error that says so', async () => {
	nock(origin).post(`/v1/projects/${project}/archive`).reply(200, { data: 'done' });
	const thrown = await thrownBy(
		run('creates', 'archive_project', 'perform', { inputData: { project } }),
	);
	expect(thrown.name).toBe('AppError');
	expect(thrown.message).toContain('not with the documented data');
	expect(thrown.status).toBe(200);
});
