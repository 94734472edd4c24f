import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';

import { installPackage } from './package.mts';
import {
	type N8nRest,
	type SavedWorkflow,
	signIn,
	type WorkflowFile,
	type WorkflowNode,
} from './rest.mts';
import { freePort, type N8nProcess, ownConnection, startN8n, waitFor } from './server.mts';
import {
	answersTo,
	credentialOf,
	exampleWorkflow,
	forge,
	given,
	openSandbox,
	repeat,
	type Stage,
	subscriptionsBelow,
	temporaryFolder,
} from './stage.mts';

/** The action node, with a credential of that id. */
const ownNode = (parameters: object, id: string) => ({
	name: 'MemberPass',
	type: 'n8n-nodes-memberpass.memberPass',
	typeVersion: 2,
	parameters: { ...parameters },
	credentials: { memberPassApi: { id, name: 'MemberPass account' } },
});

/** Nodes that give out items. */
const itemsOf = (rows: readonly object[]) => [
	{
		name: 'Items',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: JSON.stringify({ rows }) },
	},
	{
		name: 'Each',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		parameters: { fieldToSplitOut: 'rows' },
	},
];

/** A workflow that somebody starts by hand: one node after another. */
function byHand(name: string, ...nodes: readonly WorkflowNode[]): WorkflowFile {
	const start = {
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		parameters: {},
	};
	const row = [start, ...nodes].map((node, id) => ({ ...node, id: String(id), position: [0, 0] }));
	const next = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const connections: Readonly<Record<string, unknown>> = Object.fromEntries(
		nodes.map((node, index) => [row[index]?.name ?? '', next(node.name)]),
	);
	return { name, nodes: row, connections };
}

/** The action node as a tool, with a credential of that id. */
const tool = (name: string, id: string, parameters: object): WorkflowNode => ({
	...ownNode(parameters, id),
	name,
	type: 'n8n-nodes-memberpass.memberPassTool',
});

/** A workflow that offers tools to agents outside n8n, by the Model Context Protocol. */
function toolsOf(name: string, tools: readonly WorkflowNode[]): WorkflowFile {
	const server = {
		name: 'MCP Server Trigger',
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: 2,
		webhookId: 'b3a1f3b2-5a52-4b8e-9b0b-3a9b3d1f5b01',
		parameters: { path: 'tools' },
	};
	const nodes = [server, ...tools].map((node, id) => ({
		...node,
		id: String(id),
		position: [0, 0],
	}));
	const towards = { ai_tool: [[{ node: server.name, type: 'ai_tool', index: 0 }]] };
	return { name, nodes, connections: Object.fromEntries(tools.map((one) => [one.name, towards])) };
}

interface ToolAnswer {
	readonly isError?: boolean;
	readonly content: readonly [{ readonly text: string }];
}

/** Begins a session with a server of tools, as an agent does. Gives what asks it. */
async function openTools(url: string) {
	let session: string | null = null;
	let id = 0;
	const ask = async (method: string, params: object = {}): Promise<unknown> => {
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				Accept: 'application/json, text/event-stream',
				...ownConnection,
				...(session === null ? {} : { 'mcp-session-id': session }),
			},
			body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
		});
		session ??= response.headers.get('mcp-session-id');
		const [, data = ''] = /^data: (.*)$/m.exec(await response.text()) ?? [];
		return (JSON.parse(data) as { readonly result: unknown }).result;
	};
	const client = { name: 'An agent', version: '1.0.0' };
	await ask('initialize', {
		protocolVersion: '2025-03-26',
		capabilities: {},
		clientInfo: client,
	});
	return ask;
}

/** One story: each test goes on from where the last one ended. */
describe('in a real n8n server, the packed package', () => {
	const folder = temporaryFolder();
	let sandbox: Stage;
	let n8n: N8nProcess;
	let rest: N8nRest;
	let port: number;
	let credential: string;
	let foreignUrl: string;
	let welcome: SavedWorkflow;
	let churn: SavedWorkflow;
	const others: SavedWorkflow[] = [];

	const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
		n8n = await startN8n({
			installation: given('n8n'),
			userFolder: folder.path,
			port,
			environment,
		});
		rest = await signIn(n8n.url);
	};
	const own = () => subscriptionsBelow(sandbox, n8n.url);
	const ownIds = () => own().map((endpoint) => endpoint.id);
	/** Publication goes on after n8n has answered. */
	const becomes = async (count: number): Promise<void> =>
		await waitFor(`${count} subscriptions`, 60_000, () => own().length === count);
	const plan = () => {
		const found = [...sandbox.state.plans.values()].find((one) => one.active);
		assert.ok(found);
		return found;
	};
	/** Somebody subscribes to a plan; the id of the event that says so. */
	const subscribe = async (): Promise<string> => {
		sandbox.act({ action: 'subscribe', plan_id: plan().id });
		await sandbox.engine.settle();
		const [event] = sandbox.engine.recentEvents({ type: 'subscription.created', limit: 1 });
		assert.ok(event);
		return event.id;
	};
	/** Ids of the events that the workflow went through with, to the member. */
	const welcomed = async (count: number): Promise<readonly unknown[]> => {
		const executions = await rest.settled(welcome, count);
		assert.deepEqual(
			executions.filter((one) => one.status !== 'success'),
			[],
		);
		assert.equal(executions.length, count);
		return executions.flatMap(({ output }) =>
			(output['Get the member'] ?? []).map(() => output['MemberPass Trigger']?.[0]?.['id']),
		);
	};

	before(async () => {
		sandbox = await openSandbox();
		installPackage(given('tarball'), folder.path);
		port = await freePort();
		await start();
	});
	after(async () => {
		await n8n.stop();
		await sandbox.close();
		folder.remove();
	});

	test('shows both nodes, the tool for agents and the credential, with their icons', async () => {
		const load = async (path: string): Promise<Response> =>
			await fetch(`${n8n.url}/${path}`, { headers: { cookie: rest.cookie, ...ownConnection } });
		type Type = {
			name: string;
			iconUrl: { light: string; dark: string };
			codex?: { alias: string[] };
		};
		const nodes = (await (await load('types/nodes.json')).json()) as readonly Type[];
		const mine = nodes.filter((one) => one.name.startsWith('n8n-nodes-memberpass.'));
		assert.deepEqual([...new Set(mine.map((one) => one.name))].sort(), [
			'n8n-nodes-memberpass.memberPass',
			'n8n-nodes-memberpass.memberPassTool',
			'n8n-nodes-memberpass.memberPassTrigger',
		]);
		for (const { iconUrl, codex } of mine) {
			assert.ok(codex?.alias.includes('Telegram'));
			for (const path of [iconUrl.light, iconUrl.dark]) {
				assert.match((await load(path)).headers.get('content-type') ?? '', /^image\/svg/);
			}
		}
		const credentials = (await (await load('types/credentials.json')).json()) as readonly Type[];
		assert.equal(credentials.filter((one) => one.name === 'memberPassApi').length, 1);
	});

	test('passes the test of its credential with a good token, and with no other', async () => {
		const good = credentialOf(sandbox);
		assert.equal((await rest.testCredential('Good', good)).status, 'OK');
		const bad = { ...good, apiToken: 'mpt_test_01_a-made-up-secret' };
		const refused = await rest.testCredential('Bad', bad);
		assert.equal(refused.status, 'Error');
		assert.match(
			refused.message,
			/^MemberPass refuses a token that was revoked, .* Create a token at https:/,
		);
		assert.doesNotMatch(JSON.stringify(refused), /made-up-secret/);
		const elsewhere = { ...good, baseUrl: good.baseUrl.replace(/v1$/, 'v2') };
		const { status, message } = await rest.testCredential('Elsewhere', elsewhere);
		assert.deepEqual([status, message], ['Error', 'ERR_INVALID_URL']);
		credential = await rest.createCredential('MemberPass account', good);
	});

	test('hands the token to no other host that the address of its credential redirects to', async () => {
		const sent: unknown[] = [];
		const other = createServer((request, response) => {
			sent.push(request.headers.authorization);
			response.end('{"data":{"id":"tem_1"}}');
		});
		const redirecting = createServer((_, response) => {
			const { port: to } = other.address() as AddressInfo;
			response.writeHead(307, { location: `http://localhost:${to}/` }).end();
		});
		for (const server of [other, redirecting]) {
			await once(server.listen(0, '127.0.0.1'), 'listening');
		}
		const baseUrl = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/v1`;
		const { status, message } = await rest.testCredential('Redirected', {
			apiToken: 'mine',
			baseUrl,
		});
		for (const server of [other, redirecting]) server.close();
		assert.deepEqual([status, sent], ['Error', []]);
		assert.match(message, /^MemberPass answered with a redirect\./);
	});

	test('shows the signing secret of a new endpoint with its execution, as the README warns', async () => {
		const create = {
			resource: 'webhookEndpoint',
			operation: 'create',
			name: 'Mine',
			url: 'https://hooks.example.com/mine',
			events: ['plan.created'],
		};
		const made = await rest.importWorkflow(byHand('Make an endpoint', ownNode(create, credential)));
		const { output, error } = await rest.run(made, 'Start');
		assert.equal(error, null);
		const [item] = output['MemberPass'] ?? [];
		sandbox.engine.removeEndpoint(String(item?.['id']));
		// A release that heeds what the node says of the field shows an object in its place.
		assert.equal(typeof item?.['secret'], 'string');
	});

	test('sends each item with the credential as it reads for that item', async () => {
		const each = { ...credentialOf(sandbox), apiToken: '={{ $json.token }}' };
		const own = await rest.createCredential('Of each item', each);
		const tokens = [sandbox.token, 'mpt_test_01_of-nobody', sandbox.token];
		const workflow = await rest.importWorkflow(
			byHand('Tokens of others', ...itemsOf(tokens.map((token) => ({ token }))), {
				...ownNode({ resource: 'team', operation: 'getCurrent' }, own),
				onError: 'continueRegularOutput',
			}),
		);
		const { output } = await rest.run(workflow, 'Start');
		assert.deepEqual(
			output['MemberPass']?.map((item) => 'error' in item),
			[false, true, false],
		);
	});

	test('writes nothing twice where a failed execution is retried by hand, and anew where it is run again', async () => {
		const create = { resource: 'project', operation: 'create', name: '={{ $json.name }}' };
		const workflow = await rest.importWorkflow(
			byHand(
				'Two projects',
				...itemsOf([{ name: 'Made once' }, { name: 'No' }]),
				ownNode(create, credential),
			),
		);
		const made = (): number =>
			[...sandbox.state.projects.values()].filter((one) => one.name === 'Made once').length;
		const failed = await rest.run(workflow, 'Start');
		assert.match(failed.error ?? '', /'Project Name' must have at least 5 characters/);
		await rest.retry(failed);
		await rest.retry(failed);
		assert.deepEqual(
			(await rest.settled(workflow, 3)).map((one) => [one.mode, one.error]),
			['manual', 'retry', 'retry'].map((mode) => [mode, failed.error]),
		);
		assert.equal(made(), 1);
		await rest.run(workflow, 'Start');
		assert.equal(made(), 2);
	});

	test('serves agents as a tool: they see what it takes, what it gives, and how to mend a mistake', async () => {
		const tools = [
			tool('Create project', credential, {
				resource: 'project',
				operation: 'create',
				name: "={{ $fromAI('name', 'Name of the project', 'string') }}",
			}),
			tool('List plans', credential, {
				resource: 'plan',
				operation: 'list',
				projectId: { __rl: true, mode: 'id', value: "={{ $fromAI('project', '', 'string') }}" },
				limit: "={{ $fromAI('limit', '', 'number') }}",
			}),
		];
		const workflow = await rest.importWorkflow(toolsOf('Tools', tools));
		await rest.publish(workflow);
		const ask = await openTools(`${n8n.url}/mcp/tools`);
		const listed = (await ask('tools/list')) as { readonly tools: readonly object[] };
		assert.deepEqual(
			listed.tools.map((one) => {
				const { name, description, inputSchema } = one as Readonly<Record<string, unknown>>;
				return [name, description, (inputSchema as { readonly required: unknown }).required];
			}),
			[
				['List_plans', 'Get many plans in MemberPass', ['project', 'limit']],
				['Create_project', 'Create project in MemberPass', ['name']],
			],
		);
		const call = async (name: string, given: object) => {
			const answer = (await ask('tools/call', { name, arguments: given })) as ToolAnswer;
			return [answer.isError ?? false, answer.content[0].text] as const;
		};
		const project = sandbox.seeded.project.id;
		const [failed, plans] = await call('List_plans', { project, limit: 2 });
		assert.equal(failed, false);
		assert.deepEqual(
			(JSON.parse(plans) as readonly { readonly project_id: string }[]).map(
				(one) => one.project_id,
			),
			[project, project],
		);
		assert.deepEqual(await call('Create_project', { name: 'Bad' }), [
			true,
			"NodeOperationError: 'Project Name' must have at least 5 characters; it has 3. [item 0]",
		]);
		const [refused, why] = await call('List_plans', { project: 'prj_none', limit: 1 });
		assert.equal(refused, true);
		assert.match(why, /No project was found for this ID.*Check the ID and the token's scope/);
		// Two calls are two wishes, whatever n8n makes of them.
		const before_ = sandbox.state.projects.size;
		for (const _ of [1, 2]) await call('Create_project', { name: 'Made by an agent' });
		assert.equal(sandbox.state.projects.size, before_ + 2);
		await rest.unpublish(workflow);
	});

	test('runs an imported example by hand: two reports', async () => {
		const digest = await rest.importWorkflow(exampleWorkflow('weekly-digest', credential));
		const { status, error, output } = await rest.run(digest, 'Schedule Trigger');
		assert.deepEqual([status, error], ['success', null]);
		assert.equal(typeof output['Get the last seven days']?.[0]?.['mrr'], 'string');
		assert.equal(output['Split the earnings by provider']?.length, 1);
	});

	test('says where a workflow cannot be published which ability the token lacks', async () => {
		const { plain } = sandbox.mint({ abilities: ['team:view'] });
		const weak = await rest.createCredential('Weak', { ...credentialOf(sandbox), apiToken: plain });
		const workflow = await rest.importWorkflow(exampleWorkflow('audit-trail', weak));
		await assert.rejects(rest.publish(workflow), /lacks the ability "webhook-endpoint:manage"/);
		await rest.unpublish(workflow);
	});

	test('subscribes once where a workflow is published, to its events and its address', async () => {
		foreignUrl = 'http://127.0.0.1:9/somebody-elses';
		sandbox.engine.addEndpoint({
			name: 'Not of n8n',
			url: foreignUrl,
			events: ['plan.created'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		welcome = await rest.importWorkflow(exampleWorkflow('welcome-flow', credential));
		await rest.publish(welcome);
		await becomes(1);
		const [{ url, events, name } = {}] = own();
		assert.match(url ?? '', /\/webhook\/[0-9a-f-]{36}\/memberpass$/);
		assert.deepEqual(
			[events, name],
			[['subscription.created'], 'n8n — MemberPass: welcome new subscribers — MemberPass Trigger'],
		);
	});

	test('lets every example with a trigger be published beside the others', async () => {
		for (const name of ['audit-trail', 'failed-payment-escalation', 'trial-nudge'] as const) {
			others.push(await rest.importWorkflow(exampleWorkflow(name, credential)));
		}
		const handOver = exampleWorkflow('gift-code-campaign.2-hand-over', credential);
		others.push(await rest.importWorkflow(handOver));
		churn = await rest.importWorkflow(exampleWorkflow('churn-saver', credential));
		for (const workflow of [...others, churn]) await rest.publish(workflow);
		assert.equal(new Set(own().map((endpoint) => endpoint.url)).size, 6);
		for (const workflow of others) await rest.unpublish(workflow);
		assert.equal(own().length, 2);
	});

	test('runs the workflow for a signed delivery, and asks MemberPass for the plan and the member', async () => {
		const event = await subscribe();
		assert.deepEqual(answersTo(sandbox, event), [200]);
		const [execution] = await rest.settled(welcome, 1);
		assert.deepEqual([execution?.status, execution?.error], ['success', null]);
		const { output = {} } = execution ?? {};
		assert.equal(output['MemberPass Trigger']?.[0]?.['id'], event);
		assert.deepEqual(
			output['Get the plan']?.map((item) => item['name']),
			[plan().name],
		);
		assert.match(String(output['Get the member']?.[0]?.['email']), /@example\.com$/);
	});

	test('shows an event as MemberPass left it: a cancelled subscription is cancelled', async () => {
		const [subscription] = [...sandbox.state.subscriptions.values()].slice(-1);
		assert.ok(subscription);
		const url = `${sandbox.apiUrl}/subscriptions/${subscription.id}/cancel`;
		const headers = {
			authorization: `Bearer ${sandbox.token}`,
			'idempotency-key': 'once',
			'content-type': 'application/json',
		};
		assert.ok((await fetch(url, { method: 'POST', headers, body: '{}' })).ok);
		await sandbox.advance(5_000);
		const [execution] = await rest.settled(churn, 1);
		assert.equal(execution?.error, null);
		assert.deepEqual(
			execution.output['Get the subscription']?.map((item) => [item['id'], item['status']]),
			[[subscription.id, 'canceled']],
		);
	});

	test('answers what MemberPass did not sign with 401, and runs nothing', async () => {
		const url = own().find((one) => one.events.includes('subscription.created'))?.url ?? '';
		const now = Math.floor(Date.now() / 1_000);
		for (const change of [
			{},
			{ signature: 'garbage' },
			{ signature: `t=${now},v1=${'0'.repeat(64)}` },
			{ signedWith: 'a guess' },
			{ signedWith: '' },
			{ signedWith: 'a guess', signedAt: now - 3_600 },
		]) {
			assert.equal(await forge(url, change), '401 Unauthorized');
		}
		// The next genuine one is the second execution: none of those became one.
		const event = await subscribe();
		assert.deepEqual((await welcomed(2)).slice(1), [event]);
	});

	test('verifies what a gateway compressed on the way, or passed on under another type', async () => {
		const [delivery] = sandbox.engine
			.listDeliveries({ limit: 100 })
			.filter((one) => one.event.type === 'subscription.cancelled');
		assert.ok(delivery);
		const ways = [
			{ compressed: true },
			{ type: 'application/json; charset=utf-8' },
			{ type: 'text/plain' },
			{ type: 'application/vnd.api+json' },
		];
		for (const way of ways) assert.deepEqual([way, await repeat(delivery, way)], [way, 200]);
		const executions = await rest.settled(churn, 1 + ways.length);
		assert.deepEqual(
			executions.map(({ error, output }) => [error, output['MemberPass Trigger']?.[0]?.['id']]),
			executions.map(() => [null, delivery.event.id]),
		);
	});

	test('leaves repeated deliveries to Remove Duplicates, which lets each event through once', async () => {
		const event = await subscribe();
		await rest.settled(welcome, 3);
		const [delivery] = sandbox.engine.listDeliveries({ limit: 1 });
		assert.equal(delivery?.event.id, event);
		assert.equal(await repeat(delivery), 200);
		assert.equal((await welcomed(4)).filter((one) => one === event).length, 1);
	});

	test('goes on after a restart with the same subscription, and gets what came meanwhile', async () => {
		const before_ = ownIds();
		await n8n.stop();
		const missed = await subscribe();
		assert.deepEqual(answersTo(sandbox, missed), [0]);
		await start();
		assert.deepEqual(ownIds(), before_);
		// The documented wait after the first failure.
		await sandbox.advance(11_000);
		assert.deepEqual(answersTo(sandbox, missed), [0, 200]);
		assert.equal((await welcomed(5)).at(-1), missed);
	});

	test('goes on after a restart in the way of n8n before 2.40, with the same subscription', async () => {
		const before_ = ownIds();
		await n8n.stop();
		await start({ N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' });
		await waitFor('the activations', 180_000, () =>
			['welcome new subscribers', 'follow up a cancellation'].every((name) =>
				n8n.log().includes(`Activated workflow "MemberPass: ${name}`),
			),
		);
		const event = await subscribe();
		assert.deepEqual(answersTo(sandbox, event), [200]);
		assert.equal((await welcomed(6)).at(-1), event);
		assert.deepEqual(ownIds(), before_);
		await n8n.stop();
		await start();
	});

	test('goes on through a rotation in the dashboard, and says what to do', async () => {
		const endpoint = own().find((one) => one.events.includes('subscription.created'));
		assert.ok(endpoint);
		sandbox.engine.rotateSecret(endpoint.id, 'dashboard');
		const event = await subscribe();
		assert.deepEqual(answersTo(sandbox, event), [200]);
		assert.equal((await welcomed(7)).at(-1), event);
		// The log takes its own way here.
		await waitFor('the warning', 60_000, () =>
			/welcome new subscribers", node "MemberPass Trigger": The signing secret was rotated.*off and on again/s.test(
				n8n.log(),
			),
		);
	});

	test('subscribes anew where the workflow is unpublished and published again', async () => {
		const before_ = ownIds();
		await rest.unpublish(welcome);
		await becomes(1);
		await rest.publish(welcome);
		await becomes(2);
		assert.equal(ownIds().filter((id) => before_.includes(id)).length, 1);
		const event = await subscribe();
		assert.equal((await welcomed(8)).at(-1), event);
	});

	test('listens for a test event beside production, and takes only its own subscription away', async () => {
		const production = ownIds();
		await rest.listen(welcome, 'MemberPass Trigger');
		await becomes(3);
		const testUrl = own().find((one) => !production.includes(one.id))?.url;
		assert.match(testUrl ?? '', /\/webhook-test\//);
		const event = await subscribe();
		assert.deepEqual(answersTo(sandbox, event), [200, 200]);
		await becomes(2);
		assert.deepEqual(ownIds(), production);
		const executions = await rest.settled(welcome, 10);
		assert.deepEqual(
			executions
				.slice(-2)
				.map((one) => one.mode)
				.sort(),
			['manual', 'webhook'],
		);
	});

	test('goes on from where n8n was killed, when the crashed execution is retried', async () => {
		let event = '';
		const letGo = await sandbox.holdAtMember(1, async () => (event = await subscribe()));
		await n8n.stop('SIGKILL');
		letGo();
		await start();
		const crashed = (await rest.settled(welcome, 11)).at(-1);
		assert.equal(crashed?.status, 'crashed');
		await rest.retry(crashed);
		const retried = (await rest.settled(welcome, 12)).at(-1);
		assert.deepEqual([retried?.status, retried?.error], ['success', null]);
		assert.equal(retried?.output['MemberPass Trigger']?.[0]?.['id'], event);
		assert.equal(retried.output['Get the member']?.length, 1);
	});

	test('leaves no subscription behind where workflows are unpublished, and touches no other', async () => {
		await rest.unpublish(welcome);
		await rest.unpublish(churn);
		await becomes(0);
		assert.deepEqual(
			sandbox.engine.listEndpoints(sandbox.seeded.team.id).map((one) => one.url),
			[foreignUrl],
		);
	});
});
