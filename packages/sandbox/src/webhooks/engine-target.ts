import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

import type { Switches } from '../switches.ts';

/** One address a host name stands for. */
export interface Address {
	readonly address: string;
	readonly family: 4 | 6;
}

/** Looks a host name up. Rejects where there is no such host. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

/** Where a delivery may go, or why it may not. */
export type Target =
	| { readonly kind: 'open'; readonly addresses: readonly Address[] }
	/** Not sent, and nothing is wrong with the endpoint: the sandbox stays on this machine. */
	| { readonly kind: 'held'; readonly reason: string }
	/** Not sent: the endpoint's own list forbids it. */
	| { readonly kind: 'forbidden'; readonly reason: string };

const heldReason =
	'Not sent: the sandbox delivers to this machine only, and this address is elsewhere.';

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** False also for what is no address at all. */
const isLoopback = (address: string): boolean => loopback.check(address, family(address));

/** The host without the brackets a URL puts around IPv6. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * Judged by the name alone. Looking a foreign name up would already talk to the outside, and a name that resolves to
 * 127.0.0.1 today may not tomorrow.
 */
function isThisMachine(url: URL): boolean {
	const host = hostOf(url);
	return host === 'localhost' || isLoopback(host);
}

/**
 * Why an address cannot be an endpoint's, or null.
 *
 * MemberPass asks for public https (docs.memberpass.net/webhooks/quickstart). Plain http is for receivers on this
 * machine and can be switched off.
 */
export function urlProblem(raw: string, allowed: Switches['webhookUrls']): string | null {
	if (!URL.canParse(raw)) return 'The url must be a valid URL.';
	const url = new URL(raw);
	if (url.protocol === 'https:') return null;
	if (allowed === 'https') return 'The url must start with https://.';
	if (url.protocol === 'http:' && isThisMachine(url)) return null;
	return 'The url must start with https://, or with http:// on this machine.';
}

/** Why an entry of `allowed_ips` is neither an address nor a range, or null. */
export function allowedIpProblem(entry: string): string | null {
	return readRange(entry) === null
		? `${JSON.stringify(entry)} is neither an IP address nor a range such as 203.0.113.0/24.`
		: null;
}

function readRange(entry: string): { readonly net: string; readonly bits: number } | null {
	const [net = '', bits, ...rest] = entry.trim().split('/');
	const version = isIP(net);
	if (version === 0 || rest.length > 0) return null;
	const most = version === 4 ? 32 : 128;
	if (bits === undefined) return { net, bits: most };
	return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? { net, bits: Number(bits) } : null;
}

/** An entry that cannot be read allows nothing: a typo must not open the list. */
function readList(entries: readonly string[]): BlockList {
	const list = new BlockList();
	for (const entry of entries) {
		const range = readRange(entry);
		if (range !== null) list.addSubnet(range.net, range.bits, family(range.net));
	}
	return list;
}

/** Every address of a host, by the machine's own resolver. */
export const resolveHost: Resolve = async (host) =>
	(await lookup(host, { all: true })).map((one) => ({
		address: one.address,
		family: one.family === 6 ? 6 : 4,
	}));

/**
 * Finds the addresses a delivery may be sent to. The sender connects to these and asks nobody again: a second look-up
 * could answer with another address than the one that was checked.
 *
 * @throws Where the host cannot be resolved; that is a failed attempt like any other.
 */
export async function findTarget(
	raw: string,
	allowedIps: readonly string[] | null,
	allowRemote: boolean,
	resolve: Resolve,
): Promise<Target> {
	const url = new URL(raw);
	if (!allowRemote && !isThisMachine(url)) return { kind: 'held', reason: heldReason };
	const host = hostOf(url);
	const version = isIP(host);
	const found: readonly Address[] =
		version === 0 ? await resolve(host) : [{ address: host, family: version === 6 ? 6 : 4 }];
	const near = allowRemote ? found : found.filter((one) => isLoopback(one.address));
	if (near.length === 0) return { kind: 'held', reason: heldReason };
	if (allowedIps === null || allowedIps.length === 0) return { kind: 'open', addresses: near };
	const list = readList(allowedIps);
	const open = near.filter((one) => list.check(one.address, family(one.address)));
	if (open.length > 0) return { kind: 'open', addresses: open };
	const seen = near.map((one) => one.address).join(', ');
	return {
		kind: 'forbidden',
		reason: `Not sent: ${host} resolves to ${seen}, which allowed_ips does not list.`,
	};
}
