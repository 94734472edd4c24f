import type { EnvironmentContext, JestEnvironment, JestEnvironmentConfig } from '@jest/environment';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/**
 * What jest-circus leaves on the global object for a single test file: its state, and what `jest.setTimeout` and the
 * like say.
 */
const ofOneFile: ReadonlySet<string | undefined> = new Set([
	'JEST_STATE_SYMBOL',
	'EVENT_HANDLERS',
	'TEST_TIMEOUT_SYMBOL',
	'RETRY_TIMES',
	'RETRY_IMMEDIATELY',
	'WAIT_BEFORE_RETRY',
	'LOG_ERRORS_BEFORE_RETRY',
]);

/** Runs test files in the context of the process itself; see the runtime beside it. */
export default class SharedEnvironment implements JestEnvironment {
	readonly global = globalThis as unknown as JestEnvironment['global'];
	readonly moduleMocker = new ModuleMocker(globalThis);
	readonly fakeTimers = null;
	readonly fakeTimersModern: ModernFakeTimers;
	readonly #console = console;
	readonly #exit = Object.getOwnPropertyDescriptors(process).exit;
	readonly #env = { ...process.env };

	constructor({ projectConfig }: JestEnvironmentConfig, _context?: EnvironmentContext) {
		this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
	}

	exportConditions(): string[] {
		return ['node', 'node-addons'];
	}

	/** Only read to see whether the environment is still there. */
	getVmContext(): JestEnvironment['global'] {
		return this.global;
	}

	async setup(): Promise<void> {
		return Promise.resolve();
	}

	/** Nothing of one file may reach the next in the same process. */
	async teardown(): Promise<void> {
		this.fakeTimersModern.dispose();
		globalThis.console = this.#console;
		Object.defineProperty(process, 'exit', this.#exit);
		for (const name of Object.keys(process.env)) {
			if (!(name in this.#env)) Reflect.deleteProperty(process.env, name);
		}
		Object.assign(process.env, this.#env);
		for (const key of Object.getOwnPropertySymbols(globalThis)) {
			if (ofOneFile.has(key.description)) Reflect.deleteProperty(globalThis, key);
		}
		return Promise.resolve();
	}
}
