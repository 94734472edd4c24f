import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { succeed } from './run.ts';

/** A package as npm would publish it. */
export interface Tarball {
	readonly name: string;
	readonly version: string;
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
		name: packed.name,
		version: packed.version,
		file: join(into, packed.filename),
		files: packed.files.map(({ path }) => path).sort(),
		bytes: packed.size,
	};
}

interface PackedByNpm {
	readonly name: string;
	readonly version: string;
	readonly filename: string;
	readonly size: number;
	readonly files: readonly { readonly path: string }[];
}

/** What may lie in a published package. Everything else was packed by mistake. */
const wanted = /^(?:dist\/.+|package\.json|README\.md|LICENSE(?:\.md)?)$/;
const unwanted = /\.(?:map|tsbuildinfo)$|\.test\.|(?:^|\/)\./;

/** npm runs these on the machine of whoever installs. */
const installScripts = [
	'preinstall',
	'install',
	'postinstall',
	'prepare',
	'preprepare',
	'postprepare',
];

const code = [
	{ name: 'eval', pattern: /(?<![\w.$])eval\s*\(/ },
	{ name: 'new Function', pattern: /\bnew\s+Function\b/ },
	{ name: 'Function called as a compiler', pattern: /(?<![\w.$]|function |new )Function\s*\(/ },
	{ name: 'a dynamic require', pattern: /(?<![\w.$])require\s*\(\s*[^'"`)\s]/ },
	{ name: 'a dynamic import', pattern: /(?<![\w.$])import\s*\(\s*[^'"`)\s]/ },
	{ name: 'child processes', pattern: /['"](?:node:)?child_process['"]/ },
] as const;

/**
 * What is wrong with a package that was unpacked into a folder, a sentence each; empty where nothing is.
 *
 * @param folder With package.json in it.
 */
export function faultsOf(folder: string): readonly string[] {
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
		readonly scripts?: Readonly<Record<string, string>>;
		readonly license?: string;
		readonly repository?: unknown;
	};
	const paths = globSync('**/*', { cwd: folder, exclude: ['node_modules/**'] })
		.filter((path) => statSync(join(folder, path)).isFile())
		.map((path) => path.replaceAll('\\', '/'))
		.sort();
	return [
		...paths
			.filter((path) => !wanted.test(path) || unwanted.test(path))
			.map((path) => `${path} does not belong in a published package`),
		...['README.md', 'package.json']
			.filter((path) => !paths.includes(path))
			.map((path) => `${path} is missing`),
		...(paths.some((path) => path.startsWith('LICENSE')) ? [] : ['the licence is missing']),
		...(manifest.license === 'MIT' ? [] : ['package.json does not say that the licence is MIT']),
		...installScripts
			.filter((name) => manifest.scripts?.[name] !== undefined)
			.map((name) => `package.json has a script "${name}", which runs on the user's machine`),
		...paths
			.filter((path) => /\.[cm]?js$/.test(path))
			.flatMap((path) => codeFaults(path, readFileSync(join(folder, path), 'utf8'))),
	];
}

/** Code that makes code, or reaches out of its process. */
export function codeFaults(path: string, source: string): readonly string[] {
	return code
		.filter(({ pattern }) => pattern.test(source))
		.map(({ name }) => `${path} uses ${name}`);
}
