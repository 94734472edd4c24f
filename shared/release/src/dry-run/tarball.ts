import { globSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

import { repoRoot } from '../workspaces.ts';
import { codeFaults } from './code.ts';
import { succeed } from './run.ts';

/** A package as npm would publish it. */
export interface Tarball {
	/** Path of the .tgz file. */
	readonly file: string;
	/** Paths in the package. */
	readonly files: readonly string[];
	readonly bytes: number;
}

/** Packs a workspace into a folder, as `npm publish` would. */
export async function pack(workspace: string, into: string): Promise<Tarball> {
	const out = await succeed('npm', ['pack', '--json', '--silent', '--pack-destination', into], {
		cwd: workspace,
	});
	// Scripts that run before packing print too; npm's answer comes last.
	const parsed = JSON.parse(out.slice(out.search(/^[[{]\s*$/m))) as unknown;
	const [packed] = Object.values(parsed as Readonly<Record<string, PackedByNpm>>);
	if (packed === undefined) throw new Error(`npm packed nothing in ${workspace}.`);
	return {
		file: join(into, packed.filename),
		files: packed.files.map(({ path }) => path).sort(),
		bytes: packed.size,
	};
}

interface PackedByNpm {
	readonly filename: string;
	readonly size: number;
	readonly files: readonly { readonly path: string }[];
}

/** What may lie in a published package. Everything else was packed by mistake. */
const wanted = /^(?:dist\/.+|package\.json|README\.md|LICENSE(?:\.md)?)$/;
const unwanted = /\.(?:map|tsbuildinfo)$|\.test\.|\/(?:\.|tests?\/)/;

/** npm runs these on the machine of whoever installs. */
const installScripts = [
	'preinstall',
	'install',
	'postinstall',
	'prepare',
	'preprepare',
	'postprepare',
];

/** A home that is the root folder says nothing: every address begins like that. */
const ownFolders = [repoRoot, homedir()]
	.filter((path) => path !== dirname(path))
	.map((path) => join(path, sep));

/** Text that tells where a package was built, or points to a source map: neither is of use to whoever installs it. */
const traces = [
	{ name: 'a path of this machine', pattern: ownFolders },
	{ name: 'a source map', pattern: ['//# sourceMappingURL='] },
] as const;

interface Manifest {
	readonly scripts?: Readonly<Record<string, string>>;
	readonly license?: string;
	readonly repository?: { readonly url?: string };
}

/**
 * What is wrong with a package that was unpacked into a folder, a sentence each; empty where nothing is.
 *
 * @param folder With package.json in it.
 * @param workspace Where it was made from.
 */
export function faultsOf(folder: string, workspace: string): readonly string[] {
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
	const paths = filesIn(folder);
	const texts = paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const);
	return [
		...paths
			.filter((path) => !wanted.test(path) || unwanted.test(path))
			.map((path) => `${path} does not belong in a published package`),
		...['README.md', 'package.json', ...copiedFrom(workspace)]
			.filter((path) => !paths.includes(path))
			.map((path) => `${path} is missing`),
		...(paths.some((path) => path.startsWith('LICENSE')) ? [] : ['the licence is missing']),
		...manifestFaults(manifest),
		...texts.flatMap(([path, text]) =>
			traces
				.filter(({ pattern }) => pattern.some((one) => text.includes(one)))
				.map(({ name }) => `${path} holds ${name}`),
		),
		...texts
			.filter(([path]) => /js$/.test(path))
			.flatMap(([path, source]) => codeFaults(path, source)),
	];
}

function manifestFaults({ license, repository, scripts }: Manifest): readonly string[] {
	return [
		...(license === 'MIT' ? [] : ['package.json does not say that the licence is MIT']),
		...(/^(?:git\+)?https:\/\/github\.com\/./.test(repository?.url ?? '')
			? []
			: ['package.json names no repository, without which npm refuses its provenance']),
		...installScripts
			.filter((name) => scripts?.[name] !== undefined)
			.map((name) => `package.json has a script "${name}", which runs on the user's machine`),
	];
}

/** All files, hidden ones too, which a glob passes over; not what npm installed beside them. */
function filesIn(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
		.filter((path) => !path.startsWith('node_modules/'))
		.sort();
}

/** What n8n's build copies and nothing imports: icons, codex files, output schemas. */
const copiedFrom = (workspace: string): readonly string[] =>
	globSync('{nodes,credentials,icons}/**/*.{json,svg}', { cwd: workspace }).map(
		(path) => `dist/${path.replaceAll(sep, '/')}`,
	);
