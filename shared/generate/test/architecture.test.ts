import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dependenciesOf } from '../src/dependencies.ts';
import { writtenWorkspaces } from '../src/emitters/architecture.ts';

const root = join(__dirname, '../../..');
const dependencies = dependenciesOf(root);
const usedBy = (workspace: string): readonly string[] =>
	dependencies.filter(({ from }) => from === workspace).map(({ to }) => to);
const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

it('the catalogue uses nothing, and the protocol nothing but the catalogue', () => {
	expect(usedBy('shared/catalogue')).toEqual([]);
	expect(usedBy('shared/protocol')).toEqual(['shared/catalogue']);
});

it('no package uses another, except that the site shows what the others ship', () => {
	const between = dependencies.filter(
		({ from, to }) => from.startsWith('packages/') && to.startsWith('packages/'),
	);
	expect(between.filter(({ from }) => from !== 'packages/site')).toEqual([]);
	expect(dependencies.filter(({ to }) => to === 'packages/site')).toEqual([]);
});

it('the generator is used by nothing, and the proofs by the generator, which writes their page, alone', () => {
	const usersOf = (workspace: string): readonly string[] =>
		dependencies.filter(({ to }) => to === workspace).map(({ from }) => from);
	expect(usersOf('shared/generate')).toEqual([]);
	expect(usersOf('shared/proof')).toEqual(['shared/generate']);
});

it('no dependencies run in a circle', () => {
	const circles: string[] = [];
	const walk = (workspace: string, trail: readonly string[]): void => {
		if (trail.includes(workspace)) circles.push([...trail, workspace].join(' -> '));
		else for (const next of usedBy(workspace)) walk(next, [...trail, workspace]);
	};
	for (const { from } of dependencies) walk(from, []);
	expect(circles).toEqual([]);
});

it('every workspace is in the document, and what the document has is one', () => {
	const workspaces = globSync('{shared,packages}/*/package.json', { cwd: root })
		.map((path) => path.replace('/package.json', ''))
		.sort();
	const told = [...document.matchAll(/^\| `((?:shared|packages)\/[\w-]+)` \|/gm)]
		.map(([, workspace]) => workspace)
		.filter((workspace) => workspaces.includes(workspace ?? ''))
		.sort();
	expect([...new Set(told)]).toEqual(workspaces);
});

it('files are written into the workspaces that the picture says', () => {
	const manifest = JSON.parse(
		readFileSync(join(root, 'shared/generate/generated-files.json'), 'utf8'),
	) as readonly string[];
	const workspaces = new Set(manifest.flatMap((path) => /^packages\/[^/]+/.exec(path)?.[0] ?? []));
	expect([...workspaces].sort()).toEqual(writtenWorkspaces);
});
