import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runNode, useFolders } from '../../testing/src/in-tests.ts';

const bin = (name: string): string => join(__dirname, '../src/bin', `${name}.ts`);
const newFolder = useFolders('release');

/** A checkout with one package: what it published, what it has now, and what is announced. */
function checkout(options: {
	readonly version: string;
	readonly now: Readonly<Record<string, string>>;
	readonly announced?: string;
}): string {
	const root = newFolder();
	const folder = join(root, 'packages/demo');
	mkdirSync(folder, { recursive: true });
	mkdirSync(join(root, '.changeset'));
	const write = (path: string, value: unknown): void =>
		writeFileSync(join(root, path), typeof value === 'string' ? value : JSON.stringify(value));
	write('packages/demo/package.json', { name: 'demo', version: options.version, private: true });
	write('packages/demo/surface.json', options.now);
	write('packages/demo/surface.released.json', {
		version: '1.4.0',
		surface: { 'creates.a': 'thing A', 'creates.a < x': 'input string' },
	});
	if (options.announced !== undefined) {
		write('.changeset/one.md', `---\n'demo': ${options.announced}\n---\n\nSomething new.\n`);
	}
	return root;
}

async function check(root: string): Promise<{ readonly code: number; readonly out: string }> {
	const { code, stdout, stderr } = await runNode([bin('check'), '--root', root]);
	return { code, out: `${stdout}${stderr}` };
}

const lost = { 'creates.a': 'thing A' };
const gained = {
	'creates.a': 'thing A',
	'creates.a < x': 'input string',
	'creates.b': 'thing B',
};
const same = { 'creates.a': 'thing A', 'creates.a < x': 'input string' };

it.each([
	['nothing changed, nothing announced', { version: '1.4.0', now: same }],
	['something new, and minor announced', { version: '1.4.0', now: gained, announced: 'minor' }],
	['something new, and the version rose already', { version: '1.5.0', now: gained }],
	['something gone, and major announced', { version: '1.4.0', now: lost, announced: 'major' }],
	['something gone, and the version rose already', { version: '2.0.0', now: lost }],
])('%s: the release may go out', async (_, options) => {
	expect((await check(checkout(options))).code).toBe(0);
});

it.each([
	['something gone, nothing announced', { version: '1.4.0', now: lost }, 'a major release'],
	[
		'something gone, only minor announced',
		{ version: '1.4.0', now: lost, announced: 'minor' },
		'creates.a < x is gone',
	],
	[
		'something new, only patch announced',
		{ version: '1.4.0', now: gained, announced: 'patch' },
		'choose minor for demo',
	],
	['something new, and the version fell', { version: '1.3.0', now: gained }, 'rises by none'],
])('%s: the release is refused, and the way out is named', async (_, options, words) => {
	const { code, out } = await check(checkout(options));
	expect(code).toBe(1);
	expect(out).toContain(words);
});

it('an announcement for a package that is not there is refused: it would raise no version', async () => {
	const root = checkout({ version: '1.4.0', now: same });
	writeFileSync(join(root, '.changeset/odd.md'), "---\n'demmo': minor\n---\n\nSomething new.\n");
	expect(await check(root)).toEqual({
		code: 1,
		out:
			'demo 1.4.0 against 1.4.0: 0 broken, 0 new, 0 otherwise changed\n' +
			'.changeset/odd.md is for "demmo", which is no package here. Name one of: demo.\n',
	});
});

it('no baseline is moved for a package that is not there: those that are get named', async () => {
	const root = checkout({ version: '1.4.0', now: same });
	expect(await runNode([bin('baseline'), '--root', root, 'demmo'])).toEqual({
		code: 1,
		stdout: '',
		stderr: 'No package called "demmo" has a surface. Name one of: demo.\n',
	});
});

it('a package with a surface and no baseline is refused: nothing would guard it', async () => {
	const root = checkout({ version: '1.4.0', now: same });
	rmSync(join(root, 'packages/demo/surface.released.json'));
	const { code, out } = await check(root);
	expect(code).toBe(1);
	expect(out).toContain('npm run release:baseline -- demo');
});

it('a checkout without a surface is refused: nothing would be checked', async () => {
	const root = checkout({ version: '1.4.0', now: same });
	rmSync(join(root, 'packages/demo/surface.json'));
	expect(await check(root)).toEqual({
		code: 1,
		out: `No package in ${root} has a surface.json.\n`,
	});
});

it('the baseline stays where it is only asked what would change', async () => {
	const root = checkout({ version: '2.0.0', now: lost });
	const path = join(root, 'packages/demo/surface.released.json');
	const before = readFileSync(path, 'utf8');
	expect(await runNode([bin('baseline'), '--root', root, '--dry-run', 'demo'])).toEqual({
		code: 0,
		stdout: 'demo 2.0.0 against 1.4.0: 1 lost, 0 new\n',
		stderr: '',
	});
	expect(readFileSync(path, 'utf8')).toBe(before);
});

it('the baseline moves to what is there now, and says what was lost', async () => {
	const root = checkout({ version: '2.0.0', now: lost });
	expect(await runNode([bin('baseline'), '--root', root, 'demo'])).toMatchObject({
		code: 0,
		stdout: expect.stringContaining('demo 2.0.0 against 1.4.0: 1 lost, 0 new'),
	});
	expect(await check(root)).toEqual({
		code: 0,
		out: 'demo 2.0.0 against 2.0.0: 0 broken, 0 new, 0 otherwise changed\n',
	});
});

it('the versions of this checkout rise as much as what users rely on has changed', async () => {
	const { code, out } = await check(join(__dirname, '../../..'));
	expect([code, code === 0 ? '' : out]).toEqual([0, '']);
});

it.each(['check', 'baseline'])('%s explains itself', async (name) => {
	expect(await runNode([bin(name), '--help'])).toEqual({
		code: 0,
		stdout: expect.stringContaining(`npm run release:${name}`),
		stderr: '',
	});
});
