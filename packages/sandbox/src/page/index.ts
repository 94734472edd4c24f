import type { FastifyInstance, FastifyReply } from 'fastify';

import { bodyOf, type Raw } from '../control/router.ts';
import { wrongField } from '../errors.ts';
import { omit } from '../omit.ts';
import type { Seeded } from '../seed.ts';
import { rememberPath, sameOriginOnly } from '../server.ts';
import type { World } from '../world.ts';
import { readAccount } from './account.ts';
import { assets } from './assets.ts';
import { addEndpoint, eventFamilies, exampleData, found } from './dashboard.ts';

export interface PageOptions {
	readonly world: World;
	readonly seeded: Seeded;
}

const types: Readonly<Record<string, string>> = {
	css: 'text/css; charset=utf-8',
	html: 'text/html; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	svg: 'image/svg+xml',
};

/**
 * The page shows what comes from outside: names from the API, bodies from receivers. It writes them as text; these
 * headers are the second lock. Nothing runs that is not a file of the page, nothing leaves for another host, and the
 * browser itself refuses a text that is about to become HTML (trusted types).
 */
const pageHeaders = {
	'content-security-policy': [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	].join('; '),
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	// The sandbox of tomorrow has another page under the same address.
	'cache-control': 'no-cache',
} as const;

/** The page at `/`, its files, and what it asks for beyond the control routes. Not part of MemberPass. */
export function addPage(app: FastifyInstance, { world, seeded }: PageOptions): void {
	const { engine } = world;
	const route = (
		method: 'GET' | 'POST' | 'DELETE',
		url: string,
		run: (request: { body: Raw; query: Raw; id: string }, reply: FastifyReply) => unknown,
	): void => {
		rememberPath(app, method, url);
		app.route({
			method,
			url,
			onRequest: sameOriginOnly,
			handler: (request, reply) =>
				run(
					{
						body: bodyOf(request.body),
						query: bodyOf(request.query),
						id: String(bodyOf(request.params)['id']),
					},
					reply,
				),
		});
	};

	for (const [name, content] of Object.entries(assets)) {
		const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
		const url = name === 'index.html' ? '/' : `/_sandbox/page/${name}`;
		route('GET', url, (_request, reply) => reply.headers(pageHeaders).type(type).send(content));
	}

	route('GET', '/_sandbox/page/account', ({ query }) => {
		const { project } = query;
		return { data: readAccount(world, seeded, typeof project === 'string' ? project : undefined) };
	});
	route('GET', '/_sandbox/page/events', () => ({ data: eventFamilies() }));
	route('GET', '/_sandbox/page/example', ({ query }) => ({
		data: exampleData(world, seeded, query),
	}));

	route('POST', '/_sandbox/page/endpoints', ({ body }, reply) => {
		const { endpoint, secret } = addEndpoint(world, seeded, body);
		return reply.code(201).send({ data: { endpoint: omit(endpoint, 'teamId'), secret } });
	});
	route('POST', '/_sandbox/page/endpoints/:id', ({ id, body }) => {
		const { is_active: active = true } = body;
		if (typeof active !== 'boolean') throw wrongField('is_active', 'Must be true or false.');
		return { data: omit(found(engine.updateEndpoint(id, { is_active: active })), 'teamId') };
	});
	route('POST', '/_sandbox/page/endpoints/:id/test', ({ id }) => ({
		data: { delivery_id: found(engine.testEndpoint(id)) },
	}));
	route('DELETE', '/_sandbox/page/endpoints/:id', ({ id }) => {
		found(engine.removeEndpoint(id));
		return { data: null };
	});

	// Somewhere to deliver to for whoever has no receiver yet. `?status=503` plays a receiver in trouble.
	route('POST', '/_sandbox/page/inbox', ({ query }, reply) => {
		const status = Number(query['status'] ?? 200);
		return reply
			.code(Number.isInteger(status) && status >= 200 && status <= 599 ? status : 200)
			.send({ received: status < 300 });
	});
}
