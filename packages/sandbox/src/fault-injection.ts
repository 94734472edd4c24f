import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { ApiError } from './errors.ts';
import { type Fault, type FaultKind, retryAfterForms } from './faults.ts';
import type { StoredAnswer } from './idempotency.ts';
import { bytes } from './server.ts';

type Suffer = (fault: Fault, request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

/** Faults that leave nothing done. Null where nothing is answered. */
const early: Readonly<Partial<Record<FaultKind, Suffer>>> = {
	reset: (_fault, request, reply) => {
		reply.hijack();
		request.raw.socket.resetAndDestroy();
		return null;
	},
	close: (_fault, request, reply) => {
		reply.hijack();
		request.raw.socket.destroy();
		return null;
	},
	stall: (_fault, _request, reply) => {
		reply.hijack();
		return null;
	},
	html: (fault, _request, reply) =>
		reply
			.code(fault.status ?? 200)
			.header('content-type', 'text/html; charset=utf-8')
			.send('<!DOCTYPE html><html><head><title>Sandbox</title></head><body>No JSON.</body></html>'),
	empty: (_fault, _request, reply) => reply.code(200).send(),
	redirect: (fault, _request, reply) =>
		reply
			.code(302)
			.header('location', fault.to ?? 'http://127.0.0.1:9/elsewhere')
			.send(),
	rate_limited: (fault) => {
		// Receivers compare dates with their own clock, so the machine's time counts.
		const value = retryAfterForms[fault.retryAfter ?? 'seconds'](Date.now());
		throw new ApiError('RATE_LIMITED', {
			message: 'Too many requests.',
			remediation: 'Wait for the time in Retry-After.',
			headers: value === null ? {} : { 'Retry-After': value },
		});
	},
	error: (fault) => {
		const status = fault.status ?? 503;
		throw new ApiError(status === 503 ? 'SERVICE_UNAVAILABLE' : 'SERVER_ERROR', { status });
	},
};

/** True where a fault ended the request before anything was done. */
export async function sufferEarly(
	fault: Fault | null,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<boolean> {
	const suffer = fault === null ? undefined : early[fault.kind];
	if (fault === null || suffer === undefined) return false;
	await suffer(fault, request, reply);
	return true;
}

/** Sends half of an answer, then breaks off or falls silent. */
async function sendHalf(
	request: FastifyRequest,
	reply: FastifyReply,
	answer: StoredAnswer,
	end: 'cut' | 'stall',
): Promise<void> {
	reply.hijack();
	const body = Buffer.from(answer.body === '' ? '{}' : answer.body);
	reply.raw.writeHead(answer.status === 204 ? 200 : answer.status, {
		'content-type': 'application/json',
		'content-length': body.length,
	});
	reply.raw.write(body.subarray(0, Math.ceil(body.length / 2)));
	const { socket } = request.raw;
	if (end === 'stall') {
		if (!socket.destroyed) await once(socket, 'close');
		return;
	}
	// Without the wait the head may never leave, and it would be a reset.
	await sleep(20);
	socket.destroy();
}

/** Sends an answer, or what a fault makes of it. */
export async function send(
	request: FastifyRequest,
	reply: FastifyReply,
	answer: StoredAnswer,
	fault: Fault | null,
): Promise<void> {
	if (fault?.kind === 'error_after_write') {
		// The answer is kept under its key already: the next try gets it.
		throw new ApiError('SERVER_ERROR');
	}
	if (fault?.kind === 'cut_body') return sendHalf(request, reply, answer, 'cut');
	if (fault?.kind === 'stall_body') return sendHalf(request, reply, answer, 'stall');
	if (fault?.kind === 'slow_headers') await sleep(fault.ms ?? 1_500, undefined, { ref: false });
	reply.code(answer.status);
	if (answer.contentType === null) await reply.send();
	else await reply.header('content-type', answer.contentType).send(bytes(answer.body));
}
