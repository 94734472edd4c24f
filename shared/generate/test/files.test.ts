import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { useFolders } from '../../testing/src/in-tests.ts';
import type { EmittedFile } from '../src/emit.ts';
import { findDrift, manifestPath, renderFiles, writeFiles } from '../src/files.ts';

const whole = (path: string, content: string): EmittedFile => ({ path, content, block: null });

const newFolder = useFolders('generate');
let root: string;
beforeEach(() => {
	root = newFolder();
});

async function generate(files: readonly EmittedFile[]) {
	const rendered = await renderFiles(root, files);
	const drift = await findDrift(root, rendered);
	await writeFiles(root, rendered, drift);
	return drift;
}

async function check(files: readonly EmittedFile[]) {
	return findDrift(root, await renderFiles(root, files));
}

describe('generated files', () => {
	it('are written once and then left alone', async () => {
		const files = [whole('a/b.ts', 'one\n'), whole('c.json', '{}\n')];
		expect((await generate(files)).missing).toEqual(['a/b.ts', 'c.json', manifestPath]);
		expect(readFileSync(join(root, 'a/b.ts'), 'utf8')).toBe('one\n');
		expect(await check(files)).toEqual({ changed: [], missing: [], extra: [], foreign: [] });
	});

	it('are found changed, missing and extra', async () => {
		await generate([whole('a.ts', 'a'), whole('b.ts', 'b'), whole('c.ts', 'c')]);
		writeFileSync(join(root, 'a.ts'), 'edited by hand');
		rmSync(join(root, 'b.ts'));
		expect(await check([whole('a.ts', 'a'), whole('b.ts', 'b')])).toEqual({
			changed: ['a.ts', manifestPath],
			missing: ['b.ts'],
			extra: ['c.ts'],
			foreign: [],
		});
	});

	it('that are no longer emitted are removed', async () => {
		await generate([whole('a.ts', 'a'), whole('b.ts', 'b')]);
		expect((await generate([whole('a.ts', 'a')])).extra).toEqual(['b.ts']);
		expect(() => readFileSync(join(root, 'b.ts'))).toThrow(/ENOENT/);
		expect(await check([whole('a.ts', 'a')])).toEqual({
			changed: [],
			missing: [],
			extra: [],
			foreign: [],
		});
	});

	it.each(['<<<<<<< HEAD\n[]\n', '', '{}', 'null', '"a.ts"', '["a.ts", 7]'])(
		'are not compared with a list of them that a merge has broken into %j: it says how to mend it',
		async (broken) => {
			await generate([whole('a.ts', 'a')]);
			writeFileSync(join(root, manifestPath), broken);
			await expect(check([whole('a.ts', 'a')])).rejects.toThrow(
				/^shared\/generate\/generated-files\.json is no list of files.*git checkout --ours/,
			);
		},
	);

	it('that somebody has removed already are not stale', async () => {
		await generate([whole('a.ts', 'a'), whole('b.ts', 'b')]);
		rmSync(join(root, 'b.ts'));
		expect((await generate([whole('a.ts', 'a')])).extra).toEqual([]);
	});

	it('are listed by name, whatever the order of the emitters', async () => {
		await generate([whole('b.ts', 'b'), whole('a.ts', 'a')]);
		expect(JSON.parse(readFileSync(join(root, manifestPath), 'utf8'))).toEqual(['a.ts', 'b.ts']);
	});

	it('that cannot be read are not missing: nothing is written over them', async () => {
		mkdirSync(join(root, 'a.ts'));
		await expect(check([whole('a.ts', 'a')])).rejects.toThrow(/EISDIR/);
	});

	it('are alone in a folder that is theirs: what else lies there is found, at any depth, and kept', async () => {
		const files = [whole('own/a.ts', 'a'), whole('own/deep/b.ts', 'b'), whole('shared/c.ts', 'c')];
		const rendered = await renderFiles(root, files);
		const find = () => findDrift(root, rendered, ['own', 'not-there']);
		await writeFiles(root, rendered, await find());
		mkdirSync(join(root, 'own/.idea/deep'), { recursive: true });
		const hidden = ['own/.DS_Store', 'own/.idea/deep/x.xml'];
		for (const path of ['own/z.ts', 'own/deep/y.ts', ...hidden, 'shared/x.ts']) {
			writeFileSync(join(root, path), 'by hand');
		}
		const drift = await find();
		expect(drift).toEqual({
			changed: [],
			missing: [],
			extra: [],
			foreign: ['own/deep/y.ts', 'own/z.ts'],
		});
		await writeFiles(root, rendered, drift);
		expect(readFileSync(join(root, 'own/z.ts'), 'utf8')).toBe('by hand');
	});

	it('that are no longer emitted are stale, not foreign', async () => {
		await generate([whole('own/a.ts', 'a'), whole('own/b.ts', 'b')]);
		const rendered = await renderFiles(root, [whole('own/a.ts', 'a')]);
		expect(await findDrift(root, rendered, ['own'])).toMatchObject({
			extra: ['own/b.ts'],
			foreign: [],
		});
	});

	it('cannot be written by two emitters', async () => {
		await expect(generate([whole('a.ts', 'a'), whole('a.ts', 'b')])).rejects.toThrow(
			'Two emitters write a.ts.',
		);
	});
});

describe('a generated block', () => {
	const text = '# Title\n<!-- generated:x -->\nold\n<!-- /generated:x -->\nby hand\n';

	it('that is no longer emitted takes nothing along of what was written by hand around it', async () => {
		writeFileSync(join(root, 'README.md'), text);
		await generate([whole('a.ts', 'a'), { path: 'README.md', content: 'new', block: 'x' }]);
		expect(readFileSync(join(root, manifestPath), 'utf8')).toBe('[\n\t"a.ts"\n]\n');
		expect((await generate([whole('a.ts', 'a')])).extra).toEqual([]);
		expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(text.replace('old', 'new'));
	});

	it('is replaced, and the rest of the file is not touched', async () => {
		writeFileSync(join(root, 'README.md'), text);
		await generate([{ path: 'README.md', content: '\nnew\n\n', block: 'x' }]);
		expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(text.replace('old', 'new'));
	});

	it('of a file that someone edited around it is no drift, inside it is', async () => {
		writeFileSync(join(root, 'README.md'), text);
		const files = [{ path: 'README.md', content: 'old', block: 'x' }];
		await generate(files);
		writeFileSync(join(root, 'README.md'), text.replace('by hand', 'by another hand'));
		expect((await check(files)).changed).toEqual([]);
		writeFileSync(join(root, 'README.md'), text.replace('old', 'edited'));
		expect((await check(files)).changed).toEqual(['README.md']);
	});

	it.each([
		['neither', '# Title'],
		['only the first', '<!-- generated:x -->'],
		['only the second', '<!-- /generated:x -->'],
		['the second before the first', '<!-- /generated:x -->\n<!-- generated:x -->'],
		['those of another block', '<!-- generated:y -->\n<!-- /generated:y -->'],
	])('with %s of its two lines is an error that names them', async (_, around) => {
		writeFileSync(join(root, 'README.md'), around);
		await expect(check([{ path: 'README.md', content: 'new', block: 'x' }])).rejects.toThrow(
			'README.md needs the two lines "<!-- generated:x -->" and "<!-- /generated:x -->"',
		);
	});

	it('leaves the other blocks of the file as they were made', async () => {
		writeFileSync(
			join(root, 'README.md'),
			`${text}${text.replaceAll('generated:x', 'generated:y')}`,
		);
		await generate([
			{ path: 'README.md', content: 'new x', block: 'x' },
			{ path: 'README.md', content: 'new y', block: 'y' },
		]);
		expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(
			text.replace('old', 'new x') +
				text.replaceAll('generated:x', 'generated:y').replace('old', 'new y'),
		);
	});

	it('of a file that does not exist is an error', async () => {
		await expect(check([{ path: 'nope.md', content: '', block: 'x' }])).rejects.toThrow(
			/nope\.md does not exist/,
		);
	});
});
