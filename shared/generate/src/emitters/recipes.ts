import {
	partFileName,
	partsOn,
	type Recipe,
	type RecipePart,
	recipes as all,
} from '@memberpass/catalogue/recipes';

import { about } from '../about.ts';
import type { EmittedFile, Emitter } from '../emit.ts';
import { formatter } from '../format.ts';
import { workflowOf } from './recipes/n8n.ts';
import { recipePage, recipesIndex } from './recipes/page.ts';

const n8nPackage = 'packages/n8n-nodes-memberpass';
const n8nFile = (recipe: Recipe, part: RecipePart): string =>
	`examples/${partFileName(recipe, part, 'n8n')}.json`;

/** Recipes as workflows to import, and as pages. Their blueprints are written with the other files of Make. */
export const recipes: Emitter = {
	name: 'recipes',
	summary: 'recipes as n8n workflows, and a page for each with the steps of a Zap',
	folders: [`${n8nPackage}/examples`, 'docs/recipes'],
	async emit(root) {
		const format = await formatter(root);
		const workflow = async (recipe: Recipe, part: RecipePart): Promise<EmittedFile> => {
			const path = `${n8nPackage}/${n8nFile(recipe, part)}`;
			const made = about(`recipe ${recipe.key} on n8n`, () => workflowOf(recipe, part));
			const content = await format(JSON.stringify(made), path);
			return { path, content, block: null };
		};
		return [
			...(await Promise.all(
				all.flatMap((recipe) => partsOn(recipe, 'n8n').map((part) => workflow(recipe, part))),
			)),
			{ path: `${n8nPackage}/README.md`, block: 'recipes', content: n8nList() },
			page('README', recipesIndex()),
			...all.map((recipe) => page(recipe.key, recipePage(recipe))),
		];
	},
};

const page = (name: string, content: string): EmittedFile => ({
	path: `docs/recipes/${name}.md`,
	content,
	block: null,
});

/** Links that lead to the files from npm's page as well. */
function n8nList(): string {
	const folder = `https://github.com/memberpass/memberpass-integrations/blob/main/${n8nPackage}`;
	return all
		.map((recipe) => {
			const parts = partsOn(recipe, 'n8n');
			const links = parts.map(
				(part) =>
					`[${parts.length === 1 ? recipe.title : part.title}](${folder}/${n8nFile(recipe, part)})`,
			);
			return `- ${parts.length === 1 ? '' : `${recipe.title}: `}${links.join(' and ')}. ${recipe.summary}`;
		})
		.join('\n');
}
