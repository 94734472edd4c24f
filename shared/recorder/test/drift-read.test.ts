import {
	readAbilities,
	readDescription,
	readErrorCodes,
	readEvents,
	readOpenApi,
} from '../src/drift-read.ts';

describe('names are recognised whatever form the host gives its files', () => {
	it.each<[string, unknown]>([
		['texts', ['project:view', 'team:view-any']],
		['objects', { items: [{ name: 'project:view' }, { ability: 1, slug: 'team:view-any' }] }],
		['keys', { project: { 'project:view': 'Read', other: { 'team:view-any': {} } } }],
		['groups', { data: [{ entity: 'x', abilities: ['project:view', 'team:view-any'] }] }],
	])('abilities as %s', (_, file) => {
		expect([...(readAbilities(file) ?? [])].sort()).toEqual(['project:view', 'team:view-any']);
	});

	it.each<[string, unknown]>([
		[
			'objects',
			[
				{ code: 'RATE_LIMITED', http_status: 429 },
				{ code: 'TEAPOT', status: '418' },
			],
		],
		[
			'keys',
			{ errors: { RATE_LIMITED: { status: 429 } }, more: [{ code: 'TEAPOT', status_code: 418 }] },
		],
		['numbers', { RATE_LIMITED: 429, list: [{ code: 'TEAPOT', status: 418 }] }],
	])('error codes as %s', (_, file) => {
		expect(Object.fromEntries(readErrorCodes(file) ?? [])).toEqual({
			RATE_LIMITED: { status: 429 },
			TEAPOT: { status: 418 },
		});
	});

	it.each<[string, object, readonly (readonly [string, readonly string[]])[]]>([
		[
			'a list of keys',
			{ payload_keys: ['plan', 'kind'] },
			[
				['plan', []],
				['kind', []],
			],
		],
		[
			'a sample',
			{ sample: { plan: { id: 'x' } } },
			[
				['plan', ['object']],
				['plan.id', ['string']],
			],
		],
		[
			'a sample of the whole delivery',
			{ example: { id: 'e', type: 'plan.created', data: { n: 1 } } },
			[['n', ['integer']]],
		],
		[
			'a list of paths',
			{ fields: [{ name: 'plan' }, { name: 'plan.id' }, 7] },
			[
				['plan', []],
				['plan.id', []],
			],
		],
		[
			'a sample with rows and without a value',
			{ sample: { rows: [{ id: 1 }], none: [], gone: null } },
			[
				['rows', ['array']],
				['rows[].id', ['integer']],
				['none', ['array']],
				['gone', []],
			],
		],
		[
			'a sample that has data of its own',
			{ sample: { data: { n: 1 } } },
			[
				['data', ['object']],
				['data.n', ['integer']],
			],
		],
		[
			'a schema that has data of its own',
			{ schema: { properties: { data: { type: 'object', properties: { n: {} } } } } },
			[
				['data', ['object']],
				['data.n', []],
			],
		],
		[
			'a schema',
			{ data: { type: 'object', properties: { n: { type: ['integer', 'null'] } } } },
			[['n', ['integer', 'null']]],
		],
		[
			'a schema of the whole delivery',
			{ schema: { properties: { type: {}, data: { properties: { n: { type: 'integer' } } } } } },
			[['n', ['integer']]],
		],
	])('payloads as %s', (_, facts, expected) => {
		const found = readEvents({
			events: [{ type: 'plan.created', ability: 'project:view', ...facts }],
		});
		const event = found?.get('plan.created');
		expect(event?.abilities).toEqual(['project:view']);
		expect([...(event?.data?.keys ?? [])].map(([path, { types }]) => [path, types])).toEqual(
			expected,
		);
	});

	const schema = { properties: { n: { type: 'integer' } } };
	it.each<[string, object, boolean]>([
		...['data', 'data_schema', 'payload_schema', 'schema', 'payload'].map(
			(name): [string, object, boolean] => [`schema under "${name}"`, { [name]: schema }, true],
		),
		...['payload_keys', 'keys', 'fields', 'properties'].map((name): [string, object, boolean] => [
			`list under "${name}"`,
			{ [name]: ['n', { name: 7 }] },
			false,
		]),
		...['sample', 'example', 'payload', 'data'].map((name): [string, object, boolean] => [
			`sample under "${name}"`,
			{ [name]: { n: 1 } },
			false,
		]),
	])('a %s: its keys are told, and whether it says which are required', (_, facts, exact) => {
		const data = readEvents([{ type: 'plan.created', ...facts }])?.get('plan.created')?.data;
		expect([...(data?.keys.keys() ?? [])]).toEqual(['n']);
		expect(data?.exact).toBe(exact);
	});

	it('events as texts say nothing of their payload', () => {
		expect(readEvents(['plan.created'])?.get('plan.created')).toEqual({
			abilities: null,
			data: null,
		});
	});

	it('one word is an error code under its own key only', () => {
		const file = [
			{ name: 'POST', code: 'CONFLICT', status: 409 },
			{ method: 'POST', currency: 'EURO' },
		];
		expect(Object.fromEntries(readErrorCodes(file) ?? [])).toEqual({ CONFLICT: { status: 409 } });
	});

	it('what is no HTTP status is not taken for one', () => {
		const file = [
			{ code: 'TEAPOT', status: 'active', http_status: 418 },
			{ code: 'RATE_LIMITED', status: 42_900 },
			{ code: 'CODE_ONE', http_code: 100 },
			{ code: 'CODE_TWO', http_status: 599 },
			{ code: 'CODE_THREE', status: 99 },
			{ code: 'CODE_FOUR', status: 600 },
			{ code: 'CODE_FIVE', status: 404.5 },
		];
		expect(Object.fromEntries(readErrorCodes(file) ?? [])).toEqual({
			TEAPOT: { status: 418 },
			RATE_LIMITED: { status: null },
			CODE_ONE: { status: 100 },
			CODE_TWO: { status: 599 },
			CODE_THREE: { status: null },
			CODE_FOUR: { status: null },
			CODE_FIVE: { status: null },
		});
	});

	it('names inside the description of another are samples, no declarations', () => {
		const file = [{ type: 'plan.created', sample: { type: 'plan.renamed' } }];
		expect([...(readEvents(file)?.keys() ?? [])]).toEqual(['plan.created']);
	});

	it('a bare name does not wipe out what was said of it before', () => {
		const file = {
			events: [{ type: 'plan.created', ability: 'plan:view' }],
			groups: { plan: ['plan.created'] },
		};
		expect(readEvents(file)?.get('plan.created')?.abilities).toEqual(['plan:view']);
	});

	it.each<[string, object, readonly string[] | null]>([
		['one of them is no ability', { scopes: ['plan:view', 'Read plans'] }, ['plan:view']],
		['one', { permission: 'plan:view' }, ['plan:view']],
		['none is said to be needed', { required_ability: null, scopes: ['plan:view'] }, []],
		['nothing is said', {}, null],
	])('abilities of an event, where %s', (_, facts, expected) => {
		expect(
			readEvents([{ type: 'plan.created', ...facts }])?.get('plan.created')?.abilities,
		).toEqual(expected);
	});

	it.each<[string, object, 'deep' | 'top']>([
		['names', { payload_keys: ['plan', 'kind'] }, 'top'],
		['paths', { payload_keys: ['plan', 'plan.id'] }, 'deep'],
	])('a list of %s says how deep it goes', (_, facts, expected) => {
		expect(readEvents([{ type: 'plan.created', ...facts }])?.get('plan.created')?.data?.depth).toBe(
			expected,
		);
	});

	it('a file in which nothing can be recognised is told', () => {
		expect(
			readDescription(
				{ 'abilities.json': { hello: 'world' }, 'openapi.json': { paths: {} } },
				'/v1',
			).unreadable,
		).toEqual(['openapi.json', 'abilities.json']);
	});
});

/** The one route of a document whose only operation is GET /plans. */
function planRoute(operation: object, rest: object = {}) {
	return readOpenApi({ paths: { '/plans': { get: operation } }, ...rest }, '/v1')?.get(
		'GET /plans',
	);
}

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const object = (...names: readonly string[]) => ({
	properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});

describe('an OpenAPI document', () => {
	it('is read through references, allOf and the flag of 3.0', () => {
		const routes = readOpenApi(
			{
				paths: {
					'/v1/plans/{plan}': {
						parameters: [{ $ref: '#/components/parameters/With' }],
						patch: {
							'x-required-scopes': ['plan:update'],
							parameters: [{ name: 'ids[]', in: 'query', schema: { type: 'array' } }],
							requestBody: {
								content: { 'application/json': { schema: { $ref: '#/components/schemas/Body' } } },
							},
							responses: {
								200: {
									content: {
										'application/json': {
											schema: {
												properties: {
													data: { type: 'array', items: { $ref: '#/components/schemas/Plan' } },
													meta: {},
												},
											},
										},
									},
								},
							},
						},
					},
				},
				components: {
					parameters: {
						With: { name: 'with', in: 'query', required: true, schema: { type: 'string' } },
					},
					schemas: {
						Body: {
							allOf: [
								{ required: ['name'], properties: { name: { type: 'string', nullable: true } } },
								{ properties: { days: { type: 'integer' } } },
							],
						},
						Plan: {
							required: ['id'],
							properties: { id: { type: 'string' }, parent: { $ref: '#/components/schemas/Plan' } },
						},
					},
				},
			},
			'/v1',
		);
		const route = routes?.get('PATCH /plans/{}');
		expect(route?.abilities).toEqual(['plan:update']);
		expect(Object.fromEntries(route?.inputs?.keys ?? [])).toEqual({
			with: { types: ['string'], required: true },
			ids: { types: ['array'], required: false },
			name: { types: ['string', 'null'], required: true },
			days: { types: ['integer'], required: false },
		});
		expect([...(route?.answer?.keys.keys() ?? [])].slice(0, 3)).toEqual([
			'id',
			'parent',
			'parent.id',
		]);
		expect(route?.answer?.keys.get('parent.id')?.types).toEqual(['string']);
	});

	it('has the operation say more than its path does', () => {
		const routes = readOpenApi(
			{
				paths: {
					'/plans': {
						parameters: [{ name: 'page', in: 'query', schema: { type: 'string' } }],
						get: {
							parameters: [
								{ name: 'page', in: 'query', schema: { type: 'integer' } },
								{ name: 'X-Team', in: 'header', schema: { type: 'string' } },
							],
						},
					},
				},
			},
			'/v1',
		);
		expect(Object.fromEntries(routes?.get('GET /plans')?.inputs?.keys ?? [])).toEqual({
			page: { types: ['integer'], required: false },
		});
	});

	it('has inputs of the first level only', () => {
		const schema = {
			properties: {
				plan: { type: 'object', ...object('id') },
				rows: { type: 'array', items: object('id') },
			},
		};
		expect([...(planRoute({ requestBody: json(schema) })?.inputs?.keys.keys() ?? [])]).toEqual([
			'plan',
			'rows',
		]);
	});

	it.each<[string, object, readonly string[] | null]>([
		['scopes', { security: [{ bearer: ['plan:view', 'offline'] }] }, ['plan:view']],
		['scopes, and its own key', { security: [{ bearer: ['plan:view'] }], scopes: [] }, []],
		['no scopes', { security: [{ bearer: [] }] }, null],
		['no security', {}, null],
	])('has the abilities of its %s', (_, operation, expected) => {
		expect(planRoute(operation)?.abilities).toEqual(expected);
	});

	it.each<[string, object, readonly string[] | null]>([
		[
			'JSON, whatever else there is',
			{
				200: { content: { 'text/csv': { schema: object('csv') }, ...json(object('id')).content } },
			},
			['id'],
		],
		[
			'another kind of JSON',
			{ 200: { content: { 'application/hal': { schema: object('id') } } } },
			['id'],
		],
		['the first success', { 202: json(object('later')), 200: json(object('id')) }, ['id']],
		['every success', { default: json(object('error')), '2XX': json(object('id')) }, ['id']],
		['a failure', { 404: json(object('error')) }, null],
		['a text', { 200: json({ type: 'string' }) }, null],
		['rows of text', { 200: json({ properties: { data: { items: { type: 'string' } } } }) }, null],
		['a row', { 200: json({ properties: { data: object('id'), meta: object('page') } }) }, ['id']],
		[
			'a row and what stands beside it',
			{ 200: json({ properties: { data: object('id'), links: {}, token: { type: 'string' } } }) },
			['id', 'token'],
		],
	])('has as its answer %s', (_, responses, expected) => {
		const answer = planRoute({ responses })?.answer;
		expect(answer === null ? null : [...(answer?.keys.keys() ?? [])]).toEqual(expected);
	});

	it.each<[string, readonly string[], string]>([
		['may be missing, is that of the row', [], 'string'],
		['is always there, is that one', ['kind'], 'integer'],
	])('a key of the row that is beside it too, where it %s', (_, required, expected) => {
		const schema = { required, properties: { data: object('kind'), kind: { type: 'integer' } } };
		const answer = planRoute({ responses: { 200: json(schema) } })?.answer;
		expect(answer?.keys.get('kind')?.types).toEqual([expected]);
	});

	it.each<[string, object, readonly string[]]>([
		['a choice of types', { anyOf: [{ type: 'string' }, { type: 'null' }] }, ['string', 'null']],
		[
			'one of two types',
			{ oneOf: [{ type: 'string' }, { type: 'integer' }] },
			['string', 'integer'],
		],
		['the type of a part', { allOf: [{ type: 'string' }], nullable: true }, ['null', 'string']],
		['what a reference to a reference says', { $ref: '#/components/schemas/A' }, ['boolean']],
		['what a name with signs in it says', { $ref: '#/components/schemas/x~1y~0z' }, ['number']],
		['nothing, where a reference leads nowhere', { $ref: '#/components/schemas/None' }, []],
		['nothing, where it leads out of the document', { $ref: 'https://example.com/a.json' }, []],
		['nothing, where it leads to itself', { $ref: '#/components/schemas/Self' }, []],
	])('has as a type %s', (_, schema, expected) => {
		const route = planRoute(
			{ parameters: [{ name: 'one', in: 'query', schema }] },
			{
				components: {
					schemas: {
						A: { $ref: '#/components/schemas/B' },
						B: { $ref: '#/components/schemas/C' },
						C: { $ref: '#/components/schemas/D' },
						D: { type: 'boolean' },
						'x/y~z': { type: 'number' },
						Self: { $ref: '#/components/schemas/Self' },
					},
				},
			},
		);
		expect(route?.inputs?.keys.get('one')?.types).toEqual(expected);
	});

	it('has closed sets of values', () => {
		const schema = { type: 'string', enum: ['weekly', 'monthly', null, 3] };
		const route = planRoute({ parameters: [{ name: 'period', in: 'query', schema }] });
		expect(route?.inputs?.keys.get('period')?.values).toEqual(['weekly', 'monthly', '3']);
	});
});
