export * from './audit.ts';
export * from './rule.ts';
