import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tests of a workspace that run by themselves, because they read other files than the rest or take a tool of their own:
 * those below `test/NAME`, run by the script `test:NAME`. What is in no group is run by `test`, and is the group null.
 */
export interface TestGroup {
	/** Below the repository. */
	readonly workspace: string;
	readonly group: string | null;
	/** The script, which is also turbo's task. */
	readonly script: string;
	/** Where jest leaves its counts, below the workspace. */
	readonly result: string;
}

/** The groups of a workspace, as its package.json has scripts for them. */
export function groupsOf(root: string, workspace: string): readonly TestGroup[] {
	const { scripts = {} } = JSON.parse(
		readFileSync(join(root, workspace, 'package.json'), 'utf8'),
	) as { scripts?: Readonly<Record<string, string>> };
	return Object.keys(scripts).flatMap((script) => {
		const match = /^test(?::(\w+))?$/.exec(script);
		if (match === null) return [];
		const group = match[1];
		return [
			{
				workspace,
				group: group ?? null,
				script,
				result: group === undefined ? '.test-result.json' : `.test-result.${group}.json`,
			},
		];
	});
}

/** The groups of all workspaces. */
export function allGroups(root: string): readonly TestGroup[] {
	return ['shared', 'packages'].flatMap((folder) =>
		readdirSync(join(root, folder), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.flatMap((entry) => groupsOf(root, `${folder}/${entry.name}`)),
	);
}

/** What turbo builds before it runs tests, as tasks that `turbo run` takes: `n8n-nodes-memberpass#build`. */
export function buildsBefore(
	root: string,
	{ workspace, script }: Pick<TestGroup, 'workspace' | 'script'>,
): readonly string[] {
	const dependsOn =
		dependenciesOf(join(root, workspace, 'turbo.json'), script) ??
		dependenciesOf(join(root, 'turbo.json'), script) ??
		[];
	const { name, scripts = {} } = JSON.parse(
		readFileSync(join(root, workspace, 'package.json'), 'utf8'),
	) as { name: string; scripts?: Readonly<Record<string, string>> };
	return dependsOn.flatMap((task) => {
		if (task.includes('#')) return [task];
		return task === 'build' && 'build' in scripts ? [`${name}#build`] : [];
	});
}

function dependenciesOf(path: string, script: string): readonly string[] | undefined {
	if (!existsSync(path)) return undefined;
	const { tasks = {} } = JSON.parse(readFileSync(path, 'utf8')) as {
		tasks?: Readonly<Record<string, { readonly dependsOn?: readonly string[] }>>;
	};
	return tasks[script]?.dependsOn;
}
