import { readFileSync } from 'node:fs';

import { runNode } from '../../../shared/testing/src/in-tests.ts';
import { repoRoot } from './support.mts';

/** What `npm run compare:n8n` asks this package; 1.4.0 is asked by the command only, because it has to be fetched. */
const asked = `
	const { behaviour } = await import('./compare/behaviour.mts');
	const { openBench } = await import('./compare/bench.mts');
	const bench = openBench(${JSON.stringify(repoRoot)}, process.cwd(), 2);
	const rows = [];
	for (const [name, ask] of behaviour) rows.push([name, await ask(bench)]);
	await bench.close();
	process.stdout.write(JSON.stringify(rows), () => process.exit(0));
`;

test('the README says of this release what the comparison finds', async () => {
	const quiet = '--disable-warning=ExperimentalWarning';
	const { stdout, stderr } = await runNode([quiet, '--input-type=module', '--eval', asked]);
	expect(stderr).toBe('');
	const readme = readFileSync('README.md', 'utf8');
	const [, section = ''] = readme.split('### Compared with 1.4.0');
	const [, table = ''] = section.split('| --- | --- | --- |\n');
	const told = (table.split('\n\n')[0] ?? '')
		.split('\n')
		.map((row) => row.split(' | ').slice(0, 2))
		.map(([name = '', ours]) => [name.replace('| ', ''), ours]);
	expect(told.length).toBeGreaterThan(20);
	expect(JSON.parse(stdout)).toEqual(told);
}, 120_000);
