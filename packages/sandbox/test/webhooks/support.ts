import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

import { platform } from '@memberpass/catalogue';
import { verifySignature } from '@memberpass/protocol';

import { useCleanups } from '../../../../shared/testing/src/in-tests.ts';
import { serve } from '../../../../shared/testing/src/local-server.ts';
import { VirtualClock } from '../../src/clock.ts';
import { seededRandom } from '../../src/random.ts';
import { standardSwitches } from '../../src/switches.ts';
import { type EngineOptions, WebhookEngine } from '../../src/webhooks/engine.ts';
import type { Attempt, Delivery, DomainEvent, EndpointInput } from '../../src/webhooks/types.ts';

/** What a receiver saw of one delivery. */
export interface Arrival {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** What a receiver does with a delivery: a status, or anything it likes. */
export type Answer = number | ((response: ServerResponse, arrival: Arrival) => void);

export interface TestReceiver {
	readonly url: string;
	readonly port: number;
	readonly arrivals: Arrival[];
	/** What it answers from now on. */
	answer: Answer;
	/** Event ids in the order they came. */
	readonly ids: () => readonly string[];
}

const cleanup = useCleanups();

/** A receiver on a real socket of this machine, closed after the test. */
export async function receive(answer: Answer = 200): Promise<TestReceiver> {
	const arrivals: Arrival[] = [];
	const server = await serve((request, response, body) => {
		const { method = '', url: path = '', headers } = request;
		const arrival = { method, path, headers, body };
		arrivals.push(arrival);
		if (typeof receiver.answer === 'number') {
			response.statusCode = receiver.answer;
			response.end(`answer ${receiver.answer}`);
		} else {
			receiver.answer(response, arrival);
		}
	});
	cleanup(() => server.close());
	const receiver: TestReceiver = {
		url: `${server.origin}/hook`,
		port: Number(new URL(server.origin).port),
		arrivals,
		answer,
		ids: () => arrivals.map(({ headers }) => String(headers['mp-event-id'])),
	};
	return receiver;
}

export interface Bench {
	readonly engine: WebhookEngine;
	readonly clock: VirtualClock;
	readonly switches: EngineOptions['switches'] & ReturnType<typeof standardSwitches>;
	/** Adds an active endpoint for `subscription.created` that belongs to the team `tem_1`. */
	readonly add: (
		url: string,
		input?: Partial<EndpointInput>,
	) => { readonly id: string; readonly secret: string };
	/** Emits and waits until all that is due has been sent. */
	readonly emit: (event?: Partial<DomainEvent>) => Promise<DomainEvent>;
	/** The newest delivery of an endpoint. */
	readonly last: (endpointId: string) => Delivery;
	/** Whether the endpoint is on, its failures in a row, and when it was switched off. */
	readonly state: (endpointId: string) => readonly [boolean, number, string | null];
}

/** An engine on a clock that stands at 2026-06-01T09:00:00Z, closed after the test. */
export function bench(
	settings: Omit<Partial<EngineOptions>, 'switches'> & {
		readonly switches?: Partial<EngineOptions['switches']>;
	} = {},
): Bench {
	const clock = new VirtualClock();
	const { switches: chosen, ...rest } = settings;
	const switches = { ...standardSwitches(), ...chosen };
	const engine = new WebhookEngine({
		clock,
		random: seededRandom('webhook tests'),
		platform,
		// Signatures follow the test's clock, so that what a test expects does not depend on the day it runs.
		signatureNow: () => clock.now(),
		...rest,
		switches,
	});
	cleanup(() => engine.close());
	let made = 0;
	return {
		engine,
		clock,
		switches,
		add: (url, input = {}) => {
			const { endpoint, secret } = engine.addEndpoint({
				name: 'Test',
				url,
				events: ['subscription.created'],
				projectId: null,
				allowedIps: null,
				isActive: true,
				teamId: 'tem_1',
				...input,
			});
			return { id: endpoint.id, secret };
		},
		emit: async (changes = {}) => {
			const event: DomainEvent = {
				id: `evt_${String(++made).padStart(3, '0')}`,
				type: 'subscription.created',
				created_at: '2026-06-01T09:00:00Z',
				api_version: '2026-05-01',
				project_id: 'prj_1',
				data: { subscription_id: 'sub_1', note: 'Zoë' },
				teamId: 'tem_1',
				...changes,
			};
			engine.emit(event);
			await engine.settle();
			return event;
		},
		last: (endpointId) => {
			const [newest] = engine.listDeliveries({ endpointId, limit: 1 });
			if (newest === undefined) throw new Error('There is no delivery.');
			return newest;
		},
		state: (endpointId) => {
			const endpoint = engine.listEndpoints().find(({ id }) => id === endpointId);
			if (endpoint === undefined) throw new Error('There is no such endpoint.');
			return [endpoint.is_active, endpoint.consecutive_failures, endpoint.disabled_at];
		},
	};
}

/** The newest of a list. */
export function newest<T>(list: readonly T[]): T {
	const last = list.at(-1);
	if (last === undefined) throw new Error('The list is empty.');
	return last;
}

/** What a receiver that holds these secrets says of a delivery. */
export const verdict = (arrival: Arrival, now: number, ...secrets: string[]): string =>
	verifySignature({
		body: arrival.body,
		header: arrival.headers['mp-signature'],
		secrets,
		now,
	}).verdict;

/** Status or error of each attempt. */
export const outcomes = (attempts: readonly Attempt[]): readonly (number | string | null)[] =>
	attempts.map(({ response, error }) => response?.status ?? error);
