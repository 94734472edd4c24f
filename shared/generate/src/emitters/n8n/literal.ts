import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, type Options } from 'prettier';

/** A piece of TypeScript inside a literal: `NodeConnectionTypes.Main`. */
export interface Code {
	readonly code: string;
	readonly mark: typeof codeMark;
}

const codeMark = Symbol('code');

/** Marks text that goes into the source as it is. */
export const code = (text: string): Code => ({ code: text, mark: codeMark });

const isCode = (value: object): value is Code => 'mark' in value && value.mark === codeMark;

/** A value as TypeScript source. Keys without a value are left out. */
export function literal(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
	if (typeof value === 'object' && value !== null) {
		if (isCode(value)) return value.code;
		const entries = Object.entries(value).filter(([, one]) => one !== undefined);
		return `{ ${entries.map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(', ')} }`;
	}
	return JSON.stringify(value);
}

/** Formats source as the repository does, so that a generated file never differs from a formatted one. */
export async function formatter(
	root: string,
): Promise<(source: string, path: string) => Promise<string>> {
	const config = JSON.parse(await readFile(join(root, '.prettierrc.json'), 'utf8')) as Options;
	return async (source, path) => await format(source, { ...config, filepath: path });
}
