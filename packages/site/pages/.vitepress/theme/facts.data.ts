import { readFacts, type Facts } from '../../../src/facts.ts';

declare const data: Facts;
export { data };

/** Numbers and names that the hand-written pages mention; read while building. */
export default { load: (): Facts => readFacts() };
