/**
 * What users of a version rely on, flat: each thing by a name that says where it stands, with what it promises.
 *
 *   `creates.create_plan`          `thing Create Plan`
 *   `creates.create_plan < price`  `input number required`
 *   `creates.create_plan > id`     `output string`
 *
 * One form serves the catalogue and every platform, so one comparison says what breaks saved Zaps and workflows.
 * The texts are the committed report: a review of `surface.json` shows what users will see change.
 */
export type Surface = Readonly<Record<string, string>>;

/** One thing by its name, and what it promises. */
export type Line = readonly [name: string, promise: string];

/** A surface that was published, and the version that published it. Committed as `surface.released.json`. */
export interface Released {
	readonly version: string;
	readonly surface: Surface;
}

/** How much a version has to rise, least first. */
export const bumps = ['none', 'patch', 'minor', 'major'] as const;
export type Bump = (typeof bumps)[number];

export interface Comparison {
	/** What saved Zaps, workflows and code lose, one sentence each. */
	readonly breaks: readonly string[];
	/** What is new. */
	readonly additions: readonly string[];
	/** What changed without breaking anything, such as a label. */
	readonly changes: readonly string[];
}

/** Something users see and choose: an operation, an event, a field group. */
export const thing = (label: string, hidden = false): string =>
	`${hidden ? 'hidden' : 'thing'} ${label}`;

/** What users fill in. */
export function input({
	type,
	required = false,
	list = false,
	values = [],
}: {
	readonly type: string;
	readonly required?: boolean;
	readonly list?: boolean;
	/** The closed set that the value comes from; empty where it is open. */
	readonly values?: readonly string[];
}): string {
	return words('input', type, [
		required && 'required',
		list && 'list',
		values.length > 0 && `of:${values.join('|')}`,
	]);
}

/** What users map into later steps. */
export function output(options: {
	readonly type: string;
	readonly nullable?: boolean;
	readonly optional?: boolean;
}): string {
	return words('output', options.type, [
		options.nullable === true && 'null',
		options.optional === true && 'optional',
	]);
}

/** What everything saved goes by without having chosen it, such as an address: any other value breaks it. */
export const fixed = (value: string): string => `fixed ${value}`;

function words(kind: string, type: string, marks: readonly (string | false)[]): string {
	return [kind, type, ...marks.filter((mark) => mark !== false)].join(' ');
}

/** Sorted by code unit, so that the report has the same bytes everywhere. */
export function toSurface(lines: Iterable<Line>): Surface {
	const surface = new Map<string, string>();
	for (const [name, promise] of lines) {
		if (surface.has(name)) throw new Error(`Two things are called "${name}" in a surface.`);
		surface.set(name, promise);
	}
	return Object.fromEntries([...surface].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Compares what is published with what is there now. */
export function compare(published: Surface, now: Surface): Comparison {
	const breaks: string[] = [];
	const additions: string[] = [];
	const changes: string[] = [];
	for (const [name, was] of Object.entries(published)) {
		const is = now[name];
		if (is === undefined) breaks.push(`${name} is gone`);
		else if (inOneOrder(is) === inOneOrder(was)) continue;
		else if (isBreaking(was, is)) breaks.push(`${name} ${difference(was, is)}`);
		else if (gained(was, is).length > 0) {
			additions.push(`${name} takes ${gained(was, is).join(', ')} as well`);
		} else changes.push(`${name} was "${was}" and is "${is}"`);
	}
	for (const [name, is] of Object.entries(now)) {
		if (Object.hasOwn(published, name)) continue;
		// A new operation may ask for what it likes; one that exists may not ask for more.
		if (read(is).has('required') && Object.hasOwn(published, ownerOf(name))) {
			breaks.push(`${name} is new and required, so everything saved before lacks it`);
		} else {
			additions.push(`${name} is new`);
		}
	}
	return { breaks, additions, changes };
}

/** The operation that an input or output belongs to. */
const ownerOf = (name: string): string => name.split(/ [<>] /)[0] ?? name;

/** The marks of a promise. The values of a choice are none, though one may read "Price list". */
const read = (promise: string): ReadonlySet<string> => new Set(withoutValues(promise).split(' '));

function isBreaking(was: string, is: string): boolean {
	const [oldKind, oldType] = was.split(' ');
	const [newKind, newType] = is.split(' ');
	// A label may change at any time; what is hidden cannot be chosen any more.
	if (oldKind === 'thing' || oldKind === 'hidden')
		return oldKind === 'thing' && newKind !== 'thing';
	if (oldKind !== newKind || oldType !== newType) return true;
	const [before, after] = [read(was), read(is)];
	const appears = (mark: string): boolean => after.has(mark) && !before.has(mark);
	if (oldKind === 'output') return appears('null') || appears('optional');
	return (
		appears('required') ||
		before.has('list') !== after.has('list') ||
		valuesOf(was).some((value) => valuesOf(is).length > 0 && !valuesOf(is).includes(value)) ||
		(valuesOf(was).length === 0 && valuesOf(is).length > 0)
	);
}

/** A choice may have a hundred values, of which a reader wants to know those that are gone. */
function difference(was: string, is: string): string {
	const lost = valuesOf(was).filter((value) => !valuesOf(is).includes(value));
	return lost.length > 0 && withoutValues(was) === withoutValues(is)
		? `no longer takes ${lost.join(', ')}`
		: `was "${was}" and is "${is}"`;
}

/** What a choice offers beside what it offered. */
const gained = (was: string, is: string): readonly string[] =>
	valuesOf(is).filter((value) => !valuesOf(was).includes(value));

const withoutValues = (promise: string): string => promise.replace(/ of:.*/, '');

/** Values are listed by their labels on one platform, so another label moves them. Nobody relies on their order. */
const inOneOrder = (promise: string): string =>
	[withoutValues(promise), ...[...valuesOf(promise)].sort()].join('|');

const valuesOf = (promise: string): readonly string[] =>
	/(?<= of:).*/.exec(promise)?.[0].split('|') ?? [];

/** How much the version has to rise for this change. */
export function neededBump({ breaks, additions, changes }: Comparison): Bump {
	if (breaks.length > 0) return 'major';
	if (additions.length > 0) return 'minor';
	return changes.length > 0 ? 'patch' : 'none';
}

/** How much a version rises from one to the other; `none` where it does not. */
export function bumpBetween(from: string, to: string): Bump {
	const [old, now] = [numbersOf(from), numbersOf(to)];
	const at = old.findIndex((number, index) => number !== now[index]);
	if ((now[at] ?? 0) < (old[at] ?? 0)) return 'none';
	return (['major', 'minor', 'patch'] as const)[at] ?? 'none';
}

function numbersOf(version: string): readonly number[] {
	const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
	if (match === null) throw new Error(`"${version}" is not a version such as 1.2.3.`);
	return match.slice(1).map(Number);
}

/** The version after a rise. */
export function raised(version: string, bump: Bump): string {
	const [major = 0, minor = 0, patch = 0] = numbersOf(version);
	switch (bump) {
		case 'major':
			return `${major + 1}.0.0`;
		case 'minor':
			return `${major}.${minor + 1}.0`;
		case 'patch':
			return `${major}.${minor}.${patch + 1}`;
		case 'none':
			return version;
	}
}

export const isEnough = (announced: Bump, needed: Bump): boolean =>
	bumps.indexOf(announced) >= bumps.indexOf(needed);
