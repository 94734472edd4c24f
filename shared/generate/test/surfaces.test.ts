import { actionNodeSource } from '../src/emitters/n8n/action-node.ts';
import { actionSchemas } from '../src/emitters/n8n/schemas.ts';
import { inputLines, n8nSurface, outputLines } from '../src/emitters/n8n/surface.ts';
import { surfaces } from '../src/emitters/surfaces.ts';
import { surfaceOf, zapierSurface } from '../src/emitters/zapier/surface.ts';

const root = `${__dirname}/../../..`;

async function reportOf(path: string): Promise<Readonly<Record<string, string>>> {
	const file = (await surfaces.emit(root)).find((one) => one.path === path);
	return JSON.parse(file?.content ?? '{}') as Record<string, string>;
}

it('the catalogue promises events with their data, and operations with what goes in and comes out', async () => {
	expect(await reportOf('shared/catalogue/surface.json')).toMatchObject({
		'event member.joined': 'thing Member Joined',
		'event access_code.generated > expires_at': 'output string null',
		'operation create_plan': 'thing Create Plan',
		'operation create_plan < billing_cycle':
			'input string required of:days|weeks|months|years|lifetime',
		'operation create_plan < trial_days': 'input integer',
		'operation create_plan > trial_days': 'output integer optional',
		'operation create_webhook_subscription < url': 'input string required',
	});
});

it.each(['shared/catalogue', 'packages/n8n-nodes-memberpass', 'packages/zapier'])(
	'%s promises where a saved connection sends its token, and what a saved trigger looks for',
	async (folder) => {
		expect(await reportOf(`${folder}/surface.json`)).toMatchObject({
			'platform > API address': 'fixed https://api.memberpass.net/v1',
			'platform > signature header': 'fixed MP-Signature',
		});
	},
);

it('the n8n package promises both versions of the node, as their forms differ', () => {
	const surface = n8nSurface();
	expect(surface).toMatchObject({
		memberPassApi: 'thing credential',
		'memberPassApi < apiToken': 'input string required',
		'memberPassTrigger@1 < events': 'input multiOptions required',
		'memberPassTrigger@1 event subscription.past_due': 'thing Subscription — Past Due',
		'memberPassTrigger@1 event all': 'thing [All Events]',
		'memberPass@2 plan.create < additionalFields.trialDays': 'input number',
		'memberPass@2 plan.create < currencyId': 'input string required',
		'memberPass@1 plan.create < currencyId': 'input string',
		'memberPass@2 plan.list < returnAll': 'input boolean',
	});
	expect(surface).not.toHaveProperty(['memberPass@1 plan.create < simplify']);
});

it('every version of the n8n node is promised, and has schemas', () => {
	const versionsIn = (texts: readonly string[], pattern: RegExp): readonly string[] =>
		[...new Set(texts.map((text) => pattern.exec(text)?.[1] ?? ''))].filter(Boolean).sort();
	const ofNode = /\bversion"?: ?\[([\d, ]+)\]/.exec(actionNodeSource())?.[1]?.split(/, ?/);
	expect(ofNode).toEqual(['1', '2']);
	expect(versionsIn(Object.keys(n8nSurface()), /^memberPass@(\d+) /)).toEqual(ofNode);
	const schemas = actionSchemas().map(({ path }) => path);
	expect(versionsIn(schemas, /^v(\d+)\.0\.0\//)).toEqual(ofNode);
});

it('the Zapier app promises keys, inputs, sample keys and pairs; what cannot be chosen is hidden', () => {
	const surface = zapierSurface();
	expect(surface).toMatchObject({
		'authentication < api_token': 'input password required',
		'creates.delete_plan': 'thing Delete Plan (Plan)',
		'creates.delete_plan < project': 'input string required',
		'creates.delete_plan > deleted': 'output sample',
		'searchOrCreates.find_plan_by_name + create_plan': 'thing pair',
		'triggers.payment_refunded': 'hidden Payment Refunded (Payment)',
	});
	expect(Object.keys(surface)).toEqual(Object.keys(surface).sort());
});

it('a field that only says something, and the rows of a sample, are read as what they are', () => {
	expect(
		surfaceOf({
			creates: {
				a: {
					key: 'a',
					noun: 'Thing',
					display: { label: 'Create Thing' },
					operation: {
						inputFields: [
							{ key: 'note', type: 'copy' },
							{ key: 'tags', list: true, choices: ['x', { value: 'y' }] },
							{ label: 'A field that has no key' },
							'a text',
							null,
							() => [],
						],
						sample: { id: 'a', rows: [{ id: 1 }, { name: 'b' }], none: [], empty: {} },
					},
				},
			},
		}),
	).toEqual({
		authentication: 'thing connection',
		'creates.a': 'thing Create Thing (Thing)',
		'creates.a < tags': 'input string list of:x|y',
		'creates.a > empty': 'output sample',
		'creates.a > id': 'output sample',
		'creates.a > rows[].id': 'output sample',
		'creates.a > rows[].name': 'output sample',
	});
});

it('a long list of choices is no promise of each of them', () => {
	const choices = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
	const promised = (count: number) =>
		surfaceOf({ authentication: { fields: [{ key: 'a', choices: choices(count) }] } })[
			'authentication < a'
		];
	expect(promised(39)).toMatch(/^input string of:c0\|c1\|.*\|c38$/);
	expect(promised(39)?.match(/c\d+/g)).toHaveLength(39);
	expect(promised(40)).toBe('input string');
});

it('what says nothing of itself promises its bare existence', () => {
	const bare = { key: 'a', noun: 'Thing', display: {}, operation: {} };
	expect(surfaceOf({ searches: { a: bare } })).toEqual({
		authentication: 'thing connection',
		'searches.a': 'thing  (Thing)',
	});
	expect(outputLines('a', { properties: { b: {} } })).toEqual([['a > b', 'output any']]);
	expect(outputLines('a', {})).toEqual([]);
});

it('an output of n8n is told with its types and where it lies, in whatever it lies', () => {
	const rows = { type: 'array', items: { properties: { c: { type: 'string' } } } };
	expect(
		outputLines('a', {
			properties: {
				b: { type: ['string', 'integer', 'null'] },
				in: { type: 'object', properties: { rows } },
			},
		}),
	).toEqual([
		['a > b', 'output string|integer null'],
		['a > in', 'output object'],
		['a > in.rows', 'output array'],
		['a > in.rows[].c', 'output string'],
	]);
});

it('a choice that can be left alone promises its words and not the empty one', () => {
	const options = ['', 'weeks', 'days'].map((value) => ({
		displayName: value,
		name: value,
		type: 'option',
		value,
	}));
	const field = { displayName: 'Cycle', name: 'cycle', type: 'options', options };
	const filters = {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		options: [{ ...field, required: true }],
	};
	expect(inputLines('a', [field, filters])).toEqual([
		['a < cycle', 'input options of:weeks|days'],
		['a < filters.cycle', 'input options required of:weeks|days'],
	]);
});
