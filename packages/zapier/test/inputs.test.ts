import nock from 'nock';

import {
	events,
	type FieldSchema,
	operation,
	operations,
	zapierTriggerKey,
} from '@memberpass/catalogue';
import { loadRecordings } from '@memberpass/testing';

import { definitionOf, origin, repoRoot, run, thrownBy } from './support.ts';

/** What people and other apps put into fields, for each of the 130: nothing of it may be lost, cleared or run. */

const steps = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
type Step = (typeof steps)[number];
type Inputs = Readonly<Record<string, unknown>>;

/** Inputs that MemberPass takes, from the recordings. */
const recorded = new Map(
	loadRecordings(repoRoot).flatMap(({ operation: key, recordings }) => {
		const success = recordings.find(
			({ error, input }) => error === null && Object.keys(input).length > 0,
		);
		return success === undefined ? [] : [[key, success.input] as const];
	}),
);

/** The required inputs; of a change also one value to change. */
function least(entry: Step): Inputs {
	const given: Inputs = recorded.get(entry.key) ?? {};
	const required = entry.input.required ?? [];
	const change =
		entry.method === 'PATCH'
			? Object.keys(given)
					.filter((name) => entry.input.properties[name]?.['x-in'] === 'body')
					.slice(0, 1)
			: [];
	return Object.fromEntries([...required, ...change].map((name) => [name, given[name]]));
}

interface Sent {
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** The one request that a step sends with these inputs. */
async function sentBy(entry: Step, inputData: Inputs): Promise<Sent> {
	const sent: Sent[] = [];
	nock(origin)
		.intercept(/.*/, entry.method)
		.reply(async (request: Request) => {
			const url = new URL(request.url);
			const text = await request.text();
			sent.push({
				method: request.method,
				path: url.pathname,
				query: Object.fromEntries(url.searchParams),
				body: text === '' ? null : (JSON.parse(text) as unknown),
			});
			if (entry.output.shape === 'nothing') return [204, ''];
			return [200, { data: entry.output.shape === 'many' ? [] : { id: 'x_1' } }];
		});
	await run(entry.kind === 'action' ? 'creates' : 'searches', entry.key, 'perform', {
		inputData: { ...inputData },
	});
	const [request] = sent;
	if (request === undefined || sent.length > 1)
		throw new Error(`${sent.length} requests were sent.`);
	return request;
}

/** What the form calls an input. */
function labelOf(entry: Step, name: string): string {
	const { operation } = definitionOf(entry.kind === 'action' ? 'creates' : 'searches', entry.key);
	const fields = (operation.inputFields ?? []) as { key: string; label?: string }[];
	const label = fields.find(({ key }) => key === name || key === `${name}_id`)?.label;
	if (label === undefined) throw new Error(`The form of ${entry.key} has no ${name}.`);
	return label;
}

const rows = steps.map((entry) => [entry.key, entry] as const);
const blanks = ['', '   ', null, undefined, [], ['', null]];

/** The inputs that a step can do without. */
const optionalOf = (entry: Step): readonly string[] =>
	Object.keys(entry.input.properties).filter((name) => least(entry)[name] === undefined);

describe.each(rows.filter(([, entry]) => optionalOf(entry).length > 0))('%s', (_, entry) => {
	const base = least(entry);
	const optional = optionalOf(entry);

	it('takes what is left empty, however Zapier writes that, for not given', async () => {
		const bare = await sentBy(entry, base);
		for (const blank of blanks) {
			const filled = Object.fromEntries(optional.map((name) => [name, blank]));
			await expect(sentBy(entry, { ...base, ...filled })).resolves.toEqual(bare);
		}
	});
});

describe.each(rows.filter(([, { input }]) => (input.required ?? []).length > 0))(
	'%s',
	(_, entry) => {
		const base = least(entry);

		it('says which required input is empty, and sends nothing', async () => {
			for (const name of entry.input.required ?? []) {
				for (const blank of blanks) {
					const thrown = await thrownBy(
						run(entry.kind === 'action' ? 'creates' : 'searches', entry.key, 'perform', {
							inputData: { ...base, [name]: blank },
						}),
					);
					expect(thrown.message).toContain(`'${labelOf(entry, name)}'`);
				}
			}
		});
	},
);

/** Every input of every operation whose schema fits. */
const inputsThat = (fits: (field: FieldSchema) => boolean) =>
	steps.flatMap((entry) =>
		Object.entries(entry.input.properties)
			.filter(([name, field]) => fits(field) && !isRivalOfRequired(entry, name))
			.map(([name, field]) => [`${entry.key}.${name}`, entry, name, field] as const),
	);

/** An input that the recorded inputs already hold a rival of. */
const isRivalOfRequired = (entry: Step, name: string): boolean =>
	entry.exclusive.some(
		(group) =>
			group.includes(name) && group.some((one) => one !== name && least(entry)[one] !== undefined),
	);

const place = (field: FieldSchema, name: string, sent: Sent): unknown =>
	field['x-in'] === 'body' ? (sent.body as Inputs)[name] : sent.query[name];

describe('false', () => {
	const flags = inputsThat(({ type }) => type === 'boolean');
	it.each(flags)(
		'is sent as %s, whether it comes as a flag or as text',
		async (_, entry, name, field) => {
			for (const written of [false, 'false', 'no', 0, '0']) {
				const sent = await sentBy(entry, { ...least(entry), [name]: written });
				expect(place(field, name, sent)).toBe(field['x-in'] === 'body' ? false : '0');
			}
		},
	);
});

describe('zero', () => {
	const numbers = inputsThat(({ type }) => type === 'integer' || type === 'number');
	it.each(numbers)(
		'is sent as %s, or refused with the smallest number',
		async (_, entry, name, field) => {
			for (const written of [0, '0']) {
				const work = sentBy(entry, { ...least(entry), [name]: written });
				if ((field.minimum ?? 0) > 0) {
					const thrown = await thrownBy(work);
					nock.cleanAll();
					expect(thrown.message).toContain(`must be ${String(field.minimum)} or more`);
				} else {
					expect(place(field, name, await work)).toBe(field['x-in'] === 'body' ? 0 : '0');
				}
			}
		},
	);
});

describe('a list', () => {
	const lists = inputsThat(({ type, 'x-in': where }) => type === 'array' && where === 'body');
	it.each(lists)(
		'is sent as %s, also where line items, text with commas or JSON are mapped into one of its rows',
		async (_, entry, name) => {
			for (const written of [
				['a_1', 'b_2'],
				[['a_1', 'b_2']],
				['a_1,b_2'],
				['a_1', ' b_2 , '],
				'a_1, b_2',
				['["a_1","b_2"]'],
			]) {
				const sent = await sentBy(entry, { ...least(entry), [name]: written });
				expect((sent.body as Inputs)[name]).toEqual(['a_1', 'b_2']);
			}
		},
	);
});

it.each<[string, string, string, string]>([
	[
		'create_project',
		'handle',
		'My Handle',
		"'Handle' is not valid. Short name in the address of the project's page: 5 to 255 lower-case letters, digits and dashes that no other project uses. Needs the Starter or Growth tier. For example: research-premium.",
	],
	[
		'find_subscriber_by_telegram_id',
		'telegram_id',
		'@jane',
		"'Telegram ID' is not valid. Number that identifies the person on Telegram, not the @username. For example: 123456789.",
	],
])(
	'%s: a %s of another form is refused in the words of the field',
	async (key, name, written, says) => {
		const step = steps.find((one) => one.key === key);
		if (step === undefined) throw new Error(`There is no step ${key}.`);
		const thrown = await thrownBy(sentBy(step, { ...least(step), [name]: written }));
		nock.cleanAll();
		expect(thrown.message).toBe(says);
	},
);

describe('text in braces', () => {
	const texts = inputsThat(
		(field) =>
			field.type === 'string' &&
			field['x-in'] !== 'path' &&
			field.enum === undefined &&
			field.format === undefined &&
			field.pattern === undefined &&
			(field.maxLength ?? 99) >= 40,
	);
	const written = '{{bundle.authData.api_token}} "x" {{';
	it.each([
		'{{bundle.authData.api_token}}',
		'{{ process.env.SECRET }}',
		'{{{bundle.inputData.x}}}',
		'{{{{',
	])('(%s) reaches MemberPass as the user wrote it', async (name) => {
		const written = `Plan ${name} "quoted" \\ back`;
		nock(origin)
			.patch('/v1/projects/prj_1', { name: written })
			.reply(200, { data: { id: 'prj_1', name: written } });
		await expect(
			run('creates', 'update_project', 'perform', {
				inputData: { project: 'prj_1', name: written },
			}),
		).resolves.toMatchObject({ name: written });
	});

	it.each(texts)('reaches %s as it was written', async (_, entry, name, field) => {
		const sent = await sentBy(entry, { ...least(entry), [name]: written });
		expect(place(field, name, sent)).toBe(written);
	});

	const paths = inputsThat((field) => field['x-in'] === 'path');
	it.each(paths)('stays one part of the path as %s', async (_, entry, name) => {
		const usual = await sentBy(entry, least(entry));
		const sent = await sentBy(entry, { ...least(entry), [name]: '{{bundle.x}}/..' });
		expect(sent.path.split('/').length).toBe(usual.path.split('/').length);
		expect(decodeURIComponent(sent.path)).toContain('{{bundle.x}}/..');
	});
});

/** Switches the trigger of an event on; gives the body that MemberPass gets. */
async function subscriptionTo(key: string, project_id: unknown): Promise<unknown> {
	const bodies: unknown[] = [];
	nock(origin)
		.post('/v1/webhook-subscriptions')
		.reply(async (request: Request) => {
			bodies.push(await request.json());
			return [201, { data: { id: 'whe_1' }, secret: 's' }];
		});
	await run('triggers', key, 'performSubscribe', {
		targetUrl: 'https://hooks.zapier.com/hooks/standard/1/a/',
		inputData: { project_id },
	});
	const [body, ...more] = bodies;
	expect(more).toEqual([]);
	return body;
}

/** All triggers are made by the same function: each meets one way of leaving a field empty, and each way many triggers. */
describe.each(
	events.map(({ type }, index) => [type, blanks[index % blanks.length], zapierTriggerKey(type)]),
)('%s', (type, blank, key) => {
	it(`takes a project that is left empty (${JSON.stringify(blank)}) for all projects`, async () => {
		expect(await subscriptionTo(key, blank)).toEqual({
			name: expect.any(String),
			url: expect.any(String),
			events: [type],
		});
		nock(origin).get('/v1/webhook-events').query({ type, limit: '20' }).reply(200, { data: [] });
		await run('triggers', key, 'performList', { inputData: { project_id: blank } });
	});
});

describe.each(
	events
		.filter(({ type }) => !/^(billing|team|role|group)\./.test(type))
		.map(({ type }) => [type, zapierTriggerKey(type)] as const),
)('%s', (type, key) => {
	const project_id = 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA';

	it('takes its project to the subscription and to the recent events', async () => {
		expect(await subscriptionTo(key, project_id)).toEqual({
			name: expect.any(String),
			url: expect.any(String),
			events: [type],
			project_id,
		});
		nock(origin)
			.get('/v1/webhook-events')
			.query({ type, limit: '20', project_id })
			.reply(200, { data: [] });
		await expect(
			run('triggers', key, 'performList', { inputData: { project_id } }),
		).resolves.toEqual([]);
	});
});

describe('an input that only fills a list', () => {
	it.each([
		['list_subscriptions', 'project'],
		['list_activity', 'project'],
		['create_project', 'bot_project'],
		['update_project', 'bot_project'],
	])('is not sent (%s.%s)', async (key, helper) => {
		const entry = operation(key);
		const inputs = least(entry);
		// It would be the operation's own input, and be sent.
		expect(entry.input.properties).not.toHaveProperty(helper);
		await expect(sentBy(entry, { ...inputs, [helper]: 'prj_helper' })).resolves.toEqual(
			await sentBy(entry, inputs),
		);
	});
});
