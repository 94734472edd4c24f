import { globSync } from 'node:fs';
import { dirname } from 'node:path';

import { events, operations } from '@memberpass/catalogue';
import { recipes } from '@memberpass/catalogue/recipes';

import { dependenciesOf, type Dependency } from '../dependencies.ts';
import type { Emitter } from '../emit.ts';

const path = 'ARCHITECTURE.md';

/** `packages/zapier` -> a name that Mermaid takes for a node. */
const nodeName = (workspace: string): string => workspace.replaceAll(/[^a-z0-9]/g, '_');

/** Workspaces that hold files written whole by an emitter. A test holds it against the list of those files. */
export const writtenWorkspaces = [
	'packages/make',
	'packages/n8n-nodes-memberpass',
	'packages/sandbox',
	'packages/zapier',
] as const;

/** Dependencies that are told in words, because in the picture they would only repeat the rest. */
const isDrawn = ({ from }: Dependency): boolean =>
	from !== 'shared/generate' && from !== 'shared/proof';

/**
 * The workspaces in one picture: an arrow means "uses", a dotted one "writes files of". What uses everything (the generator,
 * the proofs) is left out of the solid arrows.
 */
function picture(root: string): string {
	const workspaces = globSync('{shared,packages}/*/package.json', { cwd: root })
		.map((file) => dirname(file))
		.sort();
	const group = (folder: string, title: string): string[] => [
		`  subgraph ${folder}["${title}"]`,
		...workspaces
			.filter((workspace) => workspace.startsWith(`${folder}/`))
			.map((workspace) => `    ${nodeName(workspace)}["${workspace.slice(folder.length + 1)}"]`),
		'  end',
	];
	return [
		'```mermaid',
		'flowchart TB',
		...group('packages', 'packages: what users get'),
		...group('shared', 'shared: what it is made from'),
		...dependenciesOf(root)
			.filter(isDrawn)
			.map(({ from, to }) => `  ${nodeName(from)} --> ${nodeName(to)}`),
		...writtenWorkspaces.map(
			(workspace) => `  shared_generate -. writes .-> ${nodeName(workspace)}`,
		),
		'```',
	].join('\n');
}

function size(): string {
	const count = (kind: string): number => operations.filter((entry) => entry.kind === kind).length;
	return `The catalogue holds ${events.length} events, ${count('action')} actions, ${count('search')} searches, ${operations.length} operations in all, ${recipes.length} recipes.`;
}

/** The facts of ARCHITECTURE.md that follow from the code. */
export const architecture: Emitter = {
	name: 'architecture',
	summary: 'the picture and the counts of ARCHITECTURE.md',
	emit: (root) =>
		Promise.resolve([
			{ path, block: 'picture', content: picture(root) },
			{ path, block: 'size', content: size() },
		]),
};
