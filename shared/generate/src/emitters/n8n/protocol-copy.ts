import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the nodes have no use for; the index would drag it in. */
const leftBehind = new Set([
	'canonical-json.ts',
	'from-catalogue.ts',
	'index.ts',
	'refused-tokens.ts',
	'signing.ts',
]);

/** A file of the protocol as it stands beside the nodes: the same text, with imports as CommonJS wants them. */
export interface ProtocolFile {
	readonly name: string;
	readonly source: string;
}

/** Copies of the protocol's sources: a verified n8n package may depend on nothing. */
export async function protocolFiles(root: string): Promise<readonly ProtocolFile[]> {
	const folder = join(root, 'shared/protocol/src');
	const names = (await readdir(folder)).filter(
		(name) => name.endsWith('.ts') && !leftBehind.has(name),
	);
	return await Promise.all(
		names.map(async (name) => ({
			name,
			source: (await readFile(join(folder, name), 'utf8')).replace(
				/(from ')(\.\/[^']+)\.ts(')/g,
				'$1$2$3',
			),
		})),
	);
}
