#!/usr/bin/env node
import { readChangesets } from '@changesets/read';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { temporaryFolder } from '../../../testing/src/temporary.ts';
import { mentionFaults, sectionOf } from '../dry-run/changelog.ts';
import { succeed } from '../dry-run/run.ts';
import { compileAgainstSandbox, installAll, tryNodes, trySandbox } from '../dry-run/stranger.ts';
import { faultsOf, pack, type Tarball } from '../dry-run/tarball.ts';
import type { Surface } from '../surface.ts';
import { readJson, repoRoot, surfaceFile, workspacesOf } from '../workspaces.ts';

const help = `Goes through a whole release without publishing anything.

  npm run release:dry-run               about a minute
  npm run release:dry-run -- --no-zip   without the zip for Zapier, which needs Zapier's tool (see build:zip)
  npm run release:dry-run -- --keep     keep the folder with the tarballs and the stranger's project
  npm run release:dry-run -- --help     this text

In turn: versions rise enough, generated files are up to date, changelogs have the section that goes out, everything
builds, packages hold what they should and nothing else, an empty project installs them from their tarballs and loads
each as a stranger would. Nothing is sent anywhere; what "npm ci" has fetched is used again.
`;

/** Published to npm, and what makes their users rely on them. */
const onNpm = ['n8n-nodes-memberpass', 'memberpass-sandbox'] as const;
/** Everything with a version of its own that users see. */
const versioned = [...onNpm, 'memberpass-zapier'] as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function step(title: string, work: () => Promise<string>): Promise<void> {
	process.stdout.write(`${title} … `);
	const start = performance.now();
	try {
		const result = await work();
		say(`${result} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
	} catch (error) {
		say('failed');
		throw error;
	}
}

function folderOf(name: string): string {
	const found = workspacesOf(repoRoot).find((workspace) => workspace.name === name);
	if (found === undefined) throw new Error(`There is no workspace called ${name}.`);
	return found.folder;
}

/** Every version that goes out has a section that says what changed, and Zapier's mentions what exists. */
async function checkChangelogs(): Promise<string> {
	const pending = await readChangesets(repoRoot);
	const said: string[] = [];
	for (const name of versioned) {
		const folder = folderOf(name);
		const { version } = readJson(join(folder, 'package.json')) as { readonly version: string };
		const section = sectionOf(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'), version);
		if (section === null || section === '') {
			throw new Error(`CHANGELOG.md of ${name} has no section for ${version}.`);
		}
		if (name === 'memberpass-zapier') {
			const [fault] = mentionFaults(section, readJson(join(folder, surfaceFile)) as Surface);
			if (fault !== undefined) throw new Error(`CHANGELOG.md of ${name} ${fault}.`);
		}
		said.push(`${name} ${version}`);
	}
	return `${said.join(', ')}; ${pending.length} pending changesets`;
}

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		allowNegative: true,
		options: {
			keep: { type: 'boolean', default: false },
			zip: { type: 'boolean', default: true },
		},
	});
	const { keep } = values;
	const { path: folder, remove } = temporaryFolder('memberpass-release-', { keep });
	const npm = async (...args: readonly string[]): Promise<string> =>
		await succeed('npm', ['run', '--silent', ...args], { cwd: repoRoot });
	const tarballs: Tarball[] = [];
	try {
		await step('versions', async () => (await npm('release:check'), 'rise enough'));
		await step('generated files', async () => (await npm('check'), 'up to date'));
		await step('changelogs', checkChangelogs);
		await step('build', async () => (await npm('build'), 'done'));
		for (const name of onNpm) {
			await step(`pack ${name}`, async () => {
				const tarball = await pack(folderOf(name), folder);
				tarballs.push(tarball);
				return `${tarball.files.length} files, ${Math.round(tarball.bytes / 1000)} KB packed`;
			});
		}
		const project = join(folder, 'stranger');
		await step('an empty project', async () => {
			await installAll(project, tarballs);
			return 'installed both from their tarballs';
		});
		for (const name of onNpm) {
			await step(`inspect ${name}`, () => {
				const faults = faultsOf(join(project, 'node_modules', name), folderOf(name));
				if (faults.length > 0) throw new Error(faults.join('\n'));
				return Promise.resolve('nothing that does not belong there');
			});
		}
		await step('memberpass-sandbox', () => trySandbox(project));
		await step('memberpass-sandbox', () => compileAgainstSandbox(project));
		await step('n8n-nodes-memberpass', () => tryNodes(project));
		if (values.zip) {
			await step('memberpass-zapier', async () => {
				await npm('build:zip', '-w', 'memberpass-zapier', '--', '--out', folder);
				return 'the zip validates and runs on Node 22 and 24';
			});
		} else say('memberpass-zapier … left out, as told');
	} finally {
		remove();
		if (keep) say(`kept ${folder}`);
	}
	say(
		'Ready. To publish, push the tags that "npx changeset git-tag" makes, each by itself: see CONTRIBUTING.md.',
	);
	return 0;
}

await runCommand(main);
