import type { EmittedFile, Emitter } from '../emit.ts';
import { countsTable, indexJson, indexMarkdown } from './make/index-files.ts';
import { type Template, templates } from './make/templates.ts';

const folder = 'packages/make';

const whole = (path: string, content: string): EmittedFile => ({
	path: `${folder}/${path}`,
	content,
	block: null,
});

const json = (value: object): string => `${JSON.stringify(value, null, '\t')}\n`;

/** The files of one template. */
export function templateFiles(template: Template): readonly EmittedFile[] {
	const { clipboard } = template;
	return [
		whole(template.path, json(template.blueprint)),
		...(clipboard === null ? [] : [whole(clipboard.path, json(clipboard.content))]),
	];
}

/** Files that Make imports or takes on paste. */
export const make: Emitter = {
	name: 'make',
	summary: 'blueprints and clipboard modules of packages/make, and their index',
	folders: ['blueprints', 'clipboard', 'recipes'].map((name) => `${folder}/${name}`),
	emit: () => {
		const all = templates();
		return Promise.resolve([
			...all.flatMap(templateFiles),
			whole('index.json', indexJson(all)),
			whole('INDEX.md', indexMarkdown(all)),
			{ path: `${folder}/README.md`, block: 'counts', content: countsTable(all) },
		]);
	},
};
