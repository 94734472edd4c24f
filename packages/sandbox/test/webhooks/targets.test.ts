import { createServer } from 'node:http';
import { type AddressInfo, getDefaultAutoSelectFamily, setDefaultAutoSelectFamily } from 'node:net';
import { networkInterfaces } from 'node:os';

import nock from 'nock';

import { day } from '../../src/time.ts';
import { allowedIpProblem, resolveHost, urlProblem } from '../../src/webhooks/engine-target.ts';
import { bench, outcomes, receive } from './support.ts';

// This machine as the common set-up allows it, and as nock spells IPv6: without brackets.
beforeAll(() => nock.enableNetConnect(/^(127\.0\.0\.1|localhost|::1)(:\d+)?\/?$/));

describe('where deliveries may go', () => {
	it.each([
		['https://hooks.example.com/a', 'https_or_loopback', null],
		['http://127.0.0.1:9/a', 'https_or_loopback', null],
		['http://127.200.3.4:9/a', 'https_or_loopback', null],
		['http://localhost:9/a', 'https_or_loopback', null],
		['http://[::1]:9/a', 'https_or_loopback', null],
		['https://hooks.example.com/a', 'https', null],
		['http://127.0.0.1:9/a', 'https', 'The url must start with https://.'],
		...[
			'http://hooks.example.com/',
			'http://0.0.0.0/',
			'http://192.168.0.1/',
			'http://126.255.255.255/',
			'http://[::2]/',
			'http://localhost.example.com/',
			'ftp://127.0.0.1/',
		].map(
			(url) =>
				[
					url,
					'https_or_loopback',
					'The url must start with https://, or with http:// on this machine.',
				] as const,
		),
		['not a url', 'https_or_loopback', 'The url must be a valid URL.'],
	] as const)('%s, %s: %s', (url, allowed, problem) => {
		expect(urlProblem(url, allowed)).toBe(problem);
	});

	it('refuses an endpoint at an address that is not accepted', () => {
		expect(() => bench().add('http://hooks.example.com/')).toThrow(RangeError);
	});

	it.each([
		['a public address', 'https://hooks.example.com/a', []],
		[
			'a name of this machine that points elsewhere',
			'http://localhost:9/',
			[{ address: '203.0.113.7', family: 4 }],
		],
	] as const)(
		'holds what would leave this machine, and counts no failure: %s',
		async (_name, url, found) => {
			const asked: string[] = [];
			const { add, emit, last, state, clock } = bench({
				resolve: async (host) => {
					asked.push(host);
					return found;
				},
			});
			const { id } = add(url);
			await emit();
			await clock.advance(4 * day);
			expect(last(id)).toMatchObject({ status: 'failed', nextAttemptAt: null });
			expect(outcomes(last(id).attempts)).toEqual([
				'Not sent: the sandbox delivers to this machine only, and this address is elsewhere.',
			]);
			expect(last(id).attempts[0]?.request.headers).toEqual({});
			expect(last(id).attempts[0]).toMatchObject({ response: null, durationMs: 0 });
			expect(state(id)).toEqual([true, 0, null]);
			// Looking up a foreign name would already leave the machine.
			expect(asked).not.toContain('hooks.example.com');
		},
	);

	it('sends elsewhere only where told to', async () => {
		const sent: string[] = [];
		const { add, emit, last } = bench({
			allowRemote: true,
			resolve: async () => [{ address: '203.0.113.7', family: 4 }],
			send: async ({ url }) => {
				sent.push(url);
				return { status: 200, headers: {}, body: '' };
			},
		});
		const { id } = add('https://hooks.example.com/a');
		await emit();
		expect(sent).toEqual(['https://hooks.example.com/a']);
		expect(last(id).status).toBe('delivered');
	});

	it.each([
		['an exact address', ['127.0.0.1'], 'delivered'],
		['a range', ['127.0.0.0/8'], 'delivered'],
		['one of several', ['203.0.113.10', '127.0.0.1'], 'delivered'],
		['an empty list, which allows any', [], 'delivered'],
		['another address', ['203.0.113.10'], 'dead'],
		['another range', ['10.0.0.0/8', '::1'], 'dead'],
		['an entry nobody can read, which allows nothing', ['127.0.0.*'], 'dead'],
	] as const)('allowed_ips with %s', async (_name, allowedIps, status) => {
		const receiver = await receive();
		const { add, emit, last, clock, state } = bench();
		const { id } = add(receiver.url, { allowedIps });
		await emit();
		await clock.advance(4 * day);
		expect(last(id).status).toBe(status);
		expect(receiver.arrivals).toHaveLength(status === 'dead' ? 0 : 1);
		if (status === 'dead') {
			expect(outcomes(last(id).attempts)).toEqual([
				'Not sent: 127.0.0.1 resolves to 127.0.0.1, which allowed_ips does not list.',
			]);
			expect(state(id)).toEqual([true, 0, null]);
		}
	});

	it.each([
		['http://127.0.0.1:9/', [{ address: '127.0.0.1', family: 4 }]],
		['http://[::1]:9/', [{ address: '::1', family: 6 }]],
	])('takes the address in %s as it stands, without asking for a name', async (url, expected) => {
		const asked: string[] = [];
		const sent: (readonly unknown[])[] = [];
		const { add, emit } = bench({
			resolve: async (host) => {
				asked.push(host);
				return [];
			},
			send: async (request) => {
				sent.push(
					'addresses' in request && Array.isArray(request.addresses) ? request.addresses : [],
				);
				return { status: 200, headers: {}, body: '' };
			},
		});
		add(url);
		await emit();
		expect([asked, sent]).toEqual([[], [expected]]);
	});

	it.each([
		['127.0.0.1', 4],
		['::1', 6],
	])('knows the family of %s: %d', async (address, family) => {
		expect(await resolveHost(address)).toEqual([{ address, family }]);
	});

	it('connects to the address that was checked, not to what the name says later', async () => {
		const receiver = await receive();
		const { add, emit, last } = bench({
			resolve: async () => [
				{ address: '::1', family: 6 },
				{ address: '127.0.0.1', family: 4 },
			],
		});
		// Nothing listens on ::1, which comes first: only the allowed address may be used.
		const { id } = add(`http://localhost:${receiver.port}/`, { allowedIps: ['127.0.0.1'] });
		await emit();
		expect(outcomes(last(id).attempts)).toEqual([200]);
	});

	it('does not ask for the name again when it connects', async () => {
		const receiver = await receive();
		const { add, emit, last } = bench({ resolve: async () => [{ address: '::1', family: 6 }] });
		// The machine's own resolver would lead to the receiver, which listens on 127.0.0.1.
		const { id } = add(`http://localhost:${receiver.port}/`);
		await emit();
		expect(last(id).status).toBe('failed');
		expect(receiver.arrivals).toEqual([]);
	});

	const reaches = async (host: string): Promise<void> => {
		let arrived = 0;
		const server = createServer((_request, response) => {
			arrived++;
			response.end();
		});
		await new Promise<void>((resolve) =>
			server.listen(0, host === 'localhost' ? 'localhost' : '::1', resolve),
		);
		const { port } = server.address() as AddressInfo;
		const { add, emit, last } = bench();
		const { id } = add(`http://${host}:${port}/`);
		await emit();
		await new Promise((resolve) => server.close(resolve));
		expect(outcomes(last(id).attempts)).toEqual([200]);
		expect(arrived).toBe(1);
	};

	it('reaches a receiver at localhost', () => reaches('localhost'));

	const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
		addresses?.some(({ address }) => address === '::1'),
	);
	const atIpv6 = 'reaches a receiver at [::1]';
	(hasIpv6 ? it : it.skip)(hasIpv6 ? atIpv6 : `${atIpv6} (not run: this machine has no IPv6)`, () =>
		reaches('[::1]'),
	);

	it('reaches a receiver at localhost where Node asks for one address only', async () => {
		const usual = getDefaultAutoSelectFamily();
		setDefaultAutoSelectFamily(false);
		try {
			await reaches('localhost');
		} finally {
			setDefaultAutoSelectFamily(usual);
		}
	});

	it.each([
		[Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'There is no such host.'],
		[new Error('The resolver is on strike.'), 'The resolver is on strike.'],
		[new Error(''), 'The delivery failed.'],
		[Object.assign(new Error('x'), { message: 7 }), 'The delivery failed.'],
	])('fails where a name cannot be looked up (%p), and tries again', async (error, told) => {
		const { add, emit, last } = bench({ resolve: () => Promise.reject(error) });
		const { id } = add('http://localhost:9/');
		await emit();
		expect(outcomes(last(id).attempts)).toEqual([told]);
		expect(last(id).nextAttemptAt).toBe('2026-06-01T09:00:10Z');
	});

	it.each([
		['203.0.113.10', true],
		['203.0.113.0/24', true],
		['2001:db8::/32', true],
		[' 203.0.113.0/24 ', true],
		['203.0.113.10/32', true],
		['2001:db8::1/128', true],
		['203.0.113.0/33', false],
		['2001:db8::/129', false],
		['203.0.113.0/24/8', false],
		['203.0.113.0/', false],
		['203.0.113.0/+8', false],
		['203.0.113.0/1e1', false],
		['example.com', false],
		['', false],
	])('%j as an allowed address: %s', (entry, fine) => {
		expect(allowedIpProblem(entry) === null).toBe(fine);
	});
});
