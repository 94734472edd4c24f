import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutFiles } from '../src/checkout-files.ts';

const root = join(__dirname, '../../..');

/** Everything that TypeScript lists under "Type Checking", and what it checks of imports. */
const strict = {
	strict: true,
	allowUnreachableCode: false,
	allowUnusedLabels: false,
	exactOptionalPropertyTypes: true,
	noFallthroughCasesInSwitch: true,
	noImplicitOverride: true,
	noImplicitReturns: true,
	noPropertyAccessFromIndexSignature: true,
	noUncheckedIndexedAccess: true,
	noUnusedLocals: true,
	noUnusedParameters: true,
	isolatedModules: true,
};
/** What only ES modules that nothing compiles can keep: n8n demands CommonJS, built with a compiler of its own. */
const ofModules = {
	erasableSyntaxOnly: true,
	noUncheckedSideEffectImports: true,
	verbatimModuleSyntax: true,
};
const everything: Readonly<Record<string, boolean>> = { ...strict, ...ofModules };

interface Config {
	readonly extends?: string;
	readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

const configs = checkoutFiles(root, '*.json')
	.filter((path) => /(^|\/)tsconfig[^/]*\.json$/.test(path))
	.map((path): [string, Config] => [
		path,
		JSON.parse(readFileSync(join(root, path), 'utf8').replace(/^\s*\/\/.*$/gm, '')) as Config,
	]);

it('the base that all code is checked with has every strict flag on', () => {
	const base = configs.find(([path]) => path === 'tsconfig.base.json')?.[1];
	expect(base?.compilerOptions).toMatchObject(everything);
});

it.each(configs)(
	'%s switches none of them off',
	(path, { extends: from, compilerOptions = {} }) => {
		const off = Object.keys(everything).filter(
			(flag) => flag in compilerOptions && compilerOptions[flag] !== everything[flag],
		);
		expect(off).toEqual(path === 'packages/site/tsconfig.json' ? ['verbatimModuleSyntax'] : []);
		if (from === undefined) expect(compilerOptions).toMatchObject(strict);
		else expect(from).toMatch(/\/tsconfig(\.base)?\.json$/);
	},
);
