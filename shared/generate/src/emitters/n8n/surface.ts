import { n8nOperationKey, operations, resources } from '@memberpass/catalogue';

import {
	input,
	type Line,
	output,
	type Surface,
	thing,
	toSurface,
} from '../../../../release/src/surface.ts';
import { credentialProperties } from './package-files.ts';
import { actionProperties } from './properties.ts';
import type { Property } from './property.ts';
import { actionSchemas } from './schemas.ts';
import { triggerProperties } from './trigger-node.ts';

/** One form of the node. */
interface Form {
	readonly resource: string;
	readonly operation: string;
	readonly '@version': number;
}

/** Whether the form of an operation has the property, whatever else has to be chosen first to see it. */
function isShown(property: Property, form: Form): boolean {
	const { show = {} } = property['displayOptions'] as {
		show?: Readonly<Record<string, readonly Condition[]>>;
	};
	return Object.entries<string | number>({ ...form }).every(([name, value]) => {
		const wanted = show[name];
		return wanted === undefined || wanted.some((one) => meets(one, value));
	});
}

/** A value, or the only comparison that the emitter writes. */
type Condition = string | number | boolean | { readonly _cnd: { readonly gte: number } };

const meets = (condition: Condition, value: string | number): boolean =>
	typeof condition === 'object' ? Number(value) >= condition._cnd.gte : condition === value;

/** Parameters of a form, those inside a collection with its name before them. */
export function inputLines(
	owner: string,
	properties: readonly Property[],
	prefix = '',
): readonly Line[] {
	return properties.flatMap((property): readonly Line[] => {
		const name = `${prefix}${property.name}`;
		const options = (property['options'] ?? []) as readonly Property[];
		if (property.type === 'collection') return inputLines(owner, options, `${name}.`);
		const values = property.type === 'options' ? options.map(({ value }) => String(value)) : [];
		const promise = input({
			type: property.type,
			required: property['required'] === true,
			// "[Not Set]" is the empty text.
			values: values.filter((value) => value !== ''),
		});
		return [[`${owner} < ${name}`, promise]];
	});
}

/** Types and names of the output, as the editor shows them. */
export function outputLines(owner: string, schema: unknown, prefix = ''): readonly Line[] {
	const { properties = {}, items } = schema as {
		properties?: Readonly<Record<string, { type?: string | readonly string[] }>>;
		items?: unknown;
	};
	return [
		...Object.entries(properties).flatMap(([key, field]): readonly Line[] => {
			const types = [field.type ?? 'any'].flat();
			const type = types.filter((one) => one !== 'null').join('|');
			const promise = output({ type, nullable: types.includes('null') });
			return [
				[`${owner} > ${prefix}${key}`, promise],
				...outputLines(owner, field, `${prefix}${key}.`),
			];
		}),
		...(items === undefined ? [] : outputLines(owner, items, prefix.replace(/\.$/, '[].'))),
	];
}

/** What saved workflows rely on: both versions of the node, with each operation's parameters and output. */
export function n8nSurface(): Surface {
	const properties = actionProperties(resources, operations).filter(
		({ name }) => name !== 'resource' && name !== 'operation',
	);
	const schemas = new Map(actionSchemas().map(({ path, schema }) => [path, schema]));
	const forms = ([1, 2] as const).flatMap((version) =>
		operations.flatMap((entry): readonly Line[] => {
			const owner = `memberPass@${version} ${n8nOperationKey(entry)}`;
			const form = {
				resource: entry.resource,
				operation: entry.n8n.operation,
				'@version': version,
			};
			const path = `v${version}.0.0/${n8nOperationKey(entry).replace('.', '/')}.json`;
			return [
				[owner, thing(entry.n8n.action)],
				...inputLines(
					owner,
					properties.filter((property) => isShown(property, form)),
				),
				...outputLines(owner, schemas.get(path) ?? {}),
			];
		}),
	);
	return toSurface([
		['memberPassApi', thing('credential')],
		...inputLines('memberPassApi', credentialProperties),
		['memberPassTrigger@1', thing('trigger')],
		...inputLines('memberPassTrigger@1', triggerProperties()),
		// Saved triggers hold event types, so each is a promise of its own.
		...eventLines(),
		...forms,
	]);
}

function eventLines(): readonly Line[] {
	return triggerProperties()
		.filter(({ name }) => name === 'events')
		.flatMap((chosen) => chosen['options'] as readonly { name: string; value: string }[])
		.map(({ name, value }) => [`memberPassTrigger@1 event ${value}`, thing(name)]);
}
