/**
 * Runs scripts that lie beside package.json one after the other in this process, since what they load takes longer than
 * what they do: `in-one-process.mts '[["invoke","connection"]]'`. Prints what each said and its exit code. None of them
 * may end the process, as a wrong option does.
 */
const runs = JSON.parse(process.argv[2] ?? '') as [string, ...string[]][];
const told: { code: unknown; stdout: string; stderr: string }[] = [];
const streams = ['stdout', 'stderr'] as const;
const exitCode = (): unknown => process.exitCode ?? 0;

for (const [index, [name, ...args]] of runs.entries()) {
	const said = { stdout: '', stderr: '' };
	for (const stream of streams) {
		process[stream].write = (chunk: string | Uint8Array) => {
			said[stream] += String(chunk);
			return true;
		};
	}
	process.argv.splice(2, Infinity, ...args);
	process.exitCode = undefined;
	// With an address of its own for each run, the script itself is run anew; what it imports is not.
	await import(new URL(`../../${name}.mts?${index}`, import.meta.url).href);
	for (const stream of streams) Reflect.deleteProperty(process[stream], 'write');
	told.push({ code: exitCode(), ...said });
}

process.exitCode = 0;
process.stdout.write(JSON.stringify(told));
