import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { givenPath, wordsOf } from '../../testing/src/command-line.ts';
import type { Emitter } from './emit.ts';
import { type Drift, findDrift, renderFiles, writeFiles } from './files.ts';

/** Where the command writes: what it did, and what is wrong. Texts end with a line break. */
export interface Output {
	say(text: string): void;
	complain(text: string): void;
}

/** What the command works with. */
export interface Sources {
	/** What the catalogue breaks of its own rules, a sentence each. */
	faults(): Promise<readonly string[]>;
	/** Loaded after it: one of them reads the Zapier app, which does not start on a broken entry. */
	emitters(): Promise<readonly Emitter[]>;
}

const helpFor = (
	emitters: readonly Emitter[],
): string => `Writes every file that is generated from the catalogue.

  npm run generate          write what differs, remove what is stale
  npm run check             write nothing; exit 1 if anything differs
  ... -- --root DIR         another checkout than this one
  ... -- --help             this text

Emitters:
${emitters.map((emitter) => `  ${emitter.name.padEnd(10)} ${emitter.summary}`).join('\n')}
`;

/** `npm run generate` and `npm run check`. Returns the exit code; whatever is wrong is said, not thrown. */
export async function command(
	args: readonly string[],
	sources: Sources,
	output: Output,
): Promise<number> {
	try {
		return await run(args, sources, output);
	} catch (error) {
		output.complain(`${wordsOf(error)}\n`);
		return 1;
	}
}

async function run(args: readonly string[], sources: Sources, output: Output): Promise<number> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			check: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
			root: { type: 'string', default: join(import.meta.dirname, '../../..') },
		},
	});
	if (values.help) {
		output.say(helpFor(await sources.emitters()));
		return 0;
	}
	const root = givenPath(values.root);
	if (!existsSync(join(root, 'shared/catalogue'))) {
		throw new Error(`${root} is no checkout of this repository: it has no shared/catalogue.`);
	}
	// First: an emitter that stumbles over a broken entry does not name it.
	const faults = await sources.faults();
	if (faults.length > 0) {
		for (const fault of faults) output.complain(`${fault}\n`);
		output.complain('The catalogue breaks its own rules, so nothing was generated.\n');
		return 1;
	}
	const files = [];
	const emitters = await sources.emitters();
	for (const emitter of emitters) {
		const emitted = await emitter.emit(root);
		output.say(`${emitter.name}: ${emitted.length} files\n`);
		files.push(...emitted);
	}
	const rendered = await renderFiles(root, files);
	const folders = emitters.flatMap((emitter) => emitter.folders ?? []);
	const drift = await findDrift(root, rendered, folders);
	if (values.check) return report(drift, output);
	await writeFiles(root, rendered, drift);
	for (const path of [...drift.changed, ...drift.missing]) output.say(`wrote ${path}\n`);
	for (const path of drift.extra) output.say(`removed ${path}\n`);
	if (isClean(drift)) output.say('Nothing to write: every file is up to date.\n');
	return reportForeign(drift, output);
}

function isClean({ changed, missing, extra }: Drift): boolean {
	return [changed, missing, extra].every((paths) => paths.length === 0);
}

/** It is not removed, because somebody may have put it there a minute ago. */
function reportForeign({ foreign }: Drift, output: Output): number {
	for (const path of foreign) output.complain(`not generated: ${path}\n`);
	if (foreign.length === 0) return 0;
	output.complain(
		'Its folder holds generated files only. Remove it ("rm PATH"), or move it elsewhere.\n',
	);
	return 1;
}

function report(drift: Drift, output: Output): number {
	if (isClean(drift)) {
		output.say('Every generated file is up to date.\n');
		return reportForeign(drift, output);
	}
	for (const word of ['changed', 'missing', 'extra'] as const) {
		for (const path of drift[word]) output.complain(`${word}: ${path}\n`);
	}
	output.complain(
		'Generated files differ from the catalogue. Run "npm run generate" and commit the result.\n',
	);
	reportForeign(drift, output);
	return 1;
}
