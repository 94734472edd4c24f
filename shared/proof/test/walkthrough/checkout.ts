import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../../../testing/src/temporary.ts';
import { copyTree } from '../../src/tree.ts';

/** A copy of the repository that shares the installed packages and nothing else with it. */
export interface Checkout {
	readonly root: string;
	/** Runs an npm script of the copy. */
	npm(script: string, ...args: readonly string[]): { status: number | null; output: string };
	remove(): void;
}

/** Copies the checkout, so that a test may change the catalogue without touching it. */
export function copyCheckout(from: string): Checkout {
	const { path: root, remove } = temporaryFolder('memberpass-checkout-');
	copyTree(from, root);
	return {
		root,
		npm(script, ...args) {
			const { status, stdout, stderr } = spawnSync(
				'npm',
				['run', '--silent', script, '--', ...args],
				{
					cwd: root,
					encoding: 'utf8',
					env: {
						...process.env,
						NODE_OPTIONS: '',
						// It has one of its own, which goes with it.
						NODE_COMPILE_CACHE: undefined,
						TURBO_TELEMETRY_DISABLED: '1',
					},
				},
			);
			return { status, output: `${stdout}${stderr}` };
		},
		remove,
	};
}
