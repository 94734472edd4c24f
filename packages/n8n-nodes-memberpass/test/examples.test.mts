import { readdirSync } from 'node:fs';

import {
	type Answers,
	makeStandIns,
	type Reached,
	type StandIns,
} from '../../../shared/testing/src/n8n-stand-ins.ts';
import type { ExportedWorkflow } from '../../../shared/testing/src/n8n-harness.ts';
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
	toldOfCancelled,
	toldOfLoudNewcomer,
	toldOfNewcomer,
	trialConverting,
	zoe,
} from '../../../shared/proof/src/recipe-scenes.ts';
import type { Sandbox } from '../../sandbox/src/index.ts';
import { readJson, repoRoot, useEngine } from './support.mts';

/**
 * The recipes as workflows: imported into the real engine and run against the sandbox, over real sockets. Nodes of
 * other apps have the real parameters and write down what they were given.
 */
const files = [
	'audit-trail.json',
	'churn-saver.json',
	'failed-payment-escalation.json',
	'gift-code-campaign.1-order.json',
	'gift-code-campaign.2-hand-over.json',
	'trial-nudge.json',
	'weekly-digest.json',
	'welcome-flow.json',
];
const load = (name: string) => readJson(`examples/${name}`) as ExportedWorkflow;

const engine = useEngine();

test('there is one workflow for each part of a recipe', () => {
	expect(readdirSync('examples').sort()).toEqual(files);
});

test('no two of them share a webhook address: n8n publishes the first and refuses the second', () => {
	const ids = files.flatMap((name) => load(name).nodes.flatMap((node) => node.webhookId ?? []));
	expect(ids.length).toBeGreaterThan(1);
	expect(new Set(ids).size).toBe(ids.length);
});

describe.each(files)('%s', (name) => {
	const { nodes, connections } = load(name);
	const working = nodes.filter((node) => node.type !== 'n8n-nodes-base.stickyNote');

	test('is whole: connected throughout, nothing pinned, no id twice', () => {
		const targets = Object.values(connections).flatMap((outputs) =>
			(outputs['main'] ?? []).flat().map((one) => one?.node ?? ''),
		);
		const known = working.map((node) => node.name);
		expect([known[0] ?? '', ...targets].sort()).toEqual([...known].sort());
		expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
		expect(readJson(`examples/${name}`)).toMatchObject({ pinData: {} });
	});

	test('has only parameters that its nodes know, and every one that they need', () => {
		const standIns = makeStandIns(repoRoot);
		const faults = nodes.flatMap((node) => {
			const own = node.type.startsWith('n8n-nodes-memberpass.');
			const description = own
				? engine().description(node.type.slice('n8n-nodes-memberpass.'.length))
				: standIns.nodeType(node.type, node.typeVersion).description;
			return engine()
				.faultsOf(node, description)
				.map((fault) => `${node.name}: ${fault}`);
		});
		expect(faults).toEqual([]);
	});

	test('tells on the canvas what to set up and what MemberPass cannot do', () => {
		const note = nodes.find((node) => node.type === 'n8n-nodes-base.stickyNote');
		expect(note?.parameters['content']).toMatch(
			/### Before you publish\n\n- .+\n[^]+### What to know\n\n- .+/,
		);
	});

	test('goes on from where it was when retried: by its settings, and by the note, as the editor pastes no settings', () => {
		expect(readJson(`examples/${name}`)).toMatchObject({
			settings: { saveExecutionProgress: true },
		});
		const note = nodes.find((node) => node.type === 'n8n-nodes-base.stickyNote');
		expect(note?.parameters['content']).toContain('set **Save execution progress** to **Save**');
	});

	test('works on each delivery once, if it can be started by a delivery', () => {
		const [trigger] = working;
		const next = connections[trigger?.name ?? '']?.['main']?.[0]?.[0]?.node;
		const second = working.find((node) => node.name === next);
		const isScheduled = trigger?.type === 'n8n-nodes-base.scheduleTrigger';
		expect(second?.type === 'n8n-nodes-base.removeDuplicates').toBe(!isScheduled);
		expect(second?.parameters['dedupeValue'] === '={{ $json.id }}').toBe(!isScheduled);
	});
});

describe('a recipe that runs', () => {
	let sandbox: Sandbox;
	beforeEach(async () => {
		sandbox = await openScene();
	});
	afterEach(async () => await sandbox.close());

	/** Runs a workflow; `again` runs it once more with the same items and the same memory. */
	async function run(file: string, items: readonly object[], answers: Answers = {}) {
		const standIns = makeStandIns(repoRoot, answers);
		await runWith(standIns, file, items);
		const reached = [...standIns.reached];
		return {
			reached,
			again: async () => {
				await runWith(standIns, file, items);
				return standIns.reached.slice(reached.length);
			},
		};
	}

	async function runWith(standIns: StandIns, file: string, items: readonly object[]) {
		const workflow = load(file);
		const { error } = await engine().runWorkflow({
			workflow,
			from: workflow.nodes[0]?.name ?? '',
			items: items.map((json) => ({ json: json as Record<string, never> })),
			standIns,
			credential: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		});
		expect(error).toBeNull();
	}

	/** Names of the nodes that were reached, and one parameter of each. */
	const said = (reached: readonly Reached[], parameter: string) =>
		reached.map(({ node, parameters }) => [node, parameters[parameter]]);
	const parametersOf = (reached: readonly Reached[], node: string) =>
		reached.find((one) => one.node === node)?.parameters;

	describe('welcome flow', () => {
		test('greets, records and announces a new subscriber, once', async () => {
			const { subscription, event } = newSubscriber(sandbox, 'zoe@example.com');
			const { reached, again } = await run('welcome-flow.json', [event]);
			expect(reached.map((one) => one.node)).toEqual([
				'Tell the team',
				'Add a row',
				'Create or update the contact',
				'Send the welcome email',
			]);
			expect(parametersOf(reached, 'Tell the team')).toMatchObject({
				channelId: { value: '#new-members' },
				text: toldOfNewcomer,
			});
			expect(parametersOf(reached, 'Add a row')).toMatchObject({
				columns: { value: rowOfNewcomer(subscription) },
			});
			expect(parametersOf(reached, 'Create or update the contact')).toMatchObject({
				email: 'zoe@example.com',
				additionalFields: {
					firstName: zoe,
					customPropertiesUi: {
						customPropertiesValues: [
							{ property: 'memberpass_plan', value: 'Premium Quarterly' },
							{ property: 'memberpass_monthly_value', value: '10.00' },
						],
					},
				},
			});
			expect(parametersOf(reached, 'Send the welcome email')).toMatchObject({
				toEmail: 'zoe@example.com',
				subject: 'Welcome to Premium Quarterly',
				text: expect.stringContaining(
					`Hello ${zoe}, your subscription to Premium Quarterly is active.`,
				) as unknown,
			});
			expect(await again()).toEqual([]);
		});

		test('leaves out what needs an email address where none is known, and never says "null"', async () => {
			const { event } = newSubscriber(sandbox, null);
			const { reached } = await run('welcome-flow.json', [event]);
			expect(reached.map((one) => one.node)).toEqual(['Tell the team', 'Add a row']);
			expect(JSON.stringify(reached)).not.toMatch(/null|undefined/);
			expect(parametersOf(reached, 'Tell the team')?.['text']).toContain('(no email known)');
		});

		test('a name is only text in Slack', async () => {
			const { reached } = await run('welcome-flow.json', [loudNewcomer(sandbox)]);
			expect(parametersOf(reached, 'Tell the team')?.['text']).toBe(toldOfLoudNewcomer);
			expect(parametersOf(reached, 'Add a row')).toMatchObject({
				columns: { value: { Name: loudName } },
			});
		});

		test.each(monthlyValues)(
			'a plan of %s by %i for %s is worth %s a month',
			async (cycle, count, price, monthly) => {
				const { plan, event } = newSubscriber(sandbox, 'zoe@example.com');
				Object.assign(plan, { billing_cycle: cycle, billing_cycle_count: count, price });
				const { reached } = await run('welcome-flow.json', [event]);
				expect(parametersOf(reached, 'Add a row')).toMatchObject({
					columns: { value: { 'Monthly value': monthly } },
				});
			},
		);
	});

	describe('churn saver', () => {
		test('alerts the team, starts the win-back mails and creates a task, once', async () => {
			const event = cancelled(sandbox, 'zoe@example.com');
			const answers = { 'Create or update the contact': { vid: 4711 } };
			const { reached, again } = await run('churn-saver.json', [event], answers);
			expect(parametersOf(reached, 'Alert the retention team')).toMatchObject({
				channelId: { value: '#churn-watch' },
				text: toldOfCancelled,
			});
			expect(parametersOf(reached, 'Start the win-back emails')).toMatchObject({
				url: 'https://api.mailjet.com/v3/REST/contactslist/0000000/managecontact',
				bodyParameters: {
					parameters: [
						{ name: 'Email', value: 'zoe@example.com' },
						{ name: 'Action', value: 'addnoforce' },
					],
				},
			});
			expect(parametersOf(reached, 'Create the follow-up task')).toMatchObject({
				type: 'task',
				metadata: { subject: `Win back ${zoe}` },
				additionalFields: { associations: { contactIds: 4711 } },
			});
			expect(await again()).toEqual([]);
		});

		test('only alerts the team where no email address is known', async () => {
			const { reached } = await run('churn-saver.json', [cancelled(sandbox, null)]);
			expect(reached.map((one) => one.node)).toEqual(['Alert the retention team']);
		});
	});

	describe('failed payment escalation', () => {
		test.each(['past_due', 'unpaid'])('asks to pay where it is still %s, once', async (status) => {
			const { event } = failedPayment(sandbox, 'zoe@example.com', status);
			const { reached, again } = await run('failed-payment-escalation.json', [event]);
			expect(said(reached, 'toEmail')).toEqual([
				['Report the failed payment', undefined],
				['Ask to update the card', 'zoe@example.com'],
			]);
			expect(parametersOf(reached, 'Report the failed payment')?.['text']).toMatch(
				/^Payment of 30\.00 USD failed at \w+ \(\w+\), subscription sub_\w+\.$/,
			);
			expect(await again()).toEqual([]);
		});

		test('writes to nobody where it was paid meanwhile', async () => {
			const { subscription, event } = failedPayment(sandbox, 'zoe@example.com', 'active');
			const { reached } = await run('failed-payment-escalation.json', [event]);
			expect(reached.map((one) => one.node)).toEqual([
				'Report the failed payment',
				'Report that nothing is left to do',
			]);
			expect(parametersOf(reached, 'Report that nothing is left to do')?.['text']).toBe(
				`Subscription ${subscription.id} is now active; no reminder was sent.`,
			);
		});

		test('asks the team to write where no email address is known', async () => {
			const { event } = failedPayment(sandbox, null, 'unpaid');
			const { reached } = await run('failed-payment-escalation.json', [event]);
			expect(reached.at(-1)?.node).toBe('Ask the team to write');
			expect(reached.at(-1)?.parameters['text']).toMatch(
				/, without an email address\. .+ 123456789\.$/,
			);
		});

		test('looks after a subscription once a day, however often the provider tries', async () => {
			const { event } = failedPayment(sandbox, 'zoe@example.com', 'past_due');
			const retry = { ...event, id: 'evt_01KVAGN5PPDDT55N637132HTGZ' };
			const { reached } = await run('failed-payment-escalation.json', [event, retry]);
			expect(reached.map((one) => one.node)).toEqual([
				'Report the failed payment',
				'Report the failed payment',
				'Ask to update the card',
			]);
		});

		test('waits 12 hours before it looks again', () => {
			const { nodes } = load('failed-payment-escalation.json');
			expect(nodes.find((node) => node.type === 'n8n-nodes-base.wait')?.parameters).toEqual({
				resume: 'timeInterval',
				amount: 12,
				unit: 'hours',
			});
		});
	});

	describe('gift code campaign', () => {
		const added = (planId: string) => ({
			id: partnerRecord,
			createdTime: '2026-06-01T08:59:00Z',
			fields: partnerOf(sandbox, planId),
		});
		test('orders 50 codes for a new partner, once', async () => {
			const { plan } = newSubscriber(sandbox, 'zoe@example.com');
			const before = codesOf(sandbox, plan.id).length;
			const { reached, again } = await run('gift-code-campaign.1-order.json', [added(plan.id)]);
			await sandbox.advance(60_000);
			expect(codesOf(sandbox, plan.id)).toHaveLength(before + 50);
			expect(parametersOf(reached, 'Note that the codes are ordered')).toMatchObject({
				operation: 'update',
				columns: { value: { id: partnerRecord, Status: 'Ordered' }, matchingColumns: ['id'] },
			});
			expect(await again()).toEqual([]);
			await sandbox.advance(60_000);
			expect(codesOf(sandbox, plan.id)).toHaveLength(before + 50);
		});

		test('hands over the link of the plan, and a link for each code of the batch only', async () => {
			const { plan } = newSubscriber(sandbox, 'zoe@example.com');
			await run('gift-code-campaign.1-order.json', [added(plan.id)]);
			await sandbox.advance(60_000);
			const event = newest(sandbox, 'access_code.generated');
			const own = codesOf(sandbox, plan.id).filter(
				(one) => one.expires_at === event.data['expires_at'],
			);
			const answers = { 'Find the partner': { id: partnerRecord, ...partner } };
			const { reached, again } = await run('gift-code-campaign.2-hand-over.json', [event], answers);
			expect(parametersOf(reached, 'Find the partner')?.['filterByFormula']).toBe(
				`AND({Plan ID}='${plan.id}',{Status}='Ordered')`,
			);
			expect(parametersOf(reached, 'Write to the partner')).toMatchObject({
				toEmail: 'ada@example.com',
				text: expect.stringMatching(
					new RegExp(`^Hello Ada, your 50 gift codes .+start=plan_${plan.id}$`),
				) as unknown,
			});
			expect(parametersOf(reached, 'Note that the codes are ready')).toMatchObject({
				columns: { value: { id: partnerRecord, Status: 'Ready' } },
			});
			const gifts = reached.filter((one) => one.node === 'Add the gift link');
			expect(gifts).toHaveLength(50);
			expect(own).toHaveLength(50);
			expect(JSON.stringify(reached)).not.toContain(own[0]?.code);
			expect(gifts[0]?.parameters).toMatchObject({
				columns: {
					value: {
						Partner: 'Ada',
						'Masked code': expect.stringMatching(/^\w{4}\*{4}\w{4}$/) as unknown,
						Link: expect.stringMatching(/^https:\/\/t\.me\/.+\?start=/) as unknown,
						'Expires at': '2026-07-01T09:00:00Z',
					},
				},
			});
			expect(await again()).toEqual([]);
		});
	});

	test('the weekly digest posts the figures of the last seven days', async () => {
		newSubscriber(sandbox, 'zoe@example.com');
		const { reached } = await run('weekly-digest.json', [{}]);
		expect(reached.map((one) => one.node)).toEqual(['Post the digest']);
		expect(reached[0]?.parameters['text']).toMatch(
			/^Last seven days: \d+\.\d{2} USD earned, MRR \d+\.\d{2}, \d+ active subscribers, \d+ new, churn [\d.]+ %\.\n(\w+: \d+\.\d{2} USD\n?)+$/,
		);
	});

	describe('trial nudge', () => {
		test('writes to who is still on trial, once', async () => {
			const event = trialConverting(sandbox, 'zoe@example.com', 'trialing');
			const { reached, again } = await run('trial-nudge.json', [event]);
			expect(said(reached, 'text')).toEqual([
				[
					'Send the nudge',
					`Hello ${zoe}, your trial of Premium Quarterly ends on 2026-06-02. After that it costs 30.00 USD. Just reply to this email if you have a question.`,
				],
			]);
			expect(await again()).toEqual([]);
		});

		test('writes to nobody who cancelled meanwhile', async () => {
			const { reached } = await run('trial-nudge.json', [
				trialConverting(sandbox, 'zoe@example.com', 'canceled'),
			]);
			expect(reached).toEqual([]);
		});

		test('asks the team to write where no email address is known', async () => {
			const { reached } = await run('trial-nudge.json', [
				trialConverting(sandbox, null, 'trialing'),
			]);
			expect(reached.map((one) => one.node)).toEqual(['Ask the team to write']);
		});
	});

	test('the audit trail writes down who got which role, once', async () => {
		const event = roleChanged(sandbox);
		const { reached, again } = await run('audit-trail.json', [event]);
		expect(reached).toEqual([{ node: 'Add the entry', parameters: expect.anything() as unknown }]);
		expect(parametersOf(reached, 'Add the entry')).toMatchObject({
			title: 'Amara Okafor is now Manager',
			propertiesUi: {
				propertyValues: [
					{ key: 'Member|rich_text', textContent: 'Amara Okafor' },
					{ key: 'Email|rich_text', textContent: 'amara@example.com' },
					{ key: 'Role|rich_text', textContent: 'Manager' },
					{ key: 'Changed at|rich_text', textContent: '2026-06-01T09:00:00Z' },
					{ key: 'Event|rich_text', textContent: event.id },
				],
			},
		});
		expect(await again()).toEqual([]);
	});
});
