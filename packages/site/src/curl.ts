import { platform, type RouteEntry } from '@memberpass/catalogue';
import { buildRequest, isWrite, readInput, toWire } from '@memberpass/protocol';

/** Any text as one word of a POSIX shell. */
export function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Names of the shell variables the commands use, so that no secret stands in the history. */
const variables = { token: 'MEMBERPASS_TOKEN', key: 'KEY' } as const;

/**
 * A command for a POSIX shell that sends an operation. A write first draws an idempotency key into a variable: the
 * same command run again with the same key is a retry, not a second write.
 *
 * @param input as a form holds it; checked like that of every platform.
 * @throws Error where the input is not acceptable: a page must not show what MemberPass refuses.
 */
export function curlCommand(
	entry: RouteEntry,
	input: Readonly<Record<string, unknown>>,
	origin: string = platform.apiOrigin,
): string {
	const wire = toWire(entry);
	const read = readInput(wire, input);
	if (!read.ok) {
		throw new Error(`${entry.key}: ${read.problems.map(({ message }) => message).join(' ')}`);
	}
	const write = isWrite(entry.method);
	const request = buildRequest(wire, read.values, {
		platform,
		origin,
		idempotencyKey: write ? 'drawn-by-the-shell' : null,
	});
	const others = Object.entries(request.headers).filter(
		([name]) => name !== platform.headers.idempotency,
	);
	const lines = [
		`curl -sS${request.method === 'GET' ? '' : ` -X ${request.method}`} ${quote(request.url)}`,
		`-H "${platform.headers.authorization}: Bearer $${variables.token}"`,
		...(write ? [`-H "${platform.headers.idempotency}: $${variables.key}"`] : []),
		...others.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
		// --data-raw, because --data would read a file where the text starts with "@".
		...(request.body === null ? [] : [`--data-raw ${quote(pretty(request.body))}`]),
	];
	const command = lines.join(' \\\n  ');
	return write ? `${variables.key}=$(openssl rand -hex 16)\n${command}` : command;
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);
