import js from '@eslint/js';
import ts from 'typescript-eslint';

/**
 * One linter for the workspace. The n8n package has a config of its own beside its package.json, because n8n's
 * verification insists on the default one.
 */
export default ts.config(
	{
		ignores: [
			'**/node_modules/**',
			'**/dist/**',
			'**/build/**',
			'**/coverage/**',
			'**/.cache/**',
			'packages/n8n-nodes-memberpass/{nodes,credentials}/**',
		],
	},
	js.configs.recommended,
	...ts.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts', '**/*.mts'] })),
	{
		files: ['**/*.ts', '**/*.mts'],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			// Numbers in messages are wanted.
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true },
			],
			// `noUncheckedIndexedAccess` already makes the compiler ask; a second opinion contradicts it on regular expressions.
			'@typescript-eslint/no-unnecessary-condition': [
				'error',
				{ allowConstantLoopConditions: true },
			],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/no-floating-promises': [
				'error',
				{
					allowForKnownSafeCalls: [
						{ from: 'package', name: ['describe', 'test'], package: 'node:test' },
					],
				},
			],
			'no-console': 'error',
			eqeqeq: 'error',
		},
	},
	{
		// The protocol is pure: no clock, no dice, no sockets. Time and randomness come in as arguments.
		files: ['shared/protocol/src/**/*.ts'],
		rules: {
			'no-restricted-globals': [
				'error',
				'fetch',
				'setTimeout',
				'setInterval',
				'setImmediate',
				'process',
				'performance',
				'crypto',
			],
			'no-restricted-properties': [
				'error',
				{ object: 'Date', property: 'now' },
				{ object: 'Math', property: 'random' },
			],
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '^(?!\\./|crypto$|@memberpass/catalogue$)',
							message: 'The protocol imports nothing.',
						},
					],
				},
			],
		},
	},
	{
		// The catalogue is data: no I/O.
		files: ['shared/catalogue/src/**/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{ patterns: [{ group: ['node:*', 'fs', 'http', '@memberpass/*'] }] },
			],
		},
	},
	{
		files: ['**/test/**/*.ts'],
		rules: {
			// jest's matchers are typed loosely.
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/require-await': 'off',
		},
	},
	{
		files: ['**/*.{mjs,js}'],
		languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
	},
);
