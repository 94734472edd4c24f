import type { BlueprintModule } from '../../../../../packages/make/src/blueprint.ts';
import { placed } from '../../../../../packages/make/src/validate/problem.ts';
import { code, codes, table } from '../../../../testing/src/markdown.ts';
import { generatedMark } from '../../emit.ts';
import { present } from '../../present.ts';
import type { Template, TemplateKind } from './templates.ts';

/** What `index.json` says of a template. */
interface IndexEntry {
	readonly kind: TemplateKind;
	readonly key: string;
	readonly label: string;
	readonly blueprint: string;
	readonly clipboard: string | null;
	/** Ids of all modules in it, error handlers included, sorted. */
	readonly modules: readonly string[];
	/** Modules that run for one bundle, and so operations that Make counts, if nothing is filtered. */
	readonly operations: number;
	readonly abilities: readonly string[];
}

/** Operations of one bundle that nothing filters, on the longest of several routes. A router costs none. */
function operationsOf(flow: readonly BlueprintModule[]): number {
	const [module, ...rest] = flow;
	if (module === undefined) return 0;
	const routes = (module.routes ?? []).map((route) => operationsOf(route.flow));
	return (module.routes === undefined ? 1 : Math.max(...routes)) + operationsOf(rest);
}

const entryOf = (template: Template): IndexEntry => ({
	kind: template.kind,
	key: template.key,
	label: template.label,
	blueprint: template.path,
	clipboard: template.clipboard?.path ?? null,
	modules: [...new Set(placed(template.blueprint.flow).map(({ module }) => module.module))].sort(),
	operations: operationsOf(template.blueprint.flow),
	abilities: template.abilities,
});

/** The list for machines. */
export function indexJson(templates: readonly Template[]): string {
	return `${JSON.stringify(templates.map(entryOf), null, '\t')}\n`;
}

const link = (label: string, path: string): string => `[${label}](${path})`;

const ofKind = (templates: readonly Template[], kind: TemplateKind): readonly Template[] =>
	templates.filter((template) => template.kind === kind);

/** Both blueprints of an event in one row. */
function eventTable(templates: readonly Template[]): string {
	const light = new Map(
		ofKind(templates, 'event, light').map((template) => [template.key, template]),
	);
	return table(
		['Event', 'Label', 'Abilities', 'With the signature checked', 'Without a check'],
		ofKind(templates, 'event, verified').map((template) => [
			code(template.key),
			template.label,
			codes(template.abilities),
			link('blueprint', template.path),
			link(
				'light blueprint',
				present(light.get(template.key), `light blueprint of ${template.key}`).path,
			),
		]),
	);
}

function requestTable(templates: readonly Template[], kind: 'action' | 'search'): string {
	return table(
		[
			kind === 'action' ? 'Action' : 'Search',
			'To import',
			'To paste',
			'Ability',
			'Operations per run',
		],
		ofKind(templates, kind).map((template) => [
			template.label,
			link('blueprint', template.path),
			link('modules', present(template.clipboard, `clipboard of ${template.key}`).path),
			codes(template.abilities) || 'token owner',
			operationsOf(template.blueprint.flow),
		]),
	);
}

function recipeTable(templates: readonly Template[]): string {
	return table(
		['Recipe', 'To import', 'Abilities'],
		ofKind(templates, 'recipe').map((template) => [
			template.label,
			link('blueprint', template.path),
			codes(template.abilities),
		]),
	);
}

/** The list for people. */
export function indexMarkdown(templates: readonly Template[]): string {
	return [
		`<!-- ${generatedMark} -->`,
		'',
		'# Templates',
		'',
		...ofKind(templates, 'set-up').map(
			(one) => `To receive events, start with ${link('the set-up of a webhook', one.path)}.`,
		),
		'',
		'## Events',
		'',
		eventTable(templates),
		'',
		'## Actions',
		'',
		requestTable(templates, 'action'),
		'',
		'## Searches',
		'',
		requestTable(templates, 'search'),
		'',
		'## Recipes',
		'',
		recipeTable(templates),
		'',
	].join('\n');
}

/** The counts in the README. */
export function countsTable(templates: readonly Template[]): string {
	const kinds: readonly TemplateKind[] = [
		'set-up',
		'event, verified',
		'event, light',
		'action',
		'search',
		'recipe',
	];
	const range = (values: readonly number[]): string => {
		const [low, high] = [Math.min(...values), Math.max(...values)];
		return low === high ? String(low) : `${low} to ${high}`;
	};
	return table(
		['Template', 'How many', 'Also to paste', 'Operations per run'],
		kinds.map((kind) => {
			const all = ofKind(templates, kind);
			return [
				kind,
				all.length,
				all.some(({ clipboard }) => clipboard !== null) ? 'yes' : 'no',
				range(all.map(({ blueprint }) => operationsOf(blueprint.flow))),
			];
		}),
	);
}
