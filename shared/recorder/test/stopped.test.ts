import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	contentOf,
	dollarOf,
	everything,
	optionsFor,
	repoRoot,
	run,
	sandboxWith,
	newFolder,
	throwAway,
	tidyUp,
} from './support.ts';

afterEach(tidyUp);

/** A folder with something in it that must survive. */
function oldFixtures(): { readonly root: string; readonly out: string; readonly before: object } {
	const root = newFolder();
	const out = join(root, 'fixtures');
	mkdirSync(join(out, 'api/role'), { recursive: true });
	writeFileSync(
		join(out, 'api/role/list_roles.json'),
		JSON.stringify({ operation: 'list_roles', recordings: [{ name: 'success' }] }),
	);
	return { root, out, before: contentOf(root) };
}

/** The command in a process of its own, with a sandbox for its account. */
function startRecord(
	{ token, url }: Awaited<ReturnType<typeof sandboxWith>>,
	...options: readonly string[]
) {
	return spawn(
		process.execPath,
		[join(repoRoot, 'shared/recorder/src/bin/record.ts'), ...options],
		{
			env: {
				PATH: process.env['PATH'] ?? '',
				MEMBERPASS_TOKEN: token,
				MEMBERPASS_ORIGIN: url,
				MEMBERPASS_ALLOW_LOOPBACK: '1',
			},
		},
	);
}

describe('whatever stops a recording, the old fixtures stay', () => {
	it.each([
		['while reading', /^\[20\//],
		['while writing', /writing inside/],
		['while listening', /listening/],
	])('the user, %s', async (_, when) => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		const stop = new AbortController();
		const recording = run(everything(sandbox, out), stop.signal, (text) => {
			if (when.test(text)) stop.abort();
		});
		await expect(recording).rejects.toThrow('Interrupted.');
		expect(contentOf(root)).toEqual(before);
		expect(sandbox.engine.listEndpoints()).toEqual([]);
		const drafts = [...sandbox.state.projects.values()].find(({ handle }) => handle === throwAway);
		expect(drafts?.active).toBe(true);
		const titles = [...sandbox.state.resources.values()].map(({ title }) => title);
		expect(titles.filter((title) => title.startsWith('Recorder'))).toEqual([]);
	});

	it('SIGINT, on the command line', async () => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		const child = startRecord(sandbox, '--out', out, '--rate', '50');
		let told = '';
		child.stderr.on('data', (chunk: Buffer) => {
			const first = !told.includes('[10/');
			told += chunk.toString();
			if (first && told.includes('[10/')) child.kill('SIGINT');
		});
		const code = await new Promise((resolve) => child.on('close', resolve));
		expect(told).toMatch(/Interrupted\.\nNothing was written\.\n$/);
		expect(code).toBe(1);
		expect(contentOf(root)).toEqual(before);
	});

	it('a reader that has read enough, on the command line', async () => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		const options = ['--out', out, '--rate', '1000', '--writes', throwAway];
		const child = startRecord(sandbox, ...options, '--currency', dollarOf(sandbox));
		let told = '';
		child.stderr.on('data', (chunk: Buffer) => {
			told += chunk.toString();
			if (/writing inside/.test(told)) child.stderr.destroy();
		});
		const code = await new Promise((resolve) => child.on('close', resolve));
		expect(code).toBe(141);
		expect(contentOf(root)).toEqual(before);
		const titles = [...sandbox.state.resources.values()].map(({ title }) => title);
		expect(titles.filter((title) => title.startsWith('Recorder'))).toEqual([]);
	});

	it('a secret in a list that is too long to be recorded, of which only the report tells', async () => {
		const sandbox = await sandboxWith({}, false);
		const { root, out, before } = oldFixtures();
		const [project] = [...sandbox.state.projects.values()];
		if (project === undefined) throw new Error('The account has no project.');
		for (let count = 100; count < 300; count++) {
			const id = `prj_01JV9K3PZM4T8QX6WBNRH2C${count}`;
			// Not the first of a page and not the last: those are looked at more closely, and recorded.
			const type =
				count % 10 === 5 ? ['sk_live_', '4ec39hqlyjwdarjtt1zdp7dc'].join('') : project.type;
			sandbox.state.projects.set(id, { ...project, id, handle: `club-${count}`, type });
		}
		await expect(run(optionsFor(sandbox, out, { maxPages: 1, breadth: 1 }))).rejects.toThrow(
			/Nothing was written: the secret scan found something\.\n {2}fixtures\/report\.json:\d+ payment provider key/,
		);
		expect(contentOf(root)).toEqual(before);
	});

	it('a secret in an answer', async () => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		const [project] = [...sandbox.state.projects.values()];
		if (project !== undefined) project.type = ['sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join('');
		await expect(run(optionsFor(sandbox, out))).rejects.toThrow(
			/Nothing was written: the secret scan found something\.\n {2}fixtures\/api\/project\/\w+\.json:\d+ payment provider key/,
		);
		expect(contentOf(root)).toEqual(before);
	});

	it.each([
		['a token that is refused', { token: 'mpt_test_1_wrong' }, /The token was refused/],
		['a project that does not exist', { writes: 'nobody' }, /no project with the handle "nobody"/],
		[
			'a project that people pay for',
			{ writes: 'research-premium' },
			/has active subscribers \(\d+ members, \d+ subscriptions\)/,
		],
	])('%s', async (_, options, message) => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		const resources = sandbox.state.resources.size;
		await expect(run(optionsFor(sandbox, out, options))).rejects.toThrow(message);
		expect(contentOf(root)).toEqual(before);
		expect(sandbox.state.resources.size).toBe(resources);
	});

	it('a file that is no fixture', async () => {
		const sandbox = await sandboxWith();
		const { root, out } = oldFixtures();
		writeFileSync(join(out, 'api/role/list_roles.json'), 'half a fi');
		const before = contentOf(root);
		await expect(run(optionsFor(sandbox, out))).rejects.toThrow(/is no fixture of list_roles/);
		expect(contentOf(root)).toEqual(before);
	});

	it('a host that is gone', async () => {
		const sandbox = await sandboxWith();
		const { root, out, before } = oldFixtures();
		sandbox.faults.add({ kind: 'html', times: 1000 });
		await expect(run(optionsFor(sandbox, out))).rejects.toThrow(/4 calls in a row failed/);
		expect(contentOf(root)).toEqual(before);
	});
});

it('a recording may take more than an hour: what it made is removed all the same', async () => {
	const sandbox = await sandboxWith();
	const limit = AbortSignal.timeout.bind(AbortSignal);
	const longest: AbortController[] = [];
	const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		if (ms < 3_600_000) return limit(ms);
		const controller = new AbortController();
		longest.push(controller);
		return controller.signal;
	});
	const report = await run(everything(sandbox, newFolder()), undefined, (text) => {
		if (text.includes('listening')) for (const one of longest) one.abort();
	});
	timeout.mockRestore();
	expect(report.written).not.toEqual([]);
	expect(sandbox.engine.listEndpoints()).toEqual([]);
});

it('what cannot be taken back is named, and named again by the next run: somebody has to do it by hand', async () => {
	const sandbox = await sandboxWith();
	const before = new Set(sandbox.state.plans.keys());
	// As often as it is tried: as a write, and to take it back.
	sandbox.faults.add({ kind: 'error', operation: 'delete_plan', times: 8 });
	const said = await run(everything(sandbox, newFolder())).then(() => '', String);
	const left = [...sandbox.state.plans.keys()].filter((id) => !before.has(id));
	expect(left).toHaveLength(1);
	expect(said).toBe(
		`Trouble: These could not be taken back, please do it by hand: delete_plan ${left.join()}.`,
	);
	const { observations } = await run(everything(sandbox, newFolder()));
	expect(observations.filter(({ topic }) => topic === 'clean-up')).toEqual([
		{
			topic: 'clean-up',
			subject: expect.stringMatching(/^plan "Recorder [0-9a-f]{8}"$/),
			seen: 'left behind by another run: if none is going on, remove it by hand',
		},
		{ topic: 'clean-up', subject: 'throw-away project', seen: 'as it was' },
	]);
	expect([...sandbox.state.plans.keys()]).toEqual([...before, ...left]);
});

it.each([
	['is tried again where no answer came', 'reset'],
	['is over where what it removes is gone, though no answer said so', 'error_after_write'],
] as const)('taking back %s', async (_, kind) => {
	const sandbox = await sandboxWith();
	const before = [...sandbox.state.plans.keys()];
	// As often as a call is tried.
	sandbox.faults.add({ kind, operation: 'delete_plan', times: 4 });
	const { observations } = await run(everything(sandbox, newFolder()));
	expect([...sandbox.state.plans.keys()]).toEqual(before);
	expect(observations).toContainEqual({
		topic: 'clean-up',
		subject: 'throw-away project',
		seen: 'as it was',
	});
});

describe('the throw-away project', () => {
	const draftsOf = (sandbox: Awaited<ReturnType<typeof sandboxWith>>) => {
		const drafts = [...sandbox.state.projects.values()].find(({ handle }) => handle === throwAway);
		if (drafts === undefined) throw new Error('The account has no such project.');
		return drafts;
	};

	it('is active again, though the first call that restores it failed', async () => {
		const sandbox = await sandboxWith();
		// As often as a call is tried.
		sandbox.faults.add({ kind: 'error', operation: 'restore_project', times: 4 });
		const report = await run({ ...everything(sandbox, '/nowhere/fixtures'), dryRun: true });
		expect(report.operations['archive_project']).toContain('success');
		expect(draftsOf(sandbox).active).toBe(true);
	});

	it('stays archived where it was', async () => {
		const sandbox = await sandboxWith();
		draftsOf(sandbox).active = false;
		const report = await run({ ...everything(sandbox, '/nowhere/fixtures'), dryRun: true });
		expect(draftsOf(sandbox).active).toBe(false);
		expect(report.gaps.filter(({ subject }) => /archive|restore/.test(subject))).toEqual(
			['archive_project', 'restore_project'].map((subject) => ({
				subject,
				reason: 'the project is archived; if a run that was killed did it, restore it by hand',
			})),
		);
	});
});
