import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runProgram } from '../../../testing/src/child.ts';
import { type Checkout, copyCheckout } from './checkout.ts';

const root = join(__dirname, '../../../..');

interface Step {
	readonly verb: string;
	readonly path: string;
	readonly code: string;
}

/** The code blocks of CONTRIBUTING.md that a comment above them tells to put somewhere. */
function steps(): readonly Step[] {
	const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
	const pattern = /<!-- walkthrough: (append|begin|create) (\S+) -->\n+```\w+\n([\s\S]*?)```\n/g;
	return [...text.matchAll(pattern)].map(([, verb = '', path = '', code = '']) => ({
		verb,
		path,
		code,
	}));
}

function follow(checkout: Checkout, { verb, path, code }: Step): void {
	const target = join(checkout.root, path);
	if (verb === 'create') {
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, code);
		return;
	}
	const text = readFileSync(target, 'utf8');
	const end = verb === 'begin' ? 0 : text.search(/(?<=\n)(\t\],\n\)|\]);\n$/);
	if (end < 0) throw new Error(`${path} does not end in a list of entries any more.`);
	writeFileSync(target, `${text.slice(0, end)}${code}${text.slice(end)}`);
}

interface Outcome {
	readonly platform: string;
	readonly group: string;
	readonly name: string;
	readonly fault: string | null;
}

const outcomes = (output: string): readonly Outcome[] =>
	output
		.split('\n')
		.filter((line) => line.startsWith('{"platform"'))
		.map((line) => JSON.parse(line) as Outcome);

describe('the walkthrough of CONTRIBUTING.md', () => {
	let checkout: Checkout;
	beforeAll(() => {
		checkout = copyCheckout(root);
		for (const step of steps()) follow(checkout, step);
	}, 600_000);
	afterAll(() => checkout.remove());

	it('has two entries, two fixtures and a recipe to write', () => {
		expect(steps().map((step) => `${step.verb} ${step.path}`)).toEqual([
			'append shared/catalogue/src/events/member.ts',
			'create fixtures/events/member/renamed.json',
			'begin shared/catalogue/src/operations/subscription.ts',
			'append shared/catalogue/src/operations/subscription.ts',
			'create fixtures/api/subscription/pause_subscription.json',
			'create shared/catalogue/src/recipes/join-notice.ts',
			'begin shared/catalogue/src/recipes/index.ts',
			'append shared/catalogue/src/recipes/index.ts',
		]);
	});

	it('breaks no rule of the catalogue', async () => {
		const rules = join(checkout.root, 'shared/catalogue/src/rules/index.ts');
		const { audit } = (await import(rules)) as { audit: () => readonly { message: string }[] };
		expect(audit().map(({ message }) => message)).toEqual([]);
	});

	it('leaves to be done by hand, of what the tests of the catalogue hold, the numbers, the list of writes and that of recipes', async () => {
		// The rules, which are a test above, are tried there on broken copies of the catalogue: a third of the time.
		const args = [
			'test',
			'-w',
			'@memberpass/catalogue',
			'--',
			'--testPathIgnorePatterns=/rules\\.',
		];
		const { stderr } = await runProgram('npm', args, {
			cwd: checkout.root,
			env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: undefined },
		});
		const failed = [...stderr.matchAll(/^ {2}● (.+)$/gm)].map(([, name]) => name);
		expect([...new Set(failed)].sort()).toEqual([
			'n8nEventLabel › gives each event a label of its own',
			'the catalogue of events › has every event of the documentation, as many as were counted and none twice',
			'the seven recipes are there, in the order of the gallery',
			'what follows from an operation › is told of every write',
			'what the catalogue offers › has as many operations of kind action as shared/testing/src/counts.ts says',
			'zapierTriggerKey › gives each event a key of its own',
		]);
	}, 600_000);

	it('makes the event and the operation arrive on every platform, and tells what is broken beside them', () => {
		const spoiled = [
			[
				'fixtures/api/subscription/cancel_subscription.json',
				'"status": "cancellation_queued"',
				'"status": "something_else"',
			],
			[
				'fixtures/events/member/unbanned.json',
				'"type": "member.unbanned"',
				'"type": "member.joined"',
			],
		] as const;
		for (const [path, right, wrong] of spoiled) {
			replaceIn(join(checkout.root, path), right, wrong);
		}
		const names = [
			'member.renamed',
			'pause_subscription',
			'cancel_subscription',
			'member.unbanned',
		];
		// Generates, builds, and sends everything through both built packages and the templates for Make.
		const demo = checkout.npm('demo', '--json', ...names.flatMap((name) => ['--only', name]));
		for (const [path, right, wrong] of spoiled) {
			replaceIn(join(checkout.root, path), wrong, right);
		}
		const told = outcomes(demo.output);
		const of = (platform: string, pattern: RegExp): readonly (readonly [string, string | null])[] =>
			told
				.filter((one) => one.platform === platform && pattern.test(one.name))
				.map(({ name, fault }) => [name, fault] as const)
				.sort();
		for (const platform of ['make', 'n8n', 'zapier']) {
			expect([platform, ...of(platform, /renamed\.json$|^pause_subscription/)]).toEqual([
				platform,
				['fixtures/events/member/renamed.json', null],
				['pause_subscription: missing ability', null],
				['pause_subscription: not found', null],
				['pause_subscription: success', null],
				['pause_subscription: validation failed', null],
			]);
			expect([
				platform,
				...of(platform, /^cancel_subscription: success|^member\.unbanned/),
			]).toEqual([
				platform,
				[
					'cancel_subscription: success',
					'0.status is "something_else" instead of "cancellation_queued"',
				],
				['member.unbanned', 'has no fixture'],
			]);
		}
		expect(demo.status).toBe(1);
		expect(readFileSync(join(checkout.root, 'shared/catalogue/README.md'), 'utf8')).toContain(
			'| `member.renamed` | Member Renamed |',
		);
		expect(recipeSteps(checkout)).toEqual({
			n8n: ['MemberPass Trigger', 'Each event once', 'Get the member', 'Tell the team'],
			make: ['Each event once', 'Get the member', 'Add after this: Slack › Create a Message'],
			zapier: [
				'MemberPass › Member Joined',
				'Zapier Tables › Find Record',
				'Filter by Zapier › Only continue if…',
				'MemberPass › Find Member by ID',
				'Formatter by Zapier › Text',
				'Formatter by Zapier › Text',
				'Slack › Send Channel Message',
			],
		});
	}, 1_200_000);

	it.each([
		[
			'recipes/join-notice.ts',
			"title: 'Join Notice'",
			"title: 'join notice'",
			'recipe join-notice: title is "join notice" ("join"). Write it in Title Case, with ID, URL, API, IP, CSV in capitals, 2 to 64 characters. [title-case]\n' +
				'The catalogue breaks its own rules, so nothing was generated.\n',
		],
		[
			'operations/subscription.ts',
			"id('subscription', 'Subscription to pause.'",
			"id('pause', 'Subscription to pause.'",
			'There is no kind of ID "pause". Add it to idKinds and exampleUlids in shared/catalogue/src/vocabulary/ids.ts.\n',
		],
	])(
		'says once and without a trace what is wrong in %s, and neither generates nor builds',
		(path, right, wrong, output) => {
			const entry = join(checkout.root, 'shared/catalogue/src', path);
			replaceIn(entry, right, wrong);
			expect(checkout.npm('generate')).toEqual({ status: 1, output });
			expect(checkout.npm('build')).toEqual({
				status: 1,
				output: output.replace('nothing was generated', 'nothing was built'),
			});
			replaceIn(entry, wrong, right);
		},
	);

	it.each([
		[
			'that no rule looks for',
			'operations/subscription.ts',
			"caveats: ['Billing",
			"caveat: ['Billing",
			/'caveat' does not exist in type 'OperationDraft'\. Did you mean to write 'caveats'\?/,
		],
		[
			'without which the rules stumble',
			'events/member.ts',
			"label: 'Member Renamed'",
			"lable: 'Member Renamed'",
			/'lable' does not exist in type 'EventDraft'\. Did you mean to write 'label'\?/,
		],
		[
			'without which nothing can be loaded',
			'events/member.ts',
			"type: 'member.renamed'",
			"typ: 'member.renamed'",
			/'typ' does not exist in type 'EventDraft'\. Did you mean to write 'type'\?/,
		],
	])('names the place of a misspelt key %s, in %s', (_, path, right, wrong, said) => {
		const entry = `shared/catalogue/src/${path}`;
		replaceIn(join(checkout.root, entry), right, wrong);
		const { status, output } = checkout.npm('generate');
		replaceIn(join(checkout.root, entry), wrong, right);
		const [place = '', last = '', ...more] = output.trim().split('\n');
		expect([status, more, last]).toEqual([
			1,
			[],
			'The catalogue breaks its own rules, so nothing was generated.',
		]);
		expect(place.startsWith(`${entry}(`)).toBe(true);
		expect(place).toMatch(said);
	});
});

/** What the recipe of the walkthrough does on each platform, by the files that were generated. */
function recipeSteps({ root: copy }: Checkout): Readonly<Record<string, readonly string[]>> {
	const read = (path: string): string => readFileSync(join(copy, path), 'utf8');
	const { nodes } = JSON.parse(read('packages/n8n-nodes-memberpass/examples/join-notice.json')) as {
		nodes: readonly { name: string; type: string }[];
	};
	const { flow } = JSON.parse(read('packages/make/recipes/join-notice.json')) as {
		flow: readonly { module: string; metadata: { designer: { name?: string } } }[];
	};
	const done = /^(Each event once|Get the member|Add after this: .+)$/;
	return {
		n8n: nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(({ name }) => name),
		make: flow.flatMap(({ metadata: { designer } }) => done.exec(designer.name ?? '')?.[0] ?? []),
		zapier: [
			...read('docs/recipes/join-notice.md').matchAll(
				/^\*\*\d+\. .+\*\* — ([^(\n]+?)(?: \(.+\))?$/gm,
			),
		].map(([, step = '']) => step),
	};
}

function replaceIn(path: string, from: string, to: string): void {
	const text = readFileSync(path, 'utf8');
	if (!text.includes(from)) throw new Error(`${path} does not say ${from}.`);
	writeFileSync(path, text.replace(from, to));
}
