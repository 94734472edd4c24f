import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the published n8n-nodes-memberpass 1.4.0 calls things: the names that saved workflows depend on. */
export interface VendorSurface {
	readonly nodes: {
		readonly memberPass: {
			/** Parameters by resource and operation. */
			readonly resources: Readonly<
				Record<
					string,
					Readonly<Record<string, { readonly parameters: readonly VendorParameter[] }>>
				>
			>;
		};
	};
}

export interface VendorParameter {
	readonly name: string;
	readonly type: string;
	readonly required: boolean;
	readonly default: unknown;
	/** Fields of a collection. */
	readonly fields?: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Reads the surface of 1.4.0, extracted once from the published package.
 *
 * @param repoRoot absolute path of the repository.
 */
export function loadVendorSurface(repoRoot: string): VendorSurface {
	const path = join(repoRoot, 'shared/testing/vendor/n8n-nodes-memberpass-1.4.0.json');
	return JSON.parse(readFileSync(path, 'utf8')) as VendorSurface;
}
