import config from '@memberpass/testing/jest';

/**
 * The tests are `.mts` files: `n8n-node lint` holds every `.ts` file of a package to the rules for code that runs
 * inside n8n (no Node modules), and its configuration may not be changed in strict mode.
 */
export default {
	...config,
	testMatch: ['<rootDir>/test/**/*.test.mts'],
};
