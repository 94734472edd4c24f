import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { checkoutFiles } from '../src/checkout-files.ts';
import { allGroups } from '../src/test-groups.ts';

const root = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** The site resolves the links of its pages by itself, and tests those of what it built. */
const documents = checkoutFiles(root, '*.md').filter(
	(path) => !path.startsWith('packages/site/pages/'),
);

/** As GitHub names a heading: lower case, without punctuation, a dash for each space. */
const anchorOf = (heading: string): string =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replace(/\s/g, '-');

const anchorsOf = (path: string): readonly string[] =>
	[...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** What a document says outside examples. */
const textOf = (path: string): string => read(path).replace(/^```[\s\S]*?^```/gm, '');

/** Files that a reader of the walkthrough makes. */
const walkthrough = [
	...read('CONTRIBUTING.md').matchAll(/<!-- walkthrough: create (\S+) -->/g),
].map(([, path]) => path);

interface Manifest {
	readonly name: string;
	readonly scripts?: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
	JSON.parse(read(join(folder, 'package.json'))) as Manifest;
const scriptsOf = (folder: string): readonly string[] =>
	Object.keys(manifestOf(folder).scripts ?? {});

const workspaces = checkoutFiles(root, ':(glob)*/*/package.json').map((path) => dirname(path));
const folderOf = new Map(workspaces.map((folder) => [manifestOf(folder).name, folder]));
const workspaceOf = (path: string): string | null =>
	workspaces.find((folder) => path.startsWith(`${folder}/`)) ?? null;
/** Said of whichever workspace one is in. */
const groupScripts = new Set(allGroups(root).map(({ script }) => script));

it('there are documents to check', () => {
	expect(documents.length).toBeGreaterThan(20);
	expect(documents).toEqual(expect.arrayContaining(['README.md', 'shared/proof/FAULTS.md']));
});

describe.each(documents)('%s', (path) => {
	it('links to files that are there, and to headings that they have', () => {
		const links = [...textOf(path).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(
			([, link = '']) => link,
		);
		const dead = links.filter((link) => {
			const [file = '', anchor] = link.split('#');
			const target = file === '' ? path : join(dirname(path), file);
			if (!existsSync(join(root, target))) return true;
			return anchor !== undefined && !anchorsOf(target).includes(anchor);
		});
		expect(dead).toEqual([]);
	});

	it('names files and folders that are there', () => {
		const named = [
			...textOf(path).matchAll(/`((?:packages|shared|docs|fixtures|\.github|\.ci)\/[\w./@-]+)`/g),
		].map(([, one = '']) => one);
		expect(
			named.filter((one) => !existsSync(join(root, one)) && !walkthrough.includes(one)),
		).toEqual([]);
	});

	it('names commands that are there', () => {
		const called = [...read(path).matchAll(/\bnpm run (?:--silent )?([\w:-]+)(?: -w ([\w-]+))?/g)];
		const dead = called.filter(([, name = '', workspace]) => {
			const folders =
				workspace === undefined ? ['.', workspaceOf(path)] : [folderOf.get(workspace) ?? null];
			const known = folders.flatMap((folder) => (folder === null ? [] : scriptsOf(folder)));
			return !known.includes(name) && !(workspace === undefined && groupScripts.has(name));
		});
		expect(dead.map(([command]) => command)).toEqual([]);
	});
});
