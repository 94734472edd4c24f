import {
	abilities,
	errorCodes,
	events,
	familyOf,
	type FieldSchema,
	idKinds,
	type KnownErrorCode,
	type Platform,
	resources,
	type RouteEntry,
} from '@memberpass/catalogue';
import type { FastifyInstance } from 'fastify';

import { exampleOf } from './event-data.ts';
import { sandboxCodes } from './errors.ts';
import { omit } from './omit.ts';
import { largestPage } from './paging.ts';
import { type ServedRoute, servedRoutes } from './routes/index.ts';

/**
 * The machine-readable files that the real host serves beside `/v1` (docs.memberpass.net/mcp/tools-reference,
 * /integrations/postman-insomnia). None of MemberPass's own could be read. The frame (`version`, `count`, `items`) and
 * the first four keys of an event are those of a later copy in github.com/envigoinnovations/subscriby-n8n scripts/data;
 * the rest is ours.
 */

interface Listing {
	readonly version: string;
	readonly count: number;
	readonly items: readonly object[];
}

const listing = (platform: Platform, items: readonly object[]): Listing => ({
	version: platform.apiVersion,
	count: items.length,
	items,
});

/**
 * Serves them.
 *
 * @param serverUrl Known only when the server listens.
 */
export function addDocuments(
	app: FastifyInstance,
	platform: Platform,
	serverUrl: () => string,
): void {
	app.get('/openapi.json', () => openApi(platform, serverUrl()));
	app.get('/abilities.json', () => abilitiesFile(platform));
	app.get('/error-codes.json', () => errorCodesFile(platform));
	app.get('/webhook-events.json', () => webhookEventsFile(platform));
}

/** `/abilities.json`. Four of the 65 abilities are unknown and not in it. */
function abilitiesFile(platform: Platform): Listing {
	return listing(platform, [
		...abilities.seen.map((name) => ({ name, evidence: 'documented' })),
		...abilities.inferred.map((name) => ({ name, evidence: 'inferred' })),
	]);
}

/** `/error-codes.json`: the codes of MemberPass that are known, and those of the sandbox, marked `unknown`. */
function errorCodesFile(platform: Platform): Listing {
	return listing(
		platform,
		[...Object.entries(errorCodes), ...Object.entries(sandboxCodes)].map(([code, entry]) => ({
			code,
			status: entry.status,
			meaning: entry.meaning,
			remediation: entry.remedy,
			evidence: 'evidence' in entry ? entry.evidence : 'unknown',
			source: entry.source,
		})),
	);
}

/** `/webhook-events.json`. `payload_keys` are the top-level keys of `data`, sorted, as in the later copy. */
function webhookEventsFile(platform: Platform): Listing {
	return listing(
		platform,
		events.map((entry) => ({
			name: entry.type,
			family: entry.family,
			required_ability: entry.ability,
			payload_keys: Object.entries(entry.data.properties)
				.filter(([, field]) => field['x-derived'] !== true)
				.map(([key]) => key)
				.sort(),
			type: entry.type,
			label: entry.label,
			description: entry.firesWhen,
			scope: familyOf(entry).scope,
			firing: !entry.caveats.some((caveat) => caveat.kind === 'not_firing'),
			data: withoutNotes(entry.data),
			evidence: entry.evidence,
		})),
	);
}

type Json = Readonly<Record<string, unknown>>;

/** A schema without the catalogue's own annotations; what is left is JSON Schema 2020-12, which OpenAPI 3.1 uses. */
function withoutNotes(schema: FieldSchema): Json {
	const kept: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(schema)) {
		if (key.startsWith('x-')) continue;
		if (key === 'properties') {
			kept[key] = Object.fromEntries(
				Object.entries(schema.properties ?? {})
					.filter(([, field]) => field['x-derived'] !== true)
					.map(([name, field]) => [name, withoutNotes(field)]),
			);
		} else if (key === 'items' && schema.items !== undefined) {
			kept[key] = withoutNotes(schema.items);
		} else {
			kept[key] = value;
		}
	}
	return kept;
}

const errorSchema: Json = {
	type: 'object',
	required: ['error'],
	properties: {
		error: {
			type: 'object',
			required: ['code', 'message', 'docs_url', 'remediation', 'request_id'],
			properties: {
				code: { type: 'string', description: 'Machine code; see /error-codes.json.' },
				message: { type: 'string', description: 'What happened.' },
				docs_url: { type: 'string', format: 'uri', description: 'Where to read more.' },
				remediation: { type: 'string', description: 'What to do.' },
				request_id: { type: 'string', description: 'Names the request when asking for help.' },
				fields: {
					type: 'object',
					description: 'What is wrong with each input.',
					additionalProperties: { type: 'array', items: { type: 'string' } },
				},
				context: {
					type: 'object',
					description: 'More facts, such as required_ability.',
					additionalProperties: true,
				},
			},
		},
	},
};

const errorExample = (code: string, message: string, more: object = {}): Json => ({
	error: {
		code,
		message,
		docs_url: 'https://docs.memberpass.net/api',
		remediation: 'See the documentation.',
		request_id: 'req_01JVA1H3BMKV4JW5YMFMVEGX1J',
		...more,
	},
});

const errorResponse = (description: string, example: Json, headers?: Json): Json => ({
	description,
	...(headers === undefined ? {} : { headers }),
	content: {
		'application/json': { schema: { $ref: '#/components/schemas/Error' }, example },
	},
});

const sharedResponses: Json = {
	BadRequest: errorResponse(
		'The request cannot be read, or a write has no Idempotency-Key (status inferred).',
		errorExample('IDEMPOTENCY_KEY_REQUIRED', 'A write came without the Idempotency-Key header.'),
	),
	Unauthenticated: errorResponse(
		'No token, a wrong one, or a revoked one.',
		errorExample('AUTHENTICATION_REQUIRED', 'Authentication is required.'),
	),
	NotFound: errorResponse(
		'Nothing has this ID, or the token has no access to it.',
		errorExample('RESOURCE_NOT_FOUND', 'No project was found for this ID.'),
	),
	Invalid: errorResponse(
		'One or more inputs are wrong. All of them are named.',
		errorExample('VALIDATION_FAILED', 'The given data was invalid.', {
			fields: { name: ['The name field is required.'] },
		}),
	),
	RateLimited: errorResponse(
		'Too many requests with this token.',
		errorExample('RATE_LIMITED', 'Too many requests.'),
		{
			'Retry-After': {
				description: 'Seconds to wait (unit inferred).',
				schema: { type: 'string' },
			},
		},
	),
	ServerError: errorResponse(
		'Something went wrong on the other side.',
		errorExample('SERVER_ERROR', 'Something went wrong on our side.'),
	),
};

/** A refusal that few operations have, for the description of the status that it comes with. */
const orRefused = ({ errors }: RouteEntry, code: KnownErrorCode): string =>
	errors.includes(code) ? ` Or ${code}: ${errorCodes[code].meaning}` : '';

const conflict = (entry: RouteEntry): Json =>
	errorResponse(
		`The idempotency key is in the way.${orRefused(entry, 'SUBSCRIPTION_ALREADY_ACTIVE')} The status is inferred.`,
		errorExample('IDEMPOTENCY_KEY_REUSED', 'The key was used with another request.'),
	);

const forbidden = (entry: RouteEntry): Json =>
	errorResponse(
		(entry.ability === null ? 'The token may not do this.' : `The token lacks ${entry.ability}.`) +
			orRefused(entry, 'TEAM_TIER_REQUIRED'),
		errorExample('TOKEN_MISSING_ABILITY', 'This token is missing a required ability.', {
			context: { required_ability: entry.ability },
		}),
	);

function parameters(entry: RouteEntry, isWrite: boolean): Json[] {
	const required = new Set(entry.input.required ?? []);
	const own = Object.entries(entry.input.properties)
		.filter(([, field]) => field['x-in'] !== 'body')
		.map(([name, field]): Json => {
			const inPath = field['x-in'] === 'path';
			const isList = field.type === 'array';
			const schema = withoutNotes(field);
			return {
				// Lists travel in PHP's form.
				name: isList ? `${name}[]` : name,
				in: inPath ? 'path' : 'query',
				required: inPath || required.has(name),
				description: field.description,
				schema: {
					...omit(schema, 'title', 'description'),
					...(isList ? { examples: [exampleOf(field)] } : {}),
				},
				...(isList ? { style: 'form', explode: true } : {}),
			};
		});
	return [
		...own,
		...pagingParameters(entry),
		...(isWrite ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
	];
}

function pagingParameters(entry: RouteEntry): Json[] {
	const { shape, paging } = entry.output;
	if (shape !== 'many' || paging === 'none') return [];
	const most = largestPage(entry.output);
	const whole = (name: string, description: string, maximum?: number): Json => ({
		name,
		in: 'query',
		required: false,
		description,
		schema: { type: 'integer', minimum: 1, ...(maximum === undefined ? {} : { maximum }) },
	});
	const cursor: Json = {
		name: 'cursor',
		in: 'query',
		required: false,
		description: 'meta.next_cursor of the page before.',
		schema: { type: 'string' },
	};
	const limit = whole('limit', 'Rows on a page.', most);
	if (paging === 'limit') return [limit];
	if (paging === 'cursor') return [limit, cursor];
	return [limit, whole('per_page', 'Rows on a page.', most), whole('page', 'From 1.'), cursor];
}

function requestBody(entry: RouteEntry): Json {
	const body = Object.entries(entry.input.properties).filter(
		([, field]) => field['x-in'] === 'body',
	);
	if (body.length === 0) return {};
	const names = new Set(body.map(([name]) => name));
	const required = (entry.input.required ?? []).filter((name) => names.has(name));
	return {
		requestBody: {
			required: required.length > 0,
			content: {
				'application/json': {
					schema: {
						type: 'object',
						...(required.length === 0 ? {} : { required }),
						properties: Object.fromEntries(
							body.map(([name, field]) => [name, withoutNotes(field)]),
						),
						additionalProperties: true,
					},
					example: Object.fromEntries(
						shown(entry, body, required).map(([name, field]) => [name, exampleOf(field)]),
					),
				},
			},
		},
	};
}

/**
 * The inputs of an example: what is required, the first where one of several has to be chosen (of flags none has to
 * be), and everything else where nothing is required, because an empty change changes nothing.
 */
function shown(
	{ exclusive }: RouteEntry,
	body: readonly (readonly [string, FieldSchema])[],
	required: readonly string[],
): typeof body {
	const firsts = exclusive.map(([first]) => first);
	const others = exclusive.flatMap(([, ...rest]) => rest);
	return body.filter(
		([name, { type }]) =>
			required.includes(name) ||
			(firsts.includes(name) && type !== 'boolean') ||
			(required.length === 0 && !others.includes(name)),
	);
}

/** Status of success under the default switches. */
function successStatus(entry: RouteEntry): string {
	if (entry.output.shape === 'nothing') return '204';
	if (/^create_/.test(entry.key)) return '201';
	return ['bulk_generate_access_codes', 'test_webhook_endpoint'].includes(entry.key)
		? '202'
		: '200';
}

function success(entry: RouteEntry): Json {
	const { shape, schema, beside } = entry.output;
	const description = entry.summary;
	if (shape === 'nothing') return { description };
	const row = withoutNotes(schema);
	const example = exampleOf(schema) as Json;
	const many = shape === 'many';
	const outside = beside.filter((name) => name === 'secret');
	const secrets = Object.fromEntries(
		outside.map((name) => [name, withoutNotes(schema.properties[name] ?? { type: 'string' })]),
	);
	return {
		description,
		content: {
			'application/json': {
				schema: {
					type: 'object',
					required: ['data', ...outside],
					properties: {
						data: many ? { type: 'array', items: row } : inData(row, outside),
						...secrets,
						...(many || beside.length === 0
							? { meta: { type: 'object', additionalProperties: true } }
							: {}),
					},
				},
				example: {
					data: many ? [example] : omit(example, ...outside),
					...Object.fromEntries(outside.map((name) => [name, example[name]])),
				},
			},
		},
	};
}

/** What stands beside `data` is not required inside. */
function inData(row: Json, outside: readonly string[]): Json {
	const required = Array.isArray(row['required']) ? (row['required'] as string[]) : [];
	return { ...row, required: required.filter((name) => !outside.includes(name)) };
}

function operation({ entry, keys }: ServedRoute): Json {
	const isWrite = entry.method !== 'GET';
	const resource = resources.find((one) => one.key === entry.resource);
	return {
		operationId: entry.key,
		summary: entry.label,
		description: [entry.summary, ...entry.caveats].join('\n\n'),
		tags: [resource?.label ?? entry.resource],
		security: [{ bearer: [] }],
		'x-required-scopes': entry.ability === null ? [] : [entry.ability],
		'x-evidence': entry.evidence,
		'x-sources': entry.sources,
		...(keys.length > 1 ? { 'x-also-known-as': keys.filter((key) => key !== entry.key) } : {}),
		parameters: parameters(entry, isWrite),
		...requestBody(entry),
		responses: {
			[successStatus(entry)]: success(entry),
			'400': { $ref: '#/components/responses/BadRequest' },
			'401': { $ref: '#/components/responses/Unauthenticated' },
			'403': forbidden(entry),
			'404': { $ref: '#/components/responses/NotFound' },
			...(isWrite ? { '409': conflict(entry) } : {}),
			'422': { $ref: '#/components/responses/Invalid' },
			'429': { $ref: '#/components/responses/RateLimited' },
			'500': { $ref: '#/components/responses/ServerError' },
		},
	};
}

/** `/openapi.json`: OpenAPI 3.1, drawn from the catalogue. */
function openApi(platform: Platform, serverUrl: string): Json {
	const paths: Record<string, Record<string, Json>> = {};
	for (const route of servedRoutes) {
		const { method, path } = route.entry;
		(paths[platform.apiBasePath + path] ??= {})[method.toLowerCase()] = operation(route);
	}
	return {
		openapi: '3.1.0',
		info: {
			title: `${platform.name} API (sandbox)`,
			version: platform.apiVersion,
			description:
				'Drawn from what the documentation says, not from the live API. x-evidence tells how sure each operation is.',
			license: { name: 'MIT', identifier: 'MIT' },
		},
		servers: [{ url: serverUrl }],
		tags: resources.map((one) => ({ name: one.label, description: one.summary })),
		security: [{ bearer: [] }],
		paths,
		components: {
			securitySchemes: {
				bearer: {
					type: 'http',
					scheme: 'bearer',
					description: `A token from ${platform.pages.mint}.`,
				},
			},
			parameters: {
				IdempotencyKey: {
					name: platform.headers.idempotency,
					in: 'header',
					required: true,
					description:
						'Names this write: a successful answer is sent again for 24 hours under the same key.',
					schema: { type: 'string', minLength: 1 },
					example: '3f0c7a52-6d0a-4d7e-9a43-5f3f5c0c7b11',
				},
			},
			responses: sharedResponses,
			schemas: { Error: errorSchema },
		},
		'x-id-prefixes': Object.fromEntries(
			Object.entries(idKinds).map(([kind, { prefix }]) => [kind, prefix]),
		),
	};
}
