import type { Recipe, RecipePart, RecipeTrigger, Step, Value } from '@memberpass/catalogue/recipes';

import { blueprintOf } from '../src/emitters/recipes/make.ts';
import { workflowOf } from '../src/emitters/recipes/n8n.ts';
import { zapOf } from '../src/emitters/recipes/zapier.ts';

/** What a recipe may say that no recipe says yet, and what a platform refuses. Each made up here, as small as it can be. */
const partWith = (steps: readonly Step[], trigger: RecipeTrigger = joined): RecipePart => ({
	key: 'part',
	title: 'Do something',
	trigger,
	steps,
});
const recipeWith = (part: RecipePart): Recipe => ({
	key: 'example',
	title: 'Example',
	summary: 'Does something.',
	parts: [part],
	before: [],
	limits: [],
	evidence: 'inferred',
	sources: ['https://docs.memberpass.net'],
});

const joined: RecipeTrigger = { kind: 'event', event: 'member.joined' };
const hourly: RecipeTrigger = { kind: 'schedule', every: 'hour' };
const appTrigger = (
	action: string,
	fields: Readonly<Record<string, Value>> = {},
): RecipeTrigger => ({ kind: 'app', action, fields, columns: [] });

const post = (text: Value): Step => ({
	id: 'post',
	kind: 'app',
	title: 'Post',
	action: 'slack.post_message',
	fields: { channel: '#team', text },
});
const read = (operation: string, input: Readonly<Record<string, Value>> = {}): Step => ({
	id: 'read',
	kind: 'operation',
	title: 'Read',
	operation,
	input,
});
const email = { from: 'trigger', path: 'data.email' };
const id = { from: 'trigger', path: 'id' };
const inMake = {
	remember: { id: 'keep', kind: 'remember', title: 'Keep', key: 'a' },
	known: { id: 'known', kind: 'known', title: 'Known', key: 'a' },
	words: { id: 'words', kind: 'words', title: 'Words', words: ['a'], steps: [] },
} as const satisfies Record<string, Step>;

const zap = (steps: readonly Step[], trigger?: RecipeTrigger) => {
	const part = partWith(steps, trigger);
	return zapOf(recipeWith(part), part);
};
const workflow = (steps: readonly Step[], trigger?: RecipeTrigger) => {
	const part = partWith(steps, trigger);
	return workflowOf(recipeWith(part), part);
};
const scenario = (steps: readonly Step[], trigger?: RecipeTrigger) => {
	const part = partWith(steps, trigger);
	return blueprintOf(recipeWith(part), part);
};

type Refusal = readonly [what: string, make: () => unknown, message: string];

describe('Zapier', () => {
	test.each<Refusal>([
		[
			'an event that MemberPass does not send',
			() => zap([], { kind: 'event', event: 'member.flew' }),
			'There is no event "member.flew".',
		],
		['a start each hour', () => zap([], hourly), 'No Zap starts every hour.'],
		[
			'a step for each row',
			() =>
				zap([
					{
						id: 'each',
						kind: 'each',
						title: 'Each',
						operation: 'list_plans',
						input: {},
						steps: [],
					},
				]),
			'"example" has a step "each", which Zapier cannot do.',
		],
		...Object.values(inMake).map((step): Refusal => [
			`a step "${step.kind}", which is for Make`,
			() => zap([step]),
			`"example" has a step "${step.kind}", which Zapier cannot do.`,
		]),
		[
			'two conditions in one filter',
			() =>
				zap([
					{
						id: 'if',
						kind: 'branch',
						title: 'If',
						when: [
							{ test: 'exists', value: id },
							{ test: 'exists', value: id },
						],
						then: [],
						otherwise: [],
					},
				]),
			'A Zap of ours has one condition in each filter.',
		],
		[
			'a comparison of two fields',
			() =>
				zap([
					{
						id: 'if',
						kind: 'branch',
						title: 'If',
						when: [{ test: 'same', value: id, as: id }],
						then: [],
						otherwise: [],
					},
				]),
			'A rule of Zapier compares with a text.',
		],
		[
			'an hour to wait for',
			() => zap([post({ hoursFromNow: 3 })]),
			'Zapier waits by itself and needs no hour.',
		],
		[
			'an operation that only n8n has',
			() => zap([read('get_current_team')]),
			'The Zapier app has no searches "get_current_team".',
		],
		[
			'an input that the app does not have',
			() => zap([read('get_plan', { colour: 'red' })]),
			'get_plan has no input "colour" on Zapier.',
		],
		[
			'a field that a delivery does not have',
			() => zap([post({ from: 'trigger', path: 'data.colour' })]),
			'member_joined puts out no "data__colour" on Zapier.',
		],
		[
			'a step that is not there',
			() => zap([post({ from: 'nowhere', path: 'id' })]),
			'Nothing comes from "nowhere".',
		],
		[
			'an app that nobody described',
			() => zap([], appTrigger('fax.arrived')),
			'There is no app action "fax.arrived".',
		],
	])('refuses %s', (_, make, message) => {
		expect(make).toThrow(message);
	});

	test('a choice is written with its label, and a word that is no choice as it is', () => {
		const given = (status: string) =>
			zap([read('create_plan', { billing_cycle: status })])
				.at(-1)
				?.fields.find(({ key }) => key === 'billing_cycle')?.value;
		expect(given('months')).toEqual(['Months (months)']);
		expect(given('moons')).toEqual(['moons']);
	});

	test('a path that is left where a value is there is the opposite of the one where it is', () => {
		const split = (when: Extract<Step, { kind: 'branch' }>['when'][number]) =>
			zap([
				{
					id: 'if',
					kind: 'branch',
					title: 'If',
					when: [when],
					then: [],
					otherwise: [post('no')],
				},
			])
				.at(-1)
				?.paths.map(({ name, joined: by, rules }) => [
					name,
					by,
					...rules.map(({ test: is, to }) => `${is} ${to ?? ''}`.trim()),
				]);
		expect(split({ test: 'exists', value: id })).toEqual([
			['Yes', 'and', '(Text) Exists'],
			['No', 'and', '(Text) Does not exist'],
		]);
		expect(split({ test: 'one_of', value: id, words: ['a'] })).toEqual([
			['Yes', 'and', '(Text) Exactly matches a'],
			['No', 'and', '(Text) Does not exactly match a'],
		]);
		expect(split({ test: 'one_of', value: id, words: ['a', 'b'] })).toEqual([
			['Yes', 'or', '(Text) Exactly matches a', '(Text) Exactly matches b'],
			['No', 'and', '(Text) Does not exactly match a', '(Text) Does not exactly match b'],
		]);
	});

	test('a field and an answer that the app page does not name keep their keys', () => {
		const [start, said] = zap(
			[post({ from: 'trigger', path: 'ts' })],
			appTrigger('slack.post_message', { thread: 'x' }),
		);
		expect(start?.fields).toEqual([{ label: 'thread', key: null, value: ['x'] }]);
		expect(said?.fields.at(-1)?.value).toEqual([{ step: 1, key: 'ts', label: 'ts' }]);
	});
});

describe('n8n', () => {
	const either: Step = {
		id: 'if',
		kind: 'branch',
		title: 'If',
		when: [
			{ test: 'exists', value: id },
			{ test: 'one_of', value: id, words: ['a', 'b'] },
		],
		then: [],
		otherwise: [],
	};
	test.each<Refusal>([
		...Object.values(inMake).map((step): Refusal => [
			`a step "${step.kind}", which is for Make`,
			() => workflow([step]),
			`"example" has a step "${step.kind}", which n8n cannot do.`,
		]),
		[
			'an app that nobody described',
			() => workflow([], appTrigger('fax.arrived')),
			'There is no app action "fax.arrived".',
		],
		[
			'a start by what an earlier step gave: there is none',
			() => workflow([], appTrigger('slack.post_message', { channel: email })),
			'A trigger can only be given what the user chooses.',
		],
		[
			'a field of an app without a value',
			() =>
				workflow([
					{
						id: 'post',
						kind: 'app',
						title: 'Post',
						action: 'slack.post_message',
						fields: { channel: '#team' },
					},
				]),
			'No value for the field "text".',
		],
		[
			'conditions joined by "and" and by "or" in one node',
			() => workflow([either]),
			'An If node joins its conditions by "and" or by "or", not by both.',
		],
		[
			'text that n8n would take for an expression',
			() => workflow([post({ text: ['{{ 1 }}'] })]),
			'n8n would read this text: {{ 1 }}',
		],
		[
			'an hour to wait for',
			() => workflow([post({ hoursFromNow: 3 })]),
			'n8n waits by itself and needs no hour.',
		],
		[
			'a step that is not there',
			() => workflow([post({ from: 'nowhere', path: 'id' })]),
			'There is no step "nowhere".',
		],
	])('refuses %s', (_, make, message) => {
		expect(make).toThrow(message);
	});

	test('starts each hour where a recipe says so', () => {
		expect(workflow([], hourly).nodes[0]).toMatchObject({
			name: 'Schedule Trigger',
			parameters: { rule: { interval: [{ field: 'hours' }] } },
		});
	});

	test('an apostrophe and a backslash cannot leave the text they stand in', () => {
		const said = workflow([
			post({ from: 'trigger', path: 'data.email', otherwise: "it's \\ gone" }),
		]);
		expect(said.nodes[1]?.parameters).toMatchObject({
			text: "={{ $('MemberPass Trigger').item.json.data.email || 'it\\'s \\\\ gone' }}",
		});
	});
});

describe('Make', () => {
	test.each<Refusal>([
		[
			'an event that MemberPass does not send',
			() => scenario([], { kind: 'event', event: 'member.flew' }),
			'There is no event "member.flew".',
		],
		[
			'to wait for hours',
			() => scenario([{ id: 'wait', kind: 'wait', title: 'Wait', hours: 3 }]),
			'Make cannot wait for hours; give the recipe other parts for it.',
		],
		[
			'a step that is not there',
			() => scenario([post({ from: 'nowhere', path: 'id' })]),
			'Nothing comes from "nowhere".',
		],
		[
			'an app that nobody described',
			() => scenario([], appTrigger('fax.arrived')),
			'There is no app action "fax.arrived".',
		],
	])('refuses %s', (_, make, message) => {
		expect(make).toThrow(message);
	});
});
