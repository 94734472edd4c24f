// Nothing that acts when it is loaded: the site's build reads fixtures, and `replay.ts` loads nock, which takes over HTTP.
export * from './counts.ts';
export * from './fixtures.ts';
export * from './recorded-request.ts';
export * from './redaction.ts';
export * from './vectors.ts';
export * from './vendor.ts';
