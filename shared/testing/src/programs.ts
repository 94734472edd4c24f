import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that tests need and npm does not bring. */
export interface Program {
	readonly name: string;
	/** Any of these brings it; the first that the distribution has is installed. */
	readonly debianPackages: readonly string[];
	/** Its path, or null where it is not installed. */
	readonly find: () => string | null;
}

/** Where programs lie that a short PATH does not name. */
const usualFolders = ['/usr/local/bin', '/usr/bin', '/snap/bin'];

/** The first of these names that a folder of the PATH has. */
const named =
	(...names: readonly string[]): Program['find'] =>
	() => {
		const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...usualFolders];
		const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
		return paths.find((path) => existsSync(path)) ?? null;
	};

/** The folder that holds PostgreSQL's programs; Debian names it after the version. */
function findPostgres(): string | null {
	const root = '/usr/lib/postgresql';
	const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = versions.map((version) => join(root, version, 'bin'));
	return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

export const programs = {
	chromium: {
		name: 'Chromium',
		// The same browser without its windows takes much less processor time.
		debianPackages: ['chromium-headless-shell', 'chromium'],
		find: named(
			'chromium-headless-shell',
			'chromium',
			'google-chrome',
			'google-chrome-stable',
			'chromium-browser',
		),
	},
	curl: { name: 'curl', debianPackages: ['curl'], find: named('curl') },
	openssl: { name: 'OpenSSL', debianPackages: ['openssl'], find: named('openssl') },
	redis: { name: 'Redis', debianPackages: ['redis-server'], find: named('redis-server') },
	postgres: { name: 'PostgreSQL', debianPackages: ['postgresql'], find: findPostgres },
} as const satisfies Readonly<Record<string, Program>>;

/**
 * A machine without the program must not look like one where the tests pass: it is installed, or they fail and say how
 * to install it.
 *
 * @returns its path.
 * @throws Error where it is not there and cannot be installed.
 */
export function ensureProgram({ name, debianPackages, find }: Program): string {
	const path = find();
	if (path !== null) return path;
	if (process.getuid?.() !== 0) {
		throw new Error(
			`These tests run with the real ${name}, which is not there. Install it: sudo apt-get update && sudo apt-get install -y ${debianPackages.join(' # or ')}`,
		);
	}
	// An old list of packages may do as well.
	const troubles = [apt('update')];
	for (const debianPackage of debianPackages) {
		if (find() !== null) break;
		troubles.push(apt('install', '-y', '--no-install-recommends', debianPackage));
	}
	const installed = find();
	if (installed !== null) return installed;
	throw new Error([`${name} could not be installed.`, ...troubles].join('\n'));
}

/** How a call of apt-get ended, in one line. */
function apt(...args: readonly string[]): string {
	// Test files that run side by side find out at the same time what is missing, and apt-get waits for no other.
	const { status, stderr, error } = spawnSync(
		'flock',
		['/var/lib/apt', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300', ...args],
		{ env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, encoding: 'utf8' },
	);
	const end = status === 0 ? 'done' : (error?.message ?? stderr.trim());
	return `apt-get ${args.join(' ')}: ${end}`;
}
