import { join } from 'node:path';

import { prose } from '../src/markdown.ts';
import { readPages } from '../src/pages.ts';

/** Every page that follows from the catalogue; VitePress puts `content` into `[page].md`. */
export default {
	paths: () =>
		readPages(join(import.meta.dirname, '../../..')).map(({ path, title, description, body }) => ({
			params: { page: path, description },
			content: `# ${prose(title)}\n\n${body}\n`,
		})),
};
