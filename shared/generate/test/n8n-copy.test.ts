import {
	description,
	imperative,
	lower,
	sentenceCase,
	sortBy,
	title,
} from '../src/emitters/n8n/copy.ts';

/** By n8n's copy rules for nodes, written by hand. */
describe('a text of the n8n node', () => {
	it.each([
		['one sentence loses its full stop', ' Name of the plan. ', 'Name of the plan'],
		['several keep it', 'Name of the plan. Members see it.', 'Name of the plan. Members see it.'],
		['several get it', 'Name of the plan. Members see it', 'Name of the plan. Members see it.'],
		['"e.g." ends no sentence', 'A name, e.g. Gold.', 'A name, e.g. Gold'],
		['a dot inside stays', 'Since 1.4.0', 'Since 1.4.0'],
		['a search is called by its name in n8n', 'Use Find Members.', 'Use Get Many Members'],
		['so is an event', 'New Project comes first.', 'Project Created comes first'],
		[
			'a name that begins like another is read to its end',
			'New Project Resource, then Find Plan by ID.',
			'Project Resource Created, then Get Plan',
		],
		['part of a word is no name', 'New Planet, Renew Plan', 'New Planet, Renew Plan'],
		['names that are the same stay', 'Use Ban Member.', 'Use Ban Member'],
	])('as a description: %s', (_, text, expected) => {
		expect(description(text)).toBe(expected);
	});

	it.each([
		['Creates a plan.', 'Create a plan.'],
		['Publishes a plan.', 'Publish a plan.'],
		['Fetches a plan.', 'Fetch a plan.'],
		['Passes on.', 'Pass on.'],
		['Fixes it.', 'Fix it.'],
		['Waltzes by.', 'Waltz by.'],
		['Copies a plan.', 'Copy a plan.'],
		['Notifies a member.', 'Notify a member.'],
		['Orchestrates it.', 'Orchestrate it.'],
		['Chestnuts fall.', 'Chestnut fall.'],
		['Diesels run.', 'Diesel run.'],
		['Sells it.', 'Sell it.'],
		['Ban a member.', 'Ban a member.'],
		['', ''],
	])('as an order: %s -> %s', (text, expected) => {
		expect(imperative(text)).toBe(expected);
	});

	it.each([
		['days of the trial', 'Days of the Trial'],
		['the end', 'The End'],
		['sent from here into a list', 'Sent From Here Into a List'],
		['API token', 'API Token'],
	])('in title case: %s -> %s', (text, expected) => {
		expect(title(text)).toBe(expected);
	});

	it.each([
		['Get API Token By ID', 'Get API token by ID'],
		['create Plan', 'create plan'],
	])('in sentence case: %s -> %s', (text, expected) => {
		expect(sentenceCase(text)).toBe(expected);
	});

	it.each([
		['Webhook Endpoint', 'webhook endpoint'],
		['API Token', 'API token'],
		['iPhone App', 'iPhone app'],
		['Plan A', 'plan A'],
		['McAllister', 'McAllister'],
	])('inside a sentence: %s -> %s', (text, expected) => {
		expect(lower(text)).toBe(expected);
	});

	it('is sorted as people see it, in a list of its own', () => {
		const names = ['b', 'Ä', 'a', 'B', 'z'] as const;
		expect(sortBy(names, (name) => name)).toEqual(['a', 'Ä', 'b', 'B', 'z']);
		expect(names).toEqual(['b', 'Ä', 'a', 'B', 'z']);
	});
});
