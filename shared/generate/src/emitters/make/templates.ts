import {
	type EventEntry,
	events,
	neededAbilities,
	type OperationEntry,
	operation,
	operations,
	platform,
	subscriptionAbilities,
} from '@memberpass/catalogue';
import { abilitiesOf } from '@memberpass/catalogue/recipes';

import type {
	Blueprint,
	BlueprintModule,
	Clipboard,
} from '../../../../../packages/make/src/blueprint.ts';
import { addLightEvent, addVerifiedEvent, secretCaption, withoutWaiting } from './events.ts';
import { blueprint, clipboard, Flow } from './flow.ts';
import { call, value } from './iml.ts';
import { inputsOf } from './inputs.ts';
import { keychain, setVariables } from './modules.ts';
import { type RecipeBlueprint, recipeBlueprints } from '../recipes/make.ts';
import { addRequest } from './requests.ts';

export type TemplateKind =
	'set-up' | 'event, verified' | 'event, light' | 'action' | 'search' | 'recipe';

/** One template of the package. */
export interface Template {
	readonly kind: TemplateKind;
	/** Event type, operation key, or file name of a recipe. */
	readonly key: string;
	readonly label: string;
	readonly abilities: readonly string[];
	/** Below packages/make. */
	readonly path: string;
	readonly blueprint: Blueprint;
	/** The same modules for the clipboard; null for what starts a scenario. */
	readonly clipboard: { readonly path: string; readonly content: Clipboard } | null;
}

/** Every template, in the order of the catalogue. */
export function templates(): readonly Template[] {
	return [
		setUp(),
		...events.flatMap((event) => [verified(event), light(event)]),
		...operations.filter(({ kind }) => kind === 'action').map(request),
		...operations.filter(({ kind }) => kind === 'search').map(request),
		...recipeBlueprints().map(recipe),
	];
}

/** Number of the module with a caption, for descriptions. */
function numberOf(flow: Flow, is: (module: BlueprintModule) => boolean): number {
	const found = flow.modules.find(is);
	if (found === undefined) throw new Error('A description names a module that is not there.');
	return found.id;
}

/**
 * A module by number and caption: Make numbers what is pasted anew where the scenario has the number already.
 */
function named(flow: Flow, id: number): string {
	const caption = flow.modules.find((module) => module.id === id)?.metadata.designer.name;
	if (caption === undefined) throw new Error(`Module ${id} has no caption to find it by.`);
	return `module ${id} ("${caption}")`;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const isCalled =
	(caption: string) =>
	({ metadata }: BlueprintModule): boolean =>
		metadata.designer.name === caption;

const sentences = (...parts: readonly string[]): string =>
	parts.filter((part) => part !== '').join(' ');

const needs = (whose: string, abilities: readonly string[]): string =>
	abilities.length === 0 ? '' : `${whose} needs ${abilities.join(' and ')}.`;

const asksForId = (entry: OperationEntry): boolean =>
	inputsOf(entry).some(({ placeholder }) => /<\w+ (list of )?IDs?\b/.test(placeholder));

/** A run reads one page: the pagination of Make's HTTP module cannot come in a file. */
function onePage({ match, output }: OperationEntry): string {
	const more = {
		pages:
			'To read more, add Flow Control › Repeater in front (Initial value 1, Step 1, Repeats: the number of pages) and map its "i" to "page".',
		cursor: 'To read the next one, fill in "cursor".',
		limit: null,
		none: null,
	}[output.paging];
	if (more === null) return '';
	return match === null
		? `A run reads one page of the list. ${more}`
		: `Only rows that match are passed on, from one page of the list. ${more}`;
}

/** An action or search. */
export function request(entry: OperationEntry): Template {
	const flow = new Flow();
	const steps = addRequest(flow, entry);
	const group = entry.kind === 'action' ? 'actions' : 'searches';
	const answer = steps.rows ?? steps.request;
	return {
		kind: entry.kind === 'action' ? 'action' : 'search',
		key: entry.key,
		label: entry.label,
		abilities: neededAbilities(entry),
		path: `blueprints/${group}/${entry.key}.json`,
		blueprint: blueprint(
			`${platform.name}: ${entry.label}`,
			sentences(
				entry.summary,
				'After import or paste:',
				`${named(flow, steps.request.id)}: ${keychain}.`,
				steps.fill === null
					? ''
					: `${upperFirst(named(flow, steps.fill.id))}: replace the placeholders${asksForId(entry) ? ' (map an ID from an event or a Find template)' : ''}. Optional ones can be left as they are or emptied: they are then not sent.`,
				entry.output.shape === 'nothing'
					? ''
					: steps.rows === null
						? `The answer is in data.data of ${named(flow, answer.id)}.`
						: `${upperFirst(named(flow, answer.id))} gives one bundle for each row.`,
				onePage(entry),
				'In the settings of the scenario, switch on "Store incomplete executions": a run that fails is then kept and tried again.',
				needs('The token', neededAbilities(entry)),
				...entry.caveats,
			),
			flow,
		),
		clipboard: {
			path: `clipboard/${group}/${entry.key}.json`,
			content: clipboard(flow),
		},
	};
}

const recipe = (one: RecipeBlueprint): Template => ({
	kind: 'recipe',
	key: one.path.slice('recipes/'.length, -'.json'.length),
	label: one.isOnly ? one.recipe.title : `${one.recipe.title}: ${one.part.title.toLowerCase()}`,
	abilities: abilitiesOf(one.part),
	path: one.path,
	blueprint: one.blueprint,
	clipboard: null,
});

function verified(event: EventEntry): Template {
	const flow = new Flow();
	const fields = addVerifiedEvent(flow, event);
	const paste = numberOf(flow, isCalled(secretCaption));
	return {
		kind: 'event, verified',
		key: event.type,
		label: event.label,
		abilities: subscriptionAbilities(event),
		path: `blueprints/events/${event.type}.verified.json`,
		blueprint: blueprint(
			`${platform.name}: ${event.label} (signature checked)`,
			sentences(
				event.summary,
				'Checks the signature and age of each delivery and lets nothing else through.',
				`After import: ${named(flow, 1)}: create a webhook with "Get request headers" and "JSON pass-through" switched on, and register its address with ${platform.name} for ${event.type} (the set-up blueprint does that).`,
				needs('The token that registers it', subscriptionAbilities(event)),
				`${upperFirst(named(flow, paste))}: enter the signing secret as "secret".`,
				'Until that is done, nothing passes.',
				`Map the fields of ${named(flow, fields.id)}, and switch the scenario on, ${withoutWaiting}.`,
				'The same event can arrive twice, with the same event_id.',
				...event.caveats.map(({ text }) => text),
			),
			flow,
		),
		clipboard: null,
	};
}

function light(event: EventEntry): Template {
	const flow = new Flow();
	const fields = addLightEvent(flow, event);
	return {
		kind: 'event, light',
		key: event.type,
		label: event.label,
		abilities: subscriptionAbilities(event),
		path: `blueprints/events/${event.type}.light.json`,
		blueprint: blueprint(
			`${platform.name}: ${event.label} (signature NOT checked)`,
			sentences(
				event.summary,
				'Does NOT check the signature or the age: whoever learns the address of the webhook can send made-up or old events, and they pass. Use the blueprint with the signature check for anything that matters.',
				`After import: ${named(flow, 1)}: create a webhook with "JSON pass-through" switched off, and register its address with ${platform.name} for ${event.type} (the set-up blueprint does that).`,
				needs('The token that registers it', subscriptionAbilities(event)),
				`Map the fields of ${named(flow, fields.id)}, and switch the scenario on.`,
				'The same event can arrive twice, with the same event_id.',
				...event.caveats.map(({ text }) => text),
			),
			flow,
		),
		clipboard: null,
	};
}

/** Creates the endpoint of a webhook of Make, and shows its secret: MemberPass tells it once. */
function setUp(): Template {
	const entry = operation('create_webhook_endpoint');
	const flow = new Flow();
	const fillCaption = 'Fill in: address of your webhook, and events';
	const { request: sent } = addRequest(flow, entry, { captions: { fill: fillCaption } });
	const fill = numberOf(flow, isCalled(fillCaption));
	const shown = flow.add(
		setVariables('Copy the signing secret now', {
			// Beside the data, as one page shows it, or in it.
			secret: value(
				call('ifempty', sent.out('data', 'secret'), sent.out('data', 'data', 'secret')),
			),
			endpoint_id: value(sent.out('data', 'data', 'id')),
		}),
	);
	return {
		kind: 'set-up',
		key: 'set-up',
		label: 'Set Up a Webhook',
		abilities: neededAbilities(entry),
		path: 'blueprints/set-up.json',
		blueprint: blueprint(
			`${platform.name}: set up a webhook`,
			sentences(
				`Registers the address of a Make webhook with ${platform.name} and shows its signing secret, which ${platform.name} shows only this once.`,
				`After import: ${named(flow, sent.id)}: ${keychain}.`,
				`${upperFirst(named(flow, fill))}: enter a name, the address of your webhook (hook.….make.com) and the events, separated by commas.`,
				`Run it once, open the output of ${named(flow, shown.id)}, and paste the secret into the module "${secretCaption}" of your event scenarios. Then delete this scenario and its run history: they contain the secret.`,
				needs('The token', neededAbilities(entry)),
				'To receive an event, the token also needs the ability of that event.',
			),
			flow,
		),
		clipboard: null,
	};
}
