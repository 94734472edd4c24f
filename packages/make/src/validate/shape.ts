import { isDeepStrictEqual } from 'node:util';

import { blueprintMetadata, filterOperators, moduleVersions } from '../blueprint.ts';
import { isRecord, type Problem } from './problem.ts';

/**
 * Whether a file has the form that github.com/integromat/make-blueprints publishes ("authoring subset"). The other
 * rules read the file only if it does, so they need not doubt what they see.
 */
export function shapeProblems(file: unknown): readonly Problem[] {
	if (!isRecord(file)) return [problem('file', '', 'This is not a JSON object.', 'Start again.')];
	return [
		...unknownKeys(file, ['name', 'description', 'flow', 'metadata'], ''),
		...name(file['name']),
		...(file['description'] === undefined || typeof file['description'] === 'string'
			? []
			: [problem('description', 'description', 'It is not text.', 'Write a text.')]),
		...(isDeepStrictEqual(file['metadata'], blueprintMetadata)
			? []
			: [
					problem(
						'metadata',
						'metadata',
						'It is not what an import accepts.',
						`Write ${JSON.stringify(blueprintMetadata)}.`,
					),
				]),
		...flow(file['flow'], 'flow'),
	];
}

/** The form of what is pasted onto the canvas. */
export function clipboardShapeProblems(file: unknown): readonly Problem[] {
	if (!isRecord(file)) return [problem('file', '', 'This is not a JSON object.', 'Start again.')];
	const { subflows, metadata } = file;
	const [only, ...more] = Array.isArray(subflows) ? (subflows as unknown[]) : [];
	return [
		...unknownKeys(file, ['subflows', 'metadata'], ''),
		...(isDeepStrictEqual(metadata, { version: 1 })
			? []
			: [problem('metadata', 'metadata', 'It is not that of a copy.', 'Write {"version": 1}.')]),
		...(isRecord(only) && more.length === 0
			? [...unknownKeys(only, ['flow'], 'subflows[0]'), ...flow(only['flow'], 'subflows[0].flow')]
			: [problem('subflows', 'subflows', 'One part was expected.', 'Write one flow.')]),
	];
}

const problem = (rule: string, path: string, text: string, fix: string): Problem => ({
	rule,
	path,
	problem: text,
	fix,
});

function unknownKeys(
	value: Readonly<Record<string, unknown>>,
	allowed: readonly string[],
	path: string,
): readonly Problem[] {
	return Object.keys(value)
		.filter((key) => !allowed.includes(key))
		.map((key) =>
			problem(
				'keys',
				path === '' ? key : `${path}.${key}`,
				`"${key}" is not a key that an import accepts.`,
				'Remove it.',
			),
		);
}

function name(value: unknown): readonly Problem[] {
	const isFine = typeof value === 'string' && value.length > 0 && value.length <= 120;
	return isFine
		? []
		: [
				problem(
					'name',
					'name',
					'It is not a text of 1 to 120 characters.',
					'Give it a short name.',
				),
			];
}

function flow(value: unknown, path: string): readonly Problem[] {
	if (!Array.isArray(value) || value.length === 0) {
		return [problem('flow', path, 'It is not a list of modules.', 'Put at least one module in.')];
	}
	return value.flatMap((one: unknown, index) => module(one, `${path}[${index}]`));
}

const moduleKeys = [
	'id',
	'module',
	'version',
	'parameters',
	'filter',
	'mapper',
	'metadata',
	'onerror',
	'routes',
];

function module(value: unknown, path: string): readonly Problem[] {
	if (!isRecord(value)) return [problem('module', path, 'It is not a module.', 'Write an object.')];
	const { id, parameters, mapper, onerror, routes } = value;
	return [
		...unknownKeys(value, moduleKeys, path),
		...(Number.isSafeInteger(id) && (id as number) >= 1
			? []
			: [
					problem('module', `${path}.id`, 'It is not a number of 1 or more.', 'Number the module.'),
				]),
		...moduleName(value['module'], value['version'], path),
		...(isRecord(parameters)
			? []
			: [problem('module', `${path}.parameters`, 'It is not an object.', 'Write {}.')]),
		...(isRecord(mapper) || (mapper === null && value['module'] === 'builtin:BasicRouter')
			? []
			: [
					problem(
						'module',
						`${path}.mapper`,
						'It is not an object.',
						'Write an object; null for a router only.',
					),
				]),
		...designer(value['metadata'], `${path}.metadata`),
		...(value['filter'] === undefined ? [] : filter(value['filter'], `${path}.filter`)),
		...(onerror === undefined ? [] : flow(onerror, `${path}.onerror`)),
		...routesOf(routes, value['module'] === 'builtin:BasicRouter', `${path}.routes`),
	];
}

function moduleName(id: unknown, version: unknown, path: string): readonly Problem[] {
	const versions: Readonly<Record<string, number>> = moduleVersions;
	if (typeof id !== 'string' || !Object.hasOwn(versions, id)) {
		return [
			problem(
				'known-module',
				`${path}.module`,
				`${JSON.stringify(id)} is not one of the modules we use.`,
				`Use one of ${Object.keys(versions).join(', ')}.`,
			),
		];
	}
	return version === versions[id]
		? []
		: [
				problem(
					'known-module',
					`${path}.version`,
					`${id} has a different version.`,
					`Write ${versions[id]}.`,
				),
			];
}

function routesOf(value: unknown, isRouter: boolean, path: string): readonly Problem[] {
	if (!isRouter) {
		return value === undefined
			? []
			: [problem('router', path, 'Only a router has routes.', 'Remove them.')];
	}
	if (!Array.isArray(value) || value.length === 0) {
		return [problem('router', path, 'A router needs routes.', 'Add one with a flow.')];
	}
	return value.flatMap((route: unknown, index) => {
		const at = `${path}[${index}]`;
		return isRecord(route)
			? [...unknownKeys(route, ['flow'], at), ...flow(route['flow'], `${at}.flow`)]
			: [problem('router', at, 'It is not a route.', 'Write {"flow": […]}.')];
	});
}

/** What else the editor puts there on export (`restore`, `expect`, `interface`) is about one account. */
function designer(value: unknown, path: string): readonly Problem[] {
	const place = isRecord(value) ? value['designer'] : undefined;
	if (!isRecord(value) || !isRecord(place)) {
		return [
			problem(
				'designer',
				path,
				'The position of the module on the canvas is missing.',
				'Add designer.',
			),
		];
	}
	const { x, y, name: caption } = place;
	const isPlaced = Number.isSafeInteger(x) && Number.isSafeInteger(y);
	const isNamed = caption === undefined || (typeof caption === 'string' && caption !== '');
	return [
		...unknownKeys(value, ['designer'], path),
		...unknownKeys(place, ['x', 'y', 'name'], `${path}.designer`),
		...(isPlaced && isNamed
			? []
			: [
					problem(
						'designer',
						`${path}.designer`,
						'The position or caption cannot be read.',
						'Write whole numbers x and y, and a caption or none.',
					),
				]),
	];
}

function filter(value: unknown, path: string): readonly Problem[] {
	const wrong = (at: string, text: string, fix: string): readonly Problem[] => [
		problem('filter', at, text, fix),
	];
	if (!isRecord(value)) return wrong(path, 'It is not a filter.', 'Write name and conditions.');
	const { name: caption, conditions } = value;
	return [
		...unknownKeys(value, ['name', 'conditions'], path),
		...(typeof caption === 'string' && caption !== ''
			? []
			: wrong(`${path}.name`, 'It has no name.', 'Give it a name that says what passes.')),
		...(Array.isArray(conditions) && conditions.length > 0
			? conditions.flatMap((group: unknown, index) =>
					conditionGroup(group, `${path}.conditions[${index}]`),
				)
			: wrong(`${path}.conditions`, 'There is no condition.', 'Write [[condition, …], …].')),
	];
}

function conditionGroup(group: unknown, path: string): readonly Problem[] {
	if (!Array.isArray(group) || group.length === 0) {
		return [
			problem(
				'filter',
				path,
				'An empty alternative always passes.',
				'Add a condition or remove it.',
			),
		];
	}
	return group.flatMap((one: unknown, index) => condition(one, `${path}[${index}]`));
}

function condition(value: unknown, path: string): readonly Problem[] {
	if (!isRecord(value))
		return [problem('filter', path, 'It is not a condition.', 'Write a, o and b.')];
	const { a, o, b } = value;
	const operators: readonly string[] = filterOperators;
	const isUnary = o === 'exist' || o === 'notexist';
	return [
		...unknownKeys(value, ['a', 'o', 'b'], path),
		...(typeof a === 'string' && (isUnary ? b === undefined : typeof b === 'string')
			? []
			: [
					problem(
						'filter',
						path,
						'It has too few or too many sides.',
						'Write a and b as texts; "exist" has no b.',
					),
				]),
		...(typeof o === 'string' && operators.includes(o)
			? []
			: [
					problem(
						'filter',
						`${path}.o`,
						`${JSON.stringify(o)} is not an operator.`,
						`Use one of ${operators.join(', ')}.`,
					),
				]),
	];
}
