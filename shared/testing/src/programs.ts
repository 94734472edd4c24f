import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that tests need and npm does not bring. */
export interface Program {
	readonly name: string;
	readonly debianPackage: string;
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
		debianPackage: 'chromium',
		find: named('chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'),
	},
	curl: { name: 'curl', debianPackage: 'curl', find: named('curl') },
	openssl: { name: 'OpenSSL', debianPackage: 'openssl', find: named('openssl') },
	redis: { name: 'Redis', debianPackage: 'redis-server', find: named('redis-server') },
	postgres: { name: 'PostgreSQL', debianPackage: 'postgresql', find: findPostgres },
} as const satisfies Readonly<Record<string, Program>>;

/**
 * A machine without the program must not look like one where the tests pass: it is installed, or they fail and say how
 * to install it.
 *
 * @returns its path.
 * @throws Error where it is not there and cannot be installed.
 */
export function ensureProgram({ name, debianPackage, find }: Program): string {
	const path = find();
	if (path !== null) return path;
	if (process.getuid?.() !== 0) {
		throw new Error(
			`These tests run with the real ${name}, which is not there. Install it: sudo apt-get update && sudo apt-get install -y ${debianPackage}`,
		);
	}
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'pipe' });
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], {
		env,
		stdio: 'pipe',
	});
	const installed = find();
	if (installed !== null) return installed;
	throw new Error(`The package ${debianPackage} was installed, yet ${name} is not there.`);
}
