import type { Uses } from '../../../src/abilities.ts';
import { readUses } from '../../../src/uses.ts';

declare const data: Uses;
export { data };

/** What the token helper chooses from; read while building. */
export default { load: (): Uses => readUses() };
