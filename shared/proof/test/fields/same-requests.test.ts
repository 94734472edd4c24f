import { join } from 'node:path';

import { operations, platform } from '@memberpass/catalogue';
import {
	buildRequest,
	type InputResult,
	type InputValues,
	isWrite,
	readInput,
	toWire,
	type WireOperation,
} from '@memberpass/protocol';
import { loadRecordings } from '@memberpass/testing';
import fc from 'fast-check';

import { asForm, filledInputs } from '../../../../packages/zapier/src/fields.ts';
import { hostileJson, hostileText } from '../../src/fuzz/target.ts';

/**
 * The same values make the same request on Zapier and on n8n, or are refused for the same reason: what each platform's
 * code does to them before the protocol reads them must not show. Left out is what only one of them can say: an empty
 * text in n8n's Update Fields clears a field, and `{ mode, value }` is a record picked in its form.
 */
const root = join(__dirname, '../../../..');

interface N8nField {
	readonly parameter: string;
	readonly translate?: Readonly<Record<string, string>>;
}
interface N8nOperation {
	readonly wire: { readonly name: string };
	readonly fields: Readonly<Record<string, N8nField>>;
}

// Typed here: the n8n package is compiled by other rules than this one.
interface N8nPackage {
	readonly operations: Readonly<Record<string, N8nOperation>>;
	readonly wireOf: (operation: N8nOperation) => WireOperation;
	readonly readParameters: (operation: N8nOperation, form: object) => InputValues;
	readonly readInput: typeof readInput;
	readonly buildRequest: typeof buildRequest;
}
const modules = [
	...['MemberPass/operations', 'runtime/types', 'runtime/parameters'],
	...['protocol/input', 'protocol/request'],
];
const n8n = Object.assign(
	{},
	...modules.map((name) =>
		jest.requireActual<object>(join(root, `packages/n8n-nodes-memberpass/nodes/${name}.ts`)),
	),
) as N8nPackage;

/** What is sent, or why nothing is. A label is one of the platform's own, so the key of its input stands for it. */
function outcomeOf(wire: WireOperation, input: InputResult, build: typeof buildRequest): unknown {
	if (!input.ok) {
		const why = input.problems.map(({ field, message }) => [field, message.replace(/'.*?'/g, '')]);
		return { refused: why };
	}
	const origin = platform.apiOrigin;
	const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
	try {
		const { method, url, body } = build(wire, input.values, { platform, origin, idempotencyKey });
		return { method, url, body };
	} catch (error) {
		return { refused: String(error).replace(/'.*?'/g, '') };
	}
}

const steps = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
type Step = (typeof steps)[number];

function onZapier(entry: Step, inputData: InputValues): unknown {
	const wire = toWire(asForm(entry));
	const bundle = { inputData: { ...inputData } };
	return outcomeOf(wire, readInput(wire, filledInputs(entry, bundle)), buildRequest);
}

const n8nOperationOf = (entry: Step): N8nOperation => {
	const found = Object.values(n8n.operations).find(({ wire }) => wire.name === entry.key);
	if (found === undefined) throw new Error(`The n8n node has no ${entry.key}.`);
	return found;
};

function onN8n(entry: Step, input: InputValues): unknown {
	const operation = n8nOperationOf(entry);
	const given = new Map(
		Object.entries(input).map(([name, value]) => [operation.fields[name]?.parameter, value]),
	);
	const read = (parameter: string): unknown => given.get(parameter);
	const wire = n8n.wireOf(operation);
	const values = n8n.readParameters(operation, { version: 2, top: read, inside: read });
	return outcomeOf(wire, n8n.readInput(wire, values), n8n.buildRequest);
}

/** Inputs that MemberPass takes, from the recordings. */
const recorded = new Map(
	loadRecordings(root).map(({ operation, recordings }) => [
		operation,
		recordings.find(({ error }) => error === null)?.input ?? {},
	]),
);

/** What people write and earlier steps hand over. */
const delivered = fc.constantFrom<unknown>(
	...['', ' ', '\n', null, undefined, [], [''], [null, ' '], [[]], {}, 'null', 'undefined'],
	...[true, false, 'TRUE', ' yes ', 'no', 'off', '1', 0, 1, -1, 1.5, 1e21, 2 ** 53 + 2],
	...['29,50', '1.234,56', '$5', '1e3', '007', ' 12 ', '-5', 'NaN', '99999999999999999999'],
	...['2026-05-18', '2026-05-18T10:05:00+02:00', '2026-02-30', '18.05.2026', 1779098700000],
	...['a,b', 'a, ,b,', '["a","b"]', '["a"', ['a', '', 'b'], [['a'], 'b,c'], { id: 'a' }, '.', '..'],
	...[
		'\u200b',
		'\u3164a',
		'a\u00a0',
		'\ufeff',
		'Ünï 🎟️',
		'{{bundle.inputData.x}}',
		'x'.repeat(1001),
	],
	...['https://example.com/a b', 'HTTP://EXAMPLE.com', 'ftp://x', 'prj_1/../x', "it's"],
);

/** A good value in the forms in which it may come, also with a spelling that one platform knew once. */
function formsOf(good: unknown, known: readonly unknown[]): fc.Arbitrary<unknown> {
	const text = String(good);
	const forms = [good, text, ` ${text}\n`, [good], [text, ''], [[good]], [good, good]];
	const others = [JSON.stringify([good]), `${text},${text}`, text.toUpperCase(), { id: good }];
	return fc.constantFrom(...forms, ...others, ...known, ...known.map((one) => ` ${String(one)}`));
}

function inputsOf(entry: Step): fc.Arbitrary<InputValues> {
	const good = recorded.get(entry.key) ?? {};
	const fields = Object.entries(entry.input.properties).map(([name, schema]) => {
		const one = schema.items ?? schema;
		const translated = n8nOperationOf(entry).fields[name]?.translate ?? {};
		const known = [...(one.enum ?? one['x-known-values'] ?? []), ...Object.keys(translated)];
		const forms = formsOf(good[name] ?? schema.examples?.[0] ?? one.examples?.[0], known);
		const any = fc.oneof({ weight: 3, arbitrary: forms }, delivered, hostileText, hostileJson);
		const changed = entry.method === 'PATCH' ? any.filter((value) => value !== '') : any;
		return [name, fc.oneof({ weight: 2, arbitrary: fc.constant(good[name]) }, changed)] as const;
	});
	return fc.record(Object.fromEntries(fields));
}

it.each(steps.map((entry) => [entry.key, entry] as const))(
	'%s: the same values make the same request on Zapier and n8n, or are refused alike',
	(_, entry) => {
		const property = fc.property(inputsOf(entry), (input) => {
			expect(onN8n(entry, input)).toEqual(onZapier(entry, input));
		});
		fc.assert(property, { seed: 20_260_518, numRuns: 200 });
	},
);
