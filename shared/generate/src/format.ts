import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, type Options } from 'prettier';

/** Formats source as the repository does, so that a generated file never differs from a formatted one. */
export async function formatter(
	root: string,
): Promise<(source: string, path: string) => Promise<string>> {
	const config = JSON.parse(await readFile(join(root, '.prettierrc.json'), 'utf8')) as Options;
	return async (source, path) => await format(source, { ...config, filepath: path });
}
