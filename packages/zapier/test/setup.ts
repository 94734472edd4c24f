/**
 * Zapier's core ends its process after 250 runs if that grew beyond 450 MB, so that Zapier starts a fresh one. In a
 * test it would end jest's worker in the middle of a file.
 */
jest.mock('zapier-platform-core/src/tools/memory-checker', () => () => undefined);
