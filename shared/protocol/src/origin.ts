import type { WirePlatform } from './wire.ts';

export type OriginResult =
	{ readonly ok: true; readonly origin: string } | { readonly ok: false; readonly reason: string };

/** None, this machine, or a private network. */
export type LocalHosts = 'none' | 'loopback' | 'private';

/**
 * Reads an API address that a user entered, and gives back the origin the token may be sent to.
 *
 * Accepts a trailing slash and the base path (`https://api.memberpass.net/v1`, the form 1.4.0 stored). Refuses
 * everything that could carry the token elsewhere: plain http, user names, private and local hosts.
 *
 * @param local Hosts that are no public ones and taken all the same, for tests and the sandbox: http and https.
 */
export function readOrigin(
	written: string,
	platform: Pick<WirePlatform, 'apiOrigin' | 'apiBasePath'>,
	local: LocalHosts,
): OriginResult {
	const trimmed = written.trim();
	if (trimmed === '') return { ok: true, origin: platform.apiOrigin };
	const example = `Enter an address such as ${platform.apiOrigin}.`;
	if (!URL.canParse(trimmed)) return refuse(`The API address is not a web address. ${example}`);
	const url = new URL(trimmed);
	const isAllowed = isAmong(local, url.hostname);
	if (url.protocol !== 'https:' && !(isAllowed && url.protocol === 'http:')) {
		return refuse(`The API address must start with https://. ${example}`);
	}
	if (url.username !== '' || url.password !== '') {
		return refuse(`The API address must not contain a user name or password. ${example}`);
	}
	if (url.search !== '' || url.hash !== '') {
		return refuse(`The API address must not contain "?" or "#". ${example}`);
	}
	const path = url.pathname.replace(/\/+$/, '');
	if (path !== '' && path !== platform.apiBasePath) {
		return refuse(`The API address must not contain a path. ${example}`);
	}
	if (isPrivateHost(url.hostname) && !isAllowed) {
		return refuse(`The API address must be a public host. ${example}`);
	}
	return { ok: true, origin: url.origin };
}

function refuse(reason: string): OriginResult {
	return { ok: false, reason };
}

function isAmong(local: LocalHosts, host: string): boolean {
	return local === 'private' ? isPrivateHost(host) : local === 'loopback' && isLoopback(host);
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** Hosts that a public API cannot have. `URL` has already turned odd spellings of addresses into the plain form. */
export function isPrivateHost(hostname: string): boolean {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return isPrivateV6(host.slice(1, -1));
	if (/^\d+(\.\d+){3}$/.test(host)) return isPrivateV4(host.split('.').map(Number));
	return (
		!host.includes('.') || /\.(localhost|local|internal|intranet|lan|home|corp|arpa)$/.test(host)
	);
}

function isPrivateV4([a = 0, b = 0]: readonly number[]): boolean {
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		a >= 224 ||
		(a === 100 && b >= 64 && b <= 127) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b <= 31) ||
		(a === 192 && b === 168) ||
		(a === 192 && b === 0) ||
		(a === 198 && (b === 18 || b === 19))
	);
}

function isPrivateV6(host: string): boolean {
	// Mapped and translated IPv4 (::ffff:…, 64:ff9b::…) is refused whole: no public API is named by it.
	return (
		!/^[23][0-9a-f]{3}:/.test(host) || host.startsWith('2001:db8:') || host.startsWith('2002:')
	);
}
