#!/usr/bin/env node
/** Measures what the app costs on Zapier's machines, beside what Zapier's core costs alone, in one run. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { platform } from '@memberpass/catalogue/platform';

import { countOption, parseOptions, runCommand } from '../../shared/testing/src/command-line.ts';
import {
	type Figure,
	median,
	type Report,
	reportText,
	reportTo,
} from '../../shared/testing/src/figures.ts';
import { temporaryFolder } from '../../shared/testing/src/temporary.ts';
import { zapierHeaderName } from '../../shared/testing/src/zapier-hooks.ts';

const help = `Measures the built app on Node 22, as Zapier runs it. Writes nothing unless told to.

  npm run bench -w memberpass-zapier [-- OPTIONS]

  --processes N  processes per figure (15); the median counts
  --no-zip       without the zip, which needs Zapier's tool (see build-zip.mts)
  --json FILE    also write the figures to FILE
  --help         this text

Cold start: from the start of the process until core and the app are loaded and the handler exists; with core alone for
comparison. Overhead: what an invocation takes beyond the same invocation in an app with one trigger. Both kinds of
process take turns, so that a busy machine slows both; processor time hardly depends on what else it does. Profiles come
from processes of their own.
`;

const here = import.meta.dirname;
const node22 = join(here, '../../node_modules/node22/bin/node');
const run = promisify(execFile);

/** Shared by all processes: core, the app or none, and one signed delivery. */
const prelude = `
	const start = performance.now();
	const core = require('zapier-platform-core');
	const coreLoaded = performance.now();
	console.log = () => undefined;
	const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
`;
const cold = (app: string): string => `${prelude}
	const app = ${app};
	const appLoaded = performance.now();
	core.createAppHandler(app);
	const ready = performance.now();
	process.stdout.write(JSON.stringify({ ready, cpu: cpu(), core: coreLoaded - start, app: appLoaded - coreLoaded }));
	process.exit(0);
`;
const bareApp = `{ version: '1.0.0', platformVersion: core.version, triggers: {} }`;
const fullApp = `require('./dist/index.js')`;
const oneTrigger = `(({ triggers, ...rest }) => ({
	...rest, triggers: { member_joined: triggers.member_joined }, creates: {}, searches: {}, searchOrCreates: {},
}))(require('./dist/index.js'))`;

const warmUps = 20;
const invocations = (app: string, count: number): string => `${prelude}
	const handler = core.createAppHandler(${app});
	const { createHmac } = require('node:crypto');
	const secret = 'made-up-secret';
	const content = JSON.stringify({ id: 'evt_1', type: 'member.joined', created_at: '2026-05-18T10:05:00Z',
		api_version: '2026-05-01', project_id: 'prj_1', data: { subscriber_id: 'usr_1' } });
	const event = () => {
		const t = Math.floor(Date.now() / 1000);
		const v1 = createHmac('sha256', secret).update(t + '.' + content).digest('hex');
		return {
			command: 'execute', method: 'triggers.member_joined.operation.perform',
			bundle: {
				authData: {}, inputData: {}, meta: {}, subscribeData: { id: 'whe_1', secret }, cleanedRequest: {},
				rawRequest: { method: 'POST', querystring: '', content, headers: { '${zapierHeaderName(platform.headers.signature)}': 't=' + t + ',v1=' + v1 } },
			},
		};
	};
	(async () => {
		const times = [];
		let used = 0;
		for (let at = 0; at < ${warmUps} + ${count}; at++) {
			if (at === ${warmUps}) used = cpu();
			const before = performance.now();
			const { results } = await handler(event());
			times.push(performance.now() - before);
			if (results.length !== 1) throw new Error('The delivery became no run.');
		}
		const perCall = (cpu() - used) / ${count};
		const warm = times.slice(${warmUps}).sort((a, b) => a - b);
		const { results } = await handler({ command: 'definition', calledFromCli: true });
		process.stdout.write(JSON.stringify({
			first: times[0], warm: warm[Math.floor(warm.length / 2)], cpu: perCall, definition: JSON.stringify(results).length,
		}));
		process.exit(0);
	})();
`;

type Sample = Readonly<Record<string, number>>;

async function sample(script: string, flags: readonly string[] = []): Promise<Sample> {
	const { stdout } = await run(node22, [...flags, '-e', script], { cwd: here });
	return JSON.parse(stdout) as Sample;
}

interface Turns {
	/** The median of a figure. */
	value(script: string, figure: string): number;
	/** The median of the quotients of the two processes of one turn, which the machine slowed alike. */
	ratio(script: string, base: string, figure: string): number;
}

/** Samples of several scripts, taken in turns. */
async function inTurns(
	what: string,
	scripts: Readonly<Record<string, string>>,
	count: number,
): Promise<Turns> {
	const taken: Record<string, Sample[]> = {};
	for (let turn = 0; turn < count; turn++) {
		progress(`${what}: turn ${turn + 1} of ${count}`);
		for (const [name, script] of Object.entries(scripts)) {
			(taken[name] ??= []).push(await sample(script));
		}
	}
	const values = (script: string, figure: string): number[] =>
		(taken[script] ?? []).map((one) => one[figure] ?? Number.NaN);
	return {
		value: (script, figure) => median(values(script, figure)),
		ratio: (script, base, figure) => {
			const bases = values(base, figure);
			return median(values(script, figure).map((one, turn) => one / (bases[turn] ?? Number.NaN)));
		},
	};
}

interface Profile {
	readonly nodes: readonly {
		readonly id: number;
		readonly callFrame: { readonly functionName: string; readonly url: string };
	}[];
	readonly samples: readonly number[];
	readonly timeDeltas: readonly number[];
}

/** Where the time of a script goes, in shares of what is not idle. */
async function profile(script: string): Promise<Readonly<Record<string, number>>> {
	const { path: folder, remove } = temporaryFolder('memberpass-bench-');
	try {
		await sample(script, ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder]);
		const [file = ''] = await readdir(folder);
		const { nodes, samples, timeDeltas } = JSON.parse(
			await readFile(join(folder, file), 'utf8'),
		) as Profile;
		const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(callFrame)]));
		const times: Record<string, number> = {};
		let whole = 0;
		samples.forEach((id, at) => {
			const group = groups.get(id) ?? '';
			const time = timeDeltas[at] ?? 0;
			if (group === '') return;
			times[group] = (times[group] ?? 0) + time;
			whole += time;
		});
		return Object.fromEntries(Object.entries(times).map(([group, time]) => [group, time / whole]));
	} finally {
		remove();
	}
}

function groupOf({
	functionName,
	url,
}: {
	readonly functionName: string;
	readonly url: string;
}): string {
	if (functionName === '(idle)' || functionName === '(root)') return '';
	if (functionName === '(garbage collector)') return 'garbage collection';
	if (url.includes('packages/zapier/dist')) return 'this app';
	if (url.includes('/zapier-platform-')) return 'zapier-platform-core';
	if (url.includes('node_modules')) return "core's dependencies";
	return 'Node itself';
}

const progress = (line: string): void => void process.stderr.write(`${line} …\n`);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const signed = (ratio: number): string => `${ratio < 1 ? '-' : '+'}${percent(Math.abs(ratio - 1))}`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** Bytes of the zip, and the files in it. */
type Zip = Readonly<Record<'zip' | 'files', number>>;

async function zipFigures(): Promise<Zip> {
	const { path: folder, remove } = temporaryFolder('memberpass-bench-');
	try {
		const file = join(folder, 'zip.json');
		await run(process.execPath, ['build-zip.mts', '--out', folder, '--json', file], { cwd: here });
		return JSON.parse(await readFile(file, 'utf8')) as Zip;
	} finally {
		remove();
	}
}

function figuresOf(start: Turns, call: Turns, zip: Zip | null): readonly Figure[] {
	const [coldFull, coldBare] = [start.value('full', 'ready'), start.value('bare', 'ready')];
	const [warmFull, warmOne] = [call.value('full', 'warm'), call.value('one', 'warm')];
	const [firstFull, firstOne] = [call.value('full', 'first'), call.value('one', 'first')];
	const definition = call.value('full', 'definition') / 1000;
	return [
		{
			name: 'Cold start',
			unit: 'ms',
			ours: coldFull,
			beside: { 'of bare core': coldBare },
			judged: {
				as: 'times bare core, in processor time',
				value: start.ratio('full', 'bare', 'cpu'),
				better: 'lower',
				aim: 1.15,
			},
			note: `By the clock ${signed(start.ratio('full', 'bare', 'ready'))}; loading the app takes ${ms(start.value('full', 'app'))} of it.`,
		},
		{
			name: 'An invocation',
			unit: 'ms',
			ours: warmFull,
			beside: { 'with one trigger': warmOne },
			judged: {
				as: 'times an app with one trigger, in processor time',
				value: call.value('full', 'cpu') / call.value('one', 'cpu'),
				better: 'lower',
			},
			note: `The overhead is ${ms(warmFull - warmOne)}, in processor time ${ms(call.value('full', 'cpu') - call.value('one', 'cpu'))}; the aim is 25 ms. Core copies the whole definition on every call.`,
		},
		{
			name: 'The first invocation',
			unit: 'ms',
			ours: firstFull,
			beside: { 'with one trigger': firstOne },
		},
		{
			name: 'Definition',
			unit: 'KB',
			ours: definition,
			judged: { as: 'KB for 130 operations', value: definition, better: 'lower', aim: 450 },
		},
		...(zip === null
			? []
			: [
					{
						name: 'Zip',
						unit: 'KB',
						ours: zip.zip / 1000,
						judged: {
							as: `KB in ${zip.files} files`,
							value: zip.zip / 1000,
							better: 'lower' as const,
							aim: 1000,
						},
					},
				]),
	];
}

/** Says where the time of a cold start and of an invocation goes. */
async function sayProfiles(): Promise<void> {
	progress('profiles');
	process.stdout.write('\nWhere the time goes:\n');
	const profiles = { 'cold start': cold(fullApp), 'an invocation': invocations(fullApp, 300) };
	for (const [name, script] of Object.entries(profiles)) {
		const shares = Object.entries(await profile(script)).sort(([, a], [, b]) => b - a);
		const words = shares.map(([group, share]) => `${group} ${percent(share)}`);
		process.stdout.write(`- ${name}: ${words.join(', ')}\n`);
	}
}

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		allowNegative: true,
		options: {
			processes: { type: 'string', default: '15' },
			zip: { type: 'boolean', default: true },
			json: { type: 'string' },
		},
	});
	const save = reportTo(values.json);
	const count = countOption('processes', values.processes);
	await run(process.execPath, ['build.mts'], { cwd: here });

	const start = await inTurns('cold start', { bare: cold(bareApp), full: cold(fullApp) }, count);
	const call = await inTurns(
		'invocations',
		{ one: invocations(oneTrigger, 60), full: invocations(fullApp, 60) },
		count,
	);
	if (values.zip) progress("the zip, with Zapier's own tool");
	const zip = values.zip ? await zipFigures() : null;
	const report: Report = {
		of: 'packages/zapier',
		command: 'npm run bench -w memberpass-zapier',
		figures: figuresOf(start, call, zip),
	};
	process.stdout.write(`Node 22; medians of ${count} processes each\n${reportText(report)}`);
	await sayProfiles();
	save(report);
	return 0;
}

await runCommand(main);
