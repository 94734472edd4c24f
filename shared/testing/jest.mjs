/**
 * The one jest configuration. A workspace's `jest.config.mjs` re-exports it:
 *   export { default } from '@memberpass/testing/jest';
 *
 * TypeScript is transformed by swc to CommonJS, because Zapier's core and n8n's engine are CommonJS. Everything else is
 * loaded by Node itself: see src/jest/runtime.ts.
 */
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
	testEnvironment: here('./src/jest/environment.ts'),
	runtime: here('./src/jest/runtime.ts'),
	// By itself it lies where the system keeps temporary files, which are gone after each run (see bin/test.ts).
	cacheDirectory: here('../../.cache/jest'),
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
	setupFilesAfterEnv: [here('./src/setup.ts')],
	randomize: true,
	// Two, however many cores there are: turbo runs as many workspaces at once as there are cores.
	maxWorkers: 2,
	workerIdleMemoryLimit: '1GB',
	// A test that hangs must end; how long a good one takes depends on what else the machine does.
	testTimeout: 120_000,
};
