import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import { emitters } from '../src/emitters/index.ts';
import { renderFiles } from '../src/files.ts';

const root = join(__dirname, '../../..');

/**
 * What is committed was read and is run: by the tests of the packages, by n8n's lint, by Zapier's core. Here it is the
 * second source, against which each emitter is held byte by byte.
 */
it.each(emitters.map((emitter) => [emitter.name, emitter] as const))(
	'%s gives the committed files, byte by byte',
	async (_, emitter) => {
		const files = await emitter.emit(root);
		expect(new Set(files.map(({ path, block }) => `${path} ${block}`)).size).toBe(files.length);
		const rendered = await renderFiles(root, files);
		const paths = [...rendered.keys()].filter((path) => !path.endsWith('generated-files.json'));
		expect(paths.length).toBeGreaterThan(0);
		for (const path of paths) {
			// A plain comparison first: a difference of a large file takes seconds to be drawn.
			const committed = readFileSync(join(root, path), 'utf8');
			if (rendered.get(path) !== committed) throw new Error(`${path} differs: npm run generate`);
		}
	},
);

it('each emitter has a name of its own, and says what it writes', () => {
	expect(emitters.map(({ name }) => name)).toEqual([
		'n8n',
		'surfaces',
		'zapier',
		'make',
		'recipes',
		'sandbox',
		'faults',
		'readme',
		'architecture',
	]);
	for (const { summary } of emitters) expect(summary).toMatch(/\w+ (of|in|as|and) \w+/);
});

it('the folders that hold nothing but generated files are these', () => {
	expect(emitters.flatMap(({ folders = [] }) => folders).sort()).toEqual([
		'docs/recipes',
		'packages/make/blueprints',
		'packages/make/clipboard',
		'packages/make/recipes',
		'packages/n8n-nodes-memberpass/credentials',
		'packages/n8n-nodes-memberpass/examples',
		'packages/n8n-nodes-memberpass/nodes/MemberPass',
		'packages/n8n-nodes-memberpass/nodes/MemberPassTrigger',
		'packages/n8n-nodes-memberpass/nodes/protocol',
	]);
});

/** Whether a review folds a file away: of the lines of .gitattributes that speak of it, the last one counts. */
function isFolded(path: string): boolean {
	const lines = readFileSync(join(root, '.gitattributes'), 'utf8').split('\n');
	return lines.reduce((folded, line) => {
		const [pattern = '', ...attributes] = line.split(' ');
		if (pattern === '' || pattern === '#' || !matchesGlob(path, pattern)) return folded;
		if (attributes.includes('linguist-generated')) return true;
		return attributes.includes('-linguist-generated') ? false : folded;
	}, false);
}

it('generated files are folded away in reviews, but for the surfaces, and nothing that is written by hand', () => {
	const generated = JSON.parse(
		readFileSync(join(root, 'shared/generate/generated-files.json'), 'utf8'),
	) as readonly string[];
	const shown = generated.filter((path) => !isFolded(path));
	expect(shown).toEqual([
		'packages/n8n-nodes-memberpass/surface.json',
		'packages/zapier/surface.json',
		'shared/catalogue/surface.json',
	]);
	const runtime = 'packages/n8n-nodes-memberpass/nodes/runtime';
	const byHand = readdirSync(join(root, runtime)).map((name) => `${runtime}/${name}`);
	expect(byHand.filter(isFolded)).toEqual([]);
});
