#!/usr/bin/env node
/**
 * Bundles the tests of a workspace, and the sources that they import, into one file for {@link ResidentRunner}.
 * Runs in the copy of the repository, after Stryker has written the mutants into the sources.
 *
 *   node bundle.ts SETUP… -- TEST…      paths below the current folder; writes .mutation/tests.cjs
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, type Plugin } from 'esbuild';

/** The workspaces are sources; everything else is loaded by Node, once. */
const sources = /^@memberpass\//;

const outside: Plugin = {
	name: 'outside',
	setup(builder) {
		// nock ships an ES module only, whose default export is not what `require` gives.
		builder.onResolve({ filter: /^nock$/ }, ({ path, namespace }) =>
			namespace === 'nock' ? { path, external: true } : { path, namespace: 'nock' },
		);
		builder.onLoad({ filter: /^nock$/, namespace: 'nock' }, () => ({
			contents: `module.exports = require('nock').default;`,
			resolveDir: process.cwd(),
		}));
		builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
			kind === 'entry-point' || sources.test(path) ? undefined : { path, external: true },
		);
		// What a file says of its own place must still hold in the bundle.
		builder.onLoad({ filter: /\.m?ts$/ }, async ({ path }) => {
			const text = (await readFile(path, 'utf8'))
				.replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
				.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
			return {
				contents: `const __dirname = ${JSON.stringify(dirname(path))};${text}`,
				loader: 'ts',
			};
		});
	},
};

const args = process.argv.slice(2);
const split = args.indexOf('--');
const [setup, tests] = [args.slice(0, split), args.slice(split + 1)];
const required = (path: string): string => `require(${JSON.stringify(resolve(path))})`;
await build({
	stdin: {
		contents: [
			...setup.map((path) => `${required(path)};`),
			// What the set-up does before each file is done once here; a file with real sockets takes nock away.
			"const nock = require('nock');",
			'const nockAgain = () => nock.isActive() || nock.activate();',
			// Each file in a block of its own: its hooks are for its own tests.
			...tests.map(
				(path) =>
					`describe(${JSON.stringify(path)}, () => { beforeAll(nockAgain); ${required(path)}; });`,
			),
		].join('\n'),
		resolveDir: process.cwd(),
	},
	outfile: '.mutation/tests.cjs',
	bundle: true,
	platform: 'node',
	target: 'node24',
	format: 'cjs',
	plugins: [outside],
	logLevel: 'warning',
});
