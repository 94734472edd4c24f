import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ensureProgram, type Program, programs } from '../src/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../src/temporary.ts';

let folder: TemporaryFolder;
const at = (name: string): string => join(folder.path, name);
const realPath = process.env['PATH'] ?? '';

/** A command that is found before the real one of its name. */
function command(name: string, script: string): void {
	writeFileSync(at(name), `#!/bin/sh\n${script}\n`);
	chmodSync(at(name), 0o755);
}

beforeEach(() => {
	folder = temporaryFolder('memberpass-programs-');
	process.env['PATH'] = `${folder.path}:${realPath}`;
});
afterEach(() => {
	process.env['PATH'] = realPath;
	folder.remove();
	jest.restoreAllMocks();
});

const asUser = (id: number): void => {
	jest.spyOn(process, 'getuid').mockReturnValue(id);
};

/** A program that only the fake apt-get below brings. */
const anvil = (...debianPackages: string[]): Program => ({
	name: 'Anvil',
	debianPackages,
	find: () => (existsSync(at('anvil')) ? at('anvil') : null),
});

/** Knows one package; notes what it is asked to do. */
function fakeApt(): () => readonly string[] {
	command('flock', `[ "$1" = /var/lib/apt ] && shift && LOCKED=yes exec "$@"`);
	command(
		'apt-get',
		`
		echo "$@" >> '${at('asked')}'
		[ "$LOCKED" = yes ] || { echo 'somebody else is at it' >&2; exit 100; }
		case "$*" in
			*update) echo 'no network' >&2; exit 100;;
			*anvil-full) touch '${at('anvil')}';;
			*anvil-empty) ;;
			*) echo 'Unable to locate package' >&2; exit 100;;
		esac`,
	);
	return () =>
		readFileSync(at('asked'), 'utf8')
			.trim()
			.split('\n')
			.map((line) => line.replace('-qq -o DPkg::Lock::Timeout=300 ', ''));
}

it('a Chromium without windows is taken before one with them', () => {
	command('chromium', '');
	command('chromium-headless-shell', '');
	expect(programs.chromium.find()).toBe(at('chromium-headless-shell'));
});

it('what is there is not installed', () => {
	asUser(0);
	const asked = fakeApt();
	writeFileSync(at('anvil'), '');
	expect(ensureProgram(anvil('anvil-full'))).toBe(at('anvil'));
	expect(asked).toThrow('ENOENT');
});

it('root gets the first package that there is, one after the other, with an old list of packages as well', () => {
	asUser(0);
	const asked = fakeApt();
	expect(ensureProgram(anvil('anvil-lite', 'anvil-full', 'anvil-more'))).toBe(at('anvil'));
	expect(asked()).toEqual([
		'update',
		'install -y --no-install-recommends anvil-lite',
		'install -y --no-install-recommends anvil-full',
	]);
});

it('what cannot be installed fails with what apt-get said', () => {
	asUser(0);
	fakeApt();
	expect(() => ensureProgram(anvil('anvil-lite', 'anvil-empty'))).toThrow(
		[
			'Anvil could not be installed.',
			'apt-get update: no network',
			'apt-get install -y --no-install-recommends anvil-lite: Unable to locate package',
			'apt-get install -y --no-install-recommends anvil-empty: done',
		].join('\n'),
	);
});

it('a machine without apt-get is told so', () => {
	asUser(0);
	process.env['PATH'] = folder.path;
	expect(() => ensureProgram(anvil('anvil-full'))).toThrow(/apt-get update: .*ENOENT/);
});

it('anybody else is told what to type, and nothing is installed', () => {
	asUser(1000);
	const asked = fakeApt();
	expect(() => ensureProgram(anvil('anvil-lite', 'anvil-full'))).toThrow(
		'sudo apt-get update && sudo apt-get install -y anvil-lite # or anvil-full',
	);
	expect(asked).toThrow('ENOENT');
});
