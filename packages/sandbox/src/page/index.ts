import type { FastifyInstance } from 'fastify';

import { eventOf, exampleData, projectFor } from '../control/drive.ts';
import { answer, controlRouter, optionalText } from '../control/router.ts';
import { notFound, orNotFound, wrongField } from '../errors.ts';
import { omit } from '../omit.ts';
import type { Seeded } from '../seed.ts';
import { sameOriginOnly } from '../server.ts';
import { bodyOf } from '../validation.ts';
import type { World } from '../world.ts';
import { readAccount } from './account.ts';
import { assets } from './assets.ts';
import { addEndpoint, eventFamilies } from './dashboard.ts';

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
	for (const [name, content] of Object.entries(assets)) {
		const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
		const url = name === 'index.html' ? '/' : `/_sandbox/page/${name}`;
		app.get(url, { onRequest: sameOriginOnly }, (_request, reply) =>
			reply.headers(pageHeaders).type(type).send(content),
		);
	}

	const route = controlRouter(app, world);
	route('GET', '/page/account', ({ query: { project } }) =>
		readAccount(world, seeded, typeof project === 'string' ? project : undefined),
	);
	route('GET', '/page/events', () => eventFamilies());
	route('GET', '/page/example', ({ query }) => {
		const project = projectFor(world, seeded, optionalText(query, 'project_id'));
		return exampleData(world, eventOf(query['type']), project);
	});

	const noun = 'webhook endpoint';
	route('POST', '/page/endpoints', ({ body }, reply) => {
		const { endpoint, secret } = addEndpoint(world, seeded, body);
		return answer(reply, { endpoint: omit(endpoint, 'teamId'), secret }, 201);
	});
	route('POST', '/page/endpoints/:id', ({ params, body }) => {
		const { is_active: active = true } = body;
		if (typeof active !== 'boolean') throw wrongField('is_active', 'Must be true or false.');
		const endpoint = engine.updateEndpoint(String(params['id']), { is_active: active });
		return omit(orNotFound(endpoint, noun), 'teamId');
	});
	route('POST', '/page/endpoints/:id/test', ({ params }) => ({
		delivery_id: orNotFound(engine.testEndpoint(String(params['id'])), noun),
	}));
	route('DELETE', '/page/endpoints/:id', ({ params }) => {
		if (!engine.removeEndpoint(String(params['id']))) throw notFound(noun);
		return null;
	});

	// Somewhere to deliver to for whoever has no receiver yet. `?status=503` plays a receiver in trouble.
	app.post('/_sandbox/page/inbox', { onRequest: sameOriginOnly }, (request, reply) => {
		const status = Number(bodyOf(request.query)['status'] ?? 200);
		return reply
			.code(Number.isInteger(status) && status >= 200 && status <= 599 ? status : 200)
			.send({ received: status < 300 });
	});
}
