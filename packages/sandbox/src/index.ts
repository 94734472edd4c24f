import type { AddressInfo } from 'node:net';

import { memberPass, type Platform } from '@memberpass/catalogue';

import { act } from './actions.ts';
import { addApi } from './api.ts';
import { mintToken, type TokenInput } from './auth.ts';
import { type Clock, RealClock } from './clock.ts';
import { advance, fireEvent } from './control/drive.ts';
import { addControl } from './control/index.ts';
import { addDocuments } from './documents.ts';
import { createEmit } from './events.ts';
import { Faults } from './faults.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { createIds } from './ids.ts';
import { RateLimiter } from './limits.ts';
import { addPage } from './page/index.ts';
import { type Random, seededRandom } from './random.ts';
import { seed, type Seeded } from './seed.ts';
import { createServer } from './server.ts';
import { emptyState, type State, type Subscription, type Token } from './state.ts';
import { readSwitches, standardSwitches, type Switches } from './switches.ts';
import { WebhookEngine } from './webhooks/engine.ts';
import type { DomainEvent, Send } from './webhooks/types.ts';
import type { World } from './world.ts';

export { RealClock, VirtualClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { Fault, FaultKind, FaultRule } from './faults.ts';
export { everySetting, switchDefinitions } from './switches.ts';
export type { SwitchName, Switches } from './switches.ts';
export type { State } from './state.ts';
export type * from './webhooks/types.ts';

export interface SandboxOptions {
	/** 0 (the default) takes any free port. */
	readonly port?: number;
	/** 127.0.0.1. Anything but loopback is refused without `allowRemote`. */
	readonly host?: string;
	/** Lets other machines call, and deliveries leave this one. The tokens of a sandbox are no secret: think first. */
	readonly allowRemote?: boolean;
	/** The same seed gives the same account, ids and tokens. */
	readonly seed?: string;
	/** A clock of your own, e.g. a VirtualClock. */
	readonly clock?: Clock;
	/** Sandbox seconds per real second, without a clock of your own. */
	readonly scaleTime?: number;
	readonly switches?: Partial<Switches>;
	/** Real milliseconds each call of the API waits. */
	readonly latencyMs?: number;
	/** Share of calls that fail, 0 to 1. */
	readonly failShare?: number;
	/** False lets a token call as often as it likes. */
	readonly rateLimits?: boolean;
	/** `manual`: periods end, trials convert and codes expire only when told to. */
	readonly lifecycle?: 'auto' | 'manual';
	readonly environment?: 'live' | 'test';
	readonly platform?: Platform;
	/** How deliveries are sent; over the network where absent. */
	readonly send?: Send;
	/** Real milliseconds a receiver has to answer; 10,000 where absent, as documented. */
	readonly deliveryTimeoutMs?: number;
	/** Told of errors of the sandbox itself. */
	readonly onError?: (error: unknown) => void;
}

export interface Sandbox {
	/** `http://127.0.0.1:4010`, without a slash at its end. */
	readonly url: string;
	/** `url` with the base path: what clients are given. */
	readonly apiUrl: string;
	/** May do everything that is known. */
	readonly token: string;
	/** As `token`, confined to the first project. */
	readonly projectToken: string;
	/** Of another team. */
	readonly otherToken: string;
	readonly seeded: Seeded;
	readonly clock: Clock;
	readonly state: State;
	readonly engine: WebhookEngine;
	/** Change it while the sandbox runs. */
	readonly switches: Switches;
	readonly faults: Faults;
	readonly world: World;
	/** Mints a token for the main team. */
	mint(input?: Partial<TokenInput>): Token;
	/** Fires an event; the account does not change. */
	fire(type: string, data?: Readonly<Record<string, unknown>>, projectId?: string): DomainEvent;
	/** What a subscriber or a payment provider does; see `POST /_sandbox/actions`. */
	act(action: Readonly<Record<string, unknown>>): Subscription;
	/** Moves virtual time and waits for what it sets off. @throws Error where time is real. */
	advance(ms: number): Promise<void>;
	close(): Promise<void>;
}

/**
 * Starts a MemberPass API on this machine.
 *
 * @throws RangeError for a host that other machines reach (without `allowRemote`), for a wrong switch or figure.
 * @throws Error where the port is taken (`code` is EADDRINUSE).
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const {
		port = 0,
		host = '127.0.0.1',
		allowRemote = false,
		seed: seedName = 'memberpass',
		latencyMs = 0,
		failShare = 0,
		rateLimits = true,
		onError = () => undefined,
	} = options;
	refuseUnsafe(host, allowRemote);
	refuseShare(failShare);
	const random = seededRandom(seedName);
	const world = createWorld(options, random, onError);
	const { clock, engine, platform, switches } = world;
	const seeded = seed(world);
	const faults = new Faults(random.fork('faults'), failShare);
	const app = createServer({ world, allowRemote, onError });
	addApi(app, {
		world,
		faults,
		keys: new IdempotencyKeys(clock, switches),
		limiter: new RateLimiter(clock, switches),
		rateLimits,
		latencyMs,
	});
	addControl(app, { world, seeded, faults, seedName });
	let url = '';
	addDocuments(app, platform, () => url);
	addPage(app, { world, seeded });
	const close = async (): Promise<void> => {
		await app.close();
		await engine.close();
		if (clock instanceof RealClock) clock.close();
	};
	try {
		await app.listen({ port, host });
	} catch (error) {
		// The account waits for its periods to end, which would hold it in memory for weeks.
		await close();
		throw error;
	}
	url = urlOf(host, app.server.address() as AddressInfo);

	return {
		url,
		apiUrl: url + platform.apiBasePath,
		token: seeded.token.plain,
		projectToken: seeded.projectToken.plain,
		otherToken: seeded.otherToken.plain,
		seeded,
		clock,
		state: world.state,
		engine,
		switches,
		faults,
		world,
		mint: (input = {}) =>
			mintToken(world, {
				name: 'Minted',
				abilities: seeded.token.abilities,
				teamId: seeded.team.id,
				userId: seeded.team.owner_user_id,
				...input,
			}),
		fire: (type, data, projectId) => fireEvent(world, seeded, type, data, projectId).event,
		act: (action) => act(world, action),
		advance: (ms) => advance(world, ms),
		close,
	};
}

const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/;

function refuseUnsafe(host: string, allowRemote: boolean): void {
	if (loopbackHost.test(host) || allowRemote) return;
	throw new RangeError(
		`The sandbox will not listen on ${host}: whoever reaches it can read its tokens and make this machine send requests. If the network is yours alone, allow it (--allow-remote, or allowRemote: true).`,
	);
}

function refuseShare(failShare: number): void {
	if (failShare >= 0 && failShare <= 1) return;
	throw new RangeError(`The share of failures must be between 0 and 1, not ${failShare}.`);
}

/** An empty account, and what makes it live: time, dice, ids and deliveries. */
function createWorld(
	options: SandboxOptions,
	random: Random,
	onError: (error: unknown) => void,
): World {
	const { platform = memberPass, environment = 'test', lifecycle = 'auto' } = options;
	const { clock = new RealClock(options.scaleTime, onError) } = options;
	const switches = switchesFrom(options.switches ?? {});
	const bare = {
		clock,
		random: random.fork('account'),
		ids: createIds(clock, random.fork('ids')),
		switches,
		platform,
		state: emptyState(),
		engine: new WebhookEngine({
			clock,
			random: random.fork('webhooks'),
			switches,
			platform,
			allowRemote: options.allowRemote ?? false,
			send: options.send,
			timeoutMs: options.deliveryTimeoutMs,
		}),
		environment,
		lifecycle,
	};
	return { ...bare, emit: createEmit(bare) };
}

/** @throws RangeError for a name or a value that does not exist. */
function switchesFrom(given: Partial<Switches>): Switches {
	const reading = readSwitches(given);
	if (reading.ok) return { ...standardSwitches(), ...reading.changes };
	const problems = Object.entries(reading.problems);
	throw new RangeError(problems.map(([name, all]) => `${name}: ${all.join(' ')}`).join(' '));
}

function urlOf(host: string, { port }: AddressInfo): string {
	// An address that stands for all of them is no address to call.
	const shown = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
	return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
