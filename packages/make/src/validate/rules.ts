import { type BlueprintModule, canFail, type MapperValue } from '../blueprint.ts';
import { functions, words } from '../iml/functions.ts';
import { ImlSyntaxError, type Node, nodesIn, parseTemplate } from '../iml/parse.ts';
import { isRecord, leavesIn, type Placed, type Problem, textsIn } from './problem.ts';

/** A rule about a file whose shape is right. */
export interface Rule {
	readonly id: string;
	/** The rule as a sentence. */
	readonly says: string;
	/** Where it comes from. */
	readonly source: string;
	check(modules: readonly Placed[], settings: Settings): readonly Omit<Problem, 'rule'>[];
}

export interface Settings {
	/** Scheme and host of the API: the only host a template may name, besides example.com. */
	readonly apiOrigin: string;
	readonly idempotencyHeader: string;
	/** Prefixes of API tokens. */
	readonly tokenPrefixes: readonly string[];
	/** Other texts of the file: name and description. */
	readonly texts: readonly (readonly [path: string, text: string])[];
}

type Finding = Omit<Problem, 'rule'>;

const finding = (path: string, problem: string, fix: string): Finding => ({ path, problem, fix });

const makeBlueprints = 'github.com/integromat/make-blueprints, scripts/validate.mjs';
const house = 'this package: what a user of Make must be able to rely on';

/** Applies a check to each module. */
const each =
	(check: (one: Placed, settings: Settings) => readonly Finding[]): Rule['check'] =>
	(modules, settings) =>
		modules.flatMap((one) => check(one, settings));

const isHttp = ({ module }: Placed): boolean => module.module === 'http:MakeRequest';

const mapperText = (module: BlueprintModule, key: string): string => {
	const value = module.mapper?.[key];
	return typeof value === 'string' ? value : '';
};

/** A text field of a module that may hold expressions. */
interface Field {
	readonly path: string;
	/** Of all its expressions; empty where it cannot be read, which one rule says and the others ignore. */
	readonly nodes: readonly Node[];
	/** Why it cannot be read, or null. */
	readonly fault: string | null;
}

/** Several rules read the same fields, and reading them is most of the work. */
const readFields = new WeakMap<Placed, readonly Field[]>();

function fieldsOf(one: Placed): readonly Field[] {
	const known = readFields.get(one);
	if (known !== undefined) return known;
	const { module, path } = one;
	const fields = [
		...textsIn(module.parameters, `${path}.parameters`),
		...textsIn(module.mapper, `${path}.mapper`),
		...textsIn(module.filter?.conditions, `${path}.filter.conditions`),
	]
		.filter(([, text]) => text.includes('{{'))
		.map(([at, text]) => readField(at, text));
	readFields.set(one, fields);
	return fields;
}

function readField(path: string, text: string): Field {
	try {
		return { path, nodes: [...nodesIn(text)], fault: null };
	} catch (error) {
		if (error instanceof ImlSyntaxError) return { path, nodes: [], fault: error.message };
		throw error;
	}
}

const accountBound = new Set([
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
]);

function* keysIn(value: MapperValue | null | undefined, path: string): Generator<[string, string]> {
	if (Array.isArray(value)) {
		for (const [index, one] of (value as readonly MapperValue[]).entries()) {
			yield* keysIn(one, `${path}[${index}]`);
		}
	} else if (isRecord(value)) {
		for (const [key, one] of Object.entries(value)) {
			yield [key, `${path}.${key}`];
			yield* keysIn(one, `${path}.${key}`);
		}
	}
}

interface Header {
	readonly name: string;
	readonly value: string;
	readonly path: string;
}

function headersOf({ module, path }: Placed): readonly Header[] {
	const headers = module.mapper?.['headers'];
	return (Array.isArray(headers) ? (headers as readonly MapperValue[]) : []).map((row, index) => {
		const { name = '', value = '' } = (isRecord(row) ? row : {}) as Record<string, string>;
		return { name, value, path: `${path}.mapper.headers[${index}]` };
	});
}

const leaks: readonly (readonly [RegExp, string])[] = [
	[/\w@(?!example\.com\b)[\w-]+\.\w/, 'an email address'],
	[/we\.make\.com|make\.atlassian\.net/, 'an internal host of Make'],
	[/(api[_-]?key|bearer|token)["\s:=]+[A-Za-z0-9_-]{20,}/i, 'a token'],
	[/\b\d{6,}\b/, 'a number that looks like an ID'],
	[/\bwhsec_\w+/, 'a signing secret'],
];

function* leaksIn(text: string, settings: Settings): Generator<string> {
	for (const [pattern, what] of leaks) if (pattern.test(text)) yield what;
	if (settings.tokenPrefixes.some((prefix) => text.includes(prefix))) yield 'a token';
	for (const [address, host = ''] of text.matchAll(/https?:\/\/([^/\s"'?#)]*)/gi)) {
		const isExample = host === 'example.com' || host.endsWith('.example.com');
		if (!isExample && address !== settings.apiOrigin) yield `the host ${host}`;
	}
}

const isApi = (one: Placed, settings: Settings): boolean =>
	mapperText(one.module, 'url').startsWith(`${settings.apiOrigin}/`);

const isExampleHost = (one: Placed): boolean =>
	/^https:\/\/([\w-]+\.)*example\.com(\/|$)/.test(mapperText(one.module, 'url'));

const writes = new Set(['post', 'put', 'patch', 'delete']);
const withBody = new Set(['post', 'put', 'patch']);
const methods = new Set(['get', 'head', 'options', ...writes]);
const bodyFields = [
	'contentType',
	'inputMethod',
	'jsonStringBodyContent',
	'contentTypeValue',
	'rawBodyContent',
	'multipartBodyContent',
];

/** A field that is one reference and nothing else, or null. */
function onlyReference(field: string): Extract<Node, { kind: 'reference' }> | null {
	try {
		const [part, ...more] = parseTemplate(field);
		if (part?.kind !== 'expression' || more.length > 0) return null;
		return part.node.kind === 'reference' ? part.node : null;
	} catch (error) {
		if (error instanceof ImlSyntaxError) return null;
		throw error;
	}
}

const upstreamModule = (one: Placed, id: number): BlueprintModule | undefined =>
	one.upstream.find((module) => module.id === id);

const isJson = (text: string): boolean => {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
};

export const rules: readonly Rule[] = [
	{
		id: 'unique-id',
		says: 'Every module has its own number, in routes and error handlers too.',
		source: makeBlueprints,
		check: (modules) =>
			modules
				.filter(({ module }, index) =>
					modules.slice(0, index).some((one) => one.module.id === module.id),
				)
				.map(({ module, path }) =>
					finding(`${path}.id`, `The number ${module.id} is taken.`, 'Give it another one.'),
				),
	},
	{
		id: 'account-bound',
		says: 'Nothing refers to a connection, keychain, hook, data store or data structure of an account.',
		source: makeBlueprints,
		check: each(({ module, path }) => [
			...[
				...keysIn(module.parameters, `${path}.parameters`),
				...keysIn(module.mapper, `${path}.mapper`),
			]
				.filter(([key]) => accountBound.has(key))
				.map(([key, at]) =>
					finding(at, `"${key}" belongs to one account.`, 'Leave it out; users choose their own.'),
				),
			...(module.module === 'json:ParseJSON' && module.parameters['type'] !== ''
				? [
						finding(
							`${path}.parameters.type`,
							'A data structure belongs to one account.',
							'Write "": Make learns the fields on the first run.',
						),
					]
				: []),
		]),
	},
	{
		id: 'first-filter',
		says: 'The first module has no filter.',
		source: makeBlueprints,
		check: each(({ module, path, isFirst }) =>
			isFirst && module.filter !== undefined
				? [
						finding(
							`${path}.filter`,
							'Nothing is filtered before the start.',
							'Move it to a later module.',
						),
					]
				: [],
		),
	},
	{
		id: 'router-place',
		says: 'A router has no filter, is the last of its flow, and is no error handler.',
		source: makeBlueprints,
		check: (modules) =>
			modules
				.filter(({ module }) => module.module === 'builtin:BasicRouter')
				.flatMap(({ module, path, role }) => [
					...(module.filter === undefined
						? []
						: [
								finding(
									`${path}.filter`,
									'A router cannot filter.',
									'Put it on the first module of a route.',
								),
							]),
					...(role === 'onerror'
						? [finding(path, 'A router handles no error.', 'Use builtin:Ignore or Break.')]
						: []),
					...(modules.some((one) => one.path === following(path))
						? [finding(path, 'Modules follow it.', 'Move them into a route.')]
						: []),
				]),
	},
	{
		id: 'expressions',
		says: 'Every expression can be read, and uses functions and words that are documented and simulated.',
		source: "Make's mapping language as documented at help.make.com",
		check: each((one) => fieldsOf(one).flatMap(expressionFindings)),
	},
	{
		id: 'references',
		says: 'Every reference, in functions, filters and error handlers too, points to a module that has run before on the same path.',
		source: `${makeBlueprints} (which looks at the first one of an expression only)`,
		check: each((one) =>
			fieldsOf(one).flatMap(({ path, nodes }) =>
				nodes.flatMap((node) =>
					(node.kind === 'reference' || node.kind === 'bundle') &&
					upstreamModule(one, node.module) === undefined
						? [
								finding(
									path,
									`Module ${node.module} has not run before it.`,
									'Refer to a module upstream on the same route.',
								),
							]
						: [],
				),
			),
		),
	},
	{
		id: 'variables',
		says: 'What is read from a variable module is a variable of it.',
		source: house,
		check: each((one) =>
			fieldsOf(one).flatMap(({ path, nodes }) =>
				nodes.flatMap((node) => {
					const module = node.kind === 'reference' ? upstreamModule(one, node.module) : undefined;
					const names = module === undefined ? null : variableNames(module);
					if (node.kind !== 'reference' || names === null) return [];
					const [name = ''] = node.path;
					return names.includes(name)
						? []
						: [
								finding(
									path,
									`Module ${node.module} has no variable "${name}".`,
									`It has ${names.join(', ')}.`,
								),
							];
				}),
			),
		),
	},
	{
		id: 'leak',
		says: 'Nothing secret or personal: no token, secret, email address, ID, or host but the API and example.com.',
		source: makeBlueprints,
		check: (modules, settings) =>
			[
				...settings.texts,
				...modules.flatMap(({ module, path }) => [
					...leavesIn(module.parameters, `${path}.parameters`),
					...leavesIn(module.mapper, `${path}.mapper`),
					...leavesIn(module.filter, `${path}.filter`),
					...textsIn(module.metadata, `${path}.metadata`),
				]),
			].flatMap(([path, one]) =>
				// An ID may stand there as a number.
				[...leaksIn(String(one), settings)].map((what) =>
					finding(path, `It holds ${what}.`, 'Use a placeholder or example.com.'),
				),
			),
	},
	{
		id: 'http-address',
		says: 'Requests go to the API over https, or to the placeholder example.com.',
		source: house,
		check: each((one, settings) =>
			!isHttp(one) || isApi(one, settings) || isExampleHost(one)
				? []
				: [
						finding(
							`${one.path}.mapper.url`,
							'It is not sent to the API or to example.com.',
							`Start with ${settings.apiOrigin}/ or https://example.com/.`,
						),
					],
		),
	},
	{
		id: 'credentials',
		says: 'The API is called with the API key of a keychain, never with an Authorization header; nothing is sent along a redirect.',
		source: 'apps.make.com/http: credentials belong in the credentials field',
		check: each((one, settings) => {
			if (!isHttp(one)) return [];
			const { module, path } = one;
			const type = module.parameters['authenticationType'];
			const isFine = type === 'apiKey' || (type === 'noAuth' && !isApi(one, settings));
			return [
				...(isFine
					? []
					: [
							finding(
								`${path}.parameters.authenticationType`,
								'The request has no keychain.',
								'Write "apiKey".',
							),
						]),
				...headersOf(one)
					.filter(({ name }) => name.trim().toLowerCase() === 'authorization')
					.map((header) =>
						finding(header.path, 'A token in a header is shown to everybody.', 'Remove it.'),
					),
				...(module.mapper?.['allowRedirects'] === false
					? []
					: [
							finding(
								`${path}.mapper.allowRedirects`,
								'The token would follow a redirect.',
								'Write false.',
							),
						]),
			];
		}),
	},
	{
		id: 'http-body',
		says: 'GET and DELETE carry no body fields; POST, PUT and PATCH carry contentType, inputMethod and jsonStringBodyContent.',
		source: 'http:MakeRequest 4: a GET with a body is refused by many servers',
		check: each((one) => {
			if (!isHttp(one)) return [];
			const method = mapperText(one.module, 'method');
			const given = bodyFields.filter((key) => one.module.mapper?.[key] !== undefined);
			if (!withBody.has(method)) {
				return given.map((key) =>
					finding(`${one.path}.mapper.${key}`, `A ${method} request has no body.`, 'Remove it.'),
				);
			}
			const { mapper } = one.module;
			const isFine =
				mapper?.['contentType'] === 'json' &&
				mapper['inputMethod'] === 'jsonString' &&
				mapperText(one.module, 'jsonStringBodyContent') !== '';
			return isFine
				? []
				: [
						finding(
							`${one.path}.mapper`,
							'The body is not complete.',
							'Write contentType "json", inputMethod "jsonString" and jsonStringBodyContent.',
						),
					];
		}),
	},
	{
		id: 'http-fields',
		says: 'Methods are lower-case, header names are tokens, the answer is parsed, errors stop, and the time limit is 1 to 300 seconds.',
		source: 'http:MakeRequest 4, field specifications of an export',
		check: each((one) => {
			if (!isHttp(one)) return [];
			const { module, path } = one;
			const timeout = module.mapper?.['timeout'];
			return [
				...(methods.has(mapperText(module, 'method'))
					? []
					: [
							finding(
								`${path}.mapper.method`,
								'It is not an HTTP method.',
								'Write it in lower case.',
							),
						]),
				...headersOf(one)
					.filter(({ name }) => !/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(name))
					.map((header) =>
						finding(header.path, 'The module refuses such a name.', 'Use letters and dashes.'),
					),
				...(Number.isSafeInteger(timeout) && Number(timeout) >= 1 && Number(timeout) <= 300
					? []
					: [finding(`${path}.mapper.timeout`, 'It is out of range.', 'Write 1 to 300.')]),
				...['parseResponse', 'stopOnHttpError']
					.filter((key) => module.mapper?.[key] !== true)
					.map((key) => finding(`${path}.mapper.${key}`, 'It is switched off.', 'Write true.')),
			];
		}),
	},
	{
		id: 'body-escaping',
		says: 'A JSON body is fixed, or made by json:TransformToJSON: text that is mapped into JSON breaks it.',
		source:
			"the field's own help: reserved characters must be escaped by hand; there is no function for it",
		check: each((one) => {
			const body = mapperText(one.module, 'jsonStringBodyContent');
			if (body === '' || isFixedJson(body)) return [];
			const reference = onlyReference(body);
			const module = reference === null ? undefined : upstreamModule(one, reference.module);
			const isSafe =
				module?.module === 'json:TransformToJSON' && reference?.path.join('.') === 'json';
			return isSafe
				? []
				: [
						finding(
							`${one.path}.mapper.jsonStringBodyContent`,
							'A quote in a mapped text would break it.',
							'Build the body with json:TransformToJSON and map its json.',
						),
					];
		}),
	},
	{
		id: 'idempotency',
		says: 'Every write to the API carries one idempotency key, from a variable that is set before it: a retry of the module uses the same one.',
		source: 'MemberPass: writes need an Idempotency-Key. Make: a retried module is evaluated again',
		check: each((one, settings) => {
			if (!isHttp(one) || !isApi(one, settings)) return [];
			const keys = headersOf(one).filter(
				({ name }) => name.toLowerCase() === settings.idempotencyHeader.toLowerCase(),
			);
			if (!writes.has(mapperText(one.module, 'method'))) {
				return keys.map(({ path }) => finding(path, 'A read needs no key.', 'Remove it.'));
			}
			const [key, ...more] = keys;
			const reference = key === undefined ? null : onlyReference(key.value);
			const module = reference === null ? undefined : upstreamModule(one, reference.module);
			const isSet = module !== undefined && variableNames(module) !== null && more.length === 0;
			return isSet
				? []
				: [
						finding(
							`${one.path}.mapper.headers`,
							'The key is missing, twice, or created again on each try.',
							'Set it in a variable module before, and map that.',
						),
					];
		}),
	},
	{
		id: 'error-handler',
		says: 'After a webhook every module that can fail has an error handler, and every write is tried again: with an instant trigger, Make switches a scenario off at its first unhandled error.',
		source: "Make's skills for building scenarios, error-handling.md",
		check: each((one, settings) => {
			const { module, path, start, role } = one;
			if (role === 'onerror') return [];
			const isInstant = start.module === 'gateway:CustomWebHook';
			const isWrite =
				isHttp(one) && isApi(one, settings) && writes.has(mapperText(module, 'method'));
			const last = module.onerror?.at(-1);
			if (isWrite && !(last?.module === 'builtin:Break' && last.mapper?.['retry'] === true)) {
				return [
					finding(`${path}.onerror`, 'A failed write is lost.', 'End it with builtin:Break.'),
				];
			}
			const isHandled = last?.module === 'builtin:Ignore' || last?.module === 'builtin:Break';
			return isInstant && canFail(module.module) && !isHandled
				? [
						finding(
							`${path}.onerror`,
							'An error here switches the scenario off.',
							'End it with builtin:Ignore or builtin:Break.',
						),
					]
				: [];
		}),
	},
];

/** The path of the next module of the same flow. */
function following(path: string): string {
	return path.replace(/\[(\d+)\]$/, (_, index: string) => `[${Number(index) + 1}]`);
}

function expressionFindings({ path, nodes, fault }: Field): readonly Finding[] {
	if (fault !== null) return [finding(path, fault, 'Write it as the documentation does.')];
	return nodes.flatMap((node) => {
		if (node.kind === 'word' && !Object.hasOwn(words, node.name)) {
			return [finding(path, `"${node.name}" is not a word we use.`, 'Use a documented one.')];
		}
		if (node.kind !== 'call') return [];
		const definition = Object.hasOwn(functions, node.name) ? functions[node.name] : undefined;
		if (definition === undefined) {
			return [finding(path, `"${node.name}" is not a function we use.`, 'Use a documented one.')];
		}
		const [fewest, most] = definition.arity;
		return node.args.length < fewest || node.args.length > most
			? [finding(path, `"${node.name}" gets ${node.args.length} values.`, 'Count them again.')]
			: [];
	});
}

const isFixedJson = (text: string): boolean => !text.includes('{{') && isJson(text);

/** Names a variable module sets, or null for another module. */
function variableNames(module: BlueprintModule): readonly string[] | null {
	if (module.module !== 'util:SetVariables') return null;
	const variables = module.mapper?.['variables'];
	return Array.isArray(variables)
		? variables.map((row) => (isRecord(row) ? String(row['name']) : ''))
		: [];
}
