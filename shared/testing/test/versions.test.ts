import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
}
const versionIn = (path: string, name: string): string => {
	const { dependencies, devDependencies } = JSON.parse(read(path)) as Manifest;
	return { ...dependencies, ...devDependencies }[name] ?? '';
};

/** "2.41" of "2.41.1": the packages of one release of n8n differ in the last number. */
const release = (version: string): string => /^\d+\.\d+(?=\.\d+$)/.exec(version)?.[0] ?? '';

describe('a newer n8n is taken everywhere at once', () => {
	const engine = release(versionIn('packages/n8n-nodes-memberpass/package.json', 'n8n-core'));

	it.each([
		[
			'the types that the nodes are built with',
			versionIn('packages/n8n-nodes-memberpass/package.json', 'n8n-workflow'),
		],
		[
			'the server that the end-to-end tests install',
			/^const newest = '(.+)';$/m.exec(read('packages/n8n-nodes-memberpass/e2e/main.mts'))?.[1] ??
				'',
		],
		[
			'the nodes of others, as the recipes use them',
			(JSON.parse(read('shared/testing/vendor/n8n-nodes-base.json')) as { version: string })
				.version,
		],
	])('%s', (_, version) => {
		expect(engine).toMatch(/^2\.\d+$/);
		expect(release(version)).toBe(engine);
	});
});

it('the zip is built by the command line of the core that is in it', () => {
	expect(versionIn('packages/zapier/cli/package.json', 'zapier-platform-cli')).toBe(
		versionIn('packages/zapier/package.json', 'zapier-platform-core'),
	);
});

// `npx changeset version` raises the manifests only.
it('package-lock.json has every workspace at its own version; "npm install --package-lock-only" takes them over', () => {
	const { packages } = JSON.parse(read('package-lock.json')) as {
		packages: Readonly<Record<string, { readonly version?: string }>>;
	};
	const workspaces = Object.keys(packages).filter((path) =>
		/^(packages|shared)\/[^/]+$/.test(path),
	);
	expect(workspaces).toHaveLength(12);
	for (const path of workspaces) {
		const { version } = JSON.parse(read(`${path}/package.json`)) as { version: string };
		expect([path, packages[path]?.version]).toEqual([path, version]);
	}
});
