export * from './audit.ts';
export * from './recipes.ts';
export * from './rule.ts';
