import { memberPass } from '@memberpass/catalogue';

import { isPrivateHost, readOrigin } from '../src/index.ts';

describe('an API address', () => {
	it.each([
		['', 'https://api.memberpass.net'],
		[' \n', 'https://api.memberpass.net'],
		['https://api.memberpass.net', 'https://api.memberpass.net'],
		['https://api.memberpass.net/', 'https://api.memberpass.net'],
		['https://api.memberpass.net/v1', 'https://api.memberpass.net'],
		['https://api.memberpass.net/v1/', 'https://api.memberpass.net'],
		['https://api.memberpass.net/v1//', 'https://api.memberpass.net'],
		[' HTTPS://API.Memberpass.net:443/v1 ', 'https://api.memberpass.net'],
		['https://staging.memberpass.net:8443', 'https://staging.memberpass.net:8443'],
	])('%j is the origin %s', (written, origin) => {
		expect(readOrigin(written, memberPass, 'none')).toEqual({ ok: true, origin });
	});

	it.each([
		['http://api.memberpass.net', /https/],
		['ftp://api.memberpass.net', /https/],
		['api.memberpass.net', /not a web address/],
		['https://user:pw@api.memberpass.net', /user name/],
		['https://user@api.memberpass.net', /user name/],
		['https://:pw@api.memberpass.net', /user name/],
		['https://api.memberpass.net/v1?x=1', /"\?"/],
		['https://api.memberpass.net/#x', /"#"/],
		['https://api.memberpass.net/other', /path/],
		['https://127.0.0.1', /public host/],
		['https://localhost', /public host/],
		['https://2130706433', /public host/],
		['https://0x7f.1', /public host/],
		['https://10.1.2.3', /public host/],
		['https://[::1]', /public host/],
		['https://[::ffff:10.0.0.1]', /public host/],
		['https://metadata.internal', /public host/],
		['http://127.0.0.1:3000', /https/],
		['https://10.0.0.1', /Enter an address such as https:\/\/api\.memberpass\.net\.$/],
	])('%s is refused', (written, reason) => {
		const result = readOrigin(written, memberPass, 'none');
		expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as unknown });
	});

	it.each([
		['http://127.0.0.1:3000/v1', true],
		['http://localhost:3000', true],
		['http://[::1]:3000', true],
		['http://127.10.0.11:3000', true],
		['http://127.0.0.1.example.com', false],
		['ftp://127.0.0.1', false],
		['http://10.0.0.1', false],
		['https://10.0.0.1', false],
		['http://api.memberpass.net', false],
	])('where this machine is allowed %s is accepted: %s', (written, ok) => {
		expect(readOrigin(written, memberPass, 'loopback').ok).toBe(ok);
	});

	it.each([
		['http://host.docker.internal:4010/v1', true],
		['http://sandbox:4010/v1', true],
		['http://192.168.0.7:4010', true],
		['https://10.0.0.1', true],
		['http://127.0.0.1:4010', true],
		['http://api.memberpass.net', false],
		['http://8.8.8.8', false],
		['ftp://10.0.0.1', false],
	])('where a private network is allowed %s is accepted: %s', (written, ok) => {
		expect(readOrigin(written, memberPass, 'private').ok).toBe(ok);
	});
});

it.each([
	['api.memberpass.net', false],
	['8.8.8.8', false],
	['[2606:4700::1111]', false],
	['172.15.0.1', false],
	['172.16.0.1', true],
	['172.31.255.255', true],
	['172.32.0.1', false],
	['192.168.0.1', true],
	['8.168.0.1', false],
	['192.1.0.1', false],
	['8.0.0.1', false],
	['8.18.0.1', false],
	['8.100.0.1', false],
	['8.254.0.1', false],
	['198.19.0.1', true],
	['10.0.0.1.example.com', false],
	['x.local.example.com', false],
	['printer.local.', true],
	['[fd00:2001::1]', true],
	['192.0.0.8', true],
	['198.18.0.1', true],
	['198.20.0.1', false],
	['169.254.169.254', true],
	['169.253.0.1', false],
	['100.64.0.1', true],
	['100.127.0.1', true],
	['100.63.0.1', false],
	['100.128.0.1', false],
	['0.0.0.0', true],
	['224.0.0.1', true],
	['[fe80::1]', true],
	['[fd00::1]', true],
	['[2001:db8::1]', true],
	['[2002:a00:1::]', true],
	['intranet', true],
	['printer.local', true],
	['api.memberpass.net.', false],
	['localhost.', true],
])('host %s is private: %s', (host, expected) => {
	expect(isPrivateHost(host)).toBe(expected);
});
