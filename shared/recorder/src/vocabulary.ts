import {
	errorCodes,
	events,
	type FieldSchema,
	knownAbilities,
	type Platform,
	routes,
	typesOf,
} from '@memberpass/catalogue';

/** What the catalogue knows by name, so that the scrubber can tell a word of the API from a private value. */
export interface Vocabulary {
	/** Statuses, event types, abilities, slugs: never private. */
	readonly words: ReadonlySet<string>;
	/** Keys whose values are words of the API. */
	readonly wordKeys: ReadonlySet<string>;
	/** Keys that hold figures. */
	readonly figureKeys: ReadonlySet<string>;
	/** Every key of the API. */
	readonly keys: ReadonlySet<string>;
	/** Words that the texts of the catalogue are made of, as they are written there. */
	readonly texts: ReadonlySet<string>;
	/** Parts of the paths of the API. */
	readonly routeWords: ReadonlySet<string>;
}

/** Keys that hold words although the catalogue lists no values for them. */
const plainWordKeys = [
	'actor_kind',
	'api_version',
	'billing_cycle',
	'causer_type',
	'connector',
	'currency',
	'currency_code',
	'event',
	'kind',
	'log_name',
	'mode',
	'provider',
	'required_ability',
	'status',
	'subject_type',
	'type',
];

/** Names under `meta` and the like that hold figures. */
const plainFigureKeys = [
	'total',
	'page',
	'limit',
	'per_page',
	'current_page',
	'last_page',
	'count',
];

/** Keys around the rows, which no schema of the catalogue lists. */
const plainKeys = [
	'api_version',
	'code',
	'context',
	'created_at',
	'data',
	'docs_url',
	'error',
	'fields',
	'first',
	'has_more',
	'last',
	'links',
	'message',
	'meta',
	'next',
	'next_cursor',
	'prev',
	'prev_cursor',
	'project_id',
	'reason',
	'remediation',
	'request_id',
	'required_ability',
	'type',
];

/** Words of refusals that no text of the catalogue has. */
const plainTexts = [
	'authentication',
	'check',
	'connect',
	'content',
	'correct',
	'forbidden',
	'given',
	'invalid',
	'method',
	'mint',
	'please',
	'route',
	'server',
	'too',
	'unauthenticated',
	'unauthorized',
	'upgrade',
	'wait',
	'JSON',
	'Retry-After',
];

/** Where the catalogue writes sentences for people. */
const textKeys: ReadonlySet<string> = new Set([
	'description',
	'effect',
	'firesWhen',
	'label',
	'meaning',
	'remedy',
	'summary',
	'title',
]);

/** Adds the words of the sentences in a part of the catalogue; examples are not among them. */
function addTexts(value: unknown, key: string, texts: Set<string>): void {
	if (typeof value === 'string') {
		if (!textKeys.has(key)) return;
		for (const [word] of value.matchAll(/[A-Za-z]+(?:-[A-Za-z]+)*/g)) texts.add(word);
	} else if (Array.isArray(value)) for (const one of value) addTexts(one, key, texts);
	else if (typeof value === 'object' && value !== null) {
		for (const [name, one] of Object.entries(value)) {
			if (!name.startsWith('example')) addTexts(one, name, texts);
		}
	}
}

export function readVocabulary(platform: Platform): Vocabulary {
	const words = new Set<string>([
		...events.flatMap((entry) => [entry.type, entry.family]),
		...knownAbilities,
		...Object.keys(errorCodes),
		platform.apiVersion,
	]);
	const wordKeys = new Set(plainWordKeys);
	const figureKeys = new Set(plainFigureKeys);
	const keys = new Set([...plainKeys, ...plainFigureKeys]);
	const walk = (name: string, schema: FieldSchema): void => {
		keys.add(name);
		const values = [...(schema['x-known-values'] ?? []), ...(schema.enum ?? [])];
		if (values.length > 0) wordKeys.add(name);
		for (const value of values) words.add(String(value));
		const types = typesOf(schema);
		if (types.includes('integer') || types.includes('number')) figureKeys.add(name);
		for (const [key, field] of Object.entries(schema.properties ?? {})) walk(key, field);
		if (schema.items !== undefined) walk(name, schema.items);
		if (typeof schema.additionalProperties === 'object') walk(name, schema.additionalProperties);
	};
	for (const entry of routes) {
		walk('', entry.input);
		walk('', entry.output.schema);
	}
	for (const entry of events) {
		for (const { data } of [entry, ...entry.variants]) walk('', data);
	}
	// Not words whatever is listed for them: they name things of the account.
	for (const key of ['name', 'title', 'code', 'handle', 'description']) wordKeys.delete(key);
	const routeWords = new Set(
		[platform.apiBasePath, ...routes.map((entry) => entry.path)]
			.flatMap((path) => path.split('/'))
			.filter((part) => part !== '' && !part.startsWith('{')),
	);
	const texts = new Set(plainTexts);
	for (const part of [routes, events, errorCodes]) addTexts(part, '', texts);
	return { words, wordKeys, figureKeys, keys, texts, routeWords };
}
