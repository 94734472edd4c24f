export * from './fixtures.ts';
export * from './replay.ts';
export * from './vectors.ts';
