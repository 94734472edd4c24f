import { eventByType, type OperationEntry } from '@memberpass/catalogue';
import { appAction, flatten, type Recipe, recipes, sourcesOf } from '@memberpass/catalogue/recipes';

import type { Committed } from '../committed.ts';
import { blocks, bullets, html, link, prose } from '../markdown.ts';
import { fileOffer } from './make.ts';
import { eventPath, hrefOf, operationPath, type Page, tokenHelper } from './page.ts';

/** The page of a recipe: the committed one, with its files ready to copy and with links to what it is made of. */
export function recipePage(recipe: Recipe, committed: Committed): Page {
	return {
		path: `recipes/${recipe.key}`,
		title: recipe.title,
		description: recipe.summary,
		found: {
			kind: 'Recipe',
			name: '',
			words: [
				'template workflow scenario zap',
				...recipe.parts.map(({ title }) => title),
				...appsOf(recipe),
			].join(' '),
		},
		body: blocks(
			`<p class="lead">${prose(recipe.summary)}</p>`,
			'Get it for [Zapier](#on-zapier), [n8n](#on-n8n) or [Make](#on-make).',
			madeOf(recipe),
			offerFiles(withoutHead(committed.recipe(recipe.key), recipe)),
		),
	};
}

/** The page says title and summary itself. */
function withoutHead(text: string, recipe: Recipe): string {
	const head = `# ${recipe.title}\n\n${recipe.summary}\n`;
	const start = text.indexOf(head);
	if (start < 0) throw new Error(`docs/recipes/${recipe.key}.md does not begin with its summary.`);
	return text.slice(start + head.length).trim();
}

const fileLink = /^(?:- )?\[([^\]]+)\]\(\.\.\/\.\.\/packages\/([^)]+)\)(?:\. (.*))?$/gm;

/** Every link to a file of a package becomes an offer to copy or download it. */
function offerFiles(text: string): string {
	return text.replaceAll(fileLink, (_, title: string, path: string, rest: string | undefined) =>
		blocks(`**${title}**`, offerOf(path, title), rest ?? null),
	);
}

function offerOf(path: string, title: string): string {
	const make = /^make\/(.+)$/.exec(path)?.[1];
	if (make !== undefined) return fileOffer({ path: make, form: 'blueprint', label: title });
	const n8n = /^n8n-nodes-memberpass\/examples\/(.+)$/.exec(path)?.[1];
	if (n8n === undefined)
		throw new Error(`A recipe links to packages/${path}, which the site does not serve.`);
	return `<FileOffer path="/n8n/${html(n8n)}" form="clipboard" name="${html(title)}, n8n workflow" />`;
}

/** Names of the other apps that a recipe uses: people look for those that they have. */
function appsOf({ parts }: Recipe): ReadonlySet<string> {
	const uses = parts.flatMap(({ trigger, steps }) => [trigger, ...flatten(steps)]);
	return new Set(uses.flatMap((use) => (use.kind === 'app' ? [appAction(use.action).app] : [])));
}

/** Pages of the catalogue that the recipe is made of, and the token helper with all of it ticked. */
function madeOf(recipe: Recipe): string {
	const types = new Set(
		recipe.parts.flatMap(({ trigger }) => (trigger.kind === 'event' ? [trigger.event] : [])),
	);
	const operations = new Set(
		recipe.parts.flatMap((part) =>
			[...sourcesOf(part).values()].flatMap((source): readonly OperationEntry[] =>
				source.kind === 'operation' ? [source.operation] : [],
			),
		),
	);
	const links = [
		...[...types].map((type) => link(eventByType(type)?.label ?? type, hrefOf(eventPath(type)))),
		...[...operations].map((entry) => link(entry.label, hrefOf(operationPath(entry)))),
	];
	const helper = tokenHelper({
		events: [...types],
		operations: [...operations].map(({ key }) => key),
	});
	return `Made of ${links.join(', ')}. [See the abilities for all of it](${helper}).`;
}

/** The gallery. */
export function recipesPage(): Page {
	const lead = `${recipes.length} ready automations for Zapier, n8n and Make.`;
	return {
		path: 'recipes/index',
		title: 'Recipes',
		description: lead,
		found: {
			kind: 'List',
			name: '',
			words: 'templates blueprints examples gallery automations',
		},
		body: blocks(
			`<p class="lead">${lead} Each says what it cannot do, and does nothing twice for one event.</p>`,
			bullets(
				recipes.map(
					({ key, title, summary }) =>
						`${link(title, hrefOf(`recipes/${key}`))}<br>${prose(summary)}`,
				),
			),
		),
	};
}
