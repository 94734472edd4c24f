import type { INodeParameters } from 'n8n-workflow';

import { type Sandbox, startSandbox, VirtualClock } from '../../sandbox/src/index.ts';
import { verifySignature } from '../../../shared/protocol/src/signature.ts';
import { useCleanups } from '../../../shared/testing/src/in-tests.ts';
import { serve } from '../../../shared/testing/src/local-server.ts';
import { useEngine, useRealSockets } from './support.mts';

/** The operations around webhooks, against a MemberPass that really delivers, retries and gives up. */
const engine = useEngine();

useRealSockets();
const cleanup = useCleanups();

interface Received {
	readonly header: string;
	readonly body: Buffer;
}

interface Scene {
	readonly sandbox: Sandbox;
	readonly url: string;
	readonly received: Received[];
	/** What the receiver answers with. */
	answer: number;
	executions: number;
}

async function scene(): Promise<Scene> {
	const sandbox = await startSandbox({ clock: new VirtualClock(Date.now()), rateLimits: false });
	cleanup(() => sandbox.close());
	const server = await serve(({ headers }, response, body) => {
		made.received.push({ header: String(headers['mp-signature']), body });
		response.writeHead(made.answer).end();
	});
	cleanup(() => server.close());
	const made: Scene = {
		sandbox,
		url: `${server.origin}/hook`,
		received: [],
		answer: 200,
		executions: 0,
	};
	return made;
}

/** Runs one operation of the node, each in an execution of its own, and gives its only item. */
async function act(stage: Scene, parameters: INodeParameters) {
	const { items, error } = await engine().run({
		credential: { apiToken: stage.sandbox.token, baseUrl: stage.sandbox.apiUrl },
		node: 'memberPass',
		typeVersion: 2,
		parameters,
		executionId: String(++stage.executions),
	});
	expect(error).toBeNull();
	expect(items).toHaveLength(1);
	return items[0]?.json ?? {};
}

/** An endpoint at the receiver. Made in the sandbox: the node's form asks for https, as MemberPass does. */
function endpointOf({ sandbox, url }: Scene): string {
	return sandbox.engine.addEndpoint({
		name: 'CRM sync',
		url,
		events: ['plan.created'],
		projectId: null,
		allowedIps: null,
		isActive: true,
		teamId: sandbox.seeded.team.id,
	}).endpoint.id;
}

const isGenuine = ({ header, body }: Received, secret: unknown, now: number): boolean =>
	verifySignature({ body, header, secrets: [String(secret)], now }).verdict === 'ok';

test('a delivery that MemberPass gave up is sent once more by Webhook Delivery: Retry', async () => {
	const stage = await scene();
	endpointOf(stage);
	stage.answer = 500;
	const event = stage.sandbox.fire('plan.created');
	await stage.sandbox.advance(5 * 24 * 60 * 60 * 1000);
	expect(stage.received).toHaveLength(8);
	const [dead] = stage.sandbox.engine.listDeliveries();
	expect(dead?.status).toBe('dead');
	stage.answer = 200;
	const result = await act(stage, {
		resource: 'webhookDelivery',
		operation: 'retry',
		deliveryId: dead?.id ?? '',
	});
	expect(result).toMatchObject({ id: dead?.id, status: 'pending' });
	await stage.sandbox.advance(1_000);
	expect(stage.received).toHaveLength(9);
	expect(stage.received.at(-1)?.body.toString()).toContain(event.id);
	expect(stage.sandbox.engine.listDeliveries()[0]?.status).toBe('delivered');
});

test('an endpoint that was switched off receives again after Webhook Endpoint: Enable or Disable', async () => {
	const stage = await scene();
	const id = endpointOf(stage);
	const switchTo = async (isActive: boolean) =>
		await act(stage, {
			resource: 'webhookEndpoint',
			operation: 'setActive',
			endpointId: { __rl: true, mode: 'id', value: id },
			isActive,
		});
	expect(await switchTo(false)).toMatchObject({ id, is_active: false });
	stage.sandbox.fire('plan.created');
	await stage.sandbox.engine.settle();
	expect(stage.received).toEqual([]);
	expect(await switchTo(true)).toMatchObject({ id, is_active: true, consecutive_failures: 0 });
	stage.sandbox.fire('plan.created');
	await stage.sandbox.engine.settle();
	expect(stage.received).toHaveLength(1);
});

test('the secret of Rotate Secret is the one that signs from then on, alone', async () => {
	const stage = await scene();
	const id = endpointOf(stage);
	const { secret } = await act(stage, {
		resource: 'webhookEndpoint',
		operation: 'rotateSecret',
		endpointId: id,
	});
	stage.sandbox.fire('plan.created');
	await stage.sandbox.engine.settle();
	const [delivery] = stage.received;
	if (delivery === undefined) throw new Error('Nothing was delivered.');
	expect(isGenuine(delivery, secret, stage.sandbox.clock.now())).toBe(true);
	expect(isGenuine(delivery, 'another', stage.sandbox.clock.now())).toBe(false);
	expect(delivery.header).not.toContain('v0=');
});

test('Send Test delivers to the endpoint and names the delivery', async () => {
	const stage = await scene();
	const id = endpointOf(stage);
	const result = await act(stage, {
		resource: 'webhookEndpoint',
		operation: 'test',
		endpointId: id,
	});
	await stage.sandbox.engine.settle();
	expect(stage.received).toHaveLength(1);
	expect(stage.sandbox.engine.listDeliveries()[0]?.id).toBe(result['delivery_id']);
});
