#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseOptions, refuseOptions, runCommand } from '../command-line.ts';

const help = `Writes vendor/n8n-nodes-base.json: names, types, choices and conditions of the parameters of those nodes of others that
the recipes use. Facts only, no texts.

  npm pack n8n-nodes-base@VERSION && tar xzf n8n-nodes-base-VERSION.tgz
  node shared/testing/src/bin/n8n-nodes-base-facts.ts package
  node shared/testing/src/bin/n8n-nodes-base-facts.ts --help     this text
`;

interface Property {
	readonly name: string;
	readonly type: string;
	readonly required?: boolean;
	readonly default?: unknown;
	readonly displayOptions?: unknown;
	readonly typeOptions?: { readonly multipleValues?: boolean };
	readonly options?: readonly (Property & {
		readonly value?: string | number | boolean;
		readonly values?: readonly Property[];
	})[];
	readonly modes?: readonly { readonly name: string }[];
}

interface Description {
	readonly name: string;
	readonly version: number | readonly number[];
	readonly group: readonly string[];
	readonly inputs: unknown;
	readonly outputs: unknown;
	readonly credentials?: readonly { readonly name: string; readonly displayOptions?: unknown }[];
	readonly properties: readonly Property[];
}

/** What a form is set to: properties that it would not show are left out. */
type Form = Readonly<Record<string, readonly string[]>>;

/** Types, versions and forms that `shared/catalogue/src/recipes` and its projection to n8n use. */
const wanted: readonly (readonly [string, number, Form])[] = [
	['airtable', 2.1, { resource: ['record'], operation: ['create', 'update', 'search'] }],
	['airtableTrigger', 1, {}],
	['httpRequest', 4.2, { authentication: ['predefinedCredentialType'], specifyBody: ['keypair'] }],
	['hubspot', 2.1, { resource: ['contact', 'engagement'], operation: ['upsert', 'create'] }],
	['if', 2.2, {}],
	['mailjet', 1, { resource: ['email'], operation: ['send'] }],
	['notion', 2.2, { resource: ['databasePage'], operation: ['create'] }],
	['removeDuplicates', 2, {}],
	['scheduleTrigger', 1.2, {}],
	['slack', 2.3, { resource: ['message'], operation: ['post'] }],
	['stickyNote', 1, {}],
	['wait', 1.1, { resume: ['timeInterval'] }],
];

const isShown = ({ displayOptions }: Property, form: Form): boolean => {
	const { show = {} } = (displayOptions ?? {}) as { show?: Record<string, readonly unknown[]> };
	return Object.entries(form).every(
		([name, values]) => show[name]?.some((one) => values.includes(String(one))) ?? true,
	);
};

const fact = (property: Property): object => ({
	name: property.name,
	type: property.type,
	...(property.required === true ? { required: true } : {}),
	default: property.default,
	...(property.displayOptions === undefined ? {} : { displayOptions: property.displayOptions }),
	...(property.typeOptions?.multipleValues === true
		? { typeOptions: { multipleValues: true } }
		: {}),
	...(property.modes === undefined ? {} : { modes: property.modes.map(({ name }) => ({ name })) }),
	...(property.options === undefined ? {} : { options: property.options.map(option) }),
});

const option = (one: NonNullable<Property['options']>[number]): object => {
	if (one.values !== undefined) return { name: one.name, values: one.values.map(fact) };
	return one.value === undefined ? fact(one) : { name: String(one.value), value: one.value };
};

/** What is known of one node. @throws Error where the package has none of that version. */
function factsOf([name, typeVersion, form]: (typeof wanted)[number], all: readonly Description[]) {
	const found = all.find((one) => one.name === name && [one.version].flat().includes(typeVersion));
	if (found === undefined) throw new Error(`n8n-nodes-base has no ${name} ${typeVersion}.`);
	return {
		type: `n8n-nodes-base.${name}`,
		typeVersion,
		group: found.group,
		inputs: found.inputs,
		outputs: found.outputs,
		credentials: (found.credentials ?? []).map((one) => one.name),
		properties: found.properties.filter((one) => isShown(one, form)).map(fact),
	};
}

function main(): number {
	const { positionals } = parseOptions(help, { allowPositionals: true });
	const [folder, ...more] = positionals;
	if (folder === undefined || more.length > 0) {
		refuseOptions('Name one folder: that of the unpacked package.');
	}
	const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
	const { version } = read('package.json') as { version: string };
	const all = read('dist/types/nodes.json') as readonly Description[];
	const nodes = wanted.map((one) => factsOf(one, all));
	const target = join(import.meta.dirname, '../../vendor/n8n-nodes-base.json');
	writeFileSync(target, `${JSON.stringify({ package: 'n8n-nodes-base', version, nodes })}\n`);
	process.stdout.write(`Wrote ${nodes.length} nodes of ${version} to ${target}\n`);
	return 0;
}

await runCommand(main);
