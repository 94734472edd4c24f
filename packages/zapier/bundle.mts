/** Bundles the app into the one file that Zapier loads. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, type Plugin } from 'esbuild';

/** What the app never reads: where facts come from, and what other platforms call them. */
const unread = new Set([
	'decisions',
	'n8n',
	'sources',
	'x-decision',
	'x-evidence',
	'x-n8n',
	'x-source',
]);

/**
 * Puts the entries of the catalogue into the bundle as data. Building them from their TypeBox calls at load cost a
 * fifth of the start of a cold process (measured by bench.mts), and brought TypeBox along.
 */
const evaluatedCatalogue: Plugin = {
	name: 'evaluated-catalogue',
	setup(builder) {
		builder.onLoad(
			{ filter: /shared\/catalogue\/src\/(events|operations)\/[^/]+\.ts$/ },
			async ({ path }) => {
				if (basename(path) === 'index.ts') return null;
				const exported = (await import(pathToFileURL(path).href)) as Readonly<
					Record<string, unknown>
				>;
				// Functions are left out: their callers are evaluated too. A need for one fails the build.
				const lines = Object.entries(exported)
					.filter(([, value]) => typeof value !== 'function')
					.map(([name, value]) => {
						const json = JSON.stringify(value, (key, one: unknown) =>
							unread.has(key) ? undefined : one,
						);
						return `export const ${name} = /* @__PURE__ */ JSON.parse(${JSON.stringify(json)});`;
					});
				return { contents: lines.join('\n'), loader: 'js' };
			},
		);
	},
};

/**
 * Writes `index.js` into a folder, which is made where there is none.
 *
 * @returns its path, and its size in bytes.
 */
export async function writeBundle(
	folder: string,
): Promise<{ readonly path: string; readonly size: number }> {
	const outfile = join(folder, 'index.js');
	await mkdir(folder, { recursive: true });
	const { outputFiles } = await build({
		absWorkingDir: import.meta.dirname,
		entryPoints: ['src/index.ts'],
		outfile,
		bundle: true,
		platform: 'node',
		target: 'node22',
		format: 'cjs',
		plugins: [evaluatedCatalogue],
		// Zapier's wrapper takes what is exported as the app itself.
		footer: { js: 'module.exports = module.exports.default;' },
		logLevel: 'warning',
		write: false,
	});
	// In one step: whoever loads the app meanwhile, or after the disk was full, never gets half of it.
	const unfinished = `${outfile}.${process.pid}`;
	try {
		await writeFile(unfinished, outputFiles[0]?.contents ?? '');
		await rename(unfinished, outfile);
	} finally {
		await rm(unfinished, { force: true });
	}
	const { size } = await stat(outfile);
	return { path: outfile, size };
}
