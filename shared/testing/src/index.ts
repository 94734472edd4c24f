export * from './counts.ts';
export * from './fixtures.ts';
export * from './recorded-request.ts';
export * from './replay.ts';
export * from './vectors.ts';
export * from './vendor.ts';
