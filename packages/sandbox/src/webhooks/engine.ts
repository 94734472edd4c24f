import { limits, type Platform } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';

import type { Clock } from '../clock.ts';
import { dataSchema, exampleOf, knownEvent } from '../event-data.ts';
import { createIds, type Ids } from '../ids.ts';
import type { Random } from '../random.ts';
import type { Switches } from '../switches.ts';
import { hour, iso, second } from '../time.ts';
import { Lane } from './engine-lane.ts';
import { explain, type PinnedSend, post } from './engine-post.ts';
import { findTarget, type Resolve, resolveHost, urlProblem } from './engine-target.ts';
import type {
	Attempt,
	Delivery,
	DeliveryFault,
	DeliveryFilter,
	DeliveryStatus,
	DomainEvent,
	Endpoint,
	EndpointInput,
	EngineChange,
	EventFilter,
	Send,
} from './types.ts';

export interface EngineOptions {
	readonly clock: Clock;
	readonly random: Random;
	/** Read at each use: switches may change while the sandbox runs. */
	readonly switches: Readonly<Switches>;
	readonly platform: Platform;
	/** Over the network where absent. */
	readonly send?: Send | undefined;
	/** Real milliseconds a receiver has; 10,000 where absent, as documented. */
	readonly timeoutMs?: number | undefined;
	/** Whether deliveries may leave this machine. */
	readonly allowRemote?: boolean;
	/** Deliveries and events that are kept; the oldest finished ones go first. 5,000 where absent. */
	readonly keep?: number;
	/**
	 * Unix milliseconds that signatures are dated with. The machine's time where absent, even where the sandbox runs on
	 * another: the receiver compares with its own clock and refuses what is 300 seconds off.
	 */
	readonly signatureNow?: () => number;
	/** Finds the addresses of a host; the machine's own resolver where absent. */
	readonly resolve?: Resolve;
}

const deadLetterWaitMs = 72 * hour;
/** A delivery that was told to overtake goes out by itself after this long, so that it is not lost where nothing follows. */
const longestHoldMs = 60 * second;
const testEventType = 'subscription.created';

/** An endpoint with what nobody may see. */
interface Receiver {
	endpoint: Endpoint;
	secret: string;
	/** Signs beside the new secret until then, after a rotation from the dashboard. */
	old: { readonly secret: string; readonly until: number } | null;
	readonly lane: Lane;
	/** Deliveries that wait for one to overtake them. */
	readonly heldBack: Set<Row>;
}

/** A delivery with what drives it. `delivery` is replaced, never changed: callers keep what they were given. */
interface Row {
	delivery: Delivery;
	/** Every attempt sends this text, byte for byte. */
	readonly body: string;
	/** Goes up when the row starts over; what an older run brings back is ignored. */
	run: number;
	/** Asked for by hand: the next attempt is sent even where the endpoint is off. */
	byHand: boolean;
	/** Waits until the endpoint is switched on. */
	parked: boolean;
	/** Being sent, or next in its lane. */
	due: boolean;
	/** The first success is sent once more. */
	duplicate: boolean;
	firstSignature: string | null;
	cancel: (() => void) | null;
}

/** Faults that are still to be suffered. */
interface Trouble {
	readonly fault: DeliveryFault;
	left: number;
}

interface Exchange {
	readonly attempt: Attempt;
	/** What becomes of a delivery that may not be sent; null where it was. */
	readonly unsent: 'failed' | 'dead' | null;
}

const isOver = (row: Row): boolean =>
	row.delivery.status === 'delivered' ||
	row.delivery.status === 'dead' ||
	// Held, because the address is elsewhere: nothing will happen by itself.
	(row.delivery.status === 'failed' && row.cancel === null && !row.parked && !row.due);

/**
 * Delivers events the way docs.memberpass.net/webhooks describes it: signed, at least once, eight attempts, dead
 * letters, and an endpoint that is switched off after twenty failures in a row.
 *
 * Waits run on the clock, which a test may move. Sockets do not: a receiver lives in real time.
 */
export class WebhookEngine {
	readonly #options: EngineOptions;
	readonly #ids: Ids;
	readonly #secrets: Random;
	readonly #send: PinnedSend;
	readonly #receivers = new Map<string, Receiver>();
	/** Oldest first. */
	readonly #rows = new Map<string, Row>();
	/** Oldest first. */
	readonly #events: DomainEvent[] = [];
	readonly #listeners = new Set<(change: EngineChange) => void>();
	readonly #sending = new Set<AbortController>();
	#troubles: Trouble[] = [];
	/** Deliveries that are due now and not finished. */
	#busy = 0;
	#whenIdle: (() => void)[] = [];
	#closed = false;

	constructor(options: EngineOptions) {
		this.#options = options;
		this.#ids = createIds(options.clock, options.random.fork('webhook-ids'));
		this.#secrets = options.random.fork('webhook-secrets');
		this.#send = options.send ?? post;
	}

	/**
	 * Adds an endpoint. The secret is in this answer and in no other.
	 *
	 * @throws RangeError for an address that {@link urlProblem} refuses; callers are expected to have asked.
	 */
	addEndpoint(input: EndpointInput): { readonly endpoint: Endpoint; readonly secret: string } {
		const problem = urlProblem(input.url, this.#options.switches.webhookUrls);
		if (problem !== null) throw new RangeError(problem);
		const endpoint: Endpoint = {
			id: this.#ids.next('webhookEndpoint'),
			name: input.name,
			url: input.url,
			events: [...input.events],
			project_id: input.projectId,
			allowed_ips: input.allowedIps === null ? null : [...input.allowedIps],
			is_active: input.isActive,
			disabled_at: null,
			consecutive_failures: 0,
			created_at: this.#now(),
			teamId: input.teamId,
		};
		const secret = this.#newSecret();
		this.#receivers.set(endpoint.id, {
			endpoint,
			secret,
			old: null,
			lane: new Lane(),
			heldBack: new Set(),
		});
		this.#announce({ kind: 'endpoint', endpoint });
		return { endpoint, secret };
	}

	/** Its deliveries stay in the log; those that were still to be sent are dead. False where there is none. */
	removeEndpoint(id: string): boolean {
		const receiver = this.#receivers.get(id);
		if (receiver === undefined) return false;
		this.#receivers.delete(id);
		for (const row of this.#rows.values()) {
			if (row.delivery.endpointId !== id || isOver(row)) continue;
			this.#restart(row);
			this.#book(row, 'dead', this.#notSent(row, receiver, 'Not sent: the endpoint was deleted.'));
		}
		this.#announce({ kind: 'endpoint_removed', id });
		return true;
	}

	/** Null where there is none. Switching on resets the failures in a row. */
	updateEndpoint(id: string, change: { readonly is_active: boolean }): Endpoint | null {
		const receiver = this.#receivers.get(id);
		if (receiver === undefined) return null;
		this.#change(
			receiver,
			change.is_active
				? { is_active: true, disabled_at: null, consecutive_failures: 0 }
				: // `disabled_at` is for what MemberPass switched off by itself.
					{ is_active: false },
		);
		if (change.is_active) {
			for (const row of this.#rows.values()) {
				if (row.parked && row.delivery.endpointId === id) void this.#deliver(row, receiver);
			}
		}
		return receiver.endpoint;
	}

	/**
	 * The new secret, or null where there is no such endpoint.
	 *
	 * docs.memberpass.net/webhooks/security: only a rotation from the dashboard signs with both secrets for a day; one
	 * over the API ends the old secret, and any dual signing still under way, at once.
	 */
	rotateSecret(id: string, by: 'api' | 'dashboard'): string | null {
		const receiver = this.#receivers.get(id);
		if (receiver === undefined) return null;
		receiver.old =
			by === 'dashboard' || this.#options.switches.apiRotation === 'both'
				? {
						secret: receiver.secret,
						until: this.#options.clock.now() + limits.dualSigningHours * hour,
					}
				: null;
		receiver.secret = this.#newSecret();
		return receiver.secret;
	}

	/**
	 * Queues a made-up `subscription.created`; the delivery's id, or null where there is no such endpoint.
	 *
	 * Sent whatever the endpoint listens for, and even where it is off: a test is how one finds out whether it may be
	 * switched on (inferred). It is no past event, so {@link recentEvents} does not list it.
	 */
	testEndpoint(id: string): string | null {
		const receiver = this.#receivers.get(id);
		if (receiver === undefined || this.#closed) return null;
		const { platform, switches } = this.#options;
		const schema = dataSchema(knownEvent(testEventType), switches.eventShape);
		const event: DomainEvent = {
			id: this.#ids.next('event'),
			type: testEventType,
			created_at: this.#now(),
			api_version: platform.apiVersion,
			project_id: receiver.endpoint.project_id ?? this.#ids.next('project'),
			// The example of an object.
			data: exampleOf(schema) as DomainEvent['data'],
			teamId: receiver.endpoint.teamId,
		};
		const row = this.#add(receiver, event);
		row.byHand = true;
		this.#first(row, receiver);
		return row.delivery.id;
	}

	/**
	 * Puts a failed or dead delivery back: pending, no attempts. Anything else is given back as it is. Null where there is
	 * none, or its endpoint is gone.
	 */
	retryDelivery(id: string): Delivery | null {
		const row = this.#rows.get(id);
		const receiver = row && this.#receivers.get(row.delivery.endpointId);
		if (row === undefined || receiver === undefined) return null;
		const { status } = row.delivery;
		if (this.#closed || (status !== 'failed' && status !== 'dead')) return row.delivery;
		this.#restart(row);
		row.byHand = true;
		this.#update(row, { status: 'pending', attempts: [], nextAttemptAt: null });
		void this.#deliver(row, receiver);
		return row.delivery;
	}

	/**
	 * One delivery for each endpoint that listens; they exist when this returns, and are sent soon after.
	 *
	 * @returns how many active endpoints listen for it.
	 */
	emit(event: DomainEvent): number {
		if (this.#closed) return 0;
		let listening = 0;
		this.#events.push(event);
		if (this.#events.length > this.#keep()) this.#events.shift();
		this.#announce({ kind: 'event', event });
		for (const receiver of [...this.#receivers.values()]) {
			if (!this.#listens(receiver.endpoint, event)) continue;
			if (receiver.endpoint.is_active) {
				listening++;
				this.#first(this.#add(receiver, event), receiver);
			} else if (this.#options.switches.whileDisabled === 'queue') {
				this.#add(receiver, event).parked = true;
			}
		}
		return listening;
	}

	listEndpoints(teamId?: string): readonly Endpoint[] {
		return [...this.#receivers.values()]
			.map(({ endpoint }) => endpoint)
			.filter((endpoint) => teamId === undefined || endpoint.teamId === teamId);
	}

	/** Newest first. */
	listDeliveries({ teamId, endpointId, status, limit }: DeliveryFilter = {}): readonly Delivery[] {
		return [...this.#rows.values()]
			.map(({ delivery }) => delivery)
			.filter(
				(delivery) =>
					(teamId === undefined || delivery.teamId === teamId) &&
					(endpointId === undefined || delivery.endpointId === endpointId) &&
					(status === undefined || delivery.status === status),
			)
			.reverse()
			.slice(0, limit);
	}

	/** Newest first. */
	recentEvents({ teamId, type, projectId, limit }: EventFilter = {}): readonly DomainEvent[] {
		return this.#events
			.filter(
				(event) =>
					(teamId === undefined || event.teamId === teamId) &&
					(type === undefined || event.type === type) &&
					(projectId === undefined || event.project_id === projectId),
			)
			.reverse()
			.slice(0, limit);
	}

	/** @throws RangeError where `times` is no whole number above 0. */
	inject(fault: DeliveryFault): void {
		if (!Number.isInteger(fault.times) || fault.times < 1) {
			throw new RangeError(`A fault happens a whole number of times, not ${fault.times}.`);
		}
		this.#troubles.push({ fault, left: fault.times });
	}

	/** What was injected and is still to come. */
	listFaults(): readonly (DeliveryFault & { readonly left: number })[] {
		return this.#troubles.map(({ fault, left }) => ({ ...fault, left }));
	}

	/** Takes back what is still to come. */
	clearFaults(): void {
		this.#troubles = [];
	}

	/** @returns Ends the listening. */
	onChange(listener: (change: EngineChange) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Resolves when nothing is being sent. Deliveries that wait for their next attempt do not count. */
	settle(): Promise<void> {
		if (this.#busy === 0) return Promise.resolve();
		return new Promise((resolve) => this.#whenIdle.push(resolve));
	}

	/** Drops timers and breaks off what is being sent, which leaves no attempt behind. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const row of this.#rows.values()) this.#stop(row);
		for (const controller of this.#sending) controller.abort();
		await this.settle();
	}

	#now(): string {
		return iso(this.#options.clock.now());
	}

	#keep(): number {
		return this.#options.keep ?? 5_000;
	}

	/** No page says what a secret looks like; this one says what it is. */
	#newSecret(): string {
		return `mps_sandbox_${this.#secrets.hex(32)}`;
	}

	#listens(endpoint: Endpoint, event: DomainEvent): boolean {
		if (endpoint.teamId !== event.teamId || !endpoint.events.includes(event.type)) return false;
		if (endpoint.project_id === null || endpoint.project_id === event.project_id) return true;
		return event.project_id === null && this.#options.switches.accountEvents === 'send';
	}

	#add(receiver: Receiver, emitted: DomainEvent): Row {
		const event =
			this.#options.switches.eventIdPer === 'delivery'
				? { ...emitted, id: this.#ids.next('event') }
				: emitted;
		const { id, type, created_at, api_version, project_id, data } = event;
		const row: Row = {
			delivery: {
				id: this.#ids.next('webhookDelivery'),
				endpointId: receiver.endpoint.id,
				event,
				status: 'pending',
				attempts: [],
				nextAttemptAt: null,
				createdAt: this.#now(),
				teamId: event.teamId,
			},
			body: JSON.stringify({ id, type, created_at, api_version, project_id, data }),
			run: 0,
			byHand: false,
			parked: false,
			due: false,
			duplicate: false,
			firstSignature: null,
			cancel: null,
		};
		this.#rows.set(row.delivery.id, row);
		this.#forget();
		this.#announce({ kind: 'delivery', delivery: row.delivery });
		return row;
	}

	/** What is still to be sent is kept beyond the limit, except what waits for somebody to switch its endpoint on. */
	#forget(): void {
		for (const disposable of [isOver, (row: Row) => row.parked]) {
			for (const [id, row] of this.#rows) {
				if (this.#rows.size <= this.#keep()) return;
				if (disposable(row)) this.#rows.delete(id);
			}
		}
	}

	/** Sends a new delivery, or lets what was injected happen to it. */
	#first(row: Row, receiver: Receiver): void {
		row.duplicate = this.#suffers('duplicate', receiver);
		if (this.#suffers('reorder', receiver)) {
			receiver.heldBack.add(row);
			this.#wait(row, longestHoldMs, () => {
				receiver.heldBack.delete(row);
				return this.#deliver(row, receiver);
			});
			return;
		}
		const overtaken = [...receiver.heldBack];
		receiver.heldBack.clear();
		void this.#deliver(row, receiver);
		// The lane keeps the order; behind a receiver so slow that the lane overlaps, order is anyone's guess anyway.
		for (const held of overtaken) void this.#deliver(held, receiver);
	}

	#suffers(kind: DeliveryFault['kind'], receiver: Receiver): boolean {
		const trouble = this.#troubles.find(
			({ fault }) =>
				fault.kind === kind && (fault.endpointId ?? receiver.endpoint.id) === receiver.endpoint.id,
		);
		if (trouble === undefined) return false;
		trouble.left--;
		this.#troubles = this.#troubles.filter(({ left }) => left > 0);
		return true;
	}

	/** Due now: sent as soon as the endpoint's lane is free. Never rejects. */
	async #deliver(row: Row, receiver: Receiver): Promise<void> {
		this.#stop(row);
		row.parked = false;
		row.due = true;
		if (row.delivery.nextAttemptAt !== null) this.#update(row, { nextAttemptAt: null });
		const { run } = row;
		this.#busy++;
		const work = receiver.lane.run(() => this.#attempt(row, receiver, run));
		// Moving a virtual clock waits for this, so that an answer is booked at the time it came, not days later.
		const release = this.#options.clock.setTimer(0, () => work);
		await work;
		release();
		if (row.run === run) row.due = false;
		this.#busy--;
		if (this.#busy > 0) return;
		const idle = this.#whenIdle;
		this.#whenIdle = [];
		for (const resolve of idle) resolve();
	}

	async #attempt(row: Row, receiver: Receiver, run: number): Promise<void> {
		const isStale = (): boolean => this.#closed || row.run !== run;
		if (isStale()) return;
		if (!receiver.endpoint.is_active && !row.byHand) {
			if (this.#options.switches.whileDisabled === 'queue') row.parked = true;
			else {
				const reason = 'Not sent: the endpoint is switched off.';
				this.#book(row, 'dead', this.#notSent(row, receiver, reason));
			}
			return;
		}
		row.byHand = false;
		const first = await this.#exchange(row, receiver, isStale);
		if (first === null || isStale()) return;
		const { attempt, unsent } = first;
		if (unsent !== null) {
			this.#book(row, unsent, attempt);
			return;
		}
		if (!succeeded(attempt)) {
			this.#failed(row, receiver, attempt);
			return;
		}
		this.#book(row, 'delivered', attempt);
		if (receiver.endpoint.consecutive_failures > 0) {
			this.#change(receiver, { consecutive_failures: 0 });
		}
		if (!row.duplicate) return;
		// The receiver has the event already, so whatever comes of this changes nothing.
		const second = await this.#exchange(row, receiver, isStale);
		if (second === null || isStale()) return;
		this.#book(row, 'delivered', second.attempt);
	}

	/** One attempt. Null where nobody waits for it any more. */
	async #exchange(row: Row, receiver: Receiver, isStale: () => boolean): Promise<Exchange | null> {
		const { allowRemote = false, resolve = resolveHost, timeoutMs } = this.#options;
		const { url, allowed_ips } = receiver.endpoint;
		const started = Date.now();
		const at = this.#now();
		const number = row.delivery.attempts.length + 1;
		const controller = new AbortController();
		const limitMs = timeoutMs ?? limits.deliveryTimeoutSeconds * second;
		let headers: Readonly<Record<string, string>> = {};
		let response: Attempt['response'] = null;
		let error: string | null = null;
		const timer = setTimeout(() => controller.abort(), limitMs);
		this.#sending.add(controller);
		try {
			const target = await findTarget(url, allowed_ips, allowRemote, resolve);
			if (isStale()) return null;
			if (target.kind !== 'open') {
				const attempt = this.#notSent(row, receiver, target.reason);
				return { attempt, unsent: target.kind === 'held' ? 'failed' : 'dead' };
			}
			headers = this.#headers(row, receiver);
			const { signal } = controller;
			const { addresses } = target;
			const answer = await this.#send({ url, headers, body: row.body, signal, addresses });
			response = { status: answer.status, headers: answer.headers, body: answer.body };
		} catch (caught) {
			error = controller.signal.aborted
				? `No answer within ${limitMs / second} seconds.`
				: explain(caught);
		} finally {
			clearTimeout(timer);
			this.#sending.delete(controller);
		}
		const request = { url, headers, body: row.body };
		const durationMs = Date.now() - started;
		return { attempt: { number, at, request, response, error, durationMs }, unsent: null };
	}

	#headers(row: Row, receiver: Receiver): Readonly<Record<string, string>> {
		const { platform, switches, signatureNow = Date.now } = this.#options;
		const { event } = row.delivery;
		const { old } = receiver;
		const both = old !== null && this.#options.clock.now() < old.until;
		const signature = signBody(
			Buffer.from(row.body),
			receiver.secret,
			Math.floor(signatureNow() / second),
			both ? old.secret : null,
		);
		row.firstSignature ??= signature;
		return {
			'Content-Type': 'application/json',
			'User-Agent': `${platform.webhookUserAgent}/1.0`,
			[platform.headers.signature]:
				switches.signatureTime === 'first' ? row.firstSignature : signature,
			[platform.headers.eventId]:
				switches.eventIdHeader === 'with_prefix'
					? event.id
					: event.id.slice(platform.eventIdPrefix.length),
			[platform.headers.eventName]: event.type,
		};
	}

	#failed(row: Row, receiver: Receiver, attempt: Attempt): void {
		const attempts = [...row.delivery.attempts, attempt];
		const wait = limits.deliveryRetrySeconds[attempts.length - 1];
		if (wait !== undefined) {
			this.#wait(row, wait * second, () => this.#deliver(row, receiver), { attempts });
		} else if (this.#options.switches.deadLetter === 'after_72_hours') {
			row.cancel = this.#options.clock.setTimer(deadLetterWaitMs, () =>
				this.#update(row, { status: 'dead' }),
			);
			this.#update(row, { status: 'failed', attempts, nextAttemptAt: null });
		} else {
			this.#update(row, { status: 'dead', attempts, nextAttemptAt: null });
		}
		if (this.#options.switches.failureCount === 'delivery' && attempts.length > 1) return;
		const failures = receiver.endpoint.consecutive_failures + 1;
		const off = receiver.endpoint.is_active && failures >= limits.failuresBeforeDisable;
		this.#change(receiver, {
			consecutive_failures: failures,
			...(off ? { is_active: false, disabled_at: this.#now() } : {}),
		});
	}

	/** Why nothing was sent. No request left, so there are no headers, and the endpoint has not failed. */
	#notSent(row: Row, receiver: Pick<Receiver, 'endpoint'>, reason: string): Attempt {
		return {
			number: row.delivery.attempts.length + 1,
			at: this.#now(),
			request: { url: receiver.endpoint.url, headers: {}, body: row.body },
			response: null,
			error: reason,
			durationMs: 0,
		};
	}

	/** Nothing more will happen by itself. */
	#book(row: Row, status: DeliveryStatus, attempt: Attempt): void {
		const attempts = [...row.delivery.attempts, attempt];
		this.#update(row, { status, attempts, nextAttemptAt: null });
	}

	#wait(
		row: Row,
		ms: number,
		then: () => Promise<void>,
		change: Pick<Delivery, 'attempts'> | null = null,
	): void {
		row.cancel = this.#options.clock.setTimer(ms, then);
		this.#update(row, {
			...(change === null ? {} : { ...change, status: 'failed' }),
			nextAttemptAt: iso(this.#options.clock.now() + ms),
		});
	}

	/** No timer of this row will fire. */
	#stop(row: Row): void {
		row.cancel?.();
		row.cancel = null;
	}

	/** What the row was doing no longer counts. */
	#restart(row: Row): void {
		this.#stop(row);
		row.run++;
		row.firstSignature = null;
	}

	#update(row: Row, change: Partial<Delivery>): void {
		row.delivery = { ...row.delivery, ...change };
		this.#announce({ kind: 'delivery', delivery: row.delivery });
	}

	#change(receiver: Receiver, change: Partial<Endpoint>): void {
		receiver.endpoint = { ...receiver.endpoint, ...change };
		this.#announce({ kind: 'endpoint', endpoint: receiver.endpoint });
	}

	#announce(change: EngineChange): void {
		for (const listener of this.#listeners) {
			try {
				listener(change);
			} catch {
				// A page that went away must not stop a delivery.
			}
		}
	}
}

/** Only 2xx is a success (docs.memberpass.net/webhooks/retries-and-delivery); so a redirect is a failure. */
function succeeded({ response }: Attempt): boolean {
	return response !== null && response.status >= 200 && response.status < 300;
}
