import { eventByType, operation, platform } from '@memberpass/catalogue';
import {
	partFileName,
	partsOn,
	type Recipe,
	recipes,
	type Step,
} from '@memberpass/catalogue/recipes';

import type { Committed } from '../committed.ts';
import { blocks, bullets, html, link, prose } from '../markdown.ts';
import { evidencePart } from './evidence.ts';
import { fileOffer } from './make.ts';
import { eventPath, hrefOf, operationPath, type Page } from './page.ts';

/** The page of a recipe. */
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
				...apps(recipe),
			].join(' '),
		},
		body: blocks(
			`<p class="lead">${prose(recipe.summary)}</p>`,
			'Get it for [Zapier](#zapier), [n8n](#n8n) or [Make](#make).',
			'## What it does',
			bullets(
				recipe.parts
					.filter(({ platforms }) => platforms === undefined)
					.map(({ title }) => prose(title)),
			),
			uses(recipe),
			recipe.before.length === 0 ? null : '## Before the first run',
			bullets(recipe.before.map(prose)),
			limits(recipe),
			'## Zapier',
			committed.zap(recipe.key),
			'## n8n',
			`Needs the [${platform.name} nodes](/guides/connect-n8n.html). Copy, click into an empty workflow, and paste; or download, and import the file. Then choose your credentials.`,
			...partsOn(recipe, 'n8n').map((part) => {
				const file = `${partFileName(recipe, part, 'n8n')}.json`;
				const name = `${html(part.title)}, n8n workflow`;
				return blocks(
					`**${prose(part.title)}**`,
					`<FileOffer path="/n8n/${html(file)}" form="clipboard" name="${name}" />`,
				);
			}),
			'## Make',
			makeFiles(recipe, committed),
			evidencePart({ ...recipe, decisions: [] }),
		),
	};
}

function makeFiles(recipe: Recipe, committed: Committed): string {
	const files = committed.make(recipe.key);
	if (files.length === 0) return 'Not there yet.';
	return blocks(
		...files.map((file) =>
			blocks(
				`**${prose(file.label)}.** Download, and choose **⋯, Import Blueprint** in a new scenario.`,
				fileOffer(file),
				prose(file.after),
			),
		),
	);
}

function limits(recipe: Recipe): string | null {
	if (recipe.limits.length === 0) return null;
	return blocks(
		'## What it cannot do',
		bullets(
			recipe.limits.map(
				({ cannot, instead, platforms }) =>
					`${platforms === undefined ? '' : `On ${platforms.map((one) => platformNames[one]).join(' and ')}: `}${prose(cannot)} ${prose(instead)}`,
			),
		),
	);
}

const platformNames = { zapier: 'Zapier', n8n: 'n8n', make: 'Make' } as const;

/** Every step, those inside branches and loops included. */
function flat(steps: readonly Step[]): readonly Step[] {
	return steps.flatMap((step) => [
		step,
		...('steps' in step ? flat(step.steps) : []),
		...(step.kind === 'branch' ? [...flat(step.then), ...flat(step.otherwise)] : []),
	]);
}

/** Pages of the catalogue that the recipe is made of. */
function uses(recipe: Recipe): string {
	const types = recipe.parts.flatMap(({ trigger }) =>
		trigger.kind === 'event' ? [trigger.event] : [],
	);
	const keys = recipe.parts.flatMap(({ steps }) =>
		flat(steps).flatMap((step) => ('operation' in step ? [step.operation] : [])),
	);
	const links = [
		...[...new Set(types)].map((type) =>
			link(eventByType(type)?.label ?? type, hrefOf(eventPath(type))),
		),
		...[...new Set(keys)].map((key) =>
			link(operation(key).label, hrefOf(operationPath(operation(key)))),
		),
	];
	const ids = `events=${[...new Set(types)].join(',')}&does=${[...new Set(keys)].join(',')}`;
	return `Made of ${links.join(', ')}. [Abilities for all of it](/token.html#for=zapier&${ids})`;
}

function apps(recipe: Recipe): readonly string[] {
	const names = recipe.parts.flatMap(({ steps }) =>
		flat(steps).flatMap((step) => (step.kind === 'app' ? [step.action.split('.')[0] ?? ''] : [])),
	);
	return [...new Set(names)];
}

/** The gallery. */
export function recipesPage(): Page {
	return {
		path: 'recipes/index',
		title: 'Recipes',
		description: `${recipes.length} ready automations, for Zapier, n8n and Make.`,
		found: { kind: 'List', name: '', words: 'templates examples gallery automations' },
		body: blocks(
			`<p class="lead">${recipes.length} ready automations. Each is the same on Zapier, n8n and Make, says what it cannot do, and does nothing twice for one event.</p>`,
			bullets(
				recipes.map(
					({ key, title, summary }) =>
						`${link(title, hrefOf(`recipes/${key}`))}<br>${prose(summary)}`,
				),
			),
		),
	};
}
