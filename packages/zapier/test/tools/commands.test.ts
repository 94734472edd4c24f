import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectedCounts } from '@memberpass/testing';

import { useFolders } from '../../../../shared/testing/src/in-tests.ts';
import { script, workspace } from './script.ts';

const hasTool = existsSync(join(workspace, '../../.cache/zapier-cli/.complete.json'));

const newFolder = useFolders('zapier');

it.each(['build', 'build-zip', 'bench', 'invoke'])('%s explains itself', async (name) => {
	const { code, stdout } = await script(name, '--help');
	expect(code).toBe(0);
	expect(stdout).toContain('--help');
	expect(stdout).toContain('npm run ');
});

it('a bundle that cannot be put in its place leaves nothing half written beside it', async () => {
	const folder = newFolder();
	mkdirSync(join(folder, 'index.js'));
	const { code, stderr } = await script('build', '--out', folder);
	expect([code, stderr]).toEqual([1, expect.stringMatching(/^EISDIR: [^\n]+\n$/)]);
	expect(readdirSync(folder)).toEqual(['index.js']);
});

// Zapier's tool is installed on first use, over the network; `npm run build:zip` does that.
(hasTool ? it : it.skip)(
	`builds with Zapier's own tool a zip below 1 MB that runs on Node 22 and 24${hasTool ? '' : ' (skipped: the tool is not installed yet, "npm run build:zip" does that)'}`,
	async () => {
		const folder = newFolder();
		const file = join(folder, 'figures.json');
		const { code, stderr } = await script(
			'build-zip',
			'--offline',
			'--out',
			folder,
			'--json',
			file,
		);
		expect([code, stderr]).toEqual([0, `wrote ${file}\n`]);
		const figures = JSON.parse(readFileSync(file, 'utf8')) as {
			zip: number;
			definition: number;
			operations: number[];
			nodes: string[];
		};
		expect(figures.operations).toEqual([
			expectedCounts.events,
			expectedCounts.actions,
			expectedCounts.searches,
		]);
		expect(figures.nodes.map((version) => version.split('.')[0])).toEqual(['22', '24']);
		expect(figures.zip).toBeLessThan(1_000_000);
		expect(figures.definition).toBeLessThan(450_000);
		expect(existsSync(join(folder, 'build.zip'))).toBe(true);
	},
	300_000,
);
