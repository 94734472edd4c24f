import {
	events,
	type FieldSchema,
	type ObjectSchema,
	operations,
	platform,
	plumbing,
	type RouteEntry,
	typeOf,
} from '@memberpass/catalogue';

import {
	fixed,
	input,
	type Line,
	output,
	type Surface,
	thing,
	toSurface,
} from '../../../release/src/surface.ts';
import type { Emitter } from '../emit.ts';
import { formatter } from '../format.ts';
import { n8nSurface } from './n8n/surface.ts';
import { zapierSurface } from './zapier/surface.ts';

/** Keys of an object that users can map, with dots; `[]` stands for the elements of a list. */
function outputLines(owner: string, schema: ObjectSchema): readonly Line[] {
	const walk = (fields: ObjectSchema, prefix: string): readonly Line[] =>
		Object.entries(fields.properties).flatMap(([key, field]) => {
			const path = `${prefix}${key}`;
			const isNullable = Array.isArray(field.type) && field.type.includes('null');
			const promise = output({
				type: typeOf(field),
				nullable: isNullable,
				optional: fields.required?.includes(key) !== true,
			});
			return [[`${owner} > ${path}`, promise] as const, ...inner(field, path)];
		});
	const inner = (field: FieldSchema, path: string): readonly Line[] => [
		...(isObject(field) ? walk(field, `${path}.`) : []),
		...(field.items !== undefined && isObject(field.items) ? walk(field.items, `${path}[].`) : []),
	];
	return walk(schema, '');
}

const isObject = (field: FieldSchema): field is ObjectSchema => field.properties !== undefined;

function routeLines(entry: RouteEntry): readonly Line[] {
	const owner = `operation ${entry.key}`;
	const required = new Set(entry.input.required ?? []);
	return [
		[owner, thing(entry.label)],
		...Object.entries(entry.input.properties).map(([name, field]): Line => [
			`${owner} < ${name}`,
			input({
				type: typeOf(field),
				required: required.has(name),
				values: (field.enum ?? []).map(String),
			}),
		]),
		...outputLines(owner, entry.output.schema),
	];
}

/** Events with their data, and operations with what goes in and comes out: what every platform is made from. */
function catalogueSurface(): Surface {
	return toSurface([
		...events.flatMap((entry): readonly Line[] => [
			[`event ${entry.type}`, thing(entry.label)],
			...outputLines(`event ${entry.type}`, entry.data),
		]),
		...operations.flatMap(routeLines),
		...plumbing.flatMap(routeLines),
	]);
}

/**
 * What no form asks for: where a connection without an API address sends its token, and the header that a trigger
 * finds its signature in. Under another name of the platform everything saved before would be refused.
 */
const platformLines: readonly Line[] = [
	['platform > API address', fixed(`${platform.apiOrigin}${platform.apiBasePath}`)],
	['platform > signature header', fixed(platform.headers.signature)],
];

const report = (surface: Surface): string =>
	JSON.stringify(toSurface([...Object.entries(surface), ...platformLines]));

/**
 * The committed reports of what users rely on. `npm run release:check` compares each with the `surface.released.json`
 * beside it.
 */
export const surfaces: Emitter = {
	name: 'surfaces',
	summary: 'surface.json of the catalogue, the n8n package and the Zapier app',
	async emit(root) {
		const format = await formatter(root);
		const reports = [
			['shared/catalogue/surface.json', catalogueSurface()],
			['packages/n8n-nodes-memberpass/surface.json', n8nSurface()],
			['packages/zapier/surface.json', zapierSurface()],
		] as const;
		return await Promise.all(
			reports.map(async ([path, surface]) => ({
				path,
				content: await format(report(surface), path),
				block: null,
			})),
		);
	},
};
