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

export function readVocabulary(platform: Platform): Vocabulary {
	const words = new Set<string>([
		...events.flatMap((entry) => [entry.type, entry.family]),
		...knownAbilities,
		...Object.keys(errorCodes),
		platform.apiVersion,
	]);
	const wordKeys = new Set(plainWordKeys);
	const figureKeys = new Set(plainFigureKeys);
	const walk = (name: string, schema: FieldSchema): void => {
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
	return { words, wordKeys, figureKeys, routeWords };
}
