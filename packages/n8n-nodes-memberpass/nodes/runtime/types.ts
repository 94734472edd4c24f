import type { WireField, WireOperation } from '../protocol/wire';

/** Where a form holds an input. */
export type Place = 'top' | 'collection';

/** One input of an operation: what it is on the wire, and how the form holds it. */
export interface NodeField extends Omit<WireField, 'name'> {
	/** Name in the form. */
	readonly parameter: string;
	readonly place: Place;
	/** Place in forms of version 1 (n8n-nodes-memberpass 1.x), where it is another. */
	readonly placeInVersion1?: Place;
	/** Value that means "left alone": a number field at the top level cannot be empty. */
	readonly absent?: number;
	/** Picked from a list or entered as an ID; 1.x saved plain text. */
	readonly locator?: boolean;
	/** Spellings of 1.x and what they are called today. */
	readonly translate?: Readonly<Record<string, string>>;
}

/** Where forms of version 1 hold the number of rows. */
export interface PagingInVersion1 {
	readonly in: Place;
	readonly limit: string;
	readonly returnAll: boolean;
	readonly cursor: boolean;
}

/** One operation of the node. */
export interface NodeOperation {
	readonly wire: Omit<WireOperation, 'fields'>;
	/** By their names on the wire. */
	readonly fields: Readonly<Record<string, NodeField>>;
	/** Collection that holds the optional inputs. */
	readonly collection?: string;
	/** Present on lists of which a user may want only a part. */
	readonly paging?: {
		readonly returnAll: boolean;
		/** Absent where version 1 is like version 2, but reads everything unless told otherwise. */
		readonly version1?: PagingInVersion1;
	};
	/** Paths that Simplify keeps; absent where the result is short. */
	readonly simple?: readonly string[];
	/** What somebody whose form of version 1 is refused has to mend besides. */
	readonly hintInVersion1?: string;
}

/** The operation as the protocol wants it. */
export function wireOf({ wire, fields }: NodeOperation): WireOperation {
	return {
		...wire,
		fields: Object.entries(fields).map(([name, field]) => ({ name, ...field })),
	};
}

/** Where a form of this version holds an input. */
export function placeOf(field: NodeField, version: number): Place {
	return version >= 2 ? field.place : (field.placeInVersion1 ?? field.place);
}

/** Where an id is picked from. */
export interface PickList {
	/** Key of the operation that lists the records. */
	readonly operation: string;
	/** Key of a row that is the id. */
	readonly value: string;
	/** Keys of a row that make a label people recognise. */
	readonly label: readonly string[];
	/** Inputs of the same form that the list depends on. */
	readonly needs: readonly string[];
	/** Query parameter that narrows the list on the server. */
	readonly search?: string;
}
