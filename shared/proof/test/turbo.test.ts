import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import { build, type Plugin } from 'esbuild';

const root = join(__dirname, '../../..');

interface Task {
	readonly inputs?: readonly string[];
	readonly env?: readonly string[];
}
interface Configuration {
	readonly tasks: Readonly<Record<string, Task>>;
}

const read = (path: string): Configuration =>
	JSON.parse(readFileSync(join(root, path), 'utf8')) as Configuration;
const general = read('turbo.json').tasks['test'] ?? {};

const workspaces = globSync('{shared,packages}/*/package.json', { cwd: root })
	.map((path) => path.replace('/package.json', ''))
	.filter(
		(workspace) => globSync('test/**/*.test.{ts,mts}', { cwd: join(root, workspace) }).length > 0,
	)
	.sort();

/** What turbo looks at before it takes a workspace's tests from its cache, as patterns below the repository. */
function inputsOf(workspace: string): {
	readonly patterns: readonly string[];
	readonly task: Task;
} {
	const path = `${workspace}/turbo.json`;
	const own = existsSync(join(root, path)) ? (read(path).tasks['test'] ?? {}) : {};
	const inputs = (own.inputs ?? ['$TURBO_EXTENDS$']).flatMap((one) =>
		one === '$TURBO_EXTENDS$' ? (general.inputs ?? []) : [one],
	);
	return {
		patterns: inputs.map((one) =>
			one === '$TURBO_DEFAULT$' ? `${workspace}/**` : one.replace('$TURBO_ROOT$/', ''),
		),
		task: { ...general, ...own },
	};
}

const packages: Plugin = {
	name: 'packages',
	setup(builder) {
		builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
			kind === 'entry-point' || path.startsWith('@memberpass/')
				? undefined
				: { path, external: true },
		);
	},
};

/** Every file of the repository that a workspace's tests import, however far away. */
async function importedBy(workspace: string): Promise<readonly string[]> {
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: globSync(`${workspace}/test/**/*.test.{ts,mts}`, { cwd: root }),
		outdir: 'nowhere',
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		format: 'esm',
		plugins: [packages],
		logLevel: 'error',
	});
	return Object.keys(metafile.inputs);
}

describe.each(workspaces)('the tests of %s run again', (workspace) => {
	const { patterns, task } = inputsOf(workspace);

	it('after a change of any file that they import', async () => {
		const imported = await importedBy(workspace);
		expect(imported.length).toBeGreaterThan(1);
		expect(
			imported.filter((path) => !patterns.some((pattern) => matchesGlob(path, pattern))),
		).toEqual([]);
	});

	it('after a change of a fixture, or of what jest is told', () => {
		for (const path of ['fixtures/events/member/joined.json', 'shared/testing/jest.mjs']) {
			expect(patterns.filter((pattern) => matchesGlob(path, pattern))).not.toEqual([]);
		}
	});

	it('in another time zone or language', () => {
		expect(task.env).toEqual(expect.arrayContaining(['TZ', 'LC_ALL', 'LANG']));
	});
});

it('there are as many workspaces with tests as are looked at', () => {
	expect(workspaces).toHaveLength(11);
});
