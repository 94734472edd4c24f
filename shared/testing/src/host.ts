import { runInThisContext } from 'node:vm';

/**
 * Node's own `process`. Inside jest the global one is a copy, with an environment of its own, whose built-in modules
 * load everything a second time into the sandbox of each test file.
 */
export const host = runInThisContext('process') as NodeJS.Process;
