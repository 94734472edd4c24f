import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import type { Sandbox } from '../../sandbox/src/index.ts';
import { installPackage, pack } from './package.mts';
import { type N8nRest, type SavedWorkflow, signIn } from './rest.mts';
import { freePort, type N8nProcess, startN8n } from './server.mts';
import {
	answersTo,
	credentialOf,
	given,
	openSandbox,
	subscriptionsBelow,
	temporaryFolder,
} from './stage.mts';

/** A server that ran 1.4.0 until now. One story: each test goes on from where the last one ended. */
describe('a workflow that was made and published with 1.4.0', () => {
	const folder = temporaryFolder();
	let sandbox: Sandbox;
	let n8n: N8nProcess;
	let rest: N8nRest;
	let port: number;
	let workflow: SavedWorkflow;
	let kept: readonly string[];

	const start = async (): Promise<void> => {
		n8n = await startN8n({ installation: given('n8n'), userFolder: folder.path, port });
		rest = await signIn(n8n.url);
	};
	const ownIds = () => subscriptionsBelow(sandbox, n8n.url).map((endpoint) => endpoint.id);
	/** What the workflow made of an event: its id, and how many projects it listed then. */
	const receives = async (count: number): Promise<void> => {
		const { id } = sandbox.fire('plan.created');
		await sandbox.engine.settle();
		assert.deepEqual(answersTo(sandbox, id), [200]);
		const execution = (await rest.settled(workflow, count)).at(-1);
		assert.deepEqual([execution?.status, execution?.error], ['success', null]);
		assert.equal(execution?.output['MemberPass Trigger']?.[0]?.['id'], id);
		assert.equal(execution.output['Projects']?.length, 3);
	};

	before(async () => {
		sandbox = await openSandbox();
		const published = join(given('vendor'), 'node_modules/n8n-nodes-memberpass');
		installPackage(pack(published, join(folder.path, 'packed')), folder.path);
		port = await freePort();
		await start();
		const id = await rest.createCredential('MemberPass account', credentialOf(sandbox));
		const credentials = { memberPassApi: { id, name: 'MemberPass account' } };
		workflow = await rest.importWorkflow({
			name: 'Made with 1.4.0',
			nodes: [
				{
					id: 'b3a1f3b2-5a52-4b8e-9b0b-3a9b3d1f5a01',
					name: 'MemberPass Trigger',
					type: 'n8n-nodes-memberpass.memberPassTrigger',
					typeVersion: 1,
					position: [0, 0],
					webhookId: 'b3a1f3b2-5a52-4b8e-9b0b-3a9b3d1f5a02',
					parameters: { events: ['plan.created'] },
					credentials,
				},
				{
					id: 'b3a1f3b2-5a52-4b8e-9b0b-3a9b3d1f5a03',
					name: 'Projects',
					type: 'n8n-nodes-memberpass.memberPass',
					typeVersion: 1,
					position: [220, 0],
					parameters: { operation: 'list' },
					credentials,
				},
			],
			connections: {
				'MemberPass Trigger': { main: [[{ node: 'Projects', type: 'main', index: 0 }]] },
			},
			settings: { executionOrder: 'v1' },
		});
		await rest.publish(workflow);
		kept = ownIds();
	});
	after(async () => {
		await n8n.stop();
		await sandbox.close();
		folder.remove();
	});

	test('runs with 1.4.0, so that there is something to compare with', async () => {
		assert.equal(kept.length, 1);
		await receives(1);
	});

	test('goes on with this release after a restart: same subscription, same secret, same steps', async () => {
		await n8n.stop();
		installPackage(given('tarball'), folder.path);
		await start();
		await receives(2);
		assert.deepEqual(ownIds(), kept);
	});

	test('leaves nothing at MemberPass where it is unpublished with this release', async () => {
		await rest.unpublish(workflow);
		assert.deepEqual(ownIds(), []);
	});
});
