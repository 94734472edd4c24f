import app from '../../src/index.ts';
import { handlerOf } from '../support.ts';

/** The definition that Zapier receives, as far as the rules read it. Functions are markers there. */
export interface Field {
	key: string;
	label?: string;
	type?: string;
	required?: boolean;
	list?: boolean;
	dict?: boolean;
	children?: unknown[];
	helpText?: string;
	placeholder?: string;
	default?: string;
	group?: string;
	dynamic?: string;
	search?: string;
	choices?: { value: string; sample: string; label: string }[] | { perform: string };
	dependsOn?: string[];
}

export interface Entry {
	key: string;
	noun: string;
	display: { label: string; description: string; hidden?: boolean; important?: boolean };
	operation: {
		type?: string;
		inputFields: Field[];
		inputFieldGroups?: { key: string; label?: string }[];
		outputFields: { key: string; label?: string; type?: string }[];
		sample: Record<string, unknown>;
		perform?: unknown;
		performSubscribe?: unknown;
		performUnsubscribe?: unknown;
		performList?: unknown;
		throttle?: unknown;
		lock?: unknown;
	};
}

export type Kind = 'triggers' | 'creates' | 'searches';

export interface Definition extends Record<Kind, Record<string, Entry>> {
	platformVersion: string;
	authentication: { fields: Field[]; connectionLabel?: string; test?: unknown };
	searchOrCreates: Record<
		string,
		{
			key: string;
			display: { label: string; description: string };
			search: string;
			create: string;
		}
	>;
	flags: Record<string, boolean>;
	throttle: object;
}

/** Asks Zapier's core for the errors of the app, or for its definition. */
export async function command(name: 'validate' | 'definition'): Promise<unknown> {
	return (await handlerOf(app)({ command: name, calledFromCli: true })).results;
}

export async function readDefinition(): Promise<Definition> {
	return (await command('definition')) as Definition;
}

/** @throws Error for what the definition does not have. */
export function entryOf(definition: Definition, kind: Kind, key: string): Entry {
	const entry = definition[kind][key];
	if (entry === undefined) throw new Error(`There is no ${kind}.${key}.`);
	return entry;
}

/** An input. @throws Error for what the definition does not have. */
export function fieldOf(definition: Definition, kind: Kind, key: string, name: string): Field {
	const field = entryOf(definition, kind, key).operation.inputFields.find(
		(one) => one.key === name,
	);
	if (field === undefined) throw new Error(`There is no ${kind}.${key}.${name}.`);
	return field;
}

/** A trigger that is hidden, so that each example shows at the same time that hidden ones are read. */
export const hiddenTrigger = (definition: Definition): Entry =>
	entryOf(definition, 'triggers', 'payment_refunded');
