import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../../testing/src/temporary.ts';
import type { Bump, Surface } from '../src/surface.ts';
import { explain, judge, misaddressed, type PendingChange } from '../src/verdict.ts';
import { publishedOf, readJson, workspacesOf } from '../src/workspaces.ts';

const before: Surface = { 'creates.a': 'thing A', 'creates.a < x': 'input string' };
const surfaces = {
	broken: { 'creates.a': 'thing A' },
	wider: { ...before, 'creates.b': 'thing B' },
	renamed: { ...before, 'creates.a': 'thing Another' },
	same: before,
} as const;

const pending = (...releases: readonly (readonly [string, Bump])[]): readonly PendingChange[] =>
	releases.map(([name, type], index) => ({ id: String(index), releases: [{ name, type }] }));

const verdictOf = (surface: Surface, version: string, changes: readonly PendingChange[]) =>
	judge(
		{
			name: 'demo',
			folder: '/demo',
			version,
			surface,
			released: { version: '1.4.0', surface: before },
		},
		changes,
	);

describe('a version that goes out', () => {
	it.each<[string, keyof typeof surfaces, readonly PendingChange[], string, boolean]>([
		[
			'a change that is announced for another package',
			'broken',
			pending(['other', 'major']),
			'1.4.0',
			false,
		],
		[
			'the larger of two changes, the first',
			'broken',
			pending(['demo', 'major'], ['demo', 'patch']),
			'2.0.0',
			true,
		],
		[
			'the larger of two changes, the second',
			'broken',
			pending(['demo', 'patch'], ['demo', 'major']),
			'2.0.0',
			true,
		],
		[
			'two changes that are both too small',
			'broken',
			pending(['demo', 'minor'], ['demo', 'minor']),
			'1.5.0',
			false,
		],
		['more than is needed', 'renamed', pending(['demo', 'major']), '2.0.0', true],
		['another label, and a patch', 'renamed', pending(['demo', 'patch']), '1.4.1', true],
		['another label, and nothing', 'renamed', pending(['demo', 'none']), '1.4.0', false],
		['nothing at all', 'same', [], '1.4.0', true],
	])('counts %s', (_, surface, changes, next, isEnough) => {
		expect(verdictOf(surfaces[surface], '1.4.0', changes)).toMatchObject({ next, isEnough });
	});

	it('that rises enough is one line', () => {
		expect(explain(verdictOf(surfaces.wider, '1.5.0', []), '1.4.0')).toEqual([
			'demo 1.5.0 against 1.4.0: 0 broken, 1 new, 0 otherwise changed',
		]);
	});

	it('that rises too little says what is needed, what breaks, and what to do', () => {
		expect(
			explain(verdictOf(surfaces.broken, '1.4.0', pending(['demo', 'minor'])), '1.4.0'),
		).toEqual([
			'demo 1.5.0 against 1.4.0: 1 broken, 0 new, 0 otherwise changed. That needs a major release, and the version rises by minor.',
			'  creates.a < x is gone',
			'  Keep what is gone, or run "npm run changeset" and choose major for demo.',
		]);
		expect(explain(verdictOf(surfaces.wider, '1.4.0', []), '1.4.0')).toEqual([
			'demo 1.4.0 against 1.4.0: 0 broken, 1 new, 0 otherwise changed. That needs a minor release, and the version rises by none.',
			'  Run "npm run changeset" and choose minor for demo.',
		]);
	});

	it.each([
		[20, []],
		[21, ['  … and 1 more']],
		[25, ['  … and 5 more']],
	])('that breaks %i things names 20 of them, and how many more there are', (count, more) => {
		const lost = Object.fromEntries(
			Array.from({ length: count }, (_, index) => [`creates.${index}`, 'thing X']),
		);
		const verdict = judge(
			{
				name: 'demo',
				folder: '/demo',
				version: '1.4.0',
				surface: {},
				released: { version: '1.4.0', surface: lost },
			},
			[],
		);
		const lines = explain(verdict, '1.4.0');
		expect(lines.filter((line) => line.endsWith(' is gone'))).toHaveLength(20);
		expect(lines.filter((line) => line.startsWith('  …'))).toEqual(more);
	});
});

it('an announcement for a package that is not there is named, with those that are', () => {
	const changes = pending(['demo', 'major'], ['demmo', 'major'], ['other', 'patch']);
	expect(misaddressed(changes, ['demo', 'other'])).toEqual([
		'.changeset/1.md is for "demmo", which is no package here. Name one of: demo, other.',
	]);
});

describe('the packages of a checkout', () => {
	const temporary = temporaryFolder('memberpass-release-');
	afterAll(() => temporary.remove());
	const write = (path: string, text: string): string => {
		const file = join(temporary.path, path);
		mkdirSync(join(file, '..'), { recursive: true });
		writeFileSync(file, text);
		return file;
	};

	it('are those with a surface, and no others', () => {
		write('packages/with/package.json', '{"name":"with","version":"1.0.0","private":true}');
		write('packages/with/surface.json', '{"a":"thing A"}');
		write('packages/with/surface.released.json', '{"version":"1.0.0","surface":{}}');
		write('shared/without/package.json', '{"name":"without","version":"0.0.0"}');
		write('elsewhere/other/package.json', '{"name":"other","version":"0.0.0"}');
		expect(workspacesOf(temporary.path).map(({ name }) => name)).toEqual(['with', 'without']);
		expect(publishedOf(temporary.path)).toEqual([
			{
				name: 'with',
				version: '1.0.0',
				folder: join(temporary.path, 'packages/with'),
				surface: { a: 'thing A' },
				released: { version: '1.0.0', surface: {} },
			},
		]);
	});

	it('are told by path, in whatever order the file system lists them', () => {
		const names = ['e', 'a', 'g', 'c', 'h', 'b', 'f', 'd'];
		for (const name of names) {
			write(`many/packages/${name}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
		}
		const found = workspacesOf(join(temporary.path, 'many')).map(({ name }) => name);
		expect(found).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
	});

	it('are not judged without what was released: the command that writes it is named', () => {
		const root = join(temporary.path, 'unguarded');
		write('unguarded/packages/new/package.json', '{"name":"new","version":"1.0.0"}');
		write('unguarded/packages/new/surface.json', '{"a":"thing A"}');
		expect(() => publishedOf(root)).toThrow(
			'new has a surface.json and no surface.released.json. Run "npm run release:baseline -- new" once and commit it.',
		);
	});

	it('are not judged by a file that cannot be read: it is named, with the reason', () => {
		const path = write('broken.json', '<<<<<<< HEAD');
		const cause = expect.any(SyntaxError) as unknown;
		const message = `${path} cannot be read as JSON.`;
		const said: unknown = expect.objectContaining({ message, cause });
		expect(() => readJson(path)).toThrow(said as Error);
	});
});
