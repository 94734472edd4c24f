import {
	abilitiesOf,
	flatten,
	limitsOn,
	partFileName,
	partsOn,
	type Platform,
	type Recipe,
	recipes,
} from '../src/recipes/index.ts';
import { auditRecipe } from '../src/rules/index.ts';

type Entry = Record<string, unknown>;

function recipeOf(key: string): Recipe {
	const recipe = recipes.find((one) => one.key === key);
	if (recipe === undefined) throw new Error(`There is no recipe ${key}.`);
	return recipe;
}

/** A copy of a recipe with one thing spoilt; its first part is handed in, ready to be changed. */
function spoilt(key: string, change: (part: Entry, steps: Entry[], recipe: Entry) => unknown) {
	const recipe = structuredClone(recipeOf(key));
	const [part] = recipe.parts;
	if (part === undefined) throw new Error(`${key} has no part to spoil.`);
	const open = (value: object) => value as Entry;
	change(open(part), open(part)['steps'] as Entry[], open(recipe));
	return auditRecipe(recipe).map((finding) => finding.message);
}

/** A step by its id, wherever it is nested. */
const step = (steps: Entry[], id: string): Entry => {
	const found = flatten(steps as never).find((one) => one.id === id);
	if (found === undefined) throw new Error(`No step ${id} to spoil.`);
	return found as unknown as Entry;
};
const put = (entry: Entry, key: string, value: unknown) => Object.assign(entry, { [key]: value });
const loopOverRoles = {
	kind: 'each',
	id: 'rows',
	title: 'Rows',
	operation: 'list_roles',
	input: {},
	steps: [],
};

test('the seven recipes are there, in the order of the gallery', () => {
	expect(recipes.map((recipe) => recipe.key)).toEqual([
		'welcome-flow',
		'churn-saver',
		'failed-payment-escalation',
		'gift-code-campaign',
		'weekly-digest',
		'trial-nudge',
		'audit-trail',
	]);
});

test.each(['zapier', 'n8n', 'make'] as const)('every recipe has parts on %s', (platform) => {
	expect(recipes.filter((recipe) => partsOn(recipe, platform).length === 0)).toEqual([]);
});

test.each<[string, Platform, string[]]>([
	['welcome-flow', 'make', ['welcome-flow']],
	['failed-payment-escalation', 'n8n', ['failed-payment-escalation']],
	[
		'failed-payment-escalation',
		'make',
		['failed-payment-escalation.1-report', 'failed-payment-escalation.2-look-again'],
	],
])('the files of %s on %s are named for the parts that it has there', (key, platform, names) => {
	const recipe = recipeOf(key);
	const parts = partsOn(recipe, platform);
	expect(parts.map((part) => partFileName(recipe, part, platform))).toEqual(names);
});

test('a recipe has on a platform the limits of all and those of that one', () => {
	const limits = (platform: Platform) =>
		limitsOn(recipeOf('weekly-digest'), platform).map(({ cannot }) => cannot);
	const ofAll = [
		'The earnings report of MemberPass has no split by provider.',
		'A week without payments has no providers to list.',
	];
	expect(limits('n8n')).toEqual(ofAll);
	expect(limits('make')).toEqual([
		...ofAll,
		'A text field in Zapier or Make cannot go through a list row by row.',
	]);
});

test.each([
	['weekly-digest', ['dashboard:read']],
	[
		'audit-trail',
		[
			'role:view',
			'team-member:invite',
			'team-member:view',
			'team:view-any',
			'webhook-endpoint:manage',
		],
	],
])('a token for %s needs what its event and its steps need, each once', (key, abilities) => {
	expect(recipeOf(key).parts.map(abilitiesOf)).toEqual([abilities]);
});

test('Make has no step that waits, and the others none that only Make needs', () => {
	const kinds = (platform: 'zapier' | 'n8n' | 'make') =>
		new Set(
			recipes.flatMap((recipe) =>
				partsOn(recipe, platform).flatMap((part) => flatten(part.steps).map((one) => one.kind)),
			),
		);
	expect(kinds('make').has('wait')).toBe(false);
	for (const platform of ['zapier', 'n8n'] as const) {
		expect(kinds(platform)).not.toContain('remember');
		expect(kinds(platform)).not.toContain('known');
		expect(kinds(platform)).not.toContain('words');
	}
	expect(kinds('zapier')).not.toContain('each');
});

/** At the end, for who looks the rule up in its source. */
const namesItsRule = / \[[a-z0-9]+(-[a-z0-9]+)*\]$/;

type Row = [what: string, key: string, change: Parameters<typeof spoilt>[1], said: RegExp];

test.each<Row>([
	[
		'a part that does not begin with once',
		'welcome-flow',
		(_, steps) => steps.shift(),
		/welcome-flow, part welcome: steps do not begin with a once step/,
	],
	[
		'a once step on something that differs from delivery to delivery',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'key', { from: 'trigger', path: 'created_at' }),
		/steps do not begin with a once step on the trigger's id/,
	],
	[
		'a part without steps',
		'welcome-flow',
		(part) => put(part, 'steps', []),
		/welcome-flow, part welcome: steps do not begin with a once step/,
	],
	[
		'a part that begins with another step on the ID',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'kind', 'known'),
		/steps do not begin with a once step on the trigger's id/,
	],
	[
		'a once step on fixed text',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'key', 'id'),
		/steps do not begin with a once step on the trigger's id/,
	],
	[
		'a once step on the ID of something else',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'key', { from: 'plan', path: 'id' }),
		/steps do not begin with a once step on the trigger's id/,
	],
	[
		'an unknown event',
		'welcome-flow',
		(part) => put(part, 'trigger', { kind: 'event', event: 'subscription.made' }),
		/trigger is the unknown "subscription\.made"/,
	],
	[
		'an app that starts it and that nobody described',
		'gift-code-campaign',
		(part) => put(part, 'trigger', { kind: 'app', action: 'fax.arrived', fields: {}, columns: [] }),
		/part 1-order: trigger is the unknown "fax\.arrived"/,
	],
	[
		'an event that is not sent yet',
		'welcome-flow',
		(part) => put(part, 'trigger', { kind: 'event', event: 'payment.refunded' }),
		/trigger waits for "payment\.refunded", which is not sent yet/,
	],
	[
		'an unknown operation',
		'welcome-flow',
		(_, steps) => put(step(steps, 'plan'), 'operation', 'read_plan'),
		/step plan calls "read_plan"/,
	],
	[
		'a read that no platform offers as a search',
		'welcome-flow',
		(_, steps) => put(step(steps, 'plan'), 'operation', 'list_plans'),
		/step plan calls "list_plans"/,
	],
	[
		'a required input that is left out',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'plan'), 'input', { project: { from: 'trigger', path: 'project_id' } }),
		/step plan leaves the input "plan" out/,
	],
	[
		'a required input that is given nothing',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'plan'), 'input', {
				project: { from: 'trigger', path: 'project_id' },
				plan: '',
			}),
		/step plan leaves the input "plan" out/,
	],
	[
		'an unknown input',
		'weekly-digest',
		(_, steps) => put(step(steps, 'dashboard'), 'input', { span: '7d' }),
		/step dashboard fills in the unknown input "span"/,
	],
	[
		'a word that is no choice',
		'weekly-digest',
		(_, steps) => put(step(steps, 'dashboard'), 'input', { period: '8d' }),
		/step dashboard gives "period" a value that is none of its choices/,
	],
	[
		'a field that a step does not give',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'key', { from: 'trigger', path: 'data.mrr' }),
		/step once, key maps "data\.mrr", which "trigger" has not/,
	],
	[
		'a field below one of the delivery that holds none',
		'welcome-flow',
		(_, steps) => put(step(steps, 'once'), 'key', { from: 'trigger', path: 'created_at.day' }),
		/step once, key maps "created_at\.day", which "trigger" has not/,
	],
	[
		'the project of an event of the account',
		'audit-trail',
		(_, steps) =>
			put(step(steps, 'role'), 'input', { role: { from: 'trigger', path: 'project_id' } }),
		/step role, role maps "project_id", which "trigger" has not/,
	],
	[
		'a column that the trigger does not read',
		'gift-code-campaign',
		(_, steps) =>
			put(step(steps, 'ordered'), 'columns', { Tier: { from: 'trigger', path: 'Tier' } }),
		/step ordered, Tier maps "Tier", which "trigger" has not/,
	],
	[
		'a field inside an object that may be missing, without a stand-in',
		'gift-code-campaign',
		(_, steps) =>
			put(step(steps, 'ordered'), 'columns', { Cost: { from: 'batch', path: 'preview.cost' } }),
		/step ordered, Cost maps "preview\.cost" of "batch", which may be empty/,
	],
	[
		'a day and the rows of a list that a step does not give',
		'weekly-digest',
		(_, steps) =>
			put(step(steps, 'digest'), 'fields', {
				channel: '#x',
				text: {
					text: [
						{ dayOf: { from: 'dashboard', path: 'day' } },
						{ linesOf: { from: 'breakdown', path: 'rows' }, parts: [] },
					],
				},
			}),
		/step digest, text maps "day", which "dashboard" has not.*step digest, text maps "rows", which "breakdown" has not/s,
	],
	[
		'a step that runs later',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'plan'), 'input', {
				project: { from: 'member', path: 'project_id' },
				plan: { from: 'trigger', path: 'data.plan_id' },
			}),
		/step plan, project maps from "member", which does not run before it/,
	],
	[
		'a value that may be empty, without a stand-in',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'announcement'), 'fields', {
				channel: '#x',
				text: { from: 'member', path: 'email' },
			}),
		/step announcement, text maps "email" of "member", which may be empty/,
	],
	[
		'a value that was checked in the other way of a branch',
		'trial-nudge',
		(_, steps) =>
			put(step(steps, 'by_hand'), 'fields', {
				channel: '#x',
				text: { from: 'member', path: 'email' },
			}),
		/step by_hand, text maps "email" of "member", which may be empty/,
	],
	[
		'a value that may be empty, beside another of the same step that was checked',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'welcome'), 'fields', {
				...(step(steps, 'welcome')['fields'] as Entry),
				body: { from: 'member', path: 'chat_id' },
			}),
		/step welcome, body maps "chat_id" of "member", which may be empty/,
	],
	[
		'a value that may be empty, called as one of another step that was checked',
		'welcome-flow',
		(_, steps) => {
			steps.splice(3, 0, { ...step(steps, 'member'), id: 'again', title: 'Get the member again' });
			put(step(steps, 'welcome'), 'fields', {
				...(step(steps, 'welcome')['fields'] as Entry),
				to: { from: 'again', path: 'email' },
			});
		},
		/step welcome, to maps "email" of "again", which may be empty/,
	],
	[
		'a value that may be empty, and of which only was asked whether it is the same as another',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'has_email'), 'when', [
				{
					test: 'same',
					value: { from: 'member', path: 'email' },
					as: { from: 'trigger', path: 'id' },
				},
			]),
		/step welcome, to maps "email" of "member", which may be empty/,
	],
	[
		'a condition on a field that a step does not give',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'has_email'), 'when', [
				{ test: 'exists', value: { from: 'member', path: 'mrr' } },
			]),
		/step has_email maps "mrr", which "member" has not/,
	],
	[
		'a comparison with a field that a step does not give',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'has_email'), 'when', [
				{
					test: 'same',
					value: { from: 'trigger', path: 'id' },
					as: { from: 'member', path: 'mrr' },
				},
			]),
		/step has_email maps "mrr", which "member" has not/,
	],
	[
		'a step after a branch',
		'welcome-flow',
		(_, steps) => steps.push({ kind: 'wait', id: 'wait', title: 'Wait', hours: 1 }),
		/step has_email is followed by others/,
	],
	[
		'a step after a loop',
		'welcome-flow',
		(_, steps) => steps.splice(1, 0, loopOverRoles),
		/step rows is followed by others/,
	],
	[
		'a wait on Make',
		'welcome-flow',
		(_, steps) => steps.splice(1, 0, { kind: 'wait', id: 'wait', title: 'Wait', hours: 1 }),
		/step wait waits on Make, which cannot/,
	],
	[
		'a loop on Zapier',
		'welcome-flow',
		(_, steps) => steps.splice(-1, 1, loopOverRoles),
		/step rows loops on Zapier/,
	],
	[
		'a search for many that is read as one',
		'audit-trail',
		(_, steps) => Object.assign(step(steps, 'role'), { operation: 'list_roles', input: {} }),
		/step role finds rows\. Make it an each step/,
	],
	[
		'an unknown app',
		'welcome-flow',
		(_, steps) => put(step(steps, 'announcement'), 'action', 'slack.shout'),
		/step announcement does the unknown "slack\.shout"/,
	],
	[
		'a field that the app needs',
		'welcome-flow',
		(_, steps) => put(step(steps, 'announcement'), 'fields', { channel: '#x' }),
		/step announcement leaves the field "text" out/,
	],
	[
		'a field that the app does not have',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'announcement'), 'fields', { channel: '#x', text: 'Hi', colour: 'red' }),
		/step announcement fills in the unknown field "colour"/,
	],
	[
		'columns where there is no table',
		'welcome-flow',
		(_, steps) => put(step(steps, 'announcement'), 'columns', { Name: 'Ana' }),
		/step announcement gives columns to "slack\.post_message", which takes none/,
	],
	[
		'a loop over what finds one',
		'gift-code-campaign',
		(part) =>
			put(part, 'steps', [
				...(part['steps'] as Entry[]).slice(0, 1),
				{
					kind: 'each',
					id: 'roles',
					title: 'Get a role',
					platforms: ['n8n'],
					operation: 'get_role',
					input: { role: { from: 'trigger', path: 'id' } },
					steps: [],
				},
			]),
		/step roles loops over "get_role", which finds one/,
	],
	[
		'an hour where nothing tells it',
		'welcome-flow',
		(_, steps) => put(step(steps, 'row'), 'columns', { Hour: { hoursFromNow: 1 } }),
		/step row, Hour tells an hour, which only Make can/,
	],
	[
		'an hour inside a text, where nothing tells it',
		'welcome-flow',
		(_, steps) =>
			put(step(steps, 'row'), 'columns', { Hour: { text: ['Hour ', { hoursFromNow: 1 }] } }),
		/step row, Hour tells an hour, which only Make can/,
	],
	...(['remember', 'known', 'words'] as const).map((kind): Row => [
		`a step "${kind}", which is for Make, on another platform`,
		'welcome-flow',
		(_, steps) => steps.splice(1, 0, { kind, id: 'extra', title: 'Extra', key: 'a', steps: [] }),
		/step extra is for Make only\. Leave zapier out/,
	]),
	[
		'a part whose key is no file name',
		'welcome-flow',
		(part) => put(part, 'key', '../welcome'),
		/key of a part is "\.\.\/welcome"/,
	],
	[
		'a recipe whose key is no file name',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'key', '../welcome'),
		/recipe \.\.\/welcome: key is "\.\.\/welcome"/,
	],
	[
		'a recipe that is summed up in no sentence',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'summary', 'Welcomes people'),
		/welcome-flow: summary ends without a full stop/,
	],
	[
		'a recipe of which nobody knows how sure it is',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'evidence', 'certain'),
		/welcome-flow: evidence is "certain"/,
	],
	[
		'something to have ready that is no sentence',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'before', ['a Mailjet account']),
		/welcome-flow: before starts without a capital/,
	],
	[
		'a part whose title would be read as an expression',
		'welcome-flow',
		(part) => put(part, 'title', '{{ $json }}'),
		/part welcome: title is "\{\{ \$json \}\}"/,
	],
	[
		'a step whose id is no key',
		'welcome-flow',
		(_, steps) => put(step(steps, 'row'), 'id', 'addRow'),
		/part welcome: step is "addRow"/,
	],
	[
		'two steps of one name',
		'welcome-flow',
		(_, steps) => put(step(steps, 'member'), 'title', 'Get the plan'),
		/"Get the plan" names two steps/,
	],
	[
		'two steps of one id',
		'welcome-flow',
		(_, steps) => put(step(steps, 'member'), 'id', 'plan'),
		/plan is the id of two steps/,
	],
	[
		'a title that n8n would read as an expression',
		'welcome-flow',
		(_, steps) => put(step(steps, 'plan'), 'title', '{{ $json }}'),
		/step plan is "\{\{ \$json \}\}"/,
	],
	[
		'a platform that is left out',
		'failed-payment-escalation',
		(part) => put(part, 'platforms', ['n8n']),
		/failed-payment-escalation: parts leave zapier out/,
	],
	[
		'a part that is there twice on a platform',
		'welcome-flow',
		(part, _, recipe) => put(recipe, 'parts', [part, part]),
		/welcome-flow: part welcome is there twice\. Give each part its own key/,
	],
	[
		'a limit that is no sentence',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'limits', [{ cannot: 'no MRR', instead: 'It is worked out.' }]),
		/welcome-flow: limit starts without a capital/,
	],
	[
		'a limit without an end to what is done instead',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'limits', [{ cannot: 'No MRR.', instead: 'It is worked out' }]),
		/welcome-flow: limit ends without a full stop/,
	],
	[
		'a recipe without a source',
		'welcome-flow',
		(_, __, recipe) => put(recipe, 'sources', []),
		/welcome-flow: sources names no source/,
	],
])('%s is named, with what to write', (_, key, change, message) => {
	const messages = spoilt(key, change);
	expect(messages.join('\n')).toMatch(message);
	expect(messages.filter((one) => !namesItsRule.test(one))).toEqual([]);
	// Not once for each platform.
	expect(new Set(messages).size).toBe(messages.length);
});
