import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { moduleAddress, startNode, until, useFolders } from '../src/in-tests.ts';
import { isMade, makeOnce } from '../src/make-once.ts';

const newFolder = useFolders('make-once');
let cache: string;
beforeEach(() => (cache = newFolder()));

const tool = () => join(cache, 'cache/tool');
const content = () => readFileSync(join(tool(), 'content'), 'utf8');
const filled = (text: string) => async (folder: string) => {
	await Promise.resolve();
	writeFileSync(join(folder, 'content'), text);
};

it('what is whole is used again, and made anew of something else', async () => {
	expect(isMade(tool(), 'version 1')).toBe(false);
	await makeOnce(tool(), 'version 1', filled('first'));
	const again = jest.fn(filled('second'));
	await makeOnce(tool(), 'version 1', again);
	expect(again).not.toHaveBeenCalled();
	expect([content(), isMade(tool(), 'version 1')]).toEqual(['first', true]);
	await makeOnce(tool(), 'version 2', filled('third'));
	expect([content(), isMade(tool(), 'version 1')]).toEqual(['third', false]);
});

it('what could not be filled is not there, and does not replace what is', async () => {
	await makeOnce(tool(), 'version 1', filled('first'));
	const broken = makeOnce(tool(), 'version 2', async (folder) => {
		await filled('half')(folder);
		throw new Error('The network is gone.');
	});
	await expect(broken).rejects.toThrow('The network is gone.');
	expect(content()).toBe('first');
	expect(readdirSync(join(cache, 'cache'))).toEqual(['tool']);
});

it('what another process has made meanwhile, and may use already, stays', async () => {
	await makeOnce(tool(), 'version 1', async (folder) => {
		await filled('ours')(folder);
		mkdirSync(tool());
		writeFileSync(join(tool(), 'content'), 'theirs');
		writeFileSync(join(tool(), '.complete.json'), 'version 1');
	});
	expect(content()).toBe('theirs');
	expect(readdirSync(join(cache, 'cache'))).toEqual(['tool']);
});

/** A process that has begun to fill the folder. */
async function begun() {
	const { child, stdout, ended } = startNode([
		'--input-type=module',
		'--eval',
		`import { writeFileSync } from 'node:fs';
		import { makeOnce } from ${JSON.stringify(moduleAddress(__dirname, '../src/make-once.ts'))};
		await makeOnce(${JSON.stringify(tool())}, 'version 1', async (folder) => {
			writeFileSync(folder + '/content', 'half');
			process.stdout.write('begun');
			await new Promise(() => setInterval(() => undefined, 1_000));
		});`,
	]);
	await until(() => stdout() === 'begun');
	return {
		end: async (signal: NodeJS.Signals) => {
			child.kill(signal);
			await ended;
		},
	};
}

it('a process that is told to end takes along what it has begun', async () => {
	const process = await begun();
	await process.end('SIGTERM');
	expect(readdirSync(join(cache, 'cache'))).toEqual([]);
});

it('what a killed process has begun is removed by the next one, and that of a running one is not', async () => {
	const killed = await begun();
	await killed.end('SIGKILL');
	const running = await begun();
	const [left, ...more] = readdirSync(join(cache, 'cache'));
	expect([left, more]).toEqual([expect.stringMatching(/^\.tool-\d+$/), []]);
	await makeOnce(tool(), 'version 1', filled('whole'));
	expect(readdirSync(join(cache, 'cache'))).toEqual([left, 'tool']);
	expect(content()).toBe('whole');
	await running.end('SIGTERM');
	expect(existsSync(tool())).toBe(true);
	rmSync(tool(), { recursive: true });
});

it('what is begun of another folder stays, and nothing is left of a process that had the same number', async () => {
	const [ours, theirs] = [`.tool-${process.pid}`, '.link-4194304'];
	for (const name of [ours, theirs]) {
		mkdirSync(join(cache, 'cache', name), { recursive: true });
		writeFileSync(join(cache, 'cache', name, 'half'), '');
	}
	await makeOnce(tool(), 'version 1', filled('whole'));
	expect(readdirSync(join(cache, 'cache'))).toEqual([theirs, 'tool']);
	expect(readdirSync(tool())).toEqual(['.complete.json', 'content']);
});
