import { join } from 'node:path';

import { type Ran, runProgram } from './child.ts';
import { isMistake } from './command-line.ts';
import { compiler } from './compiler.ts';

const root = join(import.meta.dirname, '../../..');
const sources = 'shared/catalogue/src/';

/**
 * What is wrong with the catalogue, a sentence each: nothing may be made from it until it is mended. Its rules come
 * first, because they know what to write instead. The compiler finds what they take for granted: a key that is missing
 * or misspelt, which Node runs all the same, or stumbles over without naming the entry.
 *
 * @throws Error where an entry cannot be loaded and says itself what to do.
 */
export async function catalogueFaults(): Promise<readonly string[]> {
	try {
		// Loaded late: some mistakes in an entry keep it from being loaded.
		const { audit } = await import('@memberpass/catalogue/rules');
		const findings = audit();
		if (findings.length > 0) return findings.map(({ message }) => message);
	} catch (error) {
		const faults = isMistake(error) ? await typeFaults() : [];
		if (faults.length === 0) throw error;
		return faults;
	}
	return await typeFaults();
}

async function typeFaults(): Promise<readonly string[]> {
	const args = [compiler, '--noEmit', '--pretty', 'false', '--project', 'shared/catalogue'];
	return faultsIn(await runProgram(process.execPath, args, { cwd: root }));
}

/**
 * What the compiler says of the sources and of no file at all, with the lines that explain it. Tests may be behind while
 * an entry is written.
 *
 * @throws Error where it failed without a word: what it did not look at is not right.
 */
export function faultsIn({ code, stdout, stderr }: Ran): readonly string[] {
	if (code === 0) return [];
	if (stdout.trim() === '') throw new Error(`The types were not checked. ${stderr.trim()}`.trim());
	return stdout
		.trim()
		.split(/\n(?! )/)
		.filter((fault) => fault.startsWith(sources) || !/^\S+\(\d+,\d+\): /.test(fault));
}
