import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { partsOn, recipes } from '@memberpass/catalogue/recipes';

import { recipePage, recipesIndex } from '../src/emitters/recipes/page.ts';
import { type Pill, zapOf, type ZapStep } from '../src/emitters/recipes/zapier.ts';

const root = join(__dirname, '../../..');

/** What saved Zaps rely on, as it is committed and reviewed: one line for a thing, an input, an output. */
const surface = JSON.parse(
	readFileSync(join(root, 'packages/zapier/surface.json'), 'utf8'),
) as Readonly<Record<string, string>>;

type Own = NonNullable<ZapStep['own']>;
const nameOf = ({ kind, key }: Own): string => `${kind}.${key}`;
const inputsOf = (own: Own): ReadonlyMap<string, string> => {
	const start = `${nameOf(own)} < `;
	return new Map(
		Object.entries(surface)
			.filter(([name]) => name.startsWith(start))
			.map(([name, what]) => [name.slice(start.length), what]),
	);
};

const zaps = recipes.flatMap((recipe) =>
	partsOn(recipe, 'zapier').map(
		(part) => [`${recipe.key}, ${part.key}`, zapOf(recipe, part)] as const,
	),
);

/** Steps of a Zap, those of its paths behind the step that splits it. */
const flat = (steps: readonly ZapStep[]): readonly ZapStep[] =>
	steps.flatMap((step) => [step, ...step.paths.flatMap((path) => flat(path.steps))]);

const pillsOf = (step: ZapStep): readonly Pill[] => [
	...step.fields.flatMap(({ value }) =>
		value.filter((one): one is Pill => typeof one === 'object'),
	),
	...step.rules.map(({ value }) => value),
	...step.paths.flatMap((path) => path.rules.map(({ value }) => value)),
];

test('there is a Zap for each part of a recipe', () => {
	expect(zaps.map(([name]) => name)).toEqual([
		'welcome-flow, welcome',
		'churn-saver, save',
		'failed-payment-escalation, escalate',
		'gift-code-campaign, 1-order',
		'gift-code-campaign, 2-hand-over',
		'weekly-digest, digest',
		'trial-nudge, nudge',
		'audit-trail, record',
	]);
});

describe.each(zaps)('the Zap of %s', (_, zap) => {
	const steps = flat(zap);

	test('numbers its steps as Zapier does', () => {
		expect(steps.map(({ number }) => number)).toEqual(steps.map((__, index) => index + 1));
	});

	test('names triggers, actions and searches that the app has, by their labels', () => {
		const own = steps.filter((step) => step.own !== null);
		expect(own.length).toBeGreaterThan(0);
		for (const step of own) {
			expect(step.app).toBe('MemberPass');
			const thing = step.own === null ? '' : (surface[nameOf(step.own)] ?? '');
			expect(thing.startsWith(`thing ${step.event} (`)).toBe(true);
		}
	});

	test('fills in inputs that they have, and every required one; other apps have none of these', () => {
		for (const { own, fields } of steps) {
			const given = fields.map(({ key }) => key).filter((key) => key !== null);
			const inputs = own === null ? new Map<string, string>() : inputsOf(own);
			expect([...inputs.keys()]).toEqual(expect.arrayContaining(given));
			const required = [...inputs].filter(([, what]) => what.includes(' required'));
			expect(given).toEqual(expect.arrayContaining(required.map(([key]) => key)));
		}
	});

	test('maps only from an earlier step on the same path', () => {
		const late = (list: readonly ZapStep[], before: readonly number[]): readonly string[] =>
			list.flatMap((step, index) => {
				const earlier = [...before, ...list.slice(0, index).map(({ number }) => number)];
				return [
					...pillsOf(step)
						.filter((pill) => !earlier.includes(pill.step))
						.map((pill) => `${step.number} maps from ${pill.step}`),
					...step.paths.flatMap((path) => late(path.steps, earlier)),
				];
			});
		expect(late(zap, [])).toEqual([]);
	});
});

test('what is picked is one of the choices', () => {
	const picked = zaps.flatMap(([, zap]) =>
		flat(zap).flatMap(({ own, fields }) =>
			fields.flatMap(({ key, value: [value] }) => {
				const input = own === null ? undefined : inputsOf(own).get(key ?? '');
				const [, choices] = / of:(\S+)$/.exec(input ?? '') ?? [];
				if (choices === undefined || typeof value !== 'string') return [];
				return [{ choices: choices.split('|'), word: /\((.+)\)$/.exec(value)?.[1] }];
			}),
		),
	);
	expect(picked.map(({ word }) => word)).toEqual([
		'file',
		'1_month',
		'7d',
		'none',
		'payment_provider',
		'7d',
	]);
	expect(picked.filter(({ choices, word = '' }) => !choices.includes(word))).toEqual([]);
});

test("what is mapped is in Zapier's sample of the step, save what MemberPass may leave out", () => {
	const mapped = zaps.flatMap(([, zap]) => {
		const steps = flat(zap);
		return steps.flatMap(pillsOf).flatMap((pill) => {
			const own = steps.find(({ number }) => number === pill.step)?.own ?? null;
			const key = pill.key.replaceAll('__', '.').replace('[]', '[].');
			return own === null ? [] : [{ output: `${nameOf(own)} > ${key}`, name: `${own.key} ${key}` }];
		});
	});
	expect(mapped.length).toBeGreaterThan(50);
	const missing = mapped.filter(({ output }) => !Object.hasOwn(surface, output));
	expect(new Set(missing.map(({ name }) => name))).toEqual(
		new Set(['get_plan billing_cycle_count', 'get_subscription ends_at']),
	);
});

test('a Zap that a delivery starts goes on with each once, by its ID, and one on a schedule keeps none', () => {
	const [scheduled, started] = [true, false].map((wanted) =>
		zaps.filter(([, [first]]) => (first?.app === 'Schedule by Zapier') === wanted),
	);
	expect(scheduled?.map(([name]) => name)).toEqual(['weekly-digest, digest']);
	expect(scheduled?.flatMap(([, zap]) => flat(zap)).map(({ app }) => app)).not.toContain(
		'Zapier Tables',
	);
	for (const [, [, table, filter]] of started ?? []) {
		expect(table).toMatchObject({ app: 'Zapier Tables', event: 'Find Record' });
		expect(table?.fields.at(-1)?.value.at(-1)).toMatchObject({ step: 1, key: 'id' });
		expect(filter).toMatchObject({
			app: 'Filter by Zapier',
			rules: [{ value: { step: 2 }, test: '(Boolean) Is false' }],
		});
	}
});

test('a failed payment is followed up as the launch post has it', () => {
	const zap = zaps.find(([name]) => name.startsWith('failed-payment'))?.[1] ?? [];
	expect(
		flat(zap)
			.filter(({ app }) => !app.startsWith('Formatter'))
			.map(({ app, event }) => `${app}: ${event}`),
	).toEqual([
		'MemberPass: Payment Failed',
		'Zapier Tables: Find Record',
		'Filter by Zapier: Only continue if…',
		'Slack: Send Channel Message',
		'Zapier Tables: Find Record',
		'Filter by Zapier: Only continue if…',
		'Delay by Zapier: Delay For',
		'MemberPass: Find Subscription by ID',
		'Paths by Zapier: Split into paths',
		'MemberPass: Find Member by ID',
		'Paths by Zapier: Split into paths',
		'Mailjet: Send Email',
		'Slack: Send Channel Message',
		'Slack: Send Channel Message',
	]);
	const paths = flat(zap).find(({ title }) => title === 'Is it still not paid?')?.paths;
	expect(
		paths?.map(({ rules, joined }) => [
			joined,
			...rules.map(({ test: is, to }) => `${is} ${to ?? ''}`),
		]),
	).toEqual([
		['or', '(Text) Exactly matches past_due', '(Text) Exactly matches unpaid'],
		['and', '(Text) Does not exactly match past_due', '(Text) Does not exactly match unpaid'],
	]);
});

test('an order of gift codes can be repeated for another partner on the same day', () => {
	const order = zaps.find(([name]) => name.endsWith('1-order'))?.[1] ?? [];
	const batch = order.find(({ own }) => own?.key === 'bulk_generate_access_codes');
	expect(batch?.fields.map(({ key, value }) => [key, value.at(-1)])).toEqual([
		['project', { step: 1, key: 'Project ID', label: 'Project ID' }],
		['plan', { step: 1, key: 'Plan ID', label: 'Plan ID' }],
		['quantity', '50'],
		['export_type', 'CSV File from the Bot (file)'],
		['expiry_preset', '1 Month (1_month)'],
		['deduplication_key', { step: 1, key: 'id', label: 'ID' }],
	]);
});

test.each([
	['documented', "The idea is MemberPass's own, from its [launch post](https://example.com/);"],
	['inferred', "Idea, steps and mappings are ours; [MemberPass's page](https://example.com/)"],
] as const)('the page of a recipe that is %s says whose idea it is', (evidence, words) => {
	const [recipe] = recipes;
	if (recipe === undefined) throw new Error('There is no recipe.');
	expect(recipePage({ ...recipe, evidence, sources: ['https://example.com/'] })).toContain(words);
});

test('a day that may not be known is cut to a day first, then gets its stand-in', () => {
	const steps = flat(zaps.find(([name]) => name.startsWith('churn-saver'))?.[1] ?? []);
	const cut = steps.find(({ title }) => title === 'Take the day of Ends At only');
	expect(cut?.fields.map(({ label, value }) => [label, value.at(-1)])).toEqual([
		['Transform', 'Truncate'],
		['Input', { step: 4, key: 'ends_at', label: 'Ends At' }],
		['Max Length', '10'],
	]);
	const standIn = steps.find(
		({ title }) => title === 'Fall back to "an unknown date" if Ends At is empty',
	);
	expect(standIn?.fields.map(({ value }) => value.at(-1))).toEqual([
		'Default Value',
		{ step: cut?.number, key: 'output', label: 'Output' },
		'an unknown date',
	]);
});

test('a trigger tells to choose a project only where its form asks for one', () => {
	const notes = zaps.flatMap(([, steps]) =>
		flat(steps).flatMap(({ own, note }) =>
			own?.kind === 'triggers' ? [`${own.key}: ${note ?? ''}`] : [],
		),
	);
	expect(new Set(notes)).toEqual(
		new Set([
			'subscription_created: Choose a project to get only its events. The test shows your recent events.',
			'subscription_cancelled: Choose a project to get only its events. The test shows your recent events.',
			'payment_failed: Choose a project to get only its events. The test shows your recent events.',
			'access_code_generated: Choose a project to get only its events. The test shows your recent events.',
			'subscription_trial_converting: Choose a project to get only its events. The test shows your recent events.',
			'team_member_role_changed: The test shows your recent events.',
		]),
	);
});

test('only a form with more fields than a recipe fills in has others to leave empty', () => {
	const notes = zaps.flatMap(([, steps]) =>
		flat(steps).flatMap(({ own, note }) =>
			own === null ? [] : [`${own.key}: ${note ?? 'nothing'}`],
		),
	);
	expect(new Set(notes)).toContain('get_plan: nothing');
	expect(new Set(notes)).toContain('bulk_generate_access_codes: Leave the other fields empty.');
});

describe.each(recipes.map((recipe) => [recipe.key, recipe] as const))(
	'the page of %s',
	(_, recipe) => {
		const page = recipePage(recipe);

		test('leads to files that are there', () => {
			const links = [...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link = '']) => link);
			expect(links.length).toBeGreaterThanOrEqual(2);
			for (const link of links) {
				expect(`${link} ${String(existsSync(join(root, 'docs/recipes', link)))}`).toBe(
					`${link} true`,
				);
			}
		});

		test('says what is needed, what cannot be done, and how each platform does it', () => {
			expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(
				expect.arrayContaining(['Before you start', 'Limits', 'On Zapier', 'On n8n', 'On Make']),
			);
			expect(page).not.toMatch(/undefined|\[object|NaN/);
			for (const { cannot, instead } of recipe.limits) {
				expect(page).toContain(cannot);
				expect(page).toContain(instead);
			}
		});
	},
);

test.each(recipes.map((recipe) => [recipe.key, recipe] as const))(
	'the page of %s speaks of duplicates on the platforms where the recipe drops them, and nowhere else',
	(key, recipe) => {
		const drops = [...recipePage(recipe).matchAll(/pass the table|node drops|store drops/g)];
		expect(drops.map(([words]) => words)).toEqual(
			key === 'weekly-digest' ? [] : ['pass the table', 'node drops', 'store drops'],
		);
	},
);

test.each<[string, string]>([
	[
		'weekly-digest',
		'The token needs `dashboard:read`. On Zapier and n8n it also needs `team:view` for the connection test.',
	],
	[
		'failed-payment-escalation',
		'The token needs `project-subscription:view`, `project-subscription:view-any`, `project-user:view`, `webhook-endpoint:manage`. On Zapier and n8n it also needs `team:view` for the connection test, and `project:view-any` to choose a project from a list.',
	],
	[
		'audit-trail',
		'The token needs `role:view`, `team-member:invite`, `team-member:view`, `team:view-any`, `webhook-endpoint:manage`. On Zapier and n8n it also needs `team:view` for the connection test.',
	],
])('a token made as the page of %s says can be connected', (key, says) => {
	const recipe = recipes.find((one) => one.key === key);
	expect(recipe === undefined ? '' : recipePage(recipe)).toContain(`- ${says}\n`);
});

test.each(recipes.map((recipe) => [recipe.key, recipe] as const))(
	'the page of %s warns of a memory that fills up, where it has one',
	(key, recipe) => {
		const page = recipePage(recipe);
		const warned = ['The table only grows: ', 'It only grows: '].filter((words) =>
			page.includes(words),
		);
		expect(warned).toHaveLength(key === 'weekly-digest' ? 0 : 2);
	},
);

test('the index leads to every page', () => {
	for (const { key } of recipes) expect(recipesIndex()).toContain(`](${key}.md)`);
});
