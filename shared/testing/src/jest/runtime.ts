import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, sep } from 'node:path';
import { compileFunction, constants } from 'node:vm';

import jestRuntime from 'jest-runtime';

/** What is used of the part of jest that makes a function of a text; jest declares it private. */
interface Executor {
	readonly injectedModuleParameters: readonly string[];
	compile(source: string, filename: string): unknown;
}

// The type is that of the file for require(), which has the class below "default".
const JestRuntime = jestRuntime as unknown as typeof jestRuntime.default;

/**
 * Loads our own code anew for every test file, as jest does, and third-party code once per process, as Node does.
 *
 * jest gives each test file a context with an `Array` and an `Error` of its own, and loads everything into it: Zapier's
 * core, fastify and nock took a third of the processor time of all tests, and did not run as they do at our users. In
 * one context for all, what Node or a library throws is an `Error` to our code too.
 */
class SharedRuntime extends JestRuntime {
	constructor(...parameters: ConstructorParameters<typeof JestRuntime>) {
		super(...parameters);
		const executor = this['executor'] as unknown as Executor;
		executor.compile = (source, filename) =>
			compileFunction(source, executor.injectedModuleParameters, {
				filename,
				importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
			});
	}

	/** What comes is what the caller takes it for. */
	override requireModule(...parameters: Parameters<jestRuntime.default['requireModule']>): never {
		const [from, name, options] = parameters;
		if (name !== undefined && options?.isInternalModule !== true) {
			const load = createRequire(from);
			if (isBuiltin(name) || isThirdParty(load, name)) return load(name) as never;
		}
		return super.requireModule<never>(...parameters);
	}
}

function isThirdParty(load: NodeJS.Require, name: string): boolean {
	if (name.startsWith('.') || isAbsolute(name)) return false;
	// A workspace is a link, and lies elsewhere.
	return load.resolve(name).includes(`${sep}node_modules${sep}`);
}

// In the form that require() gives out as it is: jest knows no modules of ES here.
export { SharedRuntime as 'module.exports' };
