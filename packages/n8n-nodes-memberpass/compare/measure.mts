/**
 * Compares one package in n8n's engine; run by main.mts in a process of its own, as
 * `measure.mts ROOT PACKAGE-FOLDER TYPE-VERSION`. Names each row on stderr as it starts, and writes all of them as one
 * line of JSON on stdout.
 */
import { behaviour } from './behaviour.mts';
import { openBench, type Row } from './bench.mts';
import { figures } from './figures.mts';

/** What one package does, and what it takes. */
export interface Comparison {
	readonly behaviour: readonly Row[];
	readonly figures: readonly Row[];
}

const [repoRoot = '', packageFolder = '', typeVersion = ''] = process.argv.slice(2);
const bench = openBench(repoRoot, packageFolder, Number(typeVersion));

const measured: Row[] = [];
for (const measure of figures) {
	const row = await measure(bench);
	process.stderr.write(`${row.name}: ${row.text}\n`);
	measured.push(row);
}
const asked: Row[] = [];
for (const [name, ask] of behaviour) {
	const text = await ask(bench);
	process.stderr.write(`${name}: ${text}\n`);
	asked.push({ name, text });
}
await bench.close();
const result: Comparison = { behaviour: asked, figures: measured };
// n8n-core leaves handles open, so the process has to be ended; not before everything is written.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
