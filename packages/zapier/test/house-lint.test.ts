import {
	type Definition,
	entryOf,
	type Field,
	fieldOf,
	hiddenTrigger,
	readDefinition,
} from './house-lint/definition.ts';
import { rules } from './house-lint/rules.ts';

let definition: Definition;
beforeAll(async () => {
	definition = await readDefinition();
});

const copyOf = (value: Definition): Definition => JSON.parse(JSON.stringify(value)) as Definition;

describe.each(rules.map((rule) => [rule.code, rule.says, rule] as const))(
	'%s: %s',
	(_, __, rule) => {
		it('holds everywhere', () => {
			expect(rule.find(definition)).toEqual([]);
		});

		it('is noticed when it is broken', () => {
			const broken = copyOf(definition);
			rule.broken(broken);
			expect(rule.find(broken).length).toBeGreaterThan(0);
		});
	},
);

const projectOf = (copy: Definition): Field => fieldOf(copy, 'creates', 'create_plan', 'project');
const pairOf = (copy: Definition): Definition['searchOrCreates'][string] => {
	const pair = copy.searchOrCreates['find_plan_by_name'];
	if (pair === undefined) throw new Error('There is no pair to spoil.');
	return pair;
};

// Each part of a condition by itself; what a rule itself breaks is tried above.
it.each<readonly [says: string, how: string, change: (copy: Definition) => unknown]>([
	[
		'No input collects a secret',
		'by its label',
		(copy) => (projectOf(copy).label = 'Client Secret'),
	],
	[
		'Every field of a connection links',
		'with a token in the open',
		({ authentication }) => authentication.fields.forEach((field) => (field.type = 'string')),
	],
	[
		'A connection is labelled',
		'with nothing of the account',
		({ authentication }) => (authentication.connectionLabel = 'MemberPass'),
	],
	[
		'A connection is labelled',
		'not at all',
		({ authentication }) => delete authentication.connectionLabel,
	],
	[
		'Every input that holds an ID',
		'without words on where to find it',
		(copy) =>
			Object.assign(projectOf(copy), {
				key: 'currency_id',
				choices: undefined,
				helpText: 'Currency of the price.',
			}),
	],
	['Every address is https', 'in a label', (copy) => (projectOf(copy).label = 'http://a')],
	[
		'Every address is https',
		'in a placeholder',
		(copy) => (projectOf(copy).placeholder = 'http://a'),
	],
	[
		'Every address is https',
		'in a description',
		(copy) => (hiddenTrigger(copy).display.description = 'See http://a.'),
	],
	[
		'Every address is https',
		'in the connection',
		({ authentication }) => authentication.fields.push({ key: 'a', helpText: 'http://a' }),
	],
	[
		'No address stands bare',
		'without a scheme',
		(copy) => (projectOf(copy).helpText = 'Read more at www.memberpass.net first.'),
	],
	[
		'Help says more',
		'in fewer than 20 characters',
		(copy) => (projectOf(copy).helpText = 'Where plans belong.'),
	],
	[
		'A field that offers a search refers',
		'by a key that the search does not give',
		(copy) => (projectOf(copy).search = 'find_project_by_handle.nothing'),
	],
	[
		'A field that offers a search holds',
		'by a dictionary',
		(copy) => (projectOf(copy).dict = true),
	],
	['A field that offers a search holds', 'by children', (copy) => (projectOf(copy).children = [])],
	['A field that offers a search holds', 'by a flag', (copy) => (projectOf(copy).type = 'boolean')],
	[
		'Search-or-create pairs',
		'without the search',
		(copy) => delete copy.searches['find_plan_by_name'],
	],
	['Search-or-create pairs', 'by another key', (copy) => (pairOf(copy).key = 'find_plan')],
	[
		'Search-or-create pairs',
		'with another thing to create',
		(copy) => (entryOf(copy, 'creates', 'create_plan').noun = 'Price'),
	],
	[
		'Search-or-create pairs',
		'without an id',
		(copy) => (entryOf(copy, 'creates', 'create_plan').operation.outputFields = []),
	],
	[
		'Search-or-create pairs',
		'without what was searched by',
		(copy) => (entryOf(copy, 'creates', 'create_plan').operation.inputFields = []),
	],
	[
		'Every trigger subscribes',
		'by polling',
		(copy) => (hiddenTrigger(copy).operation.type = 'polling'),
	],
	[
		'Every trigger subscribes',
		'by never subscribing',
		(copy) => delete hiddenTrigger(copy).operation.performSubscribe,
	],
	[
		'Labels of operations, inputs',
		'by an input',
		(copy) => (projectOf(copy).label = 'Where the plan is'),
	],
	[
		'Labels of operations, inputs',
		'by an output',
		(copy) => (hiddenTrigger(copy).operation.outputFields = [{ key: 'id', label: 'The id' }]),
	],
	[
		'Labels of operations, inputs',
		'by a group',
		(copy) =>
			(entryOf(copy, 'creates', 'create_plan').operation.inputFieldGroups = [
				{ key: 'a', label: 'the price' },
			]),
	],
	[
		'Labels of operations, inputs',
		'by a pair',
		(copy) => (pairOf(copy).display.label = 'find or create'),
	],
	[
		'A trigger says when',
		'in two lines',
		(copy) => (hiddenTrigger(copy).display.description = 'Triggers when a\nrefund comes.'),
	],
	[
		'A trigger says when',
		'with dots at its end',
		(copy) => (hiddenTrigger(copy).display.description = 'Triggers when a refund comes...'),
	],
	[
		'An action asks',
		'by a notice alone',
		(copy) =>
			(entryOf(copy, 'creates', 'archive_project').operation.inputFields = [
				{ key: 'a', type: 'copy' },
			]),
	],
	[
		'Every value of a sample',
		'by a key that no field names',
		(copy) => (hiddenTrigger(copy).operation.sample['more'] = 'x'),
	],
	[
		'Every value of a sample',
		'by a time without its zone',
		(copy) => (hiddenTrigger(copy).operation.sample['created_at'] = '2026-05-18T10:05:00'),
	],
	[
		'No address can run',
		'in capitals',
		(copy) => (projectOf(copy).helpText = 'Read more on [the page](DATA:text/html).'),
	],
	[
		'Only the API Address',
		'where it is demanded',
		({ authentication }) => authentication.fields.forEach((field) => (field.required = true)),
	],
	[
		'Only the API Address',
		'where it is silent on the token',
		({ authentication }) =>
			authentication.fields.forEach((field) => (field.helpText = 'Another address.')),
	],
	[
		'Searches are called',
		'by an action that finds',
		(copy) => (entryOf(copy, 'creates', 'create_plan').display.label = 'Find Plan'),
	],
	[
		'Searches are called',
		'by a search described otherwise',
		(copy) =>
			(entryOf(copy, 'searches', 'get_plan').display.description = 'Gets a plan by its ID.'),
	],
	[
		'Searches are called',
		'by an action described as finding',
		(copy) =>
			(entryOf(copy, 'creates', 'create_plan').display.description = 'Finds a plan by its ID.'),
	],
	[
		'Labels and descriptions of operations',
		'in a label',
		(copy) => (hiddenTrigger(copy).display.label = 'New Zapier Payment'),
	],
	[
		'Labels and descriptions of operations',
		'in a noun',
		(copy) => (hiddenTrigger(copy).noun = 'MemberPass Payment'),
	],
	['A noun names', 'by several things', (copy) => (hiddenTrigger(copy).noun = 'Payments')],
	['A noun names', 'in small letters', (copy) => (hiddenTrigger(copy).noun = 'payment')],
	[
		'A noun names',
		'by the label',
		(copy) =>
			Object.assign(hiddenTrigger(copy), { noun: 'Paid Twice', display: { label: 'Paid Twice' } }),
	],
	[
		'No two operations',
		'by a key',
		(copy) => (entryOf(copy, 'creates', 'create_plan').key = 'create_project'),
	],
	['No label is a key', 'in small letters', (copy) => (projectOf(copy).label = 'project')],
	[
		'Every output has a label',
		'by none at all',
		(copy) => (hiddenTrigger(copy).operation.outputFields = [{ key: 'id' }]),
	],
	[
		'Keys are in snake case',
		'where it is listed under another',
		(copy) => (hiddenTrigger(copy).key = 'payment_reversed'),
	],
	[
		'Long forms are grouped',
		'by a group that there is not',
		(copy) => (projectOf(copy).group = 'nowhere'),
	],
	[
		'Long forms are grouped',
		'by an empty group',
		(copy) =>
			entryOf(copy, 'creates', 'create_plan').operation.inputFieldGroups?.push({ key: 'empty' }),
	],
	[
		'Every choice has',
		'by an empty value',
		(copy) => (projectOf(copy).choices = [{ value: '', sample: '', label: 'A' }]),
	],
	[
		'Every choice has',
		'by another sample',
		(copy) => (projectOf(copy).choices = [{ value: 'a', sample: 'b', label: 'A' }]),
	],
	[
		'What a field depends on stands',
		'from below',
		(copy) => entryOf(copy, 'creates', 'delete_plan').operation.inputFields.reverse(),
	],
	[
		'No two inputs',
		'by a default that is no text',
		(copy) => Object.assign(projectOf(copy), { default: 1 }),
	],
	[
		'No action moves money',
		'by its key',
		(copy) => (entryOf(copy, 'creates', 'create_plan').key = 'charge_plan'),
	],
	[
		'No action moves money',
		'by its description',
		(copy) => (entryOf(copy, 'creates', 'create_plan').display.description = 'Pays for a plan.'),
	],
	['A hook has neither', 'by a lock', (copy) => (hiddenTrigger(copy).operation.lock = {})],
	[
		'A hook has neither',
		'by its importance',
		(copy) => (hiddenTrigger(copy).display.important = true),
	],
])('"%s …" is noticed when it is broken %s', (says, _, change) => {
	const [rule, ...others] = rules.filter((one) => one.says.startsWith(says));
	expect(others).toEqual([]);
	const broken = copyOf(definition);
	change(broken);
	expect(rule?.find(broken)).not.toEqual([]);
	expect(rule).toBeDefined();
});

it('every check that a definition can show has a rule', () => {
	const checked = new Set(rules.flatMap(({ code }) => code.split('/')));
	const offline =
		'D001 D002 D003 D004 D005 D006 D007 D008 D009 D010 D011 D012 D013 D014 D015 D016 D017 D018 D021 D022 D023 D024 D025 D026 D027 D028';
	expect(offline.split(' ').filter((code) => !checked.has(code))).toEqual([]);
});

it('rules read hidden operations', () => {
	expect(definition.triggers['payment_refunded']?.display.hidden).toBe(true);
});
