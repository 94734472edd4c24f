import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { events, type Platform, route } from '@memberpass/catalogue';
import {
	type InputValues,
	isJsonObject,
	type JsonObject,
	readDelivery,
	verifySignature,
} from '@memberpass/protocol';

import { isDeeper } from '../../../packages/sandbox/src/depth.ts';
import { type Client, deepest, isOfHost, rowsOf, type Time } from './client.ts';
import { leftBehind } from './report.ts';
import { type Attempt, type Delivery, type Gap, Interrupted, Trouble } from './types.ts';

const endpointName = 'Recorder, removed when it is done';

/** The largest delivery that is kept, in bytes. */
const largestDelivery = 1024 * 1024;

export interface Receiver {
	/** Where deliveries come in, behind the tunnel. */
	readonly url: string;
	/** Secrets that may have signed; added as endpoints are made. */
	readonly secrets: string[];
	readonly deliveries: readonly Delivery[];
	/** What came and was not signed with one of the secrets. */
	readonly refused: number;
	close(): Promise<void>;
}

/**
 * Starts a receiver on this machine for a tunnel that the user runs. Only a path that nobody can guess is answered,
 * and only what the endpoint's secret signed is kept.
 *
 * @throws Trouble where the port is taken.
 */
export async function startReceiver(
	tunnel: URL,
	port: number,
	platform: Platform,
	time: Pick<Time, 'now'>,
): Promise<Receiver> {
	const path = `${tunnel.pathname.replace(/\/+$/, '')}/recorder-${randomBytes(12).toString('hex')}`;
	const secrets: string[] = [];
	const deliveries: Delivery[] = [];
	let refused = 0;
	const server = createServer((request, response) => {
		void (async () => {
			// A tunnel may cut its own prefix off: the last part of the path is what counts.
			const isOurs =
				request.url?.split('?')[0]?.endsWith(path.slice(path.lastIndexOf('/'))) ?? false;
			const body = request.method === 'POST' && isOurs ? await readAll(request) : null;
			if (body === null) {
				response.writeHead(404).end();
				return;
			}
			const header = request.headers[platform.headers.signature.toLowerCase()];
			const { verdict } = verifySignature({ body, header, secrets, now: time.now() });
			const reading = readDelivery(body);
			if (verdict === 'ok' && reading.ok && !isDeeper(reading.event, deepest)) {
				deliveries.push({ headers: namedHeaders(request), body: body.toString('utf8') });
				response.writeHead(200).end();
				return;
			}
			refused++;
			// The secret may arrive a moment after the first delivery: a refusal makes MemberPass try again.
			response.writeHead(401).end();
		})();
	});
	await listen(server, port);
	const { port: bound } = server.address() as AddressInfo;
	const url = new URL(tunnel);
	// In tests the tunnel is the receiver itself.
	if (url.port === '0') url.port = String(bound);
	url.pathname = path;
	return {
		url: url.href,
		secrets,
		deliveries,
		get refused() {
			return refused;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', (error: Error & { code?: string }) => {
			const taken = error.code === 'EADDRINUSE';
			reject(
				new Trouble(taken ? `Port ${port} is taken. Choose another with --listen.` : error.message),
			);
		});
		server.listen(port, '127.0.0.1', resolve);
	});
}

function readAll(request: IncomingMessage): Promise<Buffer | null> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let size = 0;
		request.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size <= largestDelivery) chunks.push(chunk);
		});
		request.on('end', () => resolve(size <= largestDelivery ? Buffer.concat(chunks) : null));
		request.on('error', () => resolve(null));
	});
}

function namedHeaders({ rawHeaders }: IncomingMessage): Record<string, string> {
	const named: Record<string, string> = {};
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		named[rawHeaders[index] ?? ''] = rawHeaders[index + 1] ?? '';
	}
	return named;
}

export interface DeliveryOptions {
	readonly client: Client;
	/** Not stopped by the user's signal: what was made has to go. */
	readonly cleaner: Client;
	readonly receiver: Receiver;
	readonly signal: AbortSignal;
	readonly time: Time;
	/** Time to listen after the test delivery was ordered. Milliseconds. */
	readonly waitMs: number;
	/** Confines the endpoint to a project. */
	readonly projectId: string | null;
	readonly onAttempt: (attempt: Attempt) => void;
	readonly onNote: (text: string) => void;
	readonly observe: (topic: string, subject: string, seen: string) => void;
	/** What else to do while the endpoint listens. */
	readonly meanwhile: () => Promise<void>;
}

/**
 * Makes an endpoint for the receiver, does what is to be done meanwhile, asks for a test delivery, listens, and removes
 * the endpoint whatever happened.
 *
 * @throws Trouble where the endpoint cannot be made, or cannot be removed again.
 */
export async function recordDeliveries(
	options: DeliveryOptions,
): Promise<{ readonly attempts: readonly Attempt[]; readonly gaps: readonly Gap[] }> {
	const session = new DeliverySession(options);
	try {
		await session.listen();
		return { attempts: session.attempts, gaps: session.gaps };
	} finally {
		await removeAll(options, session);
	}
}

class DeliverySession {
	readonly attempts: Attempt[] = [];
	readonly gaps: Gap[] = [];
	/** IDs of the endpoints that are still to be removed. */
	readonly left = new Set<string>();
	/** Whether an endpoint may be there of which no answer gave the ID. */
	mayBeLost = false;
	readonly #options: DeliveryOptions;

	constructor(options: DeliveryOptions) {
		this.#options = options;
	}

	async listen(): Promise<void> {
		const { receiver, time, signal, waitMs, meanwhile, onNote } = this.#options;
		const endpoint = await this.#subscribe('create_webhook_endpoint');
		await this.#run('list_webhook_endpoints', {}, 'with an endpoint');
		await meanwhile();
		const before = receiver.deliveries.length;
		await this.#run('test_webhook_endpoint', { endpoint });
		onNote(`listening for ${waitMs / 1000} s …`);
		await time.pause(waitMs, signal);
		if (signal.aborted) throw new Interrupted();
		if (receiver.deliveries.length === before) {
			this.gaps.push({ subject: 'test delivery', reason: noDelivery(receiver) });
		}
		const [rotated] = rowsOf(await this.#run('rotate_webhook_secret', { endpoint }));
		const secret = rotated?.['secret'];
		if (typeof secret === 'string') receiver.secrets.push(secret);
		await this.#run('update_webhook_endpoint', { endpoint, is_active: true });
		this.gaps.push({ subject: 'retry_webhook_delivery', reason: 'no delivery failed for good' });
		await this.#remove('delete_webhook_endpoint', endpoint);
		const subscription = await this.#subscribe('create_webhook_subscription');
		await this.#remove('delete_webhook_subscription', subscription);
	}

	async #remove(key: string, endpoint: string): Promise<void> {
		const { outcome } = await this.#run(key, { endpoint });
		if (outcome.ok) this.left.delete(endpoint);
	}

	/** Subscribes to every event that the token may have. The ID of what was made. */
	async #subscribe(key: string): Promise<string> {
		const { projectId, receiver } = this.#options;
		let wanted = [...events];
		for (;;) {
			this.mayBeLost = true;
			const attempt = await this.#run(key, {
				name: endpointName,
				url: receiver.url,
				events: wanted.map(({ type }) => type),
				...(projectId === null ? {} : { project_id: projectId }),
			});
			if (attempt.outcome.ok) {
				const { id, secret } = attempt.outcome.rows[0] ?? {};
				if (typeof id === 'string') {
					this.left.add(id);
					this.mayBeLost = false;
				}
				if (typeof secret === 'string') receiver.secrets.push(secret);
				if (typeof id === 'string' && typeof secret === 'string') return id;
				throw new Trouble('The answer to the new webhook endpoint has no id or no secret.');
			}
			const { kind, missingAbility, message } = attempt.outcome.problem;
			this.mayBeLost = isOfHost(kind);
			const left = wanted.filter(({ ability }) => ability !== missingAbility);
			if (missingAbility === null || left.length === wanted.length || left.length === 0) {
				throw new Trouble(`The webhook endpoint could not be made: ${message}`);
			}
			const subject = `events that need ${missingAbility}`;
			this.gaps.push({ subject, reason: 'the token lacks it' });
			this.attempts[this.attempts.indexOf(attempt)] = { ...attempt, name: 'missing ability' };
			wanted = left;
		}
	}

	async #run(key: string, input: InputValues, name = 'success'): Promise<Attempt> {
		const attempt = await this.#options.client.run(route(key), input, { name });
		this.attempts.push(attempt);
		this.#options.onAttempt(attempt);
		return attempt;
	}
}

const noDelivery = (receiver: Receiver): string =>
	receiver.refused > 0
		? `${receiver.refused} came whose signature does not verify`
		: 'nothing came: check that the tunnel leads to the port of --listen';

/** Removes what is still there: by id, and by address where an answer with an id was lost. */
async function removeAll(
	{ cleaner, observe, receiver }: DeliveryOptions,
	{ left, mayBeLost }: DeliverySession,
): Promise<void> {
	const list = await cleaner.run(route('list_webhook_endpoints'), {}, { maxPages: 50 });
	const isOurs = ({ id, url }: JsonObject): boolean =>
		url === receiver.url || (typeof id === 'string' && left.has(id));
	const others = rowsOf(list).filter((row) => row['name'] === endpointName && !isOurs(row)).length;
	if (others > 0) observe('clean-up', `${others} × webhook endpoint "${endpointName}"`, leftBehind);
	// Also what the list does not show: it may be longer, or older, than what was read.
	const found = rowsOf(list).filter(isOurs);
	const ids = new Set([
		...left,
		...found.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
	]);
	const stuck: string[] = [];
	for (const endpoint of ids) {
		const { outcome } = await cleaner.run(route('delete_webhook_endpoint'), { endpoint });
		if (!outcome.ok && outcome.problem.kind !== 'not_found') stuck.push(endpoint);
	}
	// It would go on sending what happens in the account to an address that is nobody's by then.
	if (mayBeLost && !list.outcome.ok) stuck.push(`any with the address ${receiver.url}`);
	if (stuck.length > 0) {
		throw new Trouble(
			`These webhook endpoints could not be removed, please remove them by hand: ${stuck.join(', ')}.`,
		);
	}
}

/** The event of a delivery that was read before; the byte order mark that may be before it is no part of it. */
export function eventOf(delivery: Delivery): Readonly<Record<string, unknown>> {
	const event: unknown = JSON.parse(delivery.body.replace(/^\uFEFF/, ''));
	return isJsonObject(event) ? event : {};
}
