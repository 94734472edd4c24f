import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { memberPass } from '../../../shared/catalogue/src/platform.ts';
import {
	type CompanyProxy,
	type SecureHost,
	startCompanyProxy,
	startSecureHost,
} from './internet.mts';
import { installPackage } from './package.mts';
import { type N8nRest, type SavedWorkflow, signIn } from './rest.mts';
import { freePort, type N8nProcess, startN8n } from './server.mts';
import { given, openSandbox, type Stage, subscriptionsBelow, temporaryFolder } from './stage.mts';

const host = new URL(memberPass.apiOrigin).hostname;

/**
 * A server in a company's network, with the credential as most people fill it in: a token, and the address left alone.
 * One story: each test goes on from where the last one ended.
 */
describe('where the API is reached at its own address, through a proxy only, the packed package', () => {
	const folder = temporaryFolder();
	let sandbox: Stage;
	let api: SecureHost;
	let proxy: CompanyProxy;
	let n8n: N8nProcess;
	let rest: N8nRest;
	let data: { readonly apiToken: string };
	let workflow: SavedWorkflow;

	before(async () => {
		sandbox = await openSandbox();
		api = await startSecureHost(host, Number(new URL(sandbox.apiUrl).port), folder.path);
		proxy = await startCompanyProxy(host, api.port);
		data = { apiToken: sandbox.token };
		installPackage(given('tarball'), folder.path);
		const address = `http://127.0.0.1:${proxy.port}`;
		n8n = await startN8n({
			installation: given('n8n'),
			userFolder: folder.path,
			port: await freePort(),
			environment: {
				HTTP_PROXY: address,
				HTTPS_PROXY: address,
				NO_PROXY: '127.0.0.1',
				WEBHOOK_URL: 'https://n8n.example.com/',
				NODE_EXTRA_CA_CERTS: api.certificate,
			},
		});
		rest = await signIn(n8n.url);
	});
	after(async () => {
		await n8n.stop();
		await proxy.stop();
		await api.stop();
		await sandbox.close();
		folder.remove();
	});

	test('passes the test of its credential', async () => {
		assert.equal((await rest.testCredential('MemberPass account', data)).status, 'OK');
		const id = await rest.createCredential('MemberPass account', data);
		const credentials = { memberPassApi: { id, name: 'MemberPass account' } };
		workflow = await rest.importWorkflow({
			name: 'In a company',
			nodes: [
				{
					id: 'a0',
					name: 'Start',
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					position: [0, 200],
					parameters: {},
				},
				{
					id: 'a1',
					name: 'MemberPass Trigger',
					type: 'n8n-nodes-memberpass.memberPassTrigger',
					typeVersion: 2,
					position: [0, 0],
					webhookId: 'b3a1f3b2-5a52-4b8e-9b0b-3a9b3d1f5a12',
					parameters: { events: ['plan.created'] },
					credentials,
				},
				{
					id: 'a2',
					name: 'Projects',
					type: 'n8n-nodes-memberpass.memberPass',
					typeVersion: 2,
					position: [220, 0],
					parameters: { resource: 'project', operation: 'list', returnAll: true },
					credentials,
				},
			],
			connections: {
				'MemberPass Trigger': { main: [[{ node: 'Projects', type: 'main', index: 0 }]] },
				Start: { main: [[{ node: 'Projects', type: 'main', index: 0 }]] },
			},
		});
	});

	test('reads', async () => {
		const reading = await rest.run(workflow, 'Start');
		assert.deepEqual([reading.status, reading.error], ['success', null]);
		const { project } = sandbox.seeded;
		assert.ok(reading.output['Projects']?.some(({ id }) => id === project.id));
	});

	test('subscribes with the public address of n8n, and unsubscribes', async () => {
		await rest.publish(workflow);
		assert.deepEqual(
			subscriptionsBelow(sandbox, 'https://n8n.example.com').map(({ events }) => events),
			[['plan.created']],
		);
		await rest.unpublish(workflow);
		assert.deepEqual(subscriptionsBelow(sandbox, 'https://n8n.example.com'), []);
	});

	test('asks for nobody but MemberPass', () => {
		assert.deepEqual([...new Set(proxy.asked)], [`${host}:443`]);
	});

	test('says that MemberPass was not reached where the proxy lets nobody through', async () => {
		proxy.close();
		const { status, error } = await rest.run(workflow, 'Start');
		assert.equal(status, 'error');
		assert.match(String(error), /A proxy on the way to MemberPass asks for a sign-in\./);
	});
});
