import { relative, resolve } from 'node:path';
import { createRequire } from 'node:module';

import { jestExpect } from '@jest/expect';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import type { Logger } from '@stryker-mutator/api/logging';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
	type DryRunResult,
	DryRunStatus,
	type MutantRunOptions,
	type MutantRunResult,
	MutantRunStatus,
	type TestResult,
	type TestRunner,
	TestStatus,
	determineHitLimitReached,
	toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { Circus } from '@jest/types';
import * as circus from 'jest-circus';
import * as mock from 'jest-mock';

const load = createRequire(resolve('package.json'));
const bundle = resolve('.mutation/tests.cjs');
/** What is loaded anew where a mutant acts while modules load. Dependencies stay. */
const own = (path: string): boolean => path === bundle || path.startsWith(resolve('dist'));

/**
 * Runs the tests in jest's own engine (jest-circus), and keeps them loaded from one mutant to the next: jest's runner
 * loads every test file and all it imports for each mutant, which takes a hundred times as long as the tests.
 *
 * What a mutant leaves behind in the process (a listener, a request on its way, a variable of the environment) could
 * fail a test of a later one, which would then count as noticed. So nothing counts before it is proven: the test that
 * failed passes without the mutant, and fails with it again. Where it does not, an error gives this process up, upon
 * which Stryker tries the mutant once more in a new one. There it is the first, and what it leaves behind is its own.
 */
class ResidentRunner implements TestRunner {
	readonly #mutants: InstrumenterContext = ((
		globalThis as { __stryker__?: InstrumenterContext }
	).__stryker__ ??= {});
	#loaded = false;
	#names: readonly string[] = [];
	/** Spoilt is a process in which a mutant did leave something behind. */
	#process: 'new' | 'used' | 'spoilt' = 'new';
	readonly #log: Logger;

	static readonly inject = tokens(commonTokens.logger);

	constructor(log: Logger) {
		this.#log = log;
	}

	capabilities() {
		return { reloadEnvironment: true };
	}

	async init(): Promise<void> {
		Object.assign(globalThis, {
			afterAll: circus.afterAll,
			afterEach: circus.afterEach,
			beforeAll: circus.beforeAll,
			beforeEach: circus.beforeEach,
			describe: circus.describe,
			expect: jestExpect,
			it: circus.it,
			test: circus.test,
			jest: {
				fn: mock.fn,
				spyOn: mock.spyOn,
				setTimeout: () => undefined,
			},
			[Symbol.for('TEST_TIMEOUT_SYMBOL')]: 30_000,
		});
		circus.addEventHandler((event, state) => this.#follow(event, state));
		process.on('uncaughtException', failRunning).on('unhandledRejection', failRunning);
		return Promise.resolve();
	}

	async dryRun(): Promise<DryRunResult> {
		const result = await this.#run(null);
		if (result.status !== DryRunStatus.Complete || this.#mutants.mutantCoverage === undefined) {
			return result;
		}
		return { ...result, mutantCoverage: this.#mutants.mutantCoverage };
	}

	async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
		if (this.#process === 'spoilt') throw new Error('An earlier mutant left something behind.');
		const isFirst = this.#process === 'new';
		this.#process = 'used';
		if (this.#names.length === 0) this.#learnNames();
		const result = await this.#runMutant(options, options.testFilter ?? null);
		if (result.status === MutantRunStatus.Survived) return result;
		const doubt = await this.#doubtOf(options, result);
		if (doubt === null) return result;
		const { fileName, location } = options.activeMutant;
		const place = `${relative('', fileName)}:${location.start.line + 1}`;
		const [test] = result.status === MutantRunStatus.Killed ? [result.killedBy].flat() : [];
		this.#log.info(`${place}: what noticed it ${doubt}${test === undefined ? '' : `: ${test}`}`);
		if (!isFirst || doubt === 'does not notice it again') throw new Error(`What noticed ${doubt}.`);
		this.#process = 'spoilt';
		return result;
	}

	/** What speaks against the test that noticed a mutant; null where it passes without it and notices it again. */
	async #doubtOf(
		options: MutantRunOptions,
		result: MutantRunResult,
	): Promise<'does not pass without it' | 'does not notice it again' | null> {
		const wanted =
			result.status === MutantRunStatus.Killed
				? [result.killedBy].flat()
				: (options.testFilter ?? null);
		const without = toMutantRunResult(await this.#run(wanted));
		// A test that is there with the mutant only, under a name that holds what was changed, says nothing.
		if (without.status !== MutantRunStatus.Survived || without.nrOfTests === 0) {
			return 'does not pass without it';
		}
		const again = await this.#runMutant(options, wanted);
		return again.status === result.status ? null : 'does not notice it again';
	}

	async #runMutant(
		options: MutantRunOptions,
		wanted: readonly string[] | null,
	): Promise<MutantRunResult> {
		if (isStatic(options)) this.#unload();
		else this.#load();
		this.#mutants.activeMutant = options.activeMutant.id;
		if (options.hitLimit !== undefined) {
			Object.assign(this.#mutants, { hitCount: 0, hitLimit: options.hitLimit });
		}
		try {
			return toMutantRunResult(await this.#run(wanted), options.disableBail);
		} finally {
			delete this.#mutants.activeMutant;
			delete this.#mutants.hitCount;
			delete this.#mutants.hitLimit;
			// Nothing that a mutant did while modules loaded may stay for the next one.
			if (isStatic(options)) this.#unload();
		}
	}

	/** In a process without a dry run; a mutant may keep the tests from being loaded at all. */
	#learnNames(): void {
		this.#load();
		this.#names = testsOf(circus.getState().rootDescribeBlock).map(nameOf);
	}

	#unload(): void {
		this.#loaded = false;
		for (const path of Object.keys(load.cache).filter(own))
			Reflect.deleteProperty(load.cache, path);
		circus.resetState();
	}

	#load(): void {
		if (this.#loaded) return;
		load(bundle);
		this.#loaded = true;
	}

	async #run(wanted: readonly string[] | null): Promise<DryRunResult> {
		try {
			this.#load();
		} catch (error) {
			// As in jest: a test file that cannot be loaded has failed.
			const message = String((error as Error).stack);
			const [name] = wanted ?? this.#names;
			return this.#mutants.activeMutant === undefined || name === undefined
				? { status: DryRunStatus.Error, errorMessage: message }
				: { status: DryRunStatus.Complete, tests: [failed(name, message)] };
		}
		const root = circus.getState().rootDescribeBlock;
		if (wanted === null) this.#names = testsOf(root).map(nameOf);
		const tests = choose(root, wanted === null ? null : new Set(wanted));
		for (const test of tests) reset(test);
		circus.getState().unhandledErrors = [];
		await circus.run();
		const { hitCount, hitLimit } = this.#mutants;
		return (
			determineHitLimitReached(hitCount, hitLimit) ?? {
				status: DryRunStatus.Complete,
				tests: tests.map(resultOf),
			}
		);
	}

	#follow(event: Circus.Event, state: Circus.State): void {
		if (event.name === 'test_start') this.#mutants.currentTestId = nameOf(event.test);
		if (event.name === 'test_done') {
			delete this.#mutants.currentTestId;
			if (event.test.errors.length === 0) return;
			// One test that notices is enough.
			if (this.#mutants.activeMutant !== undefined) {
				for (const test of testsOf(state.rootDescribeBlock)) test.mode = 'skip';
			}
		}
	}
}

/** Whether the mutant acts while modules load. */
const isStatic = ({ mutantActivation }: MutantRunOptions): boolean => mutantActivation === 'static';

/** As jest does: an error that nobody caught is a failure of the test that is running. */
function failRunning(error: unknown): void {
	circus.getState().currentlyRunningTest?.errors.push(error as Circus.TestError);
}

function testsOf(block: Circus.DescribeBlock): Circus.TestEntry[] {
	return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));
}

const whole = new WeakMap<Circus.DescribeBlock, Circus.DescribeBlock['children']>();

/** Leaves nothing but the chosen tests in a block: jest walks past each other one, which takes longer than most tests. */
function choose(
	block: Circus.DescribeBlock,
	chosen: ReadonlySet<string> | null,
): Circus.TestEntry[] {
	const all = whole.get(block) ?? block.children;
	whole.set(block, all);
	block.children = all.filter((child) =>
		child.type === 'test' ? chosen?.has(nameOf(child)) !== false : choose(child, chosen).length > 0,
	);
	return testsOf(block);
}

const skippedByAuthor = new WeakSet<Circus.TestEntry>();

function reset(test: Circus.TestEntry): void {
	// A run may have set the mode; only before the first one is it the author's.
	if (test.status === null && test.mode === 'skip') skippedByAuthor.add(test);
	test.mode = skippedByAuthor.has(test) ? 'skip' : undefined;
	test.errors = [];
	test.status = null;
}

function nameOf(test: Circus.TestEntry): string {
	const names = [test.name];
	let block = test.parent;
	// The outermost block is jest's own.
	for (; block.parent !== undefined; block = block.parent) names.unshift(block.name);
	return names.join(' › ');
}

function resultOf(test: Circus.TestEntry): TestResult {
	const name = nameOf(test);
	if (test.errors.length > 0) {
		const [error] = test.errors.flat() as unknown[];
		return failed(name, error instanceof Error ? error.message : String(error), test.duration);
	}
	return {
		id: name,
		name,
		timeSpentMs: test.duration ?? 0,
		status: test.status === 'done' ? TestStatus.Success : TestStatus.Skipped,
	};
}

function failed(name: string, failureMessage: string, ms?: number | null): TestResult {
	return {
		id: name,
		name,
		timeSpentMs: ms ?? 0,
		status: TestStatus.Failed,
		failureMessage,
	};
}

export const strykerPlugins = [
	declareClassPlugin(PluginKind.TestRunner, 'resident', ResidentRunner),
];
