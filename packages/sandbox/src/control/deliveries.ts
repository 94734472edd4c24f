import { deliveryStatuses } from '@memberpass/catalogue';
import type { FastifyReply } from 'fastify';

import { orNotFound, wrongField } from '../errors.ts';
import { omit } from '../omit.ts';
import type { Change, DeliveryRow } from '../page/wire.ts';
import type { Delivery, DeliveryFilter, DeliveryStatus, EngineChange } from '../webhooks/types.ts';
import type { World } from '../world.ts';
import type { AddRoute, Raw } from './router.ts';

export function addDeliveryRoutes(route: AddRoute, world: World): void {
	const { engine } = world;
	route('GET', '/endpoints', () => engine.listEndpoints());
	route('POST', '/endpoints/:id/rotate', ({ params }) => {
		// The rotation of the dashboard, which signs with both secrets for a day.
		const secret = engine.rotateSecret(String(params['id']), 'dashboard');
		return { secret: orNotFound(secret, 'webhook endpoint') };
	});

	route('GET', '/deliveries', ({ query }) =>
		engine.listDeliveries(deliveryFilter(query)).map(deliveryRow),
	);
	route('POST', '/deliveries/:id/replay', ({ params }) => {
		const delivery = engine.retryDelivery(String(params['id']));
		return deliveryRow(orNotFound(delivery, 'webhook delivery'));
	});
	route('GET', '/deliveries/stream', (_request, reply) => {
		stream(world, reply);
	});
}

/** A delivery as the page shows it. */
function deliveryRow(delivery: Delivery): DeliveryRow {
	return { ...omit(delivery, 'teamId'), event: omit(delivery.event, 'teamId') };
}

function changeRow(change: EngineChange): Change {
	switch (change.kind) {
		case 'delivery':
			return { kind: 'delivery', delivery: deliveryRow(change.delivery) };
		case 'event':
			return { kind: 'event', event: omit(change.event, 'teamId') };
		case 'endpoint':
			return { kind: 'endpoint', endpoint: omit(change.endpoint, 'teamId') };
		case 'endpoint_removed':
			return change;
	}
}

function deliveryFilter(query: Raw): DeliveryFilter {
	const { status, endpoint, limit } = query;
	if (
		status !== undefined &&
		!(typeof status === 'string' && Object.hasOwn(deliveryStatuses, status))
	) {
		throw wrongField('status', `Must be one of: ${Object.keys(deliveryStatuses).join(', ')}.`);
	}
	const most = Number(limit ?? 100);
	if (!Number.isInteger(most) || most < 1) {
		throw wrongField('limit', 'Must be a whole number above 0.');
	}
	return {
		limit: most,
		...(status === undefined ? {} : { status: status as DeliveryStatus }),
		...(typeof endpoint === 'string' ? { endpointId: endpoint } : {}),
	};
}

/** Bytes that wait for a listener that does not read, such as a page that the browser put to sleep. */
const mostUnread = 16 * 1024 * 1024;

/** Server-sent events: every change of endpoints, events and deliveries as it happens. */
function stream(world: World, reply: FastifyReply): void {
	reply.hijack();
	const { raw } = reply;
	raw.writeHead(200, {
		'content-type': 'text/event-stream',
		'cache-control': 'no-store',
		connection: 'keep-alive',
	});
	// Fastify answers HEAD wherever it answers GET: there is nothing to listen to then.
	if (reply.request.method === 'HEAD') {
		raw.end();
		return;
	}
	// A page comes back within a second of the sandbox; by itself a browser waits for three.
	raw.write('retry: 1000\n: ready\n\n');
	const stop = world.engine.onChange((change) => {
		raw.write(`event: ${change.kind}\ndata: ${JSON.stringify(changeRow(change))}\n\n`);
		// Who reads again connects again, and asks for the list.
		if (raw.writableLength > mostUnread) raw.destroy();
	});
	raw.on('close', stop);
	raw.on('error', stop);
}
