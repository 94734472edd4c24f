import { operations, platform } from '@memberpass/catalogue';
import fc from 'fast-check';

import { type Sandbox, startSandbox } from '../../../../packages/sandbox/src/index.ts';
import {
	asJsonBytes,
	bytesOf,
	hostileBytes,
	hostileJson,
	hostileText,
	must,
	type Target,
	targetOf,
	webAddress,
} from './target.ts';
import { exchange, mustBeDocumented, send } from './http.ts';

const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS'] as const;
/** What fits into a header: everything else is refused by the client, not by the sandbox. */
const headerValue = hostileText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim());

const anyRequest = fc.record({
	operation: fc.nat(operations.length - 1),
	method: fc.option(fc.constantFrom(...methods), { freq: 4 }),
	values: fc.array(
		fc.oneof(hostileText, fc.constantFrom('seeded project', 'seeded project', 'prj_1')),
		{ minLength: 2, maxLength: 2 },
	),
	query: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 3 }),
	key: fc.option(headerValue, { freq: 5 }),
	authorization: fc.option(headerValue, { freq: 2 }),
	type: fc.option(headerValue, { freq: 2 }),
	body: fc.oneof(
		hostileBytes,
		fc.oneof(hostileJson, fc.dictionary(hostileText, hostileJson)).map(asJsonBytes),
		fc
			.record(
				{
					name: fc.oneof(hostileText, hostileJson),
					title: fc.oneof(hostileText, hostileJson),
					price: hostileJson,
					quantity: hostileJson,
					resources: hostileJson,
					events: hostileJson,
					url: fc.oneof(webAddress, hostileText),
				},
				{ requiredKeys: [] },
			)
			.map(asJsonBytes),
	),
});

const line = 'POST /v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';

/** Requests with something cut out and put in, and whatever else. */
const anyBytes = fc.oneof(
	hostileBytes,
	fc
		.record({
			text: fc.constantFrom(
				`${line}Content-Length: 15\r\nConnection: close\r\n\r\n{"name":"abcd"}`,
				`${line}Transfer-Encoding: chunked\r\n\r\nf\r\n{"name":"abcd"}\r\n0\r\n\r\n`,
				'GET /v1/projects?limit=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
				'GET /_sandbox HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
			),
			edits: fc.array(fc.tuple(fc.nat(200), fc.nat(3), hostileText), { maxLength: 3 }),
		})
		.map(({ text, edits }) => {
			const edited = edits.reduce<string>(
				(before, [at, drop, insert]) => before.slice(0, at) + insert + before.slice(at + drop),
				text,
			);
			return Buffer.from(edited).toString('base64');
		}),
);

/** What the sandbox reads from outside, over real sockets. One sandbox serves all runs. */
export function sandboxTargets(): readonly Target[] {
	let opened: Promise<Sandbox> | null = null;
	const mistakes: unknown[] = [];
	const open = (): Promise<Sandbox> =>
		(opened ??= startSandbox({
			rateLimits: false,
			lifecycle: 'manual',
			onError: (error) => mistakes.push(error),
			// Endpoints of the fuzzer go nowhere.
			send: () => Promise.resolve({ status: 200, headers: {}, body: '' }),
		}));
	const mustBeWell = (): void => {
		const [mistake] = mistakes.splice(0);
		must(
			mistake === undefined,
			`the sandbox makes no mistake (${mistake instanceof Error ? (mistake.stack ?? '') : String(mistake)})`,
		);
	};
	const close = async (): Promise<void> => {
		await (await opened)?.close();
		opened = null;
	};

	const requests = targetOf({
		name: 'sandbox requests',
		rule: 'every request is carried out or refused in the documented envelope, and the next one is served',
		weight: 0.2,
		close,
		inputs: anyRequest,
		async check({ operation, method, values, query, key, authorization, type, body }) {
			const sandbox = await open();
			const entry = operations[operation % operations.length];
			if (entry === undefined) throw new Error('There is no operation.');
			let place = 0;
			const path = entry.path.replace(/\{\w+\}/g, () => {
				const value = values[place++ % values.length] ?? '';
				return encodeURIComponent(
					value === 'seeded project' ? sandbox.seeded.project.id : value.toWellFormed(),
				);
			});
			const search = query
				.map((pair) => pair.map((one) => encodeURIComponent(one.toWellFormed())).join('='))
				.join('&');
			const reply = await send(
				`${sandbox.apiUrl}${path}${search === '' ? '' : `?${search}`}`,
				method ?? entry.method,
				{
					authorization: authorization ?? `Bearer ${sandbox.token}`,
					...(key === null ? {} : { [platform.headers.idempotency]: key }),
					'content-type': type ?? 'application/json',
				},
				bytesOf(body),
			);
			mustBeDocumented(reply, 'the request');
			mustBeWell();
		},
	});

	const raw = targetOf({
		name: 'sandbox sockets',
		rule: 'whatever bytes come, the connection ends, what is answered is HTTP in the documented envelope, and the next request is served',
		weight: 0.1,
		close,
		inputs: anyBytes,
		async check(base64) {
			const sandbox = await open();
			const { hostname, port } = new URL(sandbox.url);
			const text = await exchange(hostname, Number(port), bytesOf(base64));
			if (text !== '') {
				const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
				must(status >= 100, `the answer is HTTP (${text.slice(0, 80)})`);
				const [head = '', ...rest] = text.split('\r\n\r\n');
				const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
				const body = Buffer.from(rest.join('\r\n\r\n')).subarray(0, length).toString();
				if (body !== '') mustBeDocumented({ status, body }, 'what came in');
			}
			const next = await send(`${sandbox.apiUrl}/projects`, 'GET', {
				authorization: `Bearer ${sandbox.token}`,
			});
			must(next.status === 200, 'the next request is served');
			mustBeWell();
		},
	});
	return [requests, raw];
}
