import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { generatedMark } from '../src/emit.ts';
import { manifestPath } from '../src/files.ts';

const root = join(__dirname, '../../..');
const generatedFiles = JSON.parse(readFileSync(join(root, manifestPath), 'utf8')) as string[];
const blockFiles = [
	'README.md',
	'shared/catalogue/README.md',
	'packages/n8n-nodes-memberpass/README.md',
	'packages/sandbox/README.md',
	'packages/zapier/PUBLISHING.md',
	'shared/testing/FAULTS.md',
];

function generate(args: readonly string[], env: Record<string, string> = {}) {
	const { status, stdout, stderr } = spawnSync(
		'node',
		[join(root, 'shared/generate/src/main.ts'), ...args],
		{ encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...env } },
	);
	return { status, stdout, stderr };
}

/** A folder with what is generated and what emitters read: the format, and the protocol that the n8n package copies. */
function copyOfGenerated(): string {
	const copy = mkdtempSync(join(tmpdir(), 'generated-'));
	for (const path of [
		...generatedFiles,
		...blockFiles,
		manifestPath,
		'.prettierrc.json',
		'shared/protocol/src',
	]) {
		cpSync(join(root, path), join(copy, dirname(path), path.split('/').at(-1) ?? ''), {
			recursive: true,
		});
	}
	return copy;
}

describe('npm run check', () => {
	it.each([
		['here', {}],
		[
			'in another time zone and with a Turkish locale',
			{ TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
		],
	])('finds the committed files up to date, %s', (_, env) => {
		expect(generate(['--check'], env)).toMatchObject({
			status: 0,
			stdout: expect.stringContaining('Every generated file is up to date.'),
		});
	});

	it('fails on a changed, a missing and a stale file, and names the command that mends it', () => {
		const copy = copyOfGenerated();
		try {
			const [first = '', second = ''] = generatedFiles;
			writeFileSync(join(copy, first), 'edited by hand');
			rmSync(join(copy, second));
			writeFileSync(join(copy, manifestPath), JSON.stringify([...generatedFiles, 'stale.ts']));
			writeFileSync(join(copy, 'stale.ts'), '');
			const { status, stderr } = generate(['--check', '--root', copy]);
			expect(status).toBe(1);
			expect(stderr).toContain(`changed: ${first}\n`);
			expect(stderr).toContain(`missing: ${second}\n`);
			expect(stderr).toContain('extra: stale.ts\n');
			expect(stderr).toContain('Run "npm run generate" and commit the result.');
		} finally {
			rmSync(copy, { recursive: true });
		}
	});

	it('explains itself', () => {
		expect(generate(['--help'])).toMatchObject({
			status: 0,
			stdout: expect.stringContaining('npm run check'),
		});
		expect(generate(['--nonsense']).status).toBe(1);
	});
});

it('every generated source file says so in its first line', () => {
	for (const path of generatedFiles.filter((one) => one.endsWith('.ts'))) {
		expect([path, readFileSync(join(root, path), 'utf8').split('\n')[0]]).toEqual([
			path,
			`// ${generatedMark}`,
		]);
	}
});
