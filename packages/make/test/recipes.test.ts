import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { signBody } from '@memberpass/protocol';

import {
	cancelled,
	codesOf,
	failedPayment,
	loudName,
	loudNewcomer,
	monthlyValues,
	newest,
	newSubscriber,
	openScene,
	partner,
	partnerOf,
	partnerRecord,
	roleChanged,
	rowOfNewcomer,
	start,
	toldOfCancelled,
	toldOfLoudNewcomer,
	toldOfNewcomer,
	trialConverting,
	zoe,
} from '../../../shared/proof/src/recipe-scenes.ts';
import { type Sandbox, VirtualClock } from '../../sandbox/src/index.ts';
import type { BlueprintModule } from '../src/blueprint.ts';
import { type Reading, usualReading } from '../src/iml/functions.ts';
import { resume, simulate, webhookBundle, type World } from '../src/simulate.ts';
import {
	answering,
	everyModule,
	packageRoot,
	readBlueprint,
	readingTable,
	world,
} from './support.ts';

/**
 * The recipes as blueprints: run in the simulation against the sandbox, over real
 * sockets. What stands ready for the modules of other apps is what their marked places put out.
 */
const files = [
	'audit-trail.json',
	'churn-saver.json',
	'failed-payment-escalation.1-report.json',
	'failed-payment-escalation.2-look-again.json',
	'gift-code-campaign.1-order.json',
	'gift-code-campaign.2-hand-over.json',
	'trial-nudge.json',
	'weekly-digest.json',
	'welcome-flow.json',
];
const secret = 'a secret for tests only';

let sandbox: Sandbox;
let clock: VirtualClock;
beforeEach(async () => {
	clock = new VirtualClock(start);
	sandbox = await openScene(clock);
});
afterEach(() => sandbox.close());

test('there is one blueprint for each part of a recipe', () => {
	expect(readdirSync(join(packageRoot, 'recipes')).sort()).toEqual(files);
});

type Values = Readonly<Record<string, unknown>>;

/** A scenario: a blueprint with what a user fills in, and a data store. */
class Scenario {
	readonly store = new Map<string, unknown>();
	readonly #flow: readonly BlueprintModule[];
	readonly #reading: Reading;

	constructor(file: string, values: Values = {}, reading = usualReading) {
		this.#reading = reading;
		this.#flow = filledIn(readBlueprint(`recipes/${file}`).flow, { secret, ...values });
	}

	/** Runs it and says what stands ready after each marked place, in order. */
	async run(
		event: object | null,
		store = this.store,
	): Promise<readonly (readonly [string, Values])[]> {
		const { ends, outputs } = await simulate(
			this.#flow,
			world({
				now: clock.now(),
				reading: this.#reading,
				store,
				send,
				...(event === null ? {} : { delivery: deliver(event) }),
			}),
		);
		expect(ends.filter(({ kind }) => kind === 'failed' || kind === 'incomplete')).toEqual([]);
		const captions = new Map(
			everyModule(this.#flow).map((one) => [one.id, one.metadata.designer.name]),
		);
		return outputs.flatMap(({ module, bundle }) => {
			const [, place] = /^Add after this: (.+)$/.exec(captions.get(module) ?? '') ?? [];
			return place === undefined ? [] : [[place, bundle as Values] as const];
		});
	}
}

/** Enters values into the variables of their names, wherever they are empty or placeholders. */
function filledIn(flow: readonly BlueprintModule[], values: Values): readonly BlueprintModule[] {
	return flow.map((module) => {
		const rows = module.mapper?.['variables'] as
			readonly { name: string; value: string }[] | undefined;
		const variables = rows?.map((row) =>
			/^$|^<.+ of .+>$/.test(row.value) && values[row.name] !== undefined
				? { name: row.name, value: String(values[row.name]) }
				: row,
		);
		return {
			...module,
			...(variables === undefined ? {} : { mapper: { ...module.mapper, variables } }),
			...(module.routes === undefined
				? {}
				: { routes: module.routes.map((route) => ({ flow: filledIn(route.flow, values) })) }),
		};
	});
}

/** Make's HTTP module, with the token that the keychain adds. */
const send: NonNullable<World['send']> = async ({ method, url, headers, body }) => {
	const { pathname, search } = new URL(url);
	const answer = await fetch(sandbox.url + pathname + search, {
		method,
		headers: { ...headers, Authorization: `Bearer ${sandbox.token}` },
		body,
	});
	return { status: answer.status, headers: {}, body: await answer.text() };
};

/** A delivery as MemberPass signs it, at a webhook whose two switches are on. */
function deliver(event: object) {
	const body = Buffer.from(JSON.stringify(event));
	const signature = signBody(body, secret, Math.floor(clock.now() / 1000));
	return webhookBundle(
		{ headers: [['MP-Signature', signature]], body },
		{ headers: true, passThrough: true },
	);
}

const slack = 'Slack › Create a Message';
const mailjet = 'Mailjet › Send a Message';
const places = (ready: readonly (readonly [string, Values])[]) => ready.map(([place]) => place);

describe('welcome flow, however Make reads its documentation', () => {
	test('greets, records and announces a new subscriber, once', async () => {
		const { subscription, event } = newSubscriber(sandbox, 'zoe@example.com');
		const greeted = [
			[
				slack,
				{
					channel: '#new-members',
					text: toldOfNewcomer,
				},
			],
			[
				'Airtable › Create a Record',
				{
					base: '<Base with your subscribers>',
					table: '<Table of subscribers>',
					...rowOfNewcomer(subscription),
				},
			],
			[
				'HubSpot CRM › Create/Update a Contact',
				{ email: 'zoe@example.com', name: zoe, plan: 'Premium Quarterly', monthly_value: '10.00' },
			],
			[
				mailjet,
				{
					sender: 'hello@example.com',
					to: 'zoe@example.com',
					subject: 'Welcome to Premium Quarterly',
					body: `Hello ${zoe}, your subscription to Premium Quarterly is active. Open the bot on Telegram to find everything that belongs to it.`,
				},
			],
		];
		for (const [name, reading] of readingTable) {
			const scenario = new Scenario('welcome-flow.json', {}, reading);
			expect([name, await scenario.run(event)]).toEqual([name, greeted]);
			expect([name, await scenario.run(event)]).toEqual([name, []]);
		}
	});

	test('leaves out what needs an email address where none is known', async () => {
		const { event } = newSubscriber(sandbox, null);
		for (const [name, reading] of readingTable) {
			const ready = await new Scenario('welcome-flow.json', {}, reading).run(event);
			expect([name, places(ready)]).toEqual([name, [slack, 'Airtable › Create a Record']]);
			expect([name, JSON.stringify(ready)]).not.toEqual([
				name,
				expect.stringMatching(/null|undefined/),
			]);
		}
	});
});

test('a name is only text in Slack, however Make reads its documentation', async () => {
	const event = loudNewcomer(sandbox);
	for (const [name, reading] of readingTable) {
		const ready = await new Scenario('welcome-flow.json', {}, reading).run(event);
		expect([name, ready[0]?.[1]['text']]).toEqual([name, toldOfLoudNewcomer]);
		expect([name, ready[1]?.[1]['Name']]).toEqual([name, loudName]);
	}
});

test.each(monthlyValues)(
	'a plan of %s by %i for %s is worth %s a month',
	async (cycle, count, price, monthly) => {
		const { plan, event } = newSubscriber(sandbox, 'zoe@example.com');
		Object.assign(plan, { billing_cycle: cycle, billing_cycle_count: count, price });
		const ready = await new Scenario('welcome-flow.json').run(event);
		expect(ready[1]?.[1]['Monthly value']).toBe(monthly);
	},
);

test.each(
	files.filter(
		(file) => readBlueprint(`recipes/${file}`).flow[0]?.module === 'gateway:CustomWebHook',
	),
)('%s lets nothing pass that is not signed', async (file) => {
	const forged = new Scenario(file, { secret: 'a guess' });
	const { event } = newSubscriber(sandbox, 'zoe@example.com');
	expect(await forged.run(event)).toEqual([]);
	expect(forged.store.size).toBe(0);
});

describe('churn saver', () => {
	test('prepares alert, win-back mails, contact and task, once', async () => {
		const scenario = new Scenario('churn-saver.json', { id: '4711' });
		const event = cancelled(sandbox, 'zoe@example.com');
		const ready = await scenario.run(event);
		expect(places(ready)).toEqual([
			slack,
			'Mailjet › Add a Contact to a List',
			'HubSpot CRM › Create/Update a Contact',
			'HubSpot CRM › Create a Task',
		]);
		expect(ready[0]?.[1]['text']).toBe(toldOfCancelled);
		expect(ready[3]?.[1]).toMatchObject({ contact: '4711', subject: `Win back ${zoe}` });
		expect(await scenario.run(event)).toEqual([]);
	});

	test('prepares no task as long as the ID of the contact is not mapped', async () => {
		const ready = await new Scenario('churn-saver.json').run(cancelled(sandbox, 'zoe@example.com'));
		expect(places(ready)).not.toContain('HubSpot CRM › Create a Task');
	});

	test('only alerts the team where no email address is known', async () => {
		const ready = await new Scenario('churn-saver.json').run(cancelled(sandbox, null));
		expect(places(ready)).toEqual([slack]);
	});
});

describe('failed payment escalation, in two scenarios with one data store', () => {
	const scenarios = () => ({
		report: new Scenario('failed-payment-escalation.1-report.json'),
		look: new Scenario('failed-payment-escalation.2-look-again.json'),
	});
	/** Sandbox time without what happens in it. */
	const later = (hours: number) =>
		jest.spyOn(clock, 'now').mockReturnValue(start + hours * 3_600_000);

	test.each(['past_due', 'unpaid'])('asks to pay 12 hours later where it is %s', async (status) => {
		const { event } = failedPayment(sandbox, 'zoe@example.com', status);
		const { report, look } = scenarios();
		expect(places(await report.run(event))).toEqual([slack]);
		for (const hours of [0, 1, 11, 13, 36]) {
			later(hours);
			expect(await look.run(null, report.store)).toEqual([]);
		}
		later(12);
		const ready = await look.run(null, report.store);
		expect(ready).toEqual([
			[mailjet, expect.objectContaining({ to: 'zoe@example.com' }) as unknown],
		]);
	});

	test('asks for the hour that a run was for, also where MemberPass answered only in the next', async () => {
		const { event } = failedPayment(sandbox, 'zoe@example.com', 'unpaid');
		const { report } = scenarios();
		await report.run(event);
		later(1);
		const nextHour = failedPayment(sandbox, 'ada@example.com', 'unpaid');
		await report.run(nextHour.event);
		const { flow } = readBlueprint('recipes/failed-payment-escalation.2-look-again.json');
		const down = () => Promise.resolve({ status: 503, headers: {}, body: '' });
		const at = (hours: number, send: NonNullable<World['send']>) =>
			world({ now: start + hours * 3_600_000, store: report.store, send });
		const broken = await simulate(flow, at(12.9, down));
		expect(broken.ends.map(({ kind }) => kind)).toEqual(['incomplete', 'incomplete']);
		const asked: unknown[] = [];
		for (const end of broken.ends) {
			if (end.kind !== 'incomplete') continue;
			const { outputs } = await resume(end.execution, at(13.1, send));
			asked.push(...outputs.flatMap(({ bundle }) => (bundle as Values)['to'] ?? []));
		}
		expect(asked).toEqual(['zoe@example.com']);
	});

	test('keeps a run whose answer holds no list', async () => {
		const { flow } = readBlueprint('recipes/failed-payment-escalation.2-look-again.json');
		const { send } = answering(200, { data: null });
		const { ends } = await simulate(flow, world({ now: start, send }));
		expect(ends.map(({ kind }) => kind)).toEqual(['incomplete', 'incomplete']);
	});

	test('asks nobody where it was paid meanwhile', async () => {
		const { event } = failedPayment(sandbox, 'zoe@example.com', 'active');
		const { report, look } = scenarios();
		await report.run(event);
		later(12);
		expect(await look.run(null, report.store)).toEqual([]);
	});

	test('asks the team to write where no email address is known', async () => {
		const { event } = failedPayment(sandbox, null, 'unpaid');
		const { report, look } = scenarios();
		await report.run(event);
		later(12);
		const ready = await look.run(null, report.store);
		expect(ready).toEqual([
			[
				slack,
				expect.objectContaining({
					text: expect.stringMatching(/123456789\.$/) as unknown,
				}) as unknown,
			],
		]);
	});

	test('reports each delivery once, and notes a subscription once a day', async () => {
		const { event } = failedPayment(sandbox, 'zoe@example.com', 'past_due');
		const { report } = scenarios();
		expect(places(await report.run(event))).toEqual([slack]);
		expect(await report.run(event)).toEqual([]);
		const kept = report.store.size;
		expect(places(await report.run({ ...event, id: 'evt_01KVAGN5PPDDT55N637132HTGZ' }))).toEqual([
			slack,
		]);
		// The second event itself, and nothing more of the subscription.
		expect(report.store.size).toBe(kept + 1);
	});
});

describe('gift code campaign', () => {
	const order = (planId: string) =>
		new Scenario('gift-code-campaign.1-order.json', {
			id: partnerRecord,
			...partnerOf(sandbox, planId),
		});

	test('orders 50 codes for a new partner, once', async () => {
		const { plan } = newSubscriber(sandbox, 'zoe@example.com');
		const before = codesOf(sandbox, plan.id).length;
		const scenario = order(plan.id);
		expect(await scenario.run(null)).toEqual([
			[
				'Airtable › Update a Record',
				expect.objectContaining({ record: partnerRecord, Status: 'Ordered' }) as unknown,
			],
		]);
		expect(await scenario.run(null)).toEqual([]);
		await sandbox.advance(60_000);
		expect(codesOf(sandbox, plan.id)).toHaveLength(before + 50);
	});

	test('orders nothing as long as the record is not mapped', async () => {
		expect(await new Scenario('gift-code-campaign.1-order.json').run(null)).toEqual([]);
	});

	test('hands over the link of the plan, and a link for each code of the batch only', async () => {
		const { plan } = newSubscriber(sandbox, 'zoe@example.com');
		await order(plan.id).run(null);
		await sandbox.advance(60_000);
		const scenario = new Scenario('gift-code-campaign.2-hand-over.json', {
			id: partnerRecord,
			...partner,
		});
		const event = newest(sandbox, 'access_code.generated');
		const ready = await scenario.run(event);
		expect(places(ready).slice(0, 4)).toEqual([
			'Airtable › Search Records',
			mailjet,
			slack,
			'Airtable › Update a Record',
		]);
		expect(ready[0]?.[1]['formula']).toBe(`AND({Plan ID}='${plan.id}',{Status}='Ordered')`);
		expect(ready[1]?.[1]).toMatchObject({ to: 'ada@example.com' });
		const gifts = ready.slice(4);
		expect(gifts).toHaveLength(50);
		expect(gifts[0]).toEqual([
			'Airtable › Create a Record',
			expect.objectContaining({
				Partner: 'Ada',
				'Masked code': expect.stringMatching(/^\w{4}\*{4}\w{4}$/) as unknown,
				Link: expect.stringMatching(/^https:\/\/t\.me\/.+\?start=/) as unknown,
				'Expires at': '2026-07-01T09:00:00Z',
			}) as unknown,
		]);
		expect(await scenario.run(event)).toEqual([]);
	});
});

test('the weekly digest prepares the figures of the last seven days', async () => {
	newSubscriber(sandbox, 'zoe@example.com');
	const ready = await new Scenario('weekly-digest.json').run(null);
	expect(places(ready)).toEqual([slack]);
	expect(ready[0]?.[1]['text']).toMatch(
		/^Last seven days: \d+\.\d{2} USD earned, MRR \d+\.\d{2}, \d+ active subscribers, \d+ new, churn [\d.]+ %\.\n\w+(, \w+)*: \d+\.\d{2}(, \d+\.\d{2})* USD$/,
	);
});

describe('trial nudge', () => {
	test.each([
		['who is still on trial', 'zoe@example.com', 'trialing', [mailjet]],
		['nobody who cancelled meanwhile', 'zoe@example.com', 'canceled', []],
		['the team where no email address is known', null, 'trialing', [slack]],
	])('writes to %s, once', async (_, email, status, expected) => {
		const scenario = new Scenario('trial-nudge.json');
		const event = trialConverting(sandbox, email, status);
		expect(places(await scenario.run(event))).toEqual(expected);
		expect(await scenario.run(event)).toEqual([]);
	});
});

test('the audit trail prepares who got which role, once', async () => {
	const scenario = new Scenario('audit-trail.json');
	const event = roleChanged(sandbox);
	expect(await scenario.run(event)).toEqual([
		[
			'Notion › Create a Database Item',
			{
				database: '<Database of the audit trail>',
				title: 'Amara Okafor is now Manager',
				Member: 'Amara Okafor',
				Email: 'amara@example.com',
				Role: 'Manager',
				'Changed at': '2026-06-01T09:00:00Z',
				Event: event.id,
			},
		],
	]);
	expect(await scenario.run(event)).toEqual([]);
});
