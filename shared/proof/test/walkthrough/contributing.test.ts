import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
	const pattern = /<!-- walkthrough: (append|create) (\S+) -->\n+```\w+\n([\s\S]*?)```\n/g;
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
	const end = text.lastIndexOf('\n\t],\n);');
	if (end < 0) throw new Error(`${path} does not end in a list of entries any more.`);
	writeFileSync(target, `${text.slice(0, end + 1)}${code}${text.slice(end + 1)}`);
}

interface Outcome {
	readonly platform: string;
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
	});
	afterAll(() => checkout.remove());

	it('has two entries and two fixtures to write', () => {
		expect(steps().map((step) => `${step.verb} ${step.path}`)).toEqual([
			'append shared/catalogue/src/events/member.ts',
			'create fixtures/events/member/renamed.json',
			'append shared/catalogue/src/operations/subscription.ts',
			'create fixtures/api/subscription/pause_subscription.json',
		]);
	});

	it('makes the event and the operation arrive on every platform', () => {
		// Generates, builds, and sends the two through both built packages and the templates for Make.
		const demo = checkout.npm(
			'demo',
			'--json',
			'--only',
			'member.renamed',
			'--only',
			'pause_subscription',
		);
		const done = outcomes(demo.output).filter((one) =>
			/renamed\.json$|^pause_subscription/.test(one.name),
		);
		expect(
			done.map(({ platform, name, fault }) => ({ platform, name, fault })).sort(byName),
		).toEqual([
			{ platform: 'make', name: 'fixtures/events/member/renamed.json', fault: null },
			{ platform: 'n8n', name: 'fixtures/events/member/renamed.json', fault: null },
			{ platform: 'zapier', name: 'fixtures/events/member/renamed.json', fault: null },
			{ platform: 'make', name: 'pause_subscription: missing ability', fault: null },
			{ platform: 'n8n', name: 'pause_subscription: missing ability', fault: null },
			{ platform: 'zapier', name: 'pause_subscription: missing ability', fault: null },
			{ platform: 'make', name: 'pause_subscription: not found', fault: null },
			{ platform: 'n8n', name: 'pause_subscription: not found', fault: null },
			{ platform: 'zapier', name: 'pause_subscription: not found', fault: null },
			{ platform: 'make', name: 'pause_subscription: success', fault: null },
			{ platform: 'n8n', name: 'pause_subscription: success', fault: null },
			{ platform: 'zapier', name: 'pause_subscription: success', fault: null },
		]);
		expect(demo.status).toBe(0);
		expect(checkout.npm('check').status).toBe(0);
		expect(readFileSync(join(checkout.root, 'shared/catalogue/README.md'), 'utf8')).toContain(
			'| `member.renamed` | Member Renamed |',
		);

		// The same demo must notice when an answer is not what the recording says, and an entry that lost its fixture.
		replaceIn(
			join(checkout.root, 'fixtures/api/subscription/pause_subscription.json'),
			'"output": [{ "subscription_id"',
			'"output": [{ "other_id"',
		);
		replaceIn(
			join(checkout.root, 'fixtures/events/member/renamed.json'),
			'"type": "member.renamed"',
			'"type": "member.joined"',
		);
		const broken = checkout.npm(
			'demo',
			'--no-build',
			'--only',
			'member.renamed',
			'--only',
			'pause_subscription',
		);
		expect(broken.status).toBe(1);
		for (const platform of ['zapier', 'n8n', 'make']) {
			expect(broken.output).toContain(
				`${platform} subscription, pause_subscription: success: 0.other_id is undefined`,
			);
		}
		expect(broken.output).toContain('zapier without a fixture, member.renamed: has no fixture');
	}, 240_000);
});

function replaceIn(path: string, from: string, to: string): void {
	const text = readFileSync(path, 'utf8');
	if (!text.includes(from)) throw new Error(`${path} does not say ${from}.`);
	writeFileSync(path, text.replace(from, to));
}

function byName(a: Outcome, b: Outcome): number {
	const [left, right] = [`${a.name} ${a.platform}`, `${b.name} ${b.platform}`];
	return left < right ? -1 : left > right ? 1 : 0;
}
