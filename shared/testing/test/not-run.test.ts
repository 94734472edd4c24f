import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { useFolders } from '../src/in-tests.ts';
import { reasonsNotRun } from '../src/not-run.ts';

const newFolder = useFolders('not-run');

/** What is said of a file that jest left. */
function reasonsIn(text: string): readonly string[] {
	const path = join(newFolder(), 'result.json');
	writeFileSync(path, text);
	return reasonsNotRun(path);
}

const left = (...titles: readonly string[]): string =>
	JSON.stringify({
		testResults: [{ assertionResults: titles.map((title) => ({ status: 'pending', title })) }],
	});

it.each([
	['follows other brackets', 'loads (a.ts) (not run: no Go here)', 'no Go here'],
	[
		'has brackets in it',
		'loads (not run: no Go (1.22 or newer) here)',
		'no Go (1.22 or newer) here',
	],
])('a reason is told whole where it %s', (_, title, reason) => {
	expect(reasonsIn(left(title))).toEqual([`1 not run: ${reason}`]);
});

it.each([
	['an empty file', ''],
	['a file that was not written to its end', '{"testResults":['],
	['what is no object', 'null'],
	['a file of tests without a list', '{"testResults":[{}]}'],
	['a test that is none', '{"testResults":[{"assertionResults":[null]}]}'],
])('nothing is said of %s', (_, text) => {
	expect(reasonsIn(text)).toEqual([]);
});
