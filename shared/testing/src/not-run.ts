import { readFileSync } from 'node:fs';

/** What jest leaves with `--json`, as far as it is read here. */
interface JestResult {
	readonly testResults?: readonly {
		readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
	}[];
}

/** A test that cannot run on every machine says why at the end of its name. */
const inName = / \((?:not run|skipped): (.+)\)$/;

/**
 * Why tests did not run, a line for each reason with the number of tests. Jest says how many there were and, of more
 * than one file, not which: a check that nobody makes must not look like one that passed.
 *
 * @param path What jest left; nothing is said of a file that is not there or cannot be read.
 */
export function reasonsNotRun(path: string): readonly string[] {
	const counts = new Map<string, number>();
	for (const title of pendingIn(path)) {
		const reason = inName.exec(title)?.[1];
		if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	}
	return [...counts]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([reason, count]) => `${count} not run: ${reason}`);
}

/** Names of the tests that were left out. */
function pendingIn(path: string): readonly string[] {
	try {
		const { testResults = [] } = JSON.parse(readFileSync(path, 'utf8')) as JestResult;
		return testResults
			.flatMap(({ assertionResults }) => assertionResults)
			.flatMap(({ status, title }) => (status === 'pending' ? [title] : []));
	} catch {
		return [];
	}
}
