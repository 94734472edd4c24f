import { join } from 'node:path';

import { readPages, searchDocuments } from '../../../src/pages.ts';
import type { SearchDocument } from '../../../src/search.ts';

declare const data: readonly SearchDocument[];
export { data };

/** Read while building; only the search dialog carries it, and only when somebody opens it. */
export default {
	load: (): readonly SearchDocument[] =>
		searchDocuments(readPages(join(import.meta.dirname, '../../../../..'))),
};
