import type { RouteEntry } from '@memberpass/catalogue';
import type { ApiProblem, InputValues, JsonObject } from '@memberpass/protocol';

/** One request that went out and what came back, as it came: nothing is scrubbed yet. */
export interface Captured {
	readonly method: string;
	/** Below the origin, encoded. */
	readonly path: string;
	/** Decoded, in the order it was sent. */
	readonly query: readonly (readonly [string, string])[];
	/** JSON text, or null where nothing was sent. */
	readonly requestBody: string | null;
	readonly status: number;
	/** All of them, lower-case names. Only a few are ever written. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** One run of an operation against the live API. */
export interface Attempt {
	readonly entry: RouteEntry;
	/** Name of the case; the file's row is called `recorded: <name>`. */
	readonly name: string;
	readonly input: InputValues;
	/** The last try of each page. */
	readonly exchanges: readonly Captured[];
	readonly outcome: Outcome;
	/** False for a run that only asks a question, e.g. a page of one row. */
	readonly keep: boolean;
}

export type Outcome =
	| { readonly ok: true; readonly rows: readonly JsonObject[]; readonly whole: boolean }
	| { readonly ok: false; readonly problem: ApiProblem };

/** One verified delivery. */
export interface Delivery {
	/** Names as they came. */
	readonly headers: Readonly<Record<string, string>>;
	/** Exactly as it came. */
	readonly body: string;
}

/** Something that is not as the catalogue says. */
export interface Difference {
	readonly kind: DifferenceKind;
	/** Operation key or event type. */
	readonly subject: string;
	/** `data[].price`; empty where it is about the whole. */
	readonly where: string;
	/** What the catalogue says. */
	readonly expected: string;
	/** What came: types, statuses, codes and words of a vocabulary, never a private value. */
	readonly seen: string;
	/** How often. */
	readonly count: number;
}

export type DifferenceKind =
	| 'new field'
	| 'missing field'
	| 'other type'
	| 'other format'
	| 'new value'
	| 'other status'
	| 'unknown code'
	| 'paging'
	| 'filter'
	| 'event shape'
	| 'unknown event'
	| 'header';

/** An answer to a question the documentation leaves open. It contradicts nothing. */
export interface Observation {
	readonly topic: string;
	readonly subject: string;
	readonly seen: string;
}

/** What could not be recorded, and why. */
export interface Gap {
	readonly subject: string;
	readonly reason: string;
}

/** Something the user can do something about; shown without a trace. */
export class Trouble extends Error {
	override readonly name = 'Trouble';
}

/** The user asked to stop. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
	constructor() {
		super('Interrupted.');
	}
}
