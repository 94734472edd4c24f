/**
 * The shape of a Make blueprint and the modules we build from. The one place that knows module ids and versions.
 *
 * Only the part that an import needs is here (the "authoring subset" of github.com/integromat/make-blueprints): what
 * Make's editor adds on export (`restore`, `expect`, `interface`) belongs to one account and is never published.
 */

/** Module ids with the versions we use. `http:MakeRequest` 4 is the HTTP app of 2025; version 3 is its legacy. */
export const moduleVersions = {
	'gateway:CustomWebHook': 1,
	'http:MakeRequest': 4,
	'json:ParseJSON': 1,
	'json:TransformToJSON': 1,
	'util:SetVariables': 1,
	'builtin:BasicRouter': 1,
	'builtin:BasicFeeder': 1,
	/** In no template: users put it in front of a list to read several pages, as the README says. */
	'builtin:BasicRepeater': 1,
	'builtin:Ignore': 1,
	'builtin:Break': 1,
	'datastore:ExistRecord': 1,
	'datastore:AddRecord': 1,
} as const;

export type ModuleId = keyof typeof moduleVersions;

/** Whether a module can fail, and so needs an error handler after a webhook. An iterator can: where there is no list. */
export const canFail = (id: string): boolean =>
	id === 'builtin:BasicFeeder' || !/^(builtin|gateway):/.test(id);

/** Operators of filters that the templates use; each is implemented in the simulation. */
export const filterOperators = [
	'exist',
	'notexist',
	'text:equal',
	'text:equal:ci',
	'text:notequal',
	'text:contain',
	'text:notcontain',
	'text:pattern',
	'text:notpattern',
	'number:equal',
	'number:lessorequal',
	'number:greaterorequal',
	'boolean:equal',
] as const;

export type FilterOperator = (typeof filterOperators)[number];

/** One comparison: `a` and `b` are texts with `{{…}}`, or values. */
export interface Condition {
	readonly a: string;
	readonly o: FilterOperator;
	readonly b?: string;
}

/** Alternatives (OR) of conditions that all have to hold (AND). */
export interface Filter {
	readonly name: string;
	readonly conditions: readonly (readonly Condition[])[];
}

export type MapperValue =
	string | number | boolean | readonly MapperValue[] | { readonly [key: string]: MapperValue };

export type Mapper = Readonly<Record<string, MapperValue>>;

export interface BlueprintModule {
	/** Unique in the whole file, routes and error handlers included. */
	readonly id: number;
	readonly module: ModuleId;
	readonly version: number;
	readonly parameters: Mapper;
	/** Null for a router only. */
	readonly mapper: Mapper | null;
	/** Stands on the module behind it; a bundle that does not pass ends there. */
	readonly filter?: Filter;
	readonly metadata: {
		readonly designer: { readonly x: number; readonly y: number; readonly name?: string };
	};
	/** What runs when this module fails. */
	readonly onerror?: readonly BlueprintModule[];
	readonly routes?: readonly { readonly flow: readonly BlueprintModule[] }[];
}

export interface Blueprint {
	/** 1 to 120 characters. */
	readonly name: string;
	readonly description: string;
	readonly flow: readonly BlueprintModule[];
	readonly metadata: typeof blueprintMetadata;
}

export const blueprintMetadata = {
	version: 1,
	scenario: {
		roundtrips: 1,
		maxErrors: 3,
		autoCommit: true,
		autoCommitTriggerLast: true,
		freshVariables: false,
	},
	designer: { orphans: [] },
} as const;

/** What Make's canvas puts on the clipboard when modules are copied, and takes on paste. */
export interface Clipboard {
	readonly subflows: readonly { readonly flow: readonly BlueprintModule[] }[];
	readonly metadata: { readonly version: 1 };
}
