import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ApiError, wrongField } from '../errors.ts';
import { sameOriginOnly } from '../server.ts';
import { bodyOf } from '../validation.ts';
import type { World } from '../world.ts';

/** A body, a query or the parts of a path, not checked yet. */
export type Raw = Readonly<Record<string, unknown>>;

/** Adds an address below `/_sandbox`. What `run` returns is the `data` of a 200, unless it has answered itself. */
export type AddRoute = (
	method: 'GET' | 'POST' | 'DELETE',
	path: string,
	run: (
		request: { readonly body: Raw; readonly query: Raw; readonly params: Raw },
		reply: FastifyReply,
	) => unknown,
) => void;

export const answer = (reply: FastifyReply, data: unknown, status = 200): FastifyReply =>
	reply.code(status).send({ data });

/** An optional text of a body. */
export function optionalText(body: Raw, name: string): string | undefined {
	const value = body[name];
	if (value === undefined || typeof value === 'string') return value;
	throw wrongField(name, 'Must be a text.');
}

/** An optional list of texts of a body. Anything else is refused: what stands for nothing would stand for all. */
export function optionalTexts(body: Raw, name: string): readonly string[] | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (Array.isArray(value)) {
		const texts = value.filter((one) => typeof one === 'string');
		if (texts.length === value.length) return texts;
	}
	throw wrongField(name, 'Must be a list of texts.');
}

/** The addresses that drive the sandbox: for its own page and for programs, never for other pages or deliveries. */
export function controlRouter(app: FastifyInstance, world: World): AddRoute {
	const eventId = world.platform.headers.eventId.toLowerCase();
	/** An event names its type as a call here does, so a delivery would fire the next one without end. */
	const noDelivery = (
		{ headers }: Pick<FastifyRequest, 'headers'>,
		_reply: unknown,
		done: (error?: Error) => void,
	): void => {
		const refusal = new ApiError('MALFORMED_REQUEST', {
			message: 'This address drives the sandbox and takes no deliveries.',
			remediation: 'Give the endpoint the address of your receiver, or /_sandbox/page/inbox.',
		});
		done(headers[eventId] === undefined ? undefined : refusal);
	};

	return (method, path, run) => {
		app.route({
			method,
			url: `/_sandbox${path}`,
			onRequest: [sameOriginOnly, noDelivery],
			handler: async (request, reply) => {
				const result = await run(
					{
						body: bodyOf(request.body),
						query: bodyOf(request.query),
						params: bodyOf(request.params),
					},
					reply,
				);
				return reply.sent ? reply : answer(reply, result);
			},
		});
	};
}
