import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readJson } from '../src/workspaces.ts';

const root = join(__dirname, '../../..');
const workflows = globSync('.github/workflows/*.yml', { cwd: root })
	.sort()
	.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
const { scripts, engines } = readJson(join(root, 'package.json')) as {
	readonly scripts: Readonly<Record<string, string>>;
	readonly engines: Readonly<Record<string, string>>;
};

/** The jobs of a workflow, and what stands below the name of each. */
const jobsOf = (text: string): readonly (readonly [name: string, job: string])[] =>
	[...text.matchAll(/^ {2}(\w[\w-]*):\n((?: {4}.*\n|\n)+)/gm)].map(
		([, name = '', job = '']) => [name, job] as const,
	);

it('changes are tested, versions published, the site put online, and the slow proofs run weekly', () => {
	expect(workflows.map(([path]) => path)).toEqual([
		'.github/workflows/ci.yml',
		'.github/workflows/publish-n8n.yml',
		'.github/workflows/publish-sandbox.yml',
		'.github/workflows/site.yml',
		'.github/workflows/weekly.yml',
	]);
});

it('every action has one version, wherever it is used', () => {
	const used = workflows.flatMap(([, text]) =>
		[...text.matchAll(/uses: (.*)@(.*)/g)].map(([, action = '', version = '']) => ({
			action,
			version,
		})),
	);
	const versions = Map.groupBy(used, ({ action }) => action);
	const several = [...versions].filter(
		([, uses]) => new Set(uses.map(({ version }) => version)).size > 1,
	);
	expect(several.map(([action]) => action)).toEqual([]);
});

describe.each(workflows)('%s', (path, text) => {
	it('may read the repository and, unless a job says so, nothing else', () => {
		expect(/^permissions:\n((?: .*\n)+)/m.exec(text)?.[1]).toBe('  contents: read\n');
	});

	it('runs only actions that are fixed to a commit: a tag can be moved to other code', () => {
		const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
		expect(used.length).toBeGreaterThan(0);
		expect(used.filter((one) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
	});

	it('hands what comes from outside to a shell in its environment, never in its text', () => {
		const commands = [...text.matchAll(/^( *)(?:- )?run: (\|\n(?:\1 {2,}.*\n)+|.*)/gm)];
		expect(commands.length).toBeGreaterThan(0);
		expect(commands.filter(([, , command]) => command?.includes('${{'))).toEqual([]);
	});

	it('leaves no credentials in the checkout', () => {
		const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
		expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts.length);
	});

	it('calls only scripts that exist', () => {
		const called = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
		expect(called.filter((name) => scripts[name ?? ''] === undefined)).toEqual([]);
	});

	it('can prove who it is to npm or to the pages of the repository only in a job that publishes and does nothing else', () => {
		const trusted = jobsOf(text).filter(([, job]) => /^ +(id-token|pages): write/m.test(job));
		expect(trusted.map(([name]) => name)).toEqual(/publish|site/.test(path) ? ['publish'] : []);
		// Whatever else it ran, such as the packages that build ours, could prove the same.
		const does = trusted.flatMap(([, job]) =>
			[...job.matchAll(/^ +(?:- )?(?:uses: ([^@]+)@.*|run: (.+))$/gm)].map(
				([, action, command]) => action ?? command,
			),
		);
		const publishing = path.includes('site')
			? ['actions/deploy-pages']
			: ['actions/setup-node', 'actions/download-artifact', 'npm publish ./*.tgz --access public'];
		expect(does).toEqual(trusted.length === 0 ? [] : publishing);
		expect(text).not.toMatch(/secrets\./);
	});
});

it.each(['n8n', 'sandbox'])(
	'%s is published from main, by its own tag, and from no cache',
	(name) => {
		const [, text = ''] = workflows.find(([path]) => path.endsWith(`/publish-${name}.yml`)) ?? [];
		expect(text).toContain('run: git merge-base --is-ancestor HEAD origin/main');
		expect(text).toContain('TAG: ${{ github.ref_name }}');
		expect(text).toContain('run: npm run release:dry-run -- --no-zip');
		expect(text).toContain('package-manager-cache: false');
	},
);

it("tests are started by the oldest Node that the README promises, by Zapier's and by our own", () => {
	const [, ci = ''] = workflows.find(([path]) => path.endsWith('/ci.yml')) ?? [];
	expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('You need Node 20.20 or newer');
	expect(engines).toEqual({ node: '>=20.20' });
	expect(ci).toContain('node: [20, 22, 24]');
	expect(ci).toContain('bash .ci/run');
});

it.each([
	'mutation',
	'test:hostile',
	'flood',
	'fuzz -- --minutes 10',
	'coverage',
	'bench -- --check',
	'e2e:n8n',
	'drift',
])('npm run %s, which takes too long for every change, is run weekly', (command) => {
	const [, weekly = ''] = workflows.find(([path]) => path.endsWith('/weekly.yml')) ?? [];
	expect([...weekly.matchAll(/run: npm run (.*)$/gm)].map(([, one]) => one)).toContain(command);
});

it('pictures of every kind of page are taken weekly and kept for people to look at', () => {
	const [, weekly = ''] = workflows.find(([path]) => path.endsWith('/weekly.yml')) ?? [];
	const [, job = ''] = jobsOf(weekly).find(([name]) => name === 'pictures') ?? [];
	expect(job).toContain("MEMBERPASS_SCREENSHOTS: '1'");
	expect(job).toContain(
		'run: npm --workspace memberpass-site --workspace memberpass-sandbox run test:browser',
	);
	expect(job).toMatch(
		/uses: actions\/upload-artifact@.+\n +with:\n +name: pictures\n +path: packages\/\*\/\.artifacts\//,
	);
	expect(job).toContain('if-no-files-found: error');
});

it.each(['ci', 'weekly'])(
	"%s keeps what the browser saw in n8n's editor, whatever the end: the folder is a hidden one",
	(name) => {
		const [, text = ''] = workflows.find(([path]) => path.endsWith(`/${name}.yml`)) ?? [];
		const [, later = ''] = text.split(/run: (?:bash \.ci\/run|npm run e2e:n8n)\n/);
		const [step = ''] = later.split(/^\n/m);
		expect(step).toContain('if: ${{ !cancelled() }}');
		expect(step).toContain('uses: actions/upload-artifact@');
		expect(step).toContain('path: packages/n8n-nodes-memberpass/.artifacts/*.png');
		expect(step).toContain('include-hidden-files: true');
	},
);

it("the zip of the Zapier app is built by Zapier's own tool before a change lands: nothing else sees a missing file", () => {
	const [, ci = ''] = workflows.find(([path]) => path.endsWith('/ci.yml')) ?? [];
	expect(ci).toMatch(/run: npm run release:dry-run$/m);
	const dryRun = readFileSync(join(root, 'shared/release/src/bin/dry-run.ts'), 'utf8');
	expect(dryRun).toContain('build:zip');
});
