import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runNode } from '../../../shared/testing/src/in-tests.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../shared/testing/src/temporary.ts';
import { moduleVersions } from '../src/blueprint.ts';
import { validateCommand } from '../src/command.ts';
import { rules, validateBlueprint, validateClipboard, validateFile } from '../src/validate.ts';
import { packageRoot } from './support.ts';

type Json = Record<string, unknown>;

/** A file that keeps every rule: a webhook, a write and a router. Written by hand. */
const good = (): Json => ({
	name: 'Example',
	description: 'Tells nothing.',
	flow: [
		step(1, 'gateway:CustomWebHook', {}),
		{
			...step(2, 'util:SetVariables', {
				scope: 'roundtrip',
				variables: [
					{ name: 'plan', value: '{{1.value}}' },
					{ name: 'key', value: '{{uuid}}' },
				],
			}),
			onerror: [step(3, 'builtin:Ignore', {})],
		},
		{
			...step(4, 'json:TransformToJSON', { object: '{{`2`}}' }),
			onerror: [step(5, 'builtin:Ignore', {})],
		},
		{
			...step(6, 'http:MakeRequest', {
				url: 'https://api.memberpass.net/v1/plans/{{encodeURL(2.plan)}}',
				method: 'post',
				headers: [{ name: 'Idempotency-Key', value: '{{2.key}}' }],
				queryParameters: [],
				contentType: 'json',
				inputMethod: 'jsonString',
				jsonStringBodyContent: '{{4.json}}',
				parseResponse: true,
				stopOnHttpError: true,
				timeout: 40,
				allowRedirects: false,
			}),
			parameters: { authenticationType: 'apiKey' },
			filter: {
				name: 'With a plan',
				conditions: [[{ a: '{{2.plan}}', o: 'text:notequal', b: 'x' }]],
			},
			onerror: [step(7, 'builtin:Break', { retry: true, count: '3', interval: '15' })],
		},
		{
			...step(8, 'builtin:BasicRouter', {}),
			mapper: null,
			routes: [
				{
					flow: [
						{
							...step(9, 'util:SetVariables', {
								variables: [{ name: 'status', value: '{{6.statusCode}}' }],
							}),
							onerror: [step(10, 'builtin:Ignore', {})],
						},
					],
				},
				{
					flow: [
						{
							...step(11, 'util:SetVariables', { variables: [{ name: 'one', value: '1' }] }),
							onerror: [step(12, 'builtin:Ignore', {})],
						},
					],
				},
			],
		},
	],
	// Not in the order of our files: the order of keys is nobody's rule.
	metadata: {
		scenario: {
			roundtrips: 1,
			maxErrors: 3,
			autoCommit: true,
			autoCommitTriggerLast: true,
			freshVariables: false,
		},
		designer: { orphans: [] },
		version: 1,
	},
});

function step(id: number, module: keyof typeof moduleVersions, mapper: Json): Json {
	return {
		id,
		module,
		version: moduleVersions[module],
		parameters: {},
		mapper,
		metadata: { designer: { x: 0, y: 0 } },
	};
}

/** Sets what a dotted path points to; undefined removes it. */
function change(file: Json, path: string, value: unknown): Json {
	const keys = path.split('.');
	const last = keys.pop() ?? '';
	const target = keys.reduce<Json>((at, key) => at[key] as Json, file);
	if (value === undefined) Reflect.deleteProperty(target, last);
	else target[last] = value;
	return file;
}

/** A dotted path as problems name it: `flow[3].mapper`. */
const written = (path: string): string => path.replaceAll(/\.(\d+)/g, '[$1]');

const email = 'owner@club.net';
const http = 'flow.3.mapper';

/** From `scripts/validate.mjs` of github.com/integromat/make-blueprints. */
const accountBound = [
	'__IMTCONN__',
	'__IMTKEY__',
	'hook',
	'datastore',
	'agent',
	'apiKeyKeychain',
	'basicAuthKeychain',
	'oAuthAccount',
	'proxyKeychain',
	'bodyDataStructure',
];

/**
 * One broken file for each way a rule can be broken: the rule, where the file is changed and to what, and where the rule
 * says that it is broken, if that is neither inside of it nor around it.
 */
const broken: readonly (readonly [rule: string, path: string, value: unknown, at?: string])[] = [
	['keys', 'scheduling', { type: 'immediately' }],
	['keys', 'flow.0.listener', true],
	['keys', 'flow.0.metadata.restore', {}],
	['keys', 'flow.0.metadata.expect', []],
	['keys', 'flow.0.metadata.interface', []],
	['keys', 'flow.0.metadata.designer.messages', []],
	['keys', 'flow.3.filter.label', ''],
	['keys', 'flow.3.filter.conditions.0.0.c', ''],
	['keys', 'flow.4.routes.0.filter', {}],
	['name', 'name', ''],
	['name', 'name', 'x'.repeat(121)],
	['name', 'name', undefined],
	['description', 'description', 7],
	['metadata', 'metadata', undefined],
	['metadata', 'metadata.scenario.maxErrors', 4],
	['flow', 'flow', []],
	['flow', 'flow', undefined],
	['flow', 'flow.1.onerror', []],
	['flow', 'flow.4.routes.0.flow', []],
	['module', 'flow.0', null],
	['module', 'flow.0.id', 0],
	['module', 'flow.0.id', '1'],
	['module', 'flow.0.parameters', undefined],
	['module', 'flow.0.mapper', null],
	['module', 'flow.4.mapper', undefined],
	['module', 'flow.4.mapper', 'x'],
	['known-module', 'flow.0.module', 'http:Request'],
	['known-module', 'flow.0.module', 'constructor'],
	['known-module', 'flow.3.module', ['http:MakeRequest']],
	[
		'known-module',
		'flow.0',
		{ ...step(1, 'gateway:CustomWebHook', {}), module: 'x', version: undefined },
	],
	['known-module', 'flow.3.version', 3],
	['router', 'flow.4.routes', undefined],
	['router', 'flow.4.routes', []],
	['router', 'flow.4.routes.0', null],
	['router', 'flow.3.routes', [{ flow: [step(20, 'util:SetVariables', {})] }]],
	['designer', 'flow.0.metadata', {}],
	['designer', 'flow.0.metadata.designer.x', 1.5],
	['designer', 'flow.0.metadata.designer.name', ''],
	['designer', 'flow.0.metadata.designer.name', 7],
	['filter', 'flow.3.filter', null],
	['filter', 'flow.3.filter.name', undefined],
	['filter', 'flow.3.filter.name', ''],
	['filter', 'flow.3.filter.conditions', []],
	['filter', 'flow.3.filter.conditions.0', []],
	['filter', 'flow.3.filter.conditions.0.0', null],
	['filter', 'flow.3.filter.conditions.0.0.o', 'text:equals'],
	['filter', 'flow.3.filter.conditions.0.0.a', 7],
	['filter', 'flow.3.filter.conditions.0.0.b', undefined],
	['filter', 'flow.3.filter.conditions.0.0.o', 'exist'],
	['unique-id', 'flow.3.id', 1],
	['unique-id', 'flow.4.routes.0.flow.0.id', 2],
	['unique-id', 'flow.3.onerror.0.id', 2],
	...accountBound.map((key) => ['account-bound', `flow.0.parameters.${key}`, 12] as const),
	['account-bound', `${http}.bodyDataStructure`, 12],
	['account-bound', `${http}.queryParameters`, [{ name: 'a', __IMTCONN__: 1 }]],
	['account-bound', 'flow.2', { ...step(4, 'json:ParseJSON', {}), parameters: { type: 51112 } }],
	['account-bound', 'flow.2', step(4, 'json:ParseJSON', {})],
	['first-filter', 'flow.0.filter', { name: 'x', conditions: [[{ a: 'x', o: 'exist' }]] }],
	['router-place', 'flow.4.filter', { name: 'x', conditions: [[{ a: 'x', o: 'exist' }]] }],
	[
		'router-place',
		'flow.4.routes.0.flow',
		[
			{
				...step(20, 'builtin:BasicRouter', {}),
				mapper: null,
				routes: [{ flow: [step(21, 'util:SetVariables', {})] }],
			},
			step(22, 'util:SetVariables', {}),
		],
	],
	[
		'router-place',
		'flow.5',
		{ ...step(20, 'util:SetVariables', {}), onerror: [step(21, 'builtin:Ignore', {})] },
		'flow[4]',
	],
	[
		'router-place',
		'flow.1.onerror',
		[
			{
				...step(20, 'builtin:BasicRouter', {}),
				mapper: null,
				routes: [{ flow: [step(21, 'util:SetVariables', {})] }],
			},
		],
	],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{2.plan'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{crypto.createHmac("x")}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{endOfDay(2.plan)}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{toString(2.plan; 1)}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{toString()}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{toString(2.plan, 1)}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{plan}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{endOfDay(now) + 1}}'],
	['expressions', `${http}.url`, 'https://api.memberpass.net/v1/{{1 + endOfDay(now)}}'],
	['expressions', 'flow.3.filter.conditions.0.0.a', '{{“smart”}}'],
	['references', `${http}.url`, 'https://api.memberpass.net/v1/{{99.plan}}'],
	[
		'references',
		`${http}.url`,
		'https://api.memberpass.net/v1/{{sha256(lower(99.signed); "hex")}}',
	],
	['references', 'flow.2.mapper.object', '{{`99`}}'],
	['references', 'flow.3.filter.conditions.0.0.a', '{{6.statusCode}}'],
	['references', 'flow.3.filter.conditions.0.0.b', '{{if(true; 99.a; 1)}}'],
	['references', 'flow.3.onerror.0.mapper.count', '{{6.statusCode}}'],
	['references', 'flow.4.routes.1.flow.0.mapper.variables.0.value', '{{9.x}}'],
	['variables', 'flow.2.mapper.object', '{{2.price}}'],
	['leak', 'description', `Ask ${email}.`],
	['leak', 'name', 'Scenario 1234567'],
	['leak', 'flow.1.mapper.variables.0.value', 'https://hook.eu2.make.com/abc'],
	['leak', 'flow.1.mapper.variables.0.value', 'https://club.net/x'],
	['leak', 'flow.1.mapper.variables.0.value', 'HTTPS://club.net/x'],
	['leak', 'flow.1.mapper.variables.0.value', 'https://example.com.club.net/x'],
	['leak', 'flow.1.mapper.variables.0.value', 'https://notexample.com/x'],
	['leak', 'flow.1.mapper.variables.0.value', 'https://api.memberpass.net.club.net/x'],
	['leak', 'flow.1.mapper.variables.0.value', 'http://api.memberpass.net/x'],
	['leak', 'flow.1.mapper.variables.0.value', ['mpt', 'live', 'x'].join('_')],
	['leak', 'flow.1.mapper.variables.0.value', ['sbt', 'x'].join('_')],
	['leak', 'flow.1.mapper.variables.0.value', `Bearer ${'a'.repeat(24)}`],
	['leak', 'flow.1.mapper.variables.0.value', `apikey: ${'a'.repeat(24)}`],
	['leak', 'flow.1.mapper.variables.0.value', `API-Key=${'a'.repeat(24)}`],
	['leak', 'flow.1.mapper.variables.0.value', ['whsec', 'abc'].join('_')],
	['leak', 'flow.1.metadata.designer.name', 'we.make.com'],
	['leak', 'flow.0.parameters.team', 4711471],
	['leak', `${http}.queryParameters`, [{ name: 'team', value: 4711471 }]],
	['leak', 'flow.3.filter.name', email],
	['expressions', 'flow.3.parameters.authenticationType', '{{1.value'],
	['http-address', `${http}.url`, 'http://example.com/x'],
	['http-address', `${http}.url`, '{{2.plan}}'],
	['http-address', `${http}.url`, 'https://example.com.club/x'],
	['http-address', `${http}.url`, 'see https://example.com/x'],
	['http-address', `${http}.url`, 'https://notexample.com/x'],
	['credentials', 'flow.3.parameters', {}],
	['credentials', 'flow.3.parameters.authenticationType', 'noAuth'],
	['credentials', `${http}.allowRedirects`, true],
	['credentials', `${http}.headers.1`, { name: 'authorization', value: '{{2.plan}}' }],
	['credentials', `${http}.headers.1`, { name: ' Authorization', value: '{{2.plan}}' }],
	['credentials', 'flow.3.parameters.authenticationType', 'oAuth'],
	['http-body', `${http}.contentType`, undefined],
	['http-body', `${http}.inputMethod`, 'dataStructure'],
	['http-body', `${http}.jsonStringBodyContent`, ''],
	...['contentType', 'inputMethod', 'jsonStringBodyContent'].flatMap((key) =>
		['delete', 'get'].map(
			(method) => ['http-body', `${http}.method`, method, `flow[3].mapper.${key}`] as const,
		),
	),
	['http-fields', `${http}.method`, 'POST'],
	['http-fields', `${http}.headers.1`, { name: 'X Header', value: '' }],
	['http-fields', `${http}.timeout`, 0],
	['http-fields', `${http}.timeout`, 301],
	['http-fields', `${http}.parseResponse`, undefined],
	['http-fields', `${http}.stopOnHttpError`, false],
	['body-escaping', `${http}.jsonStringBodyContent`, '{"name": "{{2.plan}}"}'],
	['body-escaping', `${http}.jsonStringBodyContent`, '{{2.plan}}'],
	['body-escaping', `${http}.jsonStringBodyContent`, '{{4.object}}'],
	['body-escaping', `${http}.jsonStringBodyContent`, '{{2.json}}'],
	['body-escaping', `${http}.jsonStringBodyContent`, '{{4.json'],
	['body-escaping', `${http}.jsonStringBodyContent`, '{"name": }'],
	['idempotency', `${http}.headers`, []],
	['idempotency', `${http}.headers.0.value`, '{{uuid}}'],
	['idempotency', `${http}.headers.0.value`, 'fixed'],
	['idempotency', `${http}.headers.0.value`, '{{2.key}}{{uuid}}'],
	['idempotency', `${http}.headers.0.value`, '{{`2`}}'],
	['idempotency', `${http}.headers.0.value`, '{{2.key'],
	['idempotency', `${http}.headers.0.value`, '{{1.value}}'],
	['idempotency', `${http}.headers.1`, { name: 'idempotency-key', value: '{{2.key}}' }],
	['error-handler', 'flow.3.onerror', undefined],
	['error-handler', 'flow.3.onerror', [step(7, 'builtin:Ignore', {})]],
	['error-handler', 'flow.3.onerror.0.mapper.retry', false],
	['error-handler', 'flow.1.onerror', undefined],
	['error-handler', 'flow.4.routes.0.flow.0.onerror', undefined],
	['error-handler', 'flow.2', step(4, 'builtin:BasicFeeder', { array: '{{1.value}}' })],
];

const withoutBody: Json = Object.fromEntries(
	['contentType', 'inputMethod', 'jsonStringBodyContent'].map((key) => [
		`${http}.${key}`,
		undefined,
	]),
);

const rulesOfShape = [
	'keys',
	'name',
	'description',
	'metadata',
	'flow',
	'module',
	'known-module',
	'router',
	'designer',
	'filter',
];

const aSentence: unknown = expect.stringMatching(/^[A-Z"].*\.$/);

describe('the validator', () => {
	it('finds nothing wrong with a file that keeps every rule', () => {
		expect(validateBlueprint(good())).toEqual([]);
	});

	it.each(
		broken.map(
			([rule, path, value, at = written(path)], index) => [index, rule, path, value, at] as const,
		),
	)('%i: refuses by the rule "%s": %s', (_, rule, path, value, place) => {
		const problems = validateBlueprint(change(good(), path, value));
		const found = problems.filter(
			(one) =>
				one.rule === rule &&
				one.path !== '' &&
				(place.startsWith(one.path) || one.path.startsWith(place)),
		);
		expect(found).not.toEqual([]);
		for (const problem of problems) {
			expect(problem).toEqual({
				rule: expect.any(String),
				path: expect.any(String),
				// A sentence, or a part of an expression as it stands there.
				problem: expect.stringMatching(/\.$|^Not understood: |^"\{\{" is never closed: /),
				fix: expect.stringMatching(/^[A-Z].*\.$/),
			});
		}
	});

	it.each<[string, Json]>([
		[
			'a name of 120 characters, and no description',
			{ name: 'x'.repeat(120), description: undefined },
		],
		['a module with a caption', { 'flow.0.metadata.designer.name': 'Start' }],
		['the shortest time limit', { [`${http}.timeout`]: 1 }],
		['the longest time limit', { [`${http}.timeout`]: 300 }],
		['a write with PUT', { [`${http}.method`]: 'put' }],
		...['head', 'options'].map((method): [string, Json] => [
			`a request with ${method.toUpperCase()}`,
			{
				[`${http}.method`]: method,
				[`${http}.headers`]: [],
				...withoutBody,
			},
		]),
		['a body that is fixed', { [`${http}.jsonStringBodyContent`]: '{"name": "Club"}' }],
		...['https://example.com', 'https://example.com/x', 'https://a-1.b.example.com/x'].map(
			(url): [string, Json] => [
				`a request to ${url}, without a key, a keychain or another try`,
				{
					[`${http}.url`]: url,
					'flow.3.parameters.authenticationType': 'noAuth',
					[`${http}.headers`]: [],
					'flow.3.onerror.0': step(7, 'builtin:Ignore', {}),
				},
			],
		),
		[
			'a read of the API that is not tried again',
			{
				[`${http}.method`]: 'get',
				[`${http}.headers`]: [],
				...withoutBody,
				'flow.3.onerror.0': step(7, 'builtin:Ignore', {}),
			},
		],
		[
			'a step of an error handler that has no handler itself',
			{
				'flow.1.onerror': [
					step(20, 'datastore:AddRecord', { key: 'a' }),
					step(21, 'builtin:Ignore', {}),
				],
			},
		],
	])('accepts %s', (_, changes) => {
		const file = good();
		for (const [path, value] of Object.entries(changes)) change(file, path, value);
		expect(validateBlueprint(file)).toEqual([]);
	});

	it('names each part of a body that a request without one has', () => {
		const file = change(good(), `${http}.method`, 'delete');
		for (const key of ['contentTypeValue', 'rawBodyContent', 'multipartBodyContent']) {
			change(file, `${http}.${key}`, 'x');
		}
		expect(
			validateBlueprint(file)
				.filter(({ rule }) => rule === 'http-body')
				.map(({ path }) => path.replace('flow[3].mapper.', '')),
		).toEqual([
			'contentType',
			'inputMethod',
			'jsonStringBodyContent',
			'contentTypeValue',
			'rawBodyContent',
			'multipartBodyContent',
		]);
	});

	it.each([
		['Ask owner@club.net.', 'It holds an email address.'],
		['See we.make.com.', 'It holds an internal host of Make.'],
		[`Bearer ${'a'.repeat(24)}`, 'It holds a token.'],
		['Scenario 1234567', 'It holds a number that looks like an ID.'],
		[['whsec', 'abc'].join('_'), 'It holds a signing secret.'],
		[['mpt', 'test', 'x'].join('_'), 'It holds a token.'],
		['https://club.net/x', 'It holds the host club.net.'],
	])('says what leaks: %s', (description, problem) => {
		expect(validateBlueprint({ ...good(), description }).map((one) => one.problem)).toEqual([
			problem,
		]);
	});

	it.each([
		['scheduling', {}, 'scheduling'],
		['flow.3.onerror.0.listener', true, 'flow[3].onerror[0].listener'],
		['flow.4.routes.1.flow.0.mapper.hook', 1, 'flow[4].routes[1].flow[0].mapper.hook'],
	])('says where %s stands', (path, value, place) => {
		expect(validateBlueprint(change(good(), path, value)).map((one) => one.path)).toEqual([place]);
	});

	it('has a broken file for each rule', () => {
		const covered = new Set(broken.map(([rule]) => rule));
		expect([...covered].sort()).toEqual([...rulesOfShape, ...rules.map(({ id }) => id)].sort());
	});

	it.each([
		['a text', 'x'],
		['nothing', null],
		['a list', []],
		['a number', 1],
		['an empty object', {}],
		['a flow that is text', { name: 'x', flow: 'x' }],
		['modules that are lists', { name: 'x', flow: [[[]]] }],
		[
			'filters that are lists',
			{ name: 'x', flow: [{ id: 1, filter: [], onerror: {}, routes: 3 }] },
		],
	])('never throws, and never accepts %s', (_, value) => {
		expect(validateFile(value)).not.toEqual([]);
		expect(validateClipboard(value)).not.toEqual([]);
	});

	it('says that a file is no object, whichever of the two it should have been', () => {
		for (const validate of [validateBlueprint, validateClipboard]) {
			expect(validate([])).toEqual([
				{ rule: 'file', path: '', problem: 'This is not a JSON object.', fix: 'Start again.' },
			]);
		}
	});

	it('takes a request to others without a keychain, and with no other credentials than one', () => {
		const file = change(good(), `${http}.url`, 'https://example.com/x');
		change(file, 'flow.3.parameters.authenticationType', 'basicAuth');
		expect(validateBlueprint(file)).toMatchObject([
			{ rule: 'credentials', path: 'flow[3].parameters.authenticationType' },
		]);
	});

	it('judges modules to paste by the same rules', () => {
		const flow = (good()['flow'] as Json[]).slice(0, 4);
		const clipboard = (): Json => ({ subflows: [{ flow }], metadata: { version: 1 } });
		expect(validateClipboard(clipboard())).toEqual([]);
		for (const [path, value, rule, place] of [
			['metadata', {}, 'metadata', 'metadata'],
			['subflows', [], 'subflows', 'subflows'],
			['subflows', [{ flow }, { flow }], 'subflows', 'subflows'],
			['name', 'x', 'keys', 'name'],
			['subflows.0.name', 'x', 'keys', 'subflows[0].name'],
			['subflows.0.flow', [], 'flow', 'subflows[0].flow'],
		] as const) {
			expect(validateClipboard(change(clipboard(), path, value))).toEqual([
				{ rule, path: place, problem: aSentence, fix: aSentence },
			]);
		}
		const leaking = {
			subflows: [
				{ flow: [step(1, 'util:SetVariables', { variables: [{ name: 'to', value: email }] })] },
			],
			metadata: { version: 1 },
		};
		expect(validateFile(leaking)).toMatchObject([
			{ rule: 'leak', path: 'subflows[0].flow[0].mapper.variables[0].value' },
		]);
	});

	it('allows no other modules than the contract', () => {
		// From Make's catalogue; anything else would be "module not found" on import.
		expect(Object.entries(moduleVersions).map(([id, version]) => `${id}@${version}`)).toEqual([
			'gateway:CustomWebHook@1',
			'http:MakeRequest@4',
			'json:ParseJSON@1',
			'json:TransformToJSON@1',
			'util:SetVariables@1',
			'builtin:BasicRouter@1',
			'builtin:BasicFeeder@1',
			'builtin:BasicRepeater@1',
			'builtin:Ignore@1',
			'builtin:Break@1',
			'datastore:ExistRecord@1',
			'datastore:AddRecord@1',
		]);
	});
});

describe('npm run validate', () => {
	let temporary: TemporaryFolder;
	let folder = '';
	beforeAll(() => {
		temporary = temporaryFolder('memberpass-make-');
		folder = temporary.path;
	});
	afterAll(() => temporary.remove());
	const program = join(packageRoot, 'src/bin/validate.ts');
	const file = (name: string, content: string): string => {
		const path = join(folder, name);
		writeFileSync(path, content);
		return path;
	};
	const run = (...args: readonly string[]) => {
		let [stdout, stderr] = ['', ''];
		const status = validateCommand(args, {
			say: (text) => void (stdout += text),
			complain: (text) => void (stderr += text),
		});
		return { status, stdout, stderr };
	};

	it('finds nothing wrong with the files of this package, in a process of its own', async () => {
		expect(await runNode([program])).toEqual({
			code: 0,
			stdout: '',
			stderr: expect.stringMatching(/^\d{3,} files, 0 with problems\n$/),
		});
	});

	it('takes a file by its name in the folder that npm was called from, whatever folder npm moves to', async () => {
		const path = file('my-export.json', JSON.stringify(good()));
		const validate = async (name: string) =>
			await runNode([program, name], { cwd: packageRoot, env: { INIT_CWD: dirname(path) } });
		expect(await validate('my-export.json')).toMatchObject({
			code: 0,
			stderr: '1 file, 0 with problems\n',
		});
		expect(await validate('nothing.json')).toMatchObject({
			code: 1,
			stderr: `There is no file or folder ${join(dirname(path), 'nothing.json')}.\n`,
		});
	});

	it('names file, place, problem and fix of what is wrong, and exits 1', () => {
		const path = file('broken.json', JSON.stringify(change(good(), `${http}.timeout`, 0)));
		const { status, stdout, stderr } = run(path);
		expect(stdout).toMatch(
			/broken\.json: flow\[3\]\.mapper\.timeout: It is out of range\. Write 1 to 300\. \(http-fields\)\n$/,
		);
		expect(stderr).toBe('1 file, 1 with problems\n');
		expect(status).toBe(1);
		expect(JSON.parse(run('--json', path).stdout)).toMatchObject({ rule: 'http-fields' });
	});

	it('checks the files of this package where none is named', () => {
		expect(run()).toMatchObject({ status: 0, stdout: '' });
	});

	it('looks into folders, for JSON only', () => {
		mkdirSync(join(folder, 'exports/of/mine'), { recursive: true });
		mkdirSync(join(folder, 'exports/scenario.json'));
		file('exports/of/mine/good.json', JSON.stringify(good()));
		file('exports/notes.txt', 'no JSON');
		expect(run(join(folder, 'exports'))).toEqual({
			status: 0,
			stdout: '',
			stderr: '1 file, 0 with problems\n',
		});
	});

	it.each([
		['text that is not JSON', () => file('text.json', '{'), /is not JSON\. Save/],
		[
			'text that is not JSON, with what is wrong',
			() => file('text.json', '{\n"name": ,\n}'),
			/Save it again after fixing this: Unexpected token ','/,
		],
		[
			'a byte order mark, which nobody sees',
			() => file('mark.json', '\uFEFF{}'),
			/Save it again as UTF-8 without a byte order mark\.$/m,
		],
		[
			'a path that does not exist',
			() => join(folder, 'no.json'),
			/^There is no file or folder .*no\.json\.\n$/,
		],
		[
			'a folder without a file to check',
			() => mkdtempSync(join(folder, 'empty-')),
			/^There is no JSON file to check\.\n$/,
		],
		['an option it does not know', () => '--fast', /^Unknown option '--fast'\nSee --help\.\n$/],
	])('exits 1 on %s', (_, argument, message) => {
		const { status, stderr } = run(argument());
		expect(stderr).toMatch(message);
		expect(status).toBe(1);
	});

	it('explains itself', () => {
		expect(run('--help')).toMatchObject({
			status: 0,
			stdout: expect.stringContaining('npm run validate -w memberpass-make'),
		});
	});
});
