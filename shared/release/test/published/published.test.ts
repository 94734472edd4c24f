import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { codeFaults } from '../../src/dry-run/code.ts';
import { readJson } from '../../src/workspaces.ts';

const root = join(__dirname, '../../../..');
const published = ['packages/n8n-nodes-memberpass', 'packages/sandbox', 'packages/zapier'] as const;

interface Manifest {
	readonly name: string;
	readonly license: string;
	readonly scripts?: Readonly<Record<string, string>>;
	readonly dependencies?: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
	readJson(join(root, folder, 'package.json')) as Manifest;

describe.each(published)('%s', (folder) => {
	it('holds nothing that runs on installation, makes code from text, or loads what it computes', () => {
		const dist = join(root, folder, 'dist');
		const sources = globSync('**/*.js', { cwd: dist });
		expect(sources.length).toBeGreaterThan(0);
		expect(
			sources.flatMap((path) => codeFaults(path, readFileSync(join(dist, path), 'utf8'))),
		).toEqual([]);
		const onInstall = Object.keys(manifestOf(folder).scripts ?? {}).filter((name) =>
			/^(?:pre|post)?install$|^(?:pre|post)?prepare$/.test(name),
		);
		expect(onInstall).toEqual([]);
	});

	it('uses permissive licences only', () => {
		const { license, dependencies = {} } = manifestOf(folder);
		expect(license).toBe('MIT');
		const found = licencesOf(folder);
		expect(found.size).toBeGreaterThanOrEqual(Object.keys(dependencies).length);
		const refused = [...found].filter(
			([name, licence]) => !isPermissive(licence) && exceptions.get(name)?.licence !== licence,
		);
		expect(refused).toEqual([]);
	});
});

const permissive = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0']);

/** Licences that no list decides, each with what was found out. */
const exceptions = new Map([
	[
		'zapier-platform-core',
		{
			licence: 'SEE LICENSE IN LICENSE',
			why: "Zapier's terms, which every app on Zapier accepts.",
		},
	],
	[
		'zapier-platform-schema',
		{ licence: 'SEE LICENSE IN LICENSE', why: 'As the core it belongs to.' },
	],
	['json-metaschema', { licence: 'Public Domain', why: 'Comes with the core; nothing is asked.' }],
	['urlsafe-base64', { licence: 'not stated', why: 'Comes with the core; MIT by its README.' }],
]);

it('every exception is still needed', () => {
	const used = new Set(published.flatMap((folder) => [...licencesOf(folder).keys()]));
	expect([...exceptions.keys()].filter((name) => !used.has(name))).toEqual([]);
});

/** `(MIT AND BSD-3-Clause)` asks for both, and both are fine. */
const isPermissive = (licence: string): boolean =>
	licence
		.replace(/^\(|\)$/g, '')
		.split(' AND ')
		.every((one) => permissive.has(one));

interface Installed {
	readonly version?: string;
	readonly license?: string;
	readonly dependencies?: Readonly<Record<string, Installed>>;
}

/** What is installed with the published packages, as npm sees it: their names -> all that they depend on. */
const installed = (): Readonly<Record<string, Installed>> => {
	const { stdout } = spawnSync(
		'npm',
		[
			...['ls', '--all', '--omit=dev', '--long', '--json'],
			...published.flatMap((folder) => ['--workspace', manifestOf(folder).name]),
		],
		{ cwd: root, encoding: 'utf8', maxBuffer: 50_000_000 },
	);
	return (JSON.parse(stdout) as Installed).dependencies ?? {};
};
let tree: ReturnType<typeof installed>;
beforeAll(() => (tree = installed()));

/** Of all that comes with a package: name -> licence. */
function licencesOf(folder: string): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	const walk = (one: Installed): void => {
		for (const [name, next] of Object.entries(one.dependencies ?? {})) {
			// npm repeats a package without its details where it stands a second time.
			if (next.version !== undefined && !found.has(name)) {
				found.set(name, next.license ?? 'not stated');
			}
			walk(next);
		}
	};
	walk(tree[manifestOf(folder).name] ?? {});
	return found;
}
