import {
	eventByType,
	isOfKnownProject,
	neededAbilities,
	operation,
	type OperationEntry,
} from '@memberpass/catalogue';
import {
	abilitiesOf,
	flatten,
	partFileName,
	partsOn,
	type Platform,
	type Recipe,
	recipes,
	sourcesOf,
} from '@memberpass/catalogue/recipes';

import { code, codes, table } from '../../../../testing/src/markdown.ts';
import { about } from '../../about.ts';
import { generatedMark } from '../../emit.ts';
import { recipeBlueprints } from './make.ts';
import { type ZapField, zapOf, type ZapRule, type ZapStep, type ZapValue } from './zapier.ts';

/** Pages for people, below `docs/recipes`. Links lead to the files of the packages. */

const platformNames: Readonly<Record<Platform, string>> = {
	zapier: 'Zapier',
	n8n: 'n8n',
	make: 'Make',
};

/** The list of all recipes. */
export function recipesIndex(): string {
	const rows = recipes.map((recipe) => [
		`[${recipe.title}](${recipe.key}.md)`,
		recipe.summary,
		[...new Set(recipe.parts.flatMap(triggersOf))].join(', '),
	]);
	return [
		`<!-- ${generatedMark} -->`,
		'# Recipes',
		'Automations that people build with MemberPass, ready to use. Each comes as a Zap to build step by step, an n8n workflow to paste and a Make blueprint to import. Its page names the limits and says how the recipe deals with them.',
		table(['Recipe', 'What it does', 'Starts with'], rows),
		'',
	].join('\n\n');
}

function triggersOf({ trigger }: Recipe['parts'][number]): readonly string[] {
	if (trigger.kind === 'event') return [code(trigger.event)];
	return [trigger.kind === 'app' ? 'a row in Airtable' : 'a schedule'];
}

function ideaOf({ evidence, sources: [source] }: Recipe): string {
	return evidence === 'documented'
		? `The idea is MemberPass's own, from its [launch post](${source}); steps and mappings are ours.`
		: `Idea, steps and mappings are ours; [MemberPass's page](${source}) describes what they build on.`;
}

/** The page of one recipe. */
export function recipePage(recipe: Recipe): string {
	return [
		`<!-- ${generatedMark} -->`,
		`# ${recipe.title}`,
		recipe.summary,
		ideaOf(recipe),
		'## Before you start',
		bullets([...recipe.before, tokenOf(recipe)]),
		'## Limits',
		table(
			['Limit', 'How the recipe deals with it', 'On'],
			recipe.limits.map(({ cannot, instead, platforms = ['zapier', 'n8n', 'make'] }) => [
				cannot,
				instead,
				platforms.map((one) => platformNames[one]).join(', '),
			]),
		),
		...known(recipe),
		...zapier(recipe),
		...n8n(recipe),
		...make(recipe),
		'',
	].join('\n\n');
}

/** What the token needs: for the recipe itself, and for the connections and forms of Zapier and n8n. */
function tokenOf(recipe: Recipe): string {
	const abilities = [...new Set(recipe.parts.flatMap(abilitiesOf))].sort();
	const picksProject = recipe.parts.some(({ trigger }) => {
		const event = trigger.kind === 'event' ? eventByType(trigger.event) : undefined;
		return event !== undefined && isOfKnownProject(event);
	});
	const of = (key: string): string => codes(neededAbilities(operation(key)));
	const list = picksProject ? `, and ${of('list_projects')} to choose a project from a list` : '';
	return `The token needs ${codes(abilities)}. On Zapier and n8n it also needs ${of('get_current_team')} for the connection test${list}.`;
}

/** A sentence about doing things once, where the recipe has a step for that: what starts by a schedule has none. */
const onceOn = (recipe: Recipe, platform: Platform, sentence: string): readonly string[] =>
	partsOn(recipe, platform).some(({ steps }) => flatten(steps).some(({ kind }) => kind === 'once'))
		? [sentence]
		: [];

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the catalogue says of the events and operations in it. */
function known(recipe: Recipe): readonly string[] {
	const events = recipe.parts.flatMap(({ trigger }) => {
		const event = trigger.kind === 'event' ? eventByType(trigger.event) : undefined;
		return event === undefined ? [] : [event];
	});
	const operations = recipe.parts.flatMap((part) =>
		[...sourcesOf(part).values()].flatMap((source): readonly OperationEntry[] =>
			source.kind === 'operation' ? [source.operation] : [],
		),
	);
	const lines = [
		...events.flatMap(({ label, caveats }) => caveats.map(({ text }) => `${label}: ${text}`)),
		...operations.flatMap(({ label, caveats }) => caveats.map((text) => `${label}: ${text}`)),
	];
	return lines.length === 0 ? [] : ['## Good to know', bullets([...new Set(lines)])];
}

function zapier(recipe: Recipe): readonly string[] {
	const parts = partsOn(recipe, 'zapier');
	return [
		'## On Zapier',
		`Build ${parts.length === 1 ? 'one Zap' : `${parts.length} Zaps`} as follows. \`2. Price\` means: insert the field Price from step 2. The names of other apps and their fields are taken from Zapier's pages; the editor may show them slightly differently.`,
		...parts.flatMap((part) => [
			...(parts.length === 1 ? [] : [`### ${part.title}`]),
			...about(`recipe ${recipe.key} on Zapier`, () => zapOf(recipe, part)).flatMap((step) =>
				zapStep(step),
			),
		]),
		...onceOn(
			recipe,
			'zapier',
			'If MemberPass delivers an event twice within the same second, both runs can pass the table, and the steps after it run twice. The table only grows: delete records older than five days before it reaches the limit of your Zapier plan, because every run stops at a full table.',
		),
	];
}

function zapStep(step: ZapStep, inside = ''): readonly string[] {
	const { number, app, event, title, fields, rules, joined, paths, note, own } = step;
	const key = own === null ? '' : ` (\`${own.key}\`)`;
	return [
		`**${inside}${number}. ${escaped(title)}** — ${app} › ${event}${key}`,
		...(fields.length === 0 ? [] : [table(['Field', 'Value'], fields.map(fieldRow))]),
		...(rules.length === 0 ? [] : [ruleLine('Only continue if', rules, joined)]),
		...(note === null ? [] : [note]),
		...paths.flatMap((path) => [
			`Path **${path.name}**: ${ruleLine('run it if', path.rules, path.joined)}`,
			...path.steps.flatMap((one) => zapStep(one, `${inside}${path.name}, `)),
		]),
	];
}

const fieldRow = ({ label, value }: ZapField): readonly string[] => [
	escaped(label),
	written(value),
];

const ruleLine = (start: string, rules: readonly ZapRule[], joined: 'and' | 'or'): string =>
	`${start} ${rules
		.map(({ value, test, to }) => `${written([value])} ${test}${to === null ? '' : ` \`${to}\``}`)
		.join(` ${joined} `)}.`;

/** Fields of earlier steps as code, so that they stand out of the text around them. */
const written = (value: ZapValue): string =>
	value
		.map((part) => (typeof part === 'string' ? escaped(part) : code(`${part.step}. ${part.label}`)))
		.join('');

const escaped = (text: string): string =>
	text.replace(/[\\`*_<>]/g, '\\$&').replaceAll('\n', '<br>');

function n8n(recipe: Recipe): readonly string[] {
	const files = partsOn(recipe, 'n8n').map((part) => ({
		part,
		name: `${partFileName(recipe, part, 'n8n')}.json`,
	}));
	return [
		'## On n8n',
		[
			'Copy the content of the file, paste it onto the canvas of a new workflow, and follow the note there.',
			...onceOn(recipe, 'n8n', 'A Remove Duplicates node drops what arrives twice.'),
		].join(' '),
		bullets(
			files.map(
				({ part, name }) => `[${part.title}](../../packages/n8n-nodes-memberpass/examples/${name})`,
			),
		),
	];
}

function make(recipe: Recipe): readonly string[] {
	const files = recipeBlueprints().filter((one) => one.recipe === recipe);
	return [
		'## On Make',
		[
			'Import the blueprint into a new scenario. It contains no modules of other apps, because those are tied to the account of whoever made them. Where you have to add one, a module called "Add after this" has all its values ready to map.',
			...onceOn(
				recipe,
				'make',
				'A data store drops what arrives twice. It only grows: delete its oldest records before it is full, because every run stops at a full store.',
			),
		].join(' '),
		...files.flatMap(({ part, path, afterImport }) => [
			`[${part.title}](../../packages/make/${path}). After the import:`,
			afterImport.map((line, index) => `${index + 1}. ${escaped(upperFirst(line))}.`).join('\n'),
		]),
	];
}
