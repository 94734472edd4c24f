import { events, operations, platform } from '@memberpass/catalogue';
import { title as titleRule } from '../../../../shared/catalogue/src/rules/copy.ts';

import {
	type Definition,
	type Entry,
	entryOf,
	type Field,
	fieldOf,
	hiddenTrigger,
	type Kind,
} from './definition.ts';
import { misfits } from './sample.ts';

/**
 * What Zapier's server checks when an app is pushed (its codes begin with D), and what its reviewers ask for ("copy"
 * and "form"), as far as a definition shows it. Sources: docs.zapier.com/integrations/publish/
 * integration-checks-reference and the integration build guidelines. They hold for hidden operations too.
 */
export interface LintRule {
	/** Zapier's code, or the chapter of its guidelines. */
	readonly code: string;
	readonly says: string;
	/** One line for each place that breaks it. */
	readonly find: (definition: Definition) => readonly string[];
	/** A change of the real definition that must be found. */
	readonly broken: (definition: Definition) => void;
}

const kinds = ['triggers', 'creates', 'searches'] as const;

interface Place {
	readonly kind: Kind;
	readonly entry: Entry;
	readonly at: string;
}

const placesOf = (definition: Definition): Place[] =>
	kinds.flatMap((kind) =>
		Object.values(definition[kind]).map((entry) => ({ kind, entry, at: `${kind}.${entry.key}` })),
	);

const inputsOf = ({ entry }: Place): Field[] =>
	entry.operation.inputFields.filter(({ type }) => type !== 'copy');

/** A rule about each operation; `fault` says what is wrong, or null. */
const operationRule = (
	code: string,
	says: string,
	fault: (place: Place, definition: Definition) => string | null | false,
	broken: LintRule['broken'],
): LintRule => ({
	code,
	says,
	find: (definition) =>
		placesOf(definition).flatMap((place) => {
			const found = fault(place, definition);
			return found === null || found === false ? [] : [`${place.at}: ${found}`];
		}),
	broken,
});

/** A rule about each input field, texts between the fields included. */
const fieldRule = (
	code: string,
	says: string,
	fault: (field: Field, place: Place, definition: Definition) => string | null | false,
	broken: LintRule['broken'],
): LintRule => ({
	code,
	says,
	find: (definition) =>
		placesOf(definition).flatMap((place) =>
			place.entry.operation.inputFields.flatMap((field) => {
				const found = fault(field, place, definition);
				return found === null || found === false ? [] : [`${place.at}.${field.key}: ${found}`];
			}),
		),
	broken,
});

const secretName = /api.?key|api.?token|access.?token|client.?secret|password|passphrase|secret/i;

/** What people read in the forms of a definition and above them; what comes out is judged by rules of its own. */
function textsOf(definition: Definition): [string, string][] {
	const ofField = (at: string, field: Field): [string, string][] =>
		[field.label, field.helpText, field.placeholder].flatMap((text): [string, string][] =>
			text === undefined ? [] : [[`${at}.${field.key}`, text]],
		);
	return [
		...definition.authentication.fields.flatMap((field) => ofField('authentication', field)),
		...placesOf(definition).flatMap(({ at, entry }) => [
			[at, entry.display.label] as [string, string],
			[at, entry.display.description] as [string, string],
			...entry.operation.inputFields.flatMap((field) => ofField(at, field)),
		]),
	];
}

/** Two or more capitalised words: "Publish Plan", "Find Plan by Name". */
const nameInText = /[A-Z][A-Za-z]*(?: (?:(?:by|of|in|from) )?[A-Z][A-Za-z]*)+/g;

/** Capitalised words that are no name of ours, wherever they stand. */
const properNouns = new Set(
	'API CSV Free Growth ID MemberPass Starter Stars Telegram URL the or'.split(' '),
);

/** Everything that a text of the app may call by its name. */
function namesIn(definition: Definition): ReadonlySet<string> {
	return new Set([
		...definition.authentication.fields.map(({ label = '' }) => label),
		...Object.values(definition.searchOrCreates).map(({ display }) => display.label),
		...placesOf(definition).flatMap(({ entry: { display, operation } }) => [
			display.label,
			...operation.outputFields.map(({ label = '' }) => label),
			...operation.inputFields.flatMap(({ label = '', choices }) => [
				label,
				...(Array.isArray(choices) ? choices.map((one) => one.label) : []),
			]),
		]),
	]);
}

const textRule = (
	code: string,
	says: string,
	isWrong: (text: string) => boolean,
	wrongText: string,
): LintRule => ({
	code,
	says,
	find: (definition) =>
		textsOf(definition).flatMap(([at, text]) => (isWrong(text) ? [`${at}: ${text}`] : [])),
	broken: (definition) => {
		fieldOf(definition, 'creates', 'create_plan', 'project').helpText = wrongText;
	},
});

const withoutLinksAndCode = (text: string): string =>
	text.replace(/\]\(https:[^)]+\)|`[^`]+`/g, '');

/** Ids for which MemberPass has no list; their help says where the id is found. */
const unlisted = new Set(['currency_id', 'currency_ids', 'provider_ids', 'telegram_id']);

/** Nouns and sample keys come from the same entry, so the noun of a trigger must not be its event. */
const eventWords = /\b(New|Created|Updated|Deleted|Changed|Failed|Expired|Cancelled)\b/;

/**
 * The updates that MemberPass reports as one event each. Zapier's guidelines want narrower triggers; there are none to
 * offer, so each says in its description what has to change.
 */
const reportedUpdates = new Set(
	events.filter(({ type }) => type.endsWith('.updated')).map(({ label }) => label),
);

const irreversible = new Set(
	operations
		.filter(({ kind, destructive }) => kind === 'action' && destructive !== 'no')
		.map(({ key }) => key),
);

export const rules: readonly LintRule[] = [
	fieldRule(
		'D001',
		'No input collects a secret.',
		({ key, label = '', type }) =>
			type !== 'copy' && (secretName.test(key) || secretName.test(label)) ? 'names a secret' : null,
		(definition) => {
			fieldOf(definition, 'creates', 'revoke_token', 'token_id').key = 'api_token';
		},
	),
	{
		code: 'D002',
		says: 'Every field of a connection links to where its value is found; what is required is a password.',
		// The check speaks of all fields, whether they may stay empty or not.
		find: ({ authentication }) =>
			authentication.fields.flatMap(({ key, type, required, helpText = '' }) => [
				...(/\]\(https:\/\/[^)]+\)/.test(helpText) ? [] : [`authentication.${key}: no link`]),
				...(required === true && type !== 'password' ? [`authentication.${key}: in the open`] : []),
			]),
		broken: ({ authentication }) => {
			const field = authentication.fields.at(-1);
			if (field !== undefined) field.helpText = 'Leave empty unless you have another address.';
		},
	},
	{
		code: 'D003',
		says: 'A connection is labelled with what identifies the account, never with a secret.',
		find: ({ authentication: { connectionLabel = '' } }) =>
			/\{\{[a-z_]+\}\}/.test(connectionLabel) && !/token|key|secret|bundle/i.test(connectionLabel)
				? []
				: [`authentication: ${connectionLabel}`],
		broken: ({ authentication }) => {
			authentication.connectionLabel = '{{api_token}}';
		},
	},
	fieldRule(
		'D004',
		'Every input that holds an ID has a list to choose from, or says where the ID is found.',
		({ key, choices, helpText = '' }) => {
			if (!/(^|_)ids?$/.test(key)) return null;
			if (choices !== undefined) return null;
			if (!unlisted.has(key)) return 'is typed';
			return /no list|identifies the person on Telegram/.test(helpText)
				? null
				: 'does not say where to find it';
		},
		(definition) => {
			delete fieldOf(definition, 'searches', 'list_subscriptions', 'plan_id').choices;
		},
	),
	fieldRule(
		'D004',
		'Every input that names a thing of the account has a list to choose from.',
		({ key, choices }, { entry }) => {
			const ids = operations.find((one) => one.key === entry.key)?.input.properties[key];
			const holdsId = (ids?.items ?? ids)?.['x-id'] !== undefined;
			return holdsId && choices === undefined && !unlisted.has(key) ? 'is typed' : null;
		},
		(definition) => {
			delete fieldOf(definition, 'creates', 'delete_plan', 'plan').choices;
		},
	),
	fieldRule(
		'D005',
		'A dropdown refers to a trigger that exists.',
		({ dynamic }, _, { triggers }) =>
			dynamic !== undefined && triggers[dynamic.split('.')[0] ?? ''] === undefined && dynamic,
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').dynamic = 'no_such_list.id.name';
		},
	),
	operationRule(
		'D006',
		'Every trigger can show recent items.',
		({ kind, entry }) =>
			kind === 'triggers' && entry.operation.performList === undefined && 'no performList',
		(definition) => {
			delete hiddenTrigger(definition).operation.performList;
		},
	),
	textRule(
		'D007',
		'Every address is https.',
		(text) => /http:\/\//.test(text),
		'Read more at [the page](http://docs.memberpass.net).',
	),
	textRule(
		'D008',
		'No address stands bare in a text.',
		// A placeholder that is nothing but an address is no text.
		(text) =>
			!/^https:\/\/\S+$/.test(text) && /\bhttps?:\/\/\w|\bwww\./.test(withoutLinksAndCode(text)),
		'Read more at https://docs.memberpass.net first.',
	),
	operationRule(
		'D009',
		'A search asks for something.',
		(place) => place.kind === 'searches' && inputsOf(place).length === 0 && 'no inputs',
		(definition) => {
			entryOf(definition, 'searches', 'list_teams').operation.inputFields = [];
		},
	),
	operationRule(
		'D010',
		'Every sample has an id.',
		({ entry }) => typeof entry.operation.sample['id'] !== 'string' && 'no id in the sample',
		(definition) => {
			delete hiddenTrigger(definition).operation.sample['id'];
		},
	),
	fieldRule(
		'D011',
		'Help says more than the label, in 20 characters or more.',
		({ label = '', helpText }) =>
			helpText !== undefined &&
			(helpText.length < 20 ||
				helpText.toLowerCase().replace(/\W+/g, ' ').trim() === label.toLowerCase()) &&
			helpText,
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'billing_cycle_count').helpText =
				'Billing cycle count.';
		},
	),
	operationRule(
		'D012',
		'Every operation has a sample.',
		({ entry }) => Object.keys(entry.operation.sample).length === 0 && 'an empty sample',
		(definition) => {
			hiddenTrigger(definition).operation.sample = {};
		},
	),
	fieldRule(
		'D013',
		'A field that offers a search refers to one, and to a key that it gives.',
		({ search }, _, definition) => {
			if (search === undefined) return null;
			const [key = '', output = ''] = search.split('.');
			const found = definition.searches[key];
			return found?.operation.outputFields.some((one) => one.key === output) === true
				? null
				: search;
		},
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').search = 'find_project.id';
		},
	),
	fieldRule(
		'D014',
		'A field that offers a search holds one text or number.',
		({ search, type = 'string', list, dict, children }) =>
			search !== undefined &&
			(!['string', 'number', 'integer'].includes(type) ||
				list === true ||
				dict === true ||
				children !== undefined) &&
			'cannot take the result of a search',
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').list = true;
		},
	),
	{
		code: 'D015',
		says: 'Search-or-create pairs name operations that exist and give the same thing, and the create asks for what was searched by.',
		find: (definition) =>
			Object.entries(definition.searchOrCreates).flatMap(([name, pair]) => {
				const search = definition.searches[pair.search];
				const create = definition.creates[pair.create];
				if (search === undefined || create === undefined) return [`${name}: names nothing`];
				const asked = new Set(create.operation.inputFields.map(({ key }) => key));
				const given = new Set(create.operation.outputFields.map(({ key }) => key));
				const missing = search.operation.inputFields.filter(
					({ key, type }) => type !== 'copy' && !asked.has(key),
				);
				return [
					...(name === pair.key && name === pair.search ? [] : [`${name}: another key`]),
					...(search.noun === create.noun ? [] : [`${name}: finds one thing, creates another`]),
					...missing.map(({ key }) => `${name}: the create does not ask for ${key}`),
					...(given.has('id') ? [] : [`${name}: the create gives no id`]),
				];
			}),
		broken: (definition) => {
			const pair = definition.searchOrCreates['find_plan_by_name'];
			if (pair !== undefined) pair.create = 'create_resource';
		},
	},
	operationRule(
		'D016/D017',
		'Every trigger subscribes and unsubscribes by itself.',
		({ kind, entry: { operation } }) =>
			kind === 'triggers' &&
			(operation.type !== 'hook' ||
				operation.performSubscribe === undefined ||
				operation.performUnsubscribe === undefined) &&
			'is a static webhook',
		(definition) => {
			delete hiddenTrigger(definition).operation.performUnsubscribe;
		},
	),
	{
		code: 'D018',
		says: 'Labels of operations, inputs, groups, choices of pairs and outputs are in title case.',
		find: (definition) => [
			...placesOf(definition).flatMap(({ at, entry }) =>
				[
					entry.display.label,
					...entry.operation.inputFields.map(({ label = '' }) => label),
					...(entry.operation.inputFieldGroups ?? []).map(({ label = '' }) => label),
					...entry.operation.outputFields.map(({ label = '' }) => label),
				].flatMap((label) => {
					const fault = titleRule.fault(
						label
							.replace(/[(×)/]/g, ' ')
							.replace(/ +/g, ' ')
							.trim(),
					);
					return fault === null ? [] : [`${at}: ${fault}`];
				}),
			),
			...Object.values(definition.searchOrCreates).flatMap(({ key, display }) => {
				const fault = titleRule.fault(display.label);
				return fault === null ? [] : [`searchOrCreates.${key}: ${fault}`];
			}),
		],
		broken: (definition) => {
			hiddenTrigger(definition).display.label = 'Payment refunded';
		},
	},
	operationRule(
		'D021',
		'A trigger says when it triggers, in one sentence.',
		({ kind, entry: { display } }) =>
			kind === 'triggers' &&
			!/^Triggers when [a-z][^\n]+[^.]\.$/.test(display.description) &&
			display.description,
		(definition) => {
			hiddenTrigger(definition).display.description = 'Fires on refunds';
		},
	),
	operationRule(
		'D022',
		'An action asks for something.',
		(place) => place.kind === 'creates' && inputsOf(place).length === 0 && 'no inputs',
		(definition) => {
			entryOf(definition, 'creates', 'archive_project').operation.inputFields = [];
		},
	),
	operationRule(
		'D023/D024',
		'Every value of a sample has a field of its type; dates are ISO 8601 with their zone.',
		({ entry: { operation } }) =>
			misfits(operation.outputFields, operation.sample, 'refused').join(', ') || null,
		(definition) => {
			hiddenTrigger(definition).operation.sample['created_at'] = 1_780_000_000;
		},
	),
	textRule(
		'D025',
		'No address can run anything.',
		(text) => /\b(javascript|data|vbscript|file):/i.test(text),
		'Read more on [the page](javascript:alert).',
	),
	{
		code: 'D026',
		says: 'Only the API Address lets a user choose a host, and it says what it is for.',
		find: ({ authentication }) =>
			authentication.fields
				.filter(({ type }) => type !== 'password')
				.flatMap(({ key, required, helpText = '' }) =>
					key === 'api_origin' &&
					required !== true &&
					/to this address and to no other/.test(helpText)
						? []
						: [`authentication.${key}: chooses a host`],
				),
		broken: ({ authentication }) => {
			authentication.fields.push({ key: 'subdomain', label: 'Subdomain', type: 'string' });
		},
	},
	{
		code: 'D027',
		says: 'The platform is the version this app was tested with.',
		find: ({ platformVersion }) => (platformVersion === '19.1.0' ? [] : [platformVersion]),
		broken: (definition) => {
			definition.platformVersion = '18.0.0';
		},
	},
	{
		code: 'D028',
		says: 'Zapier does not clean inputs.',
		find: ({ flags }) => (flags['cleanInputData'] === false ? [] : ['flags.cleanInputData']),
		broken: ({ flags }) => {
			flags['cleanInputData'] = true;
		},
	},
	operationRule(
		'copy',
		'Searches are called "Find …" and described as "Finds …"; actions are described in the third person.',
		({ kind, entry: { display } }) => {
			if (kind === 'triggers') return null;
			const isFind = display.label.startsWith('Find ');
			const form = kind === 'searches' ? /^Finds .+[^.]\.$/ : /^(?!Finds )[A-Z][a-z]+s .+[^.]\.$/;
			return isFind === (kind === 'searches') && form.test(display.description)
				? null
				: `${display.label}: ${display.description}`;
		},
		(definition) => {
			entryOf(definition, 'searches', 'get_plan').display.label = 'Get Plan';
		},
	),
	{
		code: 'copy',
		says: 'Labels and descriptions of operations name neither the app nor Zapier.',
		find: (definition) =>
			placesOf(definition).flatMap(({ at, entry: { display, noun } }) =>
				[display.label, display.description, noun].flatMap((text) =>
					text.includes(platform.name) || /zapier/i.test(text) ? [`${at}: ${text}`] : [],
				),
			),
		broken: (definition) => {
			hiddenTrigger(definition).display.description = 'Triggers when MemberPass sends a refund.';
		},
	},
	operationRule(
		'copy',
		'A noun names one thing that comes back, never the event or several things.',
		({ entry: { noun, display } }) =>
			(!/^[A-Z]/.test(noun) ||
				eventWords.test(noun) ||
				(noun === display.label && !/^[A-Z][a-z]+$/.test(noun)) ||
				/[^s]s$/.test(noun.replace(/(Analytics|Metrics|Status|Access)$/, ''))) &&
			noun,
		(definition) => {
			hiddenTrigger(definition).noun = 'Payment Refunded';
		},
	),
	operationRule(
		'copy',
		'No trigger is a bare "… Updated", unless MemberPass reports nothing narrower.',
		({ kind, entry: { display } }) =>
			kind === 'triggers' &&
			/\bUpdated\b/.test(display.label) &&
			!(reportedUpdates.has(display.label) && /change/.test(display.description)) &&
			display.label,
		(definition) => {
			hiddenTrigger(definition).display.label = 'Payment Updated';
		},
	),
	{
		code: 'copy',
		says: 'No two operations of a kind have the same label, and no two of any kind the same key.',
		find: (definition) => {
			const places = placesOf(definition);
			const twice = (names: string[]): string[] =>
				names.filter((name, at) => names.indexOf(name) !== at);
			return [
				...twice(places.map(({ kind, entry }) => `${kind} ${entry.display.label}`)),
				...twice(places.map(({ entry }) => entry.key)),
			];
		},
		broken: (definition) => {
			hiddenTrigger(definition).display.label = 'New Subscription';
		},
	},
	{
		code: 'copy',
		says: 'What a text calls by a name (a step, a field, a choice) is there under that name.',
		find: (definition) => {
			const names = namesIn(definition);
			return textsOf(definition).flatMap(([at, text]) =>
				[...text.matchAll(nameInText)].flatMap(([name]) => {
					const [first = '', ...rest] = name.split(' ');
					const isKnown =
						names.has(name) ||
						names.has(rest.join(' ')) ||
						rest.every((word) => properNouns.has(word)) ||
						(properNouns.has(first) && rest.length === 0);
					return isKnown ? [] : [`${at}: ${name}`];
				}),
			);
		},
		broken: (definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').helpText =
				'Use it with Access Codes Generated to know when the batch is ready.';
		},
	},
	operationRule(
		'copy',
		'No two outputs of an operation have the same label, or a user could not tell which to map.',
		({ entry: { operation } }) => {
			const labels = operation.outputFields.map(({ label = '' }) => label);
			return labels.filter((label, at) => labels.indexOf(label) !== at).join(', ') || null;
		},
		(definition) => {
			const [, field] = hiddenTrigger(definition).operation.outputFields;
			if (field !== undefined) field.label = 'Event ID';
		},
	),
	fieldRule(
		'copy',
		'A field with a list is called by what is chosen, not by its ID.',
		({ choices, label = '' }) => choices !== undefined && / IDs?$/.test(label) && label,
		(definition) => {
			fieldOf(definition, 'searches', 'list_subscriptions', 'plan_id').label = 'Plan ID';
		},
	),
	fieldRule(
		'copy',
		'No label is a key of the API.',
		({ label = '' }) => (/[_[\]{}/]/.test(label) || /^[a-z]/.test(label)) && label,
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').label = 'Project - [id]';
		},
	),
	operationRule(
		'copy',
		'Every output has a label that is no key.',
		({ entry: { operation } }) =>
			operation.outputFields
				.filter(({ label = '' }) => !/^[A-Z0-9]/.test(label) || label.includes('_'))
				.map(({ key }) => key)
				.join(', ') || null,
		(definition) => {
			const [field] = hiddenTrigger(definition).operation.outputFields;
			if (field !== undefined) field.label = 'event_id';
		},
	),
	operationRule(
		'form',
		'Keys are in snake case, and the key under which an operation is listed is its own.',
		({ kind, entry: { key } }, definition) =>
			(!/^[a-z][a-z0-9_]+$/.test(key) || definition[kind][key]?.key !== key) && key,
		(definition) => {
			hiddenTrigger(definition).key = 'paymentRefunded';
		},
	),
	operationRule(
		'form',
		'Required inputs come first.',
		(place) => {
			const order = inputsOf(place).map(({ required }) => required === true);
			return order.lastIndexOf(true) > order.indexOf(false) && order.includes(false)
				? 'an optional input stands before a required one'
				: null;
		},
		(definition) => {
			entryOf(definition, 'creates', 'create_plan').operation.inputFields.reverse();
		},
	),
	operationRule(
		'form',
		'Long forms are grouped, every group exists and no group is empty.',
		(place) => {
			const { inputFields, inputFieldGroups = [] } = place.entry.operation;
			const known = inputFieldGroups.map(({ key }) => key);
			const used = new Set(inputFields.flatMap(({ group }) => group ?? []));
			const required = inputFields.some((field) => field.required === true);
			if (inputsOf(place).length > 6 && required && used.size === 0) return 'is long and flat';
			return known.every((key) => used.has(key)) && [...used].every((key) => known.includes(key))
				? null
				: 'has a group that does not match';
		},
		(definition) => {
			delete entryOf(definition, 'creates', 'create_plan').operation.inputFieldGroups;
		},
	),
	fieldRule(
		'form',
		'No input has children: they are for line items, not for layout.',
		({ children }) => children !== undefined && 'has children',
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'project').children = [{ key: 'a' }];
		},
	),
	fieldRule(
		'form',
		'Several values are a list, never text with commas.',
		({ list, helpText = '', type }) =>
			type !== 'copy' && list !== true && /comma|separated by/i.test(helpText) && helpText,
		(definition) => {
			fieldOf(definition, 'creates', 'create_plan', 'name').helpText =
				'Names, separated by commas.';
		},
	),
	fieldRule(
		'form',
		'Every choice has a value, the same sample and a label for people.',
		({ choices }) =>
			Array.isArray(choices) &&
			!choices.every(
				({ value, sample, label }) => value !== '' && sample === value && /^[A-Z0-9]/.test(label),
			) &&
			'has a choice without a label',
		(definition) => {
			const { choices } = fieldOf(definition, 'creates', 'create_plan', 'billing_cycle');
			if (Array.isArray(choices) && choices[0] !== undefined) choices[0].label = 'days';
		},
	),
	fieldRule(
		'form',
		'What a field depends on stands above it.',
		({ key, dependsOn = [] }, { entry }) => {
			const order = entry.operation.inputFields.map((field) => field.key);
			return dependsOn.every(
				(name) => order.includes(name) && order.indexOf(name) < order.indexOf(key),
			)
				? null
				: dependsOn.join(', ');
		},
		(definition) => {
			fieldOf(definition, 'creates', 'delete_plan', 'plan').dependsOn = ['team'];
		},
	),
	fieldRule(
		'form',
		'What a field depends on has to be filled in anyway: Zapier locks the field until then, for mapped values too.',
		({ dependsOn = [] }, { entry }) => {
			const optional = entry.operation.inputFields.filter(
				({ key, required }) => dependsOn.includes(key) && required !== true,
			);
			return optional.length > 0 && `waits for ${optional.map(({ key }) => key).join(', ')}`;
		},
		(definition) => {
			fieldOf(definition, 'searches', 'get_deep_link', 'access_code').dependsOn = ['plan_id'];
		},
	),
	fieldRule(
		'form',
		'No two inputs of a form share a key, and defaults are text.',
		({ key, default: value }, { entry }) =>
			(entry.operation.inputFields.filter((field) => field.key === key).length !== 1 ||
				(value !== undefined && typeof value !== 'string')) &&
			'is there twice, or has a default that is no text',
		(definition) => {
			fieldOf(definition, 'creates', 'delete_plan', 'plan').key = 'project';
		},
	),
	operationRule(
		'form',
		'No action moves money, which Zapier does not publish (requirement 1.4).',
		({ kind, entry: { key, display } }) =>
			kind === 'creates' &&
			/\b(charge|refund|pay|payout|transfer|invoice)/i.test(
				`${key.replaceAll('_', ' ')} ${display.label} ${display.description}`,
			) &&
			display.label,
		(definition) => {
			entryOf(definition, 'creates', 'cancel_subscription').display.label = 'Refund Subscription';
		},
	),
	operationRule(
		'form',
		'What cannot be taken back, or takes something away, is said above the form.',
		({ kind, entry }) =>
			kind === 'creates' &&
			irreversible.has(entry.key) &&
			entry.operation.inputFields[0]?.type !== 'copy' &&
			'warns of nothing',
		(definition) => {
			entryOf(definition, 'creates', 'delete_project').operation.inputFields.shift();
		},
	),
	operationRule(
		'form',
		'A hook has neither throttle nor lock, which Zapier refuses, and nothing is marked important.',
		({ kind, entry: { operation, display } }) =>
			((kind === 'triggers' && (operation.throttle ?? operation.lock) !== undefined) ||
				display.important !== undefined) &&
			'has a setting that Zapier refuses',
		(definition) => {
			hiddenTrigger(definition).operation.throttle = { window: 60, limit: 10 };
		},
	),
	{
		code: 'form',
		says: 'Every search that others offer as a step before is visible.',
		find: (definition) =>
			placesOf(definition).flatMap(({ at, entry }) =>
				entry.operation.inputFields.flatMap(({ search = '' }) => {
					const [key = ''] = search.split('.');
					return definition.searches[key]?.display.hidden === true ? [`${at}: ${search}`] : [];
				}),
			),
		broken: (definition) => {
			entryOf(definition, 'searches', 'find_project_by_handle').display.hidden = true;
		},
	},
];
