import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

const left = new Set([
	'node_modules',
	'dist',
	'build',
	'coverage',
	'.turbo',
	'.git',
	'.cache',
	'.test-result.json',
]);

/** A copy of the repository that shares the installed packages and nothing else with it. */
export interface Checkout {
	readonly root: string;
	/** Runs an npm script of the copy. */
	npm(script: string, ...args: readonly string[]): { status: number | null; output: string };
	remove(): void;
}

/** Copies the checkout, so that a test may change the catalogue without touching it. */
export function copyCheckout(from: string): Checkout {
	const root = mkdtempSync(join(tmpdir(), 'checkout-'));
	cpSync(from, root, {
		recursive: true,
		filter: (path) =>
			!path
				.slice(from.length)
				.split(sep)
				.some((part) => left.has(part)),
	});
	linkModules(join(from, 'node_modules'), join(root, 'node_modules'), root);
	return {
		root,
		npm(script, ...args) {
			const { status, stdout, stderr } = spawnSync(
				'npm',
				['run', '--silent', script, '--', ...args],
				{
					cwd: root,
					encoding: 'utf8',
					env: { ...process.env, NODE_OPTIONS: '', TURBO_TELEMETRY_DISABLED: '1' },
				},
			);
			return { status, output: `${stdout}${stderr}` };
		},
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
}

/** Every installed package is linked; the workspaces among them point into the copy. */
function linkModules(from: string, to: string, root: string): void {
	const own = new Map(
		['shared', 'packages'].flatMap((group) =>
			readdirSync(join(root, group)).flatMap((folder) => {
				const path = join(root, group, folder);
				const manifest = join(path, 'package.json');
				if (!existsSync(manifest)) return [];
				const { name } = jest.requireActual<{ name: string }>(manifest);
				return [[name, path] as const];
			}),
		),
	);
	mkdirSync(join(to, '@memberpass'), { recursive: true });
	for (const entry of readdirSync(from)) {
		if (entry === '@memberpass' || own.has(entry)) continue;
		symlinkSync(join(from, entry), join(to, entry));
	}
	for (const [name, path] of own) symlinkSync(path, join(to, name));
}
