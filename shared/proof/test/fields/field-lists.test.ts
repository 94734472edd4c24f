import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { camelCase, type OperationEntry, operations } from '@memberpass/catalogue';

import type { Blueprint } from '../../../../packages/make/src/blueprint.ts';
import { variablesOf } from '../../../../packages/make/src/fill.ts';
import app from '../../../../packages/zapier/src/index.ts';

/**
 * One operation asks for the same things on every platform: the same inputs, in the same order, under the same label,
 * required or not, of the same type. What differs on purpose is written down in this file, with the reason.
 */
interface Field {
	readonly key: string;
	readonly label: string;
	readonly required: boolean;
	readonly type: 'text' | 'date' | 'number' | 'whole number' | 'flag' | 'list';
}

const entries = operations
	.filter(({ kind }) => kind === 'action' || kind === 'search')
	.map((entry) => [entry.key, entry] as const);

const root = join(__dirname, '../../../..');

const makeTypes: Readonly<Record<string, Field['type']>> = {
	text: 'text',
	ID: 'text',
	'date as YYYY-MM-DD': 'date',
	number: 'number',
	'whole number': 'whole number',
	'true or false': 'flag',
	'list with commas': 'list',
};

/** What a placeholder asks for: one of the choices of a schema, a list, or something of a named type. */
function typeOnMake(kind: string, choices: readonly unknown[] | undefined): Field['type'] | null {
	const list = /^list of (.+), with commas$/.exec(kind)?.[1];
	if (list !== undefined) return 'list';
	if (choices !== undefined) {
		return kind.split(/, | or /).join() === choices.join() ? 'text' : null;
	}
	return makeTypes[kind] ?? null;
}

/** Read from the placeholders, as a user does. */
function onMake(entry: OperationEntry): readonly Field[] {
	const group = entry.kind === 'action' ? 'actions' : 'searches';
	const path = join(root, 'packages/make/blueprints', group, `${entry.key}.json`);
	const { flow } = JSON.parse(readFileSync(path, 'utf8')) as Blueprint;
	const [fill] = flow;
	// Paging, the key and the emptying of fields are Make's own.
	const own = new Set(['page', 'cursor', 'clear', 'idempotency_key']);
	return (fill === undefined ? [] : variablesOf(fill))
		.filter(({ name }) => !own.has(name))
		.map(({ name, value }) => {
			const [, need, kind = '', label = ''] =
				/^<(required|optional) ([^:]+): (.+)>$/.exec(value) ?? [];
			const schema = entry.input.properties[name];
			const type = typeOnMake(kind, schema?.enum ?? schema?.['x-known-values']);
			if (type === null) throw new Error(`${name} has no placeholder: ${value}`);
			return { key: name, label, required: need === 'required', type };
		});
}

interface ZapierField {
	readonly key: string;
	readonly label?: string;
	readonly required?: boolean;
	readonly type?: string;
	readonly list?: boolean;
}

const zapierTypes: Readonly<Record<string, Field['type']>> = {
	string: 'text',
	text: 'text',
	datetime: 'date',
	number: 'number',
	integer: 'whole number',
	boolean: 'flag',
};

/** Without the fields that are not sent: notices, pickers that narrow another one, limits and keys. */
function onZapier(entry: OperationEntry): readonly Field[] {
	const found = (entry.kind === 'action' ? app.creates : app.searches)[entry.key];
	const fields = (found?.operation.inputFields ?? []) as readonly ZapierField[];
	return (
		fields
			// Zapier takes a field called "token" for one that collects a secret, so that one has another key and label.
			.map((field) => (field.key === 'token_id' ? { ...field, key: 'token' } : field))
			.filter(({ key }) => Object.hasOwn(entry.input.properties, key))
			.map(({ key, label = '', required = false, type = 'string', list = false }) => ({
				key,
				label,
				required,
				type: list ? 'list' : (zapierTypes[type] ?? 'text'),
			}))
	);
}

interface N8nProperty {
	readonly name: string;
	readonly displayName: string;
	readonly type: string;
	readonly required?: boolean;
	readonly options?: readonly N8nProperty[];
	readonly typeOptions?: { readonly numberPrecision?: number };
	readonly displayOptions?: { readonly show?: Readonly<Record<string, readonly unknown[]>> };
}

// Typed here: the n8n package is compiled by other rules than this one.
const { MemberPass } = jest.requireActual<{
	readonly MemberPass: new () => {
		readonly description: { readonly properties: readonly N8nProperty[] };
	};
}>(join(root, 'packages/n8n-nodes-memberpass/nodes/MemberPass/MemberPass.node.ts'));
const { properties } = new MemberPass().description;

const n8nTypes: Readonly<Record<string, Field['type']>> = {
	string: 'text',
	options: 'text',
	resourceLocator: 'text',
	dateTime: 'date',
	boolean: 'flag',
	multiOptions: 'list',
};

/** Shown for an operation in the newest version of the node. */
function isShown({ displayOptions }: N8nProperty, entry: OperationEntry): boolean {
	const show = displayOptions?.show ?? {};
	const isIn = (key: string, value: string): boolean =>
		show[key]?.includes(value) ?? key !== 'resource';
	const versions = show['@version'];
	const isNew =
		versions === undefined ||
		versions.some((one) => one === 2 || (typeof one === 'object' && one !== null && '_cnd' in one));
	return isIn('resource', entry.resource) && isIn('operation', entry.n8n.operation) && isNew;
}

function onN8n(entry: OperationEntry): {
	readonly top: readonly Field[];
	readonly all: readonly Field[];
} {
	const shown = properties.filter((one) => isShown(one, entry));
	const read = (property: N8nProperty): readonly Field[] => {
		const key = keyOf(property.name, entry);
		if (key === null) return [];
		const type =
			property.type === 'number'
				? property.typeOptions?.numberPrecision === undefined
					? 'whole number'
					: 'number'
				: (n8nTypes[property.type] ?? 'text');
		return [{ key, label: property.displayName, required: property.required ?? false, type }];
	};
	const top = shown.flatMap(read);
	const inside = shown.flatMap((one) =>
		one.type === 'collection' ? (one.options ?? []).flatMap(read) : [],
	);
	return { top, all: [...top, ...inside] };
}

/** The input of the catalogue behind a parameter, or null for what is n8n's own. */
function keyOf(name: string, entry: OperationEntry): string | null {
	const names = Object.entries(entry.input.properties);
	const found = names.find(([key, schema]) => {
		const known = schema['x-n8n'] ?? camelCase(key);
		return known === name || `analytics${known.charAt(0).toUpperCase()}${known.slice(1)}` === name;
	});
	return found?.[0] ?? null;
}

//--------

interface Difference {
	readonly platform: 'zapier' | 'n8n';
	/** Key of the input, wherever it is. */
	readonly field: string;
	/** What the platform has instead; the rest is as everywhere. */
	readonly instead: Partial<Pick<Field, 'label' | 'type'>>;
	readonly because: string;
}

const secret = 'Zapier takes an "API Token" for an input that collects a secret';
const picks = 'the form offers the list itself, so the user never sees an ID; Make has no lists';
const rule = "n8n's lint asks for these words where a list is loaded";
const commas = 'there is nothing to choose from; n8n takes text with commas';

const differences: readonly Difference[] = [
	{ platform: 'zapier', field: 'bot_id', instead: { label: 'Bot' }, because: picks },
	{ platform: 'zapier', field: 'plan_id', instead: { label: 'Plan' }, because: picks },
	{ platform: 'zapier', field: 'subject_id', instead: { label: 'Record' }, because: picks },
	{ platform: 'zapier', field: 'token', instead: { label: 'Token' }, because: secret },
	{ platform: 'n8n', field: 'plan_id', instead: { label: 'Plan' }, because: picks },
	{ platform: 'n8n', field: 'subject_id', instead: { label: 'Record' }, because: picks },
	{ platform: 'n8n', field: 'plan_ids', instead: { label: 'Plan Names or IDs' }, because: rule },
	{
		platform: 'n8n',
		field: 'payment_method_ids',
		instead: { label: 'Payment Method Names or IDs' },
		because: rule,
	},
	{
		platform: 'n8n',
		field: 'resources',
		instead: { label: 'Resource Names or IDs' },
		because: rule,
	},
	{ platform: 'n8n', field: 'allowed_ips', instead: { type: 'text' }, because: commas },
	{ platform: 'n8n', field: 'provider_ids', instead: { type: 'text' }, because: commas },
	{ platform: 'n8n', field: 'currency_ids', instead: { type: 'text' }, because: commas },
];

/** The list of Make as another platform should have it. */
function expectedOn(platform: Difference['platform'], entry: OperationEntry): readonly Field[] {
	return onMake(entry).map((field) => ({
		...field,
		...differences.find((one) => one.platform === platform && one.field === field.key)?.instead,
	}));
}

const byKey = (fields: readonly Field[]): readonly Field[] =>
	fields.toSorted((a, b) => (a.key < b.key ? -1 : 1));

describe('the inputs of an operation', () => {
	it.each(entries)('are those of the catalogue on Make, in its order (%s)', (_, entry) => {
		expect(onMake(entry).map(({ key, label, required }) => ({ key, label, required }))).toEqual(
			Object.entries(entry.input.properties).map(([key, { title }]) => ({
				key,
				label: title,
				required: entry.input.required?.includes(key) ?? false,
			})),
		);
	});

	it.each(entries)('are the same on Zapier as on Make, in the same order (%s)', (_, entry) => {
		expect(onZapier(entry)).toEqual(expectedOn('zapier', entry));
	});

	it.each(entries)('are the same on n8n as on Make (%s)', (_, entry) => {
		const { top, all } = onN8n(entry);
		const expected = expectedOn('n8n', entry);
		expect(byKey(all)).toEqual(byKey(expected));
		// Inside a collection n8n wants the order of the alphabet; before it, ours.
		const shared = expected.filter(({ key }) => top.some((one) => one.key === key));
		expect(top.map(({ key }) => key)).toEqual(shared.map(({ key }) => key));
	});

	it('differ nowhere without need', () => {
		const found = differences.filter(({ platform, field, instead }) =>
			entries.some(([, entry]) => {
				const fields = platform === 'zapier' ? onZapier(entry) : onN8n(entry).all;
				const made = onMake(entry).find(({ key }) => key === field);
				const own = fields.find(({ key }) => key === field);
				return (
					own !== undefined &&
					made !== undefined &&
					Object.entries(instead).every(
						([key, value]) => own[key as 'label'] === value && made[key as 'label'] !== value,
					)
				);
			}),
		);
		expect(found).toEqual(differences);
	});
});
