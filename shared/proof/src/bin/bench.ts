#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { showProgram } from '../../../testing/src/child.ts';
import { parseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { machineName, type Report } from '../../../testing/src/figures.ts';
import { replaceBlock } from '../../../testing/src/markdown.ts';
import { temporaryFolder } from '../../../testing/src/temporary.ts';
import { type Collection, regressions, tableOf } from '../bench/collection.ts';

/** Every benchmark: the command of its workspace that writes a report. */
const benchmarks = [
	{ of: 'packages/zapier', workspace: 'memberpass-zapier', minutes: 2 },
	{ of: 'packages/n8n-nodes-memberpass', workspace: 'n8n-nodes-memberpass', minutes: 4 },
	{ of: 'packages/make', workspace: 'memberpass-make', minutes: 1 },
	{ of: 'packages/sandbox', workspace: 'memberpass-sandbox', minutes: 1 },
	{ of: 'packages/site', workspace: 'memberpass-site', minutes: 2 },
] as const;

const help = `Measures everything in one run, next to 1.4.0 and to the least possible, and collects it in one table.

  npm run bench                  all, about ${benchmarks.reduce((sum, one) => sum + one.minutes, 0)} minutes; writes benchmarks.json and the table of README.md
  npm run bench -- --only NAME   one workspace, such as packages/make; may be given several times
  npm run bench -- --check       write nothing; exit 1 if a ratio got worse than the committed one
  npm run bench -- --help        this text

The packages have to be built: npm run build. Times depend on the machine; only ratios of things that were measured in
the same run are compared with earlier ones. An idle machine gives the steadiest figures.
`;

const root = join(import.meta.dirname, '../../../..');
const committed = join(root, 'benchmarks.json');
const readme = join(root, 'README.md');

/** Runs one benchmark with its progress shown. */
async function measure(workspace: string): Promise<Report> {
	const folder = temporaryFolder('memberpass-bench-');
	const file = join(folder.path, 'report.json');
	try {
		const code = await showProgram(
			'npm',
			['run', '--silent', 'bench', '-w', workspace, '--', '--json', file],
			{ cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
		);
		if (code !== 0) throw new Error(`The benchmark of ${workspace} exited with ${code}.`);
		return JSON.parse(readFileSync(file, 'utf8')) as Report;
	} finally {
		folder.remove();
	}
}

const versionOf = (name: string): string =>
	(
		JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
			version: string;
		}
	).version;

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: {
			check: { type: 'boolean', default: false },
			only: { type: 'string', multiple: true, default: [] },
		},
	});
	const unknown = values.only.filter((name) => benchmarks.every(({ of }) => of !== name));
	if (unknown.length > 0) {
		throw new Error(
			`There is no benchmark of ${unknown.join(', ')}. Choose of ${benchmarks.map(({ of }) => of).join(', ')}.`,
		);
	}
	const before = JSON.parse(readFileSync(committed, 'utf8')) as Collection;
	const reports: Report[] = [];
	for (const { of, workspace } of benchmarks) {
		const kept = before.reports.find((report) => report.of === of);
		if (values.only.length > 0 && !values.only.includes(of)) {
			if (kept !== undefined) reports.push(kept);
			continue;
		}
		process.stderr.write(`${of} …\n`);
		reports.push(await measure(workspace));
	}
	const now: Collection = {
		date: new Date().toISOString().slice(0, 10),
		machine: machineName(),
		versions: {
			'zapier-platform-core': versionOf('zapier-platform-core'),
			'n8n-core': versionOf('n8n-core'),
			'n8n-nodes-memberpass': '1.4.0',
		},
		reports,
	};
	process.stdout.write(`${tableOf(now)}\n`);
	const worse = regressions(before, now);
	for (const line of worse) process.stderr.write(`Worse: ${line}\n`);
	if (values.check) return worse.length === 0 ? 0 : 1;
	writeFileSync(committed, `${JSON.stringify(now, null, '\t')}\n`);
	const page = readFileSync(readme, 'utf8');
	writeFileSync(readme, replaceBlock(page, 'measured:figures', tableOf(now), 'README.md'));
	process.stdout.write('wrote benchmarks.json and the table of README.md\n');
	return 0;
}

await runCommand(main);
