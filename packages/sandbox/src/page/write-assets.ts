import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const isServed = (name: string): boolean => /\.(?:css|html|js|svg)$/.test(name);

const literal = (text: string): string =>
	`\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;

/**
 * The text of `assets.ts`: every file of the page as a string, so that the page is part of any bundle of the sandbox
 * and no path has to be found at run time.
 *
 * @param folder The one with the files as they were written by hand.
 */
export function writeAssets(folder: string): string {
	const entries = readdirSync(folder)
		.filter(isServed)
		.sort()
		.map((name) => `\t'${name}': ${literal(readFileSync(join(folder, name), 'utf8'))},\n`);
	return `// Written by embed.ts from the files in client/. Change those, then run: node packages/sandbox/src/page/embed.ts\n\nexport const assets: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`;
}
