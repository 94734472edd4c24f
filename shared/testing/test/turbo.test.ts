import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import { build, type Plugin } from 'esbuild';

import { allGroups, type TestGroup } from '../src/test-groups.ts';

const root = join(__dirname, '../../..');

interface Task {
	readonly inputs?: readonly string[];
	readonly env?: readonly string[];
	readonly outputs?: readonly string[];
}
interface Configuration {
	readonly tasks: Readonly<Record<string, Task>>;
}

const read = (path: string): Configuration =>
	JSON.parse(readFileSync(join(root, path), 'utf8')) as Configuration;
const general = read('turbo.json').tasks['test'] ?? {};
const groups = allGroups(root);

/** What turbo looks at before it takes the tests of a group from its cache, as patterns below the repository. */
function taskOf({ workspace, script }: TestGroup): Task {
	const path = `${workspace}/turbo.json`;
	const own = existsSync(join(root, path)) ? read(path).tasks[script] : undefined;
	const task = script === 'test' ? { ...general, ...own } : (own ?? {});
	const inputs = (task.inputs ?? []).flatMap((one) =>
		one === '$TURBO_EXTENDS$' ? (general.inputs ?? []) : [one],
	);
	return { ...task, inputs: inputs.map((one) => fromRoot(workspace, one)) };
}

function fromRoot(workspace: string, input: string): string {
	if (input.startsWith('!')) return `!${fromRoot(workspace, input.slice(1))}`;
	if (input === '$TURBO_DEFAULT$') return `${workspace}/**`;
	return input.startsWith('$TURBO_ROOT$/')
		? input.replace('$TURBO_ROOT$/', '')
		: `${workspace}/${input}`;
}

const testsOf = ({ workspace, group }: TestGroup): readonly string[] => {
	const others = groups.filter((one) => one.workspace === workspace && one.group !== group);
	return globSync(`${workspace}/test/${group ?? ''}/**/*.test.{ts,mts}`, {
		cwd: root,
		exclude: (path) =>
			group === null && others.some((one) => path === `${workspace}/test/${String(one.group)}`),
	});
};

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

/** Every file of the repository that some tests import, however far away. */
async function importedBy(tests: readonly string[]): Promise<readonly string[]> {
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: [...tests],
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

describe.each(groups)('"$script" of $workspace runs again', (group) => {
	const { inputs = [], env, outputs } = taskOf(group);
	const isInput = (path: string): boolean =>
		inputs.some((pattern) => matchesGlob(path, pattern)) &&
		!inputs.some((pattern) => pattern.startsWith('!') && matchesGlob(path, pattern.slice(1)));

	it('after a change of any file that its tests import', async () => {
		const imported = await importedBy(testsOf(group));
		expect(imported.length).toBeGreaterThan(1);
		expect(imported.filter((path) => !isInput(path))).toEqual([]);
	});

	it.each(['fixtures/events/member/joined.json', 'shared/testing/jest.mjs'])(
		'after a change of %s',
		(path) => {
			expect(isInput(path)).toBe(true);
		},
	);

	it('in another time zone or language, and hands its counts on', () => {
		expect(env).toEqual(expect.arrayContaining(['TZ', 'LC_ALL', 'LANG']));
		expect(outputs).toEqual([group.result]);
	});
});

it('every test belongs to one group', () => {
	const all = globSync('{shared,packages}/*/test/**/*.test.{ts,mts}', { cwd: root });
	expect(groups.flatMap(testsOf).sort()).toEqual(all.sort());
});
