import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import { build, type Metafile, type Plugin } from 'esbuild';

import { importReader } from '../../generate/src/imports.ts';
import { checkoutFiles } from '../src/checkout-files.ts';
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
const general = read('turbo.json').tasks;
const groups = allGroups(root);

/** What turbo looks at before it takes what a script found from its cache, as patterns below the repository. */
function taskOf({ workspace, script }: Pick<TestGroup, 'workspace' | 'script'>): Task {
	const path = `${workspace}/turbo.json`;
	const own = existsSync(join(root, path)) ? read(path).tasks[script] : undefined;
	const task = { ...general[script], ...own };
	const inputs = (task.inputs ?? []).flatMap((one) =>
		one === '$TURBO_EXTENDS$' ? (general[script]?.inputs ?? []) : [one],
	);
	return { ...task, inputs: inputs.map((one) => fromRoot(workspace, one)) };
}

/** Whether turbo looks at a file. Its patterns match names that begin with a dot, Node's do not. */
function isInput({ inputs = [] }: Task, path: string): boolean {
	const matches = (pattern: string): boolean => matchesGlob(path.replaceAll('/.', '/'), pattern);
	return (
		inputs.some(matches) &&
		!inputs.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))
	);
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

/** What each file of the repository imports that any test imports, however far away. */
async function importsOfTests(): Promise<Metafile['inputs']> {
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: groups.flatMap(testsOf),
		outdir: 'nowhere',
		bundle: true,
		// Otherwise every file is printed once for each test that imports it.
		splitting: true,
		write: false,
		metafile: true,
		platform: 'node',
		format: 'esm',
		plugins: [packages],
		logLevel: 'error',
	});
	return metafile.inputs;
}

let inputs: Metafile['inputs'];
beforeAll(async () => {
	inputs = await importsOfTests();
});

/** Every file of the repository that some tests import, however far away. */
function importedBy(tests: readonly string[]): readonly string[] {
	const reached = new Set(tests);
	for (const path of reached) {
		const { imports } = found(path);
		for (const one of imports) if (one.external !== true) reached.add(one.path);
	}
	return [...reached];
}

function found(path: string): Metafile['inputs'][string] {
	const input = inputs[path];
	if (input === undefined) throw new Error(`esbuild did not look at ${path}.`);
	return input;
}

const importsOf = importReader(root);

/** These files, and whatever they import, however far away. */
function reach(paths: readonly string[]): ReadonlySet<string> {
	const reached = new Set(paths);
	for (const path of reached) {
		if (/\.m?ts$/.test(path)) for (const next of importsOf(path)) reached.add(next);
	}
	return reached;
}

describe.each(groups)('"$script" of $workspace runs again', (group) => {
	const task = taskOf(group);

	it('after a change of any file that its tests import', () => {
		const imported = importedBy(testsOf(group));
		expect(imported.length).toBeGreaterThan(1);
		expect(imported.filter((path) => !isInput(task, path))).toEqual([]);
	});

	it.each(['fixtures/events/member/joined.json', 'shared/testing/jest.mjs'])(
		'after a change of %s',
		(path) => {
			expect(isInput(task, path)).toBe(true);
		},
	);

	it('in another time zone or language, and hands its counts on', () => {
		expect(task.env).toEqual(expect.arrayContaining(['TZ', 'LC_ALL', 'LANG']));
		expect(task.outputs).toEqual([group.result]);
	});
});

describe.each([...new Set(groups.map(({ workspace }) => workspace))])(
	'"check:own" of %s runs again',
	(workspace) => {
		it('after a change of any file whose types it uses, and of the rules', () => {
			const own = checkoutFiles(root, `${workspace}/*.ts`, `${workspace}/*.mts`);
			expect(own.length).toBeGreaterThan(1);
			const task = taskOf({ workspace, script: 'check:own' });
			const read = [...reach(own), '.oxlintrc.json', `${workspace}/tsconfig.json`];
			expect(read.filter((path) => !isInput(task, path))).toEqual([]);
		});
	},
);

it('every test belongs to one group', () => {
	const all = globSync('{shared,packages}/*/test/**/*.test.{ts,mts}', { cwd: root });
	expect(groups.flatMap(testsOf).sort()).toEqual(all.sort());
});
