/** A part of the code whose tests are put to the proof, and how. */
export interface Target {
	readonly name: string;
	/** Folder of the workspace below the repository, where the tests are. */
	readonly workspace: string;
	/** Files that get mutants, below the workspace. */
	readonly mutate: string;
	/** Percent of the mutants that the tests must notice. */
	readonly breakAt: number;
	/** Test files that are not run, each with the reason. */
	readonly withoutTests: Readonly<Record<string, string>>;
	/** Test files to run first, because they notice most in the least time. */
	readonly first: readonly string[];
	/** Whether all of it runs in about a minute: then a change of its tests is worth a whole run, not only one of its sources. */
	readonly isQuick: boolean;
	/** What turns the sources into what the tests load, in the workspace. */
	readonly build: string | null;
}

export const targets: readonly Target[] = [
	{
		name: 'protocol',
		workspace: 'shared/protocol',
		mutate: 'src/**/*.ts',
		breakAt: 90,
		withoutTests: {},
		first: [],
		isQuick: true,
		build: null,
	},
	{
		name: 'zapier',
		workspace: 'packages/zapier',
		mutate: 'src/**/*.ts',
		breakAt: 80,
		withoutTests: {
			'test/tools/built.test.ts': 'runs the bundle in processes of its own',
			'test/tools/commands.test.ts': 'runs commands in processes of their own',
			'test/tools/invoke.test.ts': 'runs commands in processes of their own',
			'test/round-trip.test.ts': 'replaces a module of the core that the other files need as it is',
		},
		first: [
			'test/ranking.test.ts',
			'test/fields.test.ts',
			'test/operations.test.ts',
			'test/output.test.ts',
			'test/failures.test.ts',
			'test/definition.test.ts',
			'test/searches.test.ts',
			'test/writes.test.ts',
			'test/dropdowns.test.ts',
			'test/subscriptions.test.ts',
			'test/deliveries.test.ts',
		],
		isQuick: false,
		build: null,
	},
	{
		name: 'n8n',
		workspace: 'packages/n8n-nodes-memberpass',
		mutate: 'nodes/runtime/**/*.ts',
		breakAt: 80,
		withoutTests: {
			'test/package.test.mts': 'lints, scans and packs in processes of its own',
			'test/load.test.mts': 'repeats thousandfold what the other files do once',
			'test/e2e.test.mts':
				'starts an n8n server, whose processes load the package as it was packed',
		},
		first: [
			'test/action.test.mts',
			'test/requests.test.mts',
			'test/inputs.test.mts',
			'test/trigger.test.mts',
			'test/subscription.test.mts',
			'test/recordings.test.mts',
		],
		isQuick: false,
		build: 'n8n-node build',
	},
	{
		name: 'emitters',
		workspace: 'shared/generate',
		mutate: 'src/emitters/{n8n,zapier}/**/*.ts',
		breakAt: 80,
		withoutTests: { 'test/command.test.ts': 'runs the command in processes of its own' },
		first: ['test/emitters.test.ts'],
		isQuick: false,
		build: null,
	},
	{
		name: 'release',
		workspace: 'shared/release',
		mutate: 'src/*.ts',
		breakAt: 90,
		withoutTests: {
			'test/check.test.ts': 'runs the commands in processes of their own',
			'test/published/published.test.ts': 'builds and packs what is published',
		},
		first: ['test/surface.test.ts', 'test/verdict.test.ts'],
		isQuick: true,
		build: null,
	},
];
