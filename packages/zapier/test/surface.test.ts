import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import app from '../src/index.ts';
import {
	breaksOf,
	type Released,
	type Surface,
	surfaceOf,
	unannouncedBreaks,
} from '../src/surface.ts';

const read = (name: string): unknown =>
	JSON.parse(readFileSync(join(__dirname, '..', name), 'utf8'));
const released = read('surface.released.json') as Released;
const { version } = read('package.json') as { version: string };

/** A surface that a test may change. */
type Draft = {
	[K in keyof Surface]: Surface[K] extends Readonly<Record<string, string>>
		? Record<string, string>
		: Record<
				string,
				{
					label: string;
					noun: string;
					hidden?: true;
					inputs: Record<string, string>;
					sample: string[];
				}
			>;
};
const changed = (change: (draft: Draft) => void): Surface => {
	const draft = JSON.parse(JSON.stringify(released.surface)) as Draft;
	change(draft);
	return draft;
};

const plan = (draft: Draft) => {
	const entry = draft.creates['update_plan'];
	if (entry === undefined) throw new Error('There is no update_plan.');
	return entry;
};

it('nothing that a published version has is gone, unless the first number of the version rose', () => {
	expect(unannouncedBreaks(released, surfaceOf(app), version)).toEqual([]);
});

it.each<[string, (draft: Draft) => void, string]>([
	[
		'a trigger that is gone',
		(draft) => delete draft.triggers['member_joined'],
		'triggers.member_joined is gone (C001)',
	],
	[
		'an action that is gone',
		(draft) => delete draft.creates['create_plan'],
		'creates.create_plan is gone (C001)',
	],
	[
		'a search that is gone',
		(draft) => delete draft.searches['get_plan'],
		'searches.get_plan is gone (C001)',
	],
	[
		'an action that is hidden',
		(draft) => (plan(draft).hidden = true),
		'creates.update_plan is hidden (C001)',
	],
	[
		'an input that is renamed',
		(draft) => {
			const { inputs } = plan(draft);
			inputs['cost'] = inputs['price'] ?? '';
			delete inputs['price'];
		},
		'creates.update_plan: the input price is gone (C002)',
	],
	[
		'an input of another type',
		(draft) => (plan(draft).inputs['price'] = 'string'),
		'creates.update_plan: the input price was "number" and is "string" (C002)',
	],
	[
		'an input that is required now',
		(draft) => (plan(draft).inputs['price'] = 'number required'),
		'creates.update_plan: the input price was "number" and is "number required" (C002)',
	],
	[
		'a new input that is required',
		(draft) => (plan(draft).inputs['reason'] = 'string required'),
		'creates.update_plan: the new input reason is required, so every saved Zap lacks it (C002)',
	],
	[
		'a sample key that is gone',
		(draft) => (plan(draft).sample = plan(draft).sample.filter((key) => key !== 'price')),
		'creates.update_plan: the sample has no price (C003)',
	],
	[
		'a pair that is gone',
		(draft) => delete draft.searchOrCreates['find_plan_by_name'],
		'searchOrCreates.find_plan_by_name is gone (C001)',
	],
	[
		'a field of the connection that is gone',
		(draft) => delete draft.authentication['api_origin'],
		'authentication: the input api_origin is gone (C002)',
	],
])('%s breaks saved Zaps', (_, change, line) => {
	const now = changed(change);
	expect(breaksOf(released.surface, now)).toEqual([line]);
	expect(unannouncedBreaks({ ...released, version: '1.4.0' }, now, '1.5.0')).toEqual([line]);
	expect(unannouncedBreaks({ ...released, version: '1.4.0' }, now, '2.0.0')).toEqual([]);
});

it.each<[string, (draft: Draft) => void]>([
	['a trigger', (draft) => (draft.triggers['new_one'] = plan(draft))],
	['an optional input', (draft) => (plan(draft).inputs['reason'] = 'string')],
	['an input that is optional now', (draft) => (plan(draft).inputs['plan'] = 'string')],
	['a sample key', (draft) => plan(draft).sample.push('new_key')],
	['a label', (draft) => (plan(draft).label = 'Change Plan')],
	['a value of a choice', (draft) => (plan(draft).inputs['name'] = 'string a|b')],
])('another thing (%s) breaks nothing', (_, change) => {
	expect(breaksOf(released.surface, changed(change))).toEqual([]);
});
