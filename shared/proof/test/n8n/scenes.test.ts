import type { Sandbox } from '../../../../packages/sandbox/src/index.ts';
import { textOf } from '../../src/demo/outcome.ts';
import { type Connect, scenes } from '../../src/demo/scenes.ts';

it('the scenes leave nothing open, even if the last one fails: the demo would never end', async () => {
	let sandbox: Sandbox | null = null;
	const failing = (): Promise<never> => Promise.reject(new Error('It fails.'));
	const connect: Connect = (started) => {
		sandbox = started;
		return Promise.resolve({
			subscriptions: 0,
			refusal: 401,
			switchOn: failing,
			switchOff: failing,
			receive: failing,
			act: failing,
		});
	};
	const faults: string[] = [];
	for (const { check } of scenes(connect, ['scenes'])) {
		faults.push((await check().catch(textOf)) ?? 'none');
	}
	expect([faults[0], faults.at(-1)]).toEqual(['It fails.', 'It fails.']);
	const { url } = sandbox as unknown as Sandbox;
	await expect(fetch(url)).rejects.toThrow('fetch failed');
});
