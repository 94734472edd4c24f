import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import { loadRecordings } from '../../testing/src/fixtures.ts';
import { rewriteJson } from '../src/raw-json.ts';
import { Scrubber } from '../src/scrub.ts';
import { secretForms } from '../src/secret-forms.ts';

/** Both passes over one value. */
function scrubbed(value: unknown, secrets: readonly string[] = []): unknown {
	const scrubber = new Scrubber(platform, secrets);
	scrubber.learn(value);
	scrubber.freeze();
	return scrubber.scrub(value);
}

const ulid = '01JV9K3PZM4T8QX6WBNRH2C5DJ';
const first = '00000000000000000000000001';

describe('what is private is replaced', () => {
	it.each<[string, unknown, unknown]>([
		['a name', { name: 'Jane Doe' }, { name: 'Name 1' }],
		['a first name', { first_name: 'Jane' }, { first_name: 'Name 1' }],
		['a title', { title: 'VIP lounge' }, { title: 'Name 1' }],
		['an email address', { email: 'jane@gmail.com' }, { email: 'person-1@example.com' }],
		[
			'an address under another key',
			{ contact: 'jane@gmail.com' },
			{ contact: 'person-1@example.com' },
		],
		['an address that is none', { email: 'jane at gmail' }, { email: 'person-1@example.com' }],
		['a Telegram ID as text', { chat_id: '700100015' }, { chat_id: '100000001' }],
		['the ID of a Telegram group', { chat_id: '-1001234567890' }, { chat_id: '-1000000000001' }],
		['a Telegram ID as a number', { telegram_id: 700100015 }, { telegram_id: 100000001 }],
		['a large number under an unknown key', { tg: 700100015 }, { tg: 100000001 }],
		['a large number as text', { tg: '700100015' }, { tg: '100000001' }],
		['the smallest large number', { tg: 1_000_000 }, { tg: 1_000_001 }],
		['a short Telegram ID as a number', { chat_id: 12345 }, { chat_id: 10001 }],
		['a number beyond what JavaScript counts exactly', { chat_id: 1.2345e19 }, { chat_id: 1e19 }],
		[
			'a note in the context of an error',
			{ error: { context: { note: 'jane_doe' } } },
			{ error: { context: { note: 'Text 1' } } },
		],
		[
			'a sentence as the reason of an error',
			{ error: { context: { reason: 'jane has left' } } },
			{ error: { context: { reason: 'Text 1' } } },
		],
		[
			'what stands in place of a page of the documentation',
			{ error: { docs_url: 'ask jane' } },
			{ error: { docs_url: 'https://example.com/private-1' } },
		],
		['a reason that is no error’s', { reason: 'jane_doe' }, { reason: 'Text 1' }],
		[
			'a status that is somebody’s name',
			[{ name: 'jane' }, { status: 'jane' }],
			[{ name: 'Name 1' }, { status: 'Name 1' }],
		],
		[
			'a telephone number under another key',
			{ contact: '+49 170 1234567' },
			{ contact: '+15550000001' },
		],
		[
			'two names in a message, the longer one whole',
			[{ name: 'Jane' }, { name: 'Jane Doe' }, { error: { message: 'Jane Doe has left Jane.' } }],
			[{ name: 'Name 1' }, { name: 'Name 2' }, { error: { message: 'Name 2 has left Name 1.' } }],
		],
		[
			'a short name in a message',
			[{ name: 'Ann' }, { error: { message: 'Ann has left.' } }],
			[{ name: 'Name 1' }, { error: { message: 'Name 1 has left.' } }],
		],
		[
			'two ids',
			{ ids: [ulid, `${ulid.slice(0, -1)}K`, ulid] },
			{ ids: [first, '00000000000000000000000002', first] },
		],
		[
			'a token inside a message',
			{ error: { message: `No ${['mpt_live_42_', 'aB3dE5fG7hJ9'].join('')}.` } },
			{ error: { message: 'No mpt_example_1.' } },
		],
		[
			'a link inside a message',
			{ error: { message: 'See https://jane.dev/me?x=1' } },
			{ error: { message: 'See https://example.com/private-1' } },
		],
		[
			'a Telegram ID inside a message',
			{ error: { message: 'No 700100015 here.' } },
			{ error: { message: 'No 100000001 here.' } },
		],
		[
			'a hash inside a message',
			{ error: { message: `No ${'0a'.repeat(16)}.` } },
			{ error: { message: 'No mps_example_00000001.' } },
		],
		[
			'a page of the documentation with a query',
			{ error: { docs_url: 'https://docs.memberpass.net/x?who=jane' } },
			{ error: { docs_url: 'https://docs.memberpass.net/handle-1?who=Text%201' } },
		],
		[
			'a link of the own domain',
			{ url: 'https://memberpass.net/jane' },
			{ url: 'https://memberpass.net/handle-1' },
		],
		[
			'words of a route elsewhere than in the API',
			{ url: 'https://my.memberpass.net:8443/projects?page=2&q=jane' },
			{ url: 'https://my.memberpass.net:8443/handle-1?page=2&q=Text%201' },
		],
		[
			'an id in an address of the API',
			{ url: `https://api.memberpass.net/v1/projects/prj_${ulid}?limit=jane` },
			{ url: `https://api.memberpass.net/v1/projects/prj_${first}?limit=Text%201` },
		],
		[
			'a short number in an address under a key that names something private',
			{ url: 'https://my.memberpass.net/my-club?code=1234' },
			{ url: 'https://my.memberpass.net/handle-1?code=handle-2' },
		],
		[
			'an address that is none, though it begins like one',
			{ url: 'https://[jane' },
			{ url: 'https://example.com/private-1' },
		],
		['a handle', { handle: 'my-club' }, { handle: 'handle-1' }],
		['the name of a bot', { bot_name: 'my_club_bot' }, { bot_name: 'username_1' }],
		['free text', { description: 'Call me.' }, { description: 'Text 1' }],
		['a text that ends like the prefix of an id', { remark: 'jane_' }, { remark: 'Text 1' }],
		['text under a key that nobody knows', { remark: 'call-me' }, { remark: 'Text 1' }],
		['a secret', { secret: 'whsec_abcdef0123456789' }, { secret: 'mps_example_00000001' }],
		['a secret that looks like an id', { secret: ulid }, { secret: 'mps_example_00000001' }],
		[
			'a token',
			{ note: ['mpt_live_42_', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'].join('') },
			{ note: 'mpt_example_1' },
		],
		['a masked access code', { code_masked: 'A3F1****7Z9P' }, { code_masked: '0000****0001' }],
		['a telephone number', { phone: '+49 170 1234567' }, { phone: '+15550000001' }],
		['an IP address', { allowed_ips: ['198.51.100.7'] }, { allowed_ips: ['203.0.113.1'] }],
		['an IPv6 address', { last: '2a02:8109::17' }, { last: '2001:db8::1' }],
		['the code of a role', { code: 'night-shift' }, { code: 'handle-1' }],
		['a cursor', { next_cursor: 'eyJpZCI6MX0' }, { next_cursor: 'cursor-1' }],
		['a prefixed id', { id: `prj_${ulid}` }, { id: `prj_${first}` }],
		['a bare ULID', { id: ulid }, { id: first }],
		[
			'a UUID',
			{ id: '3f0c7a52-6d0a-4d7e-9a43-5f3f5c0c7b11' },
			{ id: '00000000-0000-0000-0000-000000000001' },
		],
		[
			'an id of a payment provider',
			{ external_payment_id: 'pi_3NxyT2eZvKYlo2C1a8QbR7Lm' },
			{ external_payment_id: 'pi_000000000000000000000001' },
		],
		['an id that serves as a key', { [`pln_${ulid}`]: 1 }, { [`pln_${first}`]: 1 }],
		['an address that serves as a key', { 'jane@gmail.com': 1 }, { 'person-1@example.com': 1 }],
		[
			'a link elsewhere',
			{ url: 'https://jane.dev/me?x=1' },
			{ url: 'https://example.com/private-1' },
		],
		[
			'a link with a password',
			{ url: 'https://a:b@memberpass.net/' },
			{ url: 'https://example.com/private-1' },
		],
		[
			'a link to a bot',
			{ bot_url: 'https://t.me/my_club_bot' },
			{ bot_url: 'https://t.me/username_1' },
		],
		['an invitation', { link: 'https://t.me/+AbCdEf' }, { link: 'https://t.me/username_1' }],
		[
			'the handle in a portal address',
			{ portal_url: 'https://my.memberpass.net/my-club' },
			{ portal_url: 'https://my.memberpass.net/handle-1' },
		],
		[
			'what a message quotes',
			{ error: { message: "The name 'Jane and friends' is taken." } },
			{ error: { message: "The name 'Text 1' is taken." } },
		],
		[
			'an address inside a message',
			{ error: { message: 'jane@gmail.com was invited already.' } },
			{ error: { message: 'person-1@example.com was invited already.' } },
		],
		[
			'a user name that a message quotes',
			{ error: { message: "The username 'jane_doe' is taken." } },
			{ error: { message: "The username 'Text 1' is taken." } },
		],
		[
			'what looks quoted between two apostrophes',
			{ error: { message: "The plan's name and the token's ability." } },
			{ error: { message: "The plan's name and the token's ability." } },
		],
		[
			'a name inside a message, though no value has it',
			{ error: { message: 'Jane Doe has left, and so have Zoe\u0308 and jane-club.' } },
			{ error: { message: 'Text 1 Text 2 has left, and so have Text 3 and Text 4.' } },
		],
		[
			'a user name inside a message',
			{ error: { message: 'See t.me/jane_doe or @jane_doe: JANE.' } },
			{ error: { message: 'See Text 1 or Text 2: Text 3.' } },
		],
		[
			'an IP address inside a message',
			{ error: { message: 'Not from 198.51.100.7, nor from 2a02:8109::17.' } },
			{ error: { message: 'Not from 203.0.113.1, nor from 2001:db8::2.' } },
		],
		[
			'a telephone number inside a message',
			{ error: { message: 'Call +49 170 1234567 or 0170 123 4567.' } },
			{ error: { message: 'Text 1 +15550000001 or Text 2.' } },
		],
		[
			'the words of a field that is wrong',
			{ error: { fields: { name: ['Jane Doe is taken.'] } } },
			{ error: { fields: { name: ['Text 1 Text 2 is taken.'] } } },
		],
		[
			'rows of the account inside an error',
			{ error: { code: 'TAKEN', member: { name: 'Jane Doe', city: 'Oslo' }, code_of: 'Oslo' } },
			{ error: { code: 'TAKEN', member: { name: 'Name 1', city: 'Text 1' }, code_of: 'Text 1' } },
		],
		[
			'what stands in place of a code',
			{ error: { code: 'ask jane' } },
			{ error: { code: 'handle-1' } },
		],
		['a user name like an id', { username: 'jane_smith19870101' }, { username: 'username_1' }],
		['a text like an id', { remark: 'jane_smith19870101' }, { remark: 'Text 1' }],
		[
			'a link to a user name like an id',
			{ url: 'https://t.me/jane_smith19870101' },
			{ url: 'https://t.me/username_1' },
		],
		[
			'a domain of somebody\u2019s own below that of the API',
			{ url: 'https://jane-club.memberpass.net/' },
			{ url: 'https://example.com/private-1' },
		],
		[
			'a link with a password alone',
			{ url: 'https://:a@memberpass.net/' },
			{ url: 'https://example.com/private-1' },
		],
		[
			'a page of the documentation with a password',
			{ url: 'https://a:b@docs.memberpass.net/api' },
			{ url: 'https://example.com/private-1' },
		],
		[
			'an address in the name of a parameter, and what follows a link',
			{ url: 'https://My.MemberPass.net/club?jane@gmail.com=1#jane' },
			{ url: 'https://my.memberpass.net/handle-1?person-1%40example.com=1' },
		],
		[
			'a link without TLS, and one behind other words',
			{ url: 'http://t.me/jane', remark: 'see https://t.me/jane' },
			{ url: 'http://t.me/username_1', remark: 'Text 1' },
		],
		[
			'a link at the end of a sentence',
			{ error: { message: 'See http://jane.dev/me. See https://t.me/jane.' } },
			{ error: { message: 'See https://example.com/private-1. See https://t.me/username_1.' } },
		],
		[
			'names in small letters that are known',
			[
				{ username: 'jane' },
				{ username: 'ann' },
				{ error: { message: 'So jane has left, and ann.' } },
			],
			[
				{ username: 'username_1' },
				{ username: 'username_2' },
				{ error: { message: 'So username_1 has left, and username_2.' } },
			],
		],
		[
			'a name that is a word of ours elsewhere, unless it begins a sentence',
			{ error: { message: 'Check Mint. Please do!  Wait? Check\nForbidden.' } },
			{ error: { message: 'Check Text 1. Please do!  Wait? Check\nText 2.' } },
		],
		[
			'a message, a code and a page that are no refusal’s',
			{ data: { message: 'call me', code: 'JANE', docs_url: 'ask jane' } },
			{ data: { message: 'Text 1', code: 'handle-1', docs_url: 'Text 2' } },
		],
		[
			'what looks like a code in the context of an error',
			{ error: { context: { who: 'JANE' }, message: { who: 'jane' } } },
			{ error: { context: { who: 'Text 1' }, message: { who: 'Text 2' } } },
		],
		[
			'a short number as an id, and no other',
			{ id: 12345, ids: 12345, phone: 12345 },
			{ id: 10001, ids: 12345, phone: 10001 },
		],
		[
			'keys that only begin like the way to a key',
			{ 'events.12': 1, 'events.jane_doe': 2, 'events.12a': 3, 'events.a12': 4 },
			{ 'events.12': 1, 'Text 1': 2, 'Text 2': 3, 'Text 3': 4 },
		],
		['a number in place of a status', { status: '700100015' }, { status: '100000001' }],
		['an IP address in place of a status', { status: '198.51.100.7' }, { status: '203.0.113.1' }],
		['a name that serves as a key', { 'Jane Doe': 1 }, { 'Text 1': 1 }],
		['a telephone number that serves as a key', { '+49 170 1234567': 1 }, { '+15550000001': 1 }],
		['a link that serves as a key', { 'https://t.me/jane': 1 }, { 'https://t.me/username_1': 1 }],
		[
			'a user name that serves as a key, where it is known',
			[{ username: 'jane' }, { jane: 1 }],
			[{ username: 'username_1' }, { username_1: 1 }],
		],
		[
			'an id inside a message',
			{ error: { message: `No plan pln_${ulid}.` } },
			{ error: { message: `No plan pln_${first}.` } },
		],
	])('%s', (_, value, expected) => {
		expect(scrubbed(value)).toEqual(expected);
	});
});

describe('what says something about the API stays', () => {
	it.each<[string, unknown]>([
		[
			'times',
			{ created_at: '2026-05-18T10:05:00Z', day: '2026-05-18', month: '2026-05', at: '12:30' },
		],
		['money', { price: '29.00', mrr: '5280.00', amount: 25, share: 3.2 }],
		['flags, nulls and small numbers', { active: true, description: null, trial_days: 14 }],
		['statuses', { status: 'past_due' }],
		['a status that nobody knew', { status: 'frozen' }],
		['event types', { events: ['subscription.past_due'], type: 'member.joined' }],
		['abilities', { permissions: ['project:view'] }],
		['currencies', { currency: 'USD', currency_code: 'EUR' }],
		['paging facts', { meta: { page: 1, per_page: 100, total: 1_234_567, has_more: false } }],
		[
			'the words of an error',
			{
				error: {
					code: 'VALIDATION_FAILED',
					message: 'The given data was invalid.',
					docs_url: 'https://docs.memberpass.net/mcp/troubleshooting',
					remediation: 'Correct the fields.',
					fields: { name: ['The name field is required.'] },
					context: { required_ability: 'role:view', reason: 'no_bot_attached' },
				},
			},
		],
		['keys that nobody knows', { plan_tier: 1, addressLine2: true, '2026-05': 2, USD: 3, '7': 4 }],
		['an empty text', { description: '' }],
		['a figure below a million', { tg: 999_999 }],
		['a share, whatever its key', { chat_id: 0.5 }],
		['a bare address of the API', { url: 'https://api.memberpass.net' }],
		['a slash at its end', { url: 'https://api.memberpass.net/' }],
		['a page of the API', { url: 'https://api.memberpass.net/v1/projects?page=2' }],
		[
			'other hosts of the platform',
			['https://static.memberpass.net', 'https://www.memberpass.net'],
		],
		['a word that a message quotes', { error: { message: "There is no field 'trial_days'." } }],
		['the reason of an error', { error: { context: { reason: 'no_bot_here' } } }],
		['a code that nobody knew', { error: { code: 'PLAN_FROZEN' } }],
	])('%s', (_, value) => {
		expect(scrubbed(value)).toEqual(value);
	});
});

it('a key of the API stays though it is somebody’s name, and so does one that a message names', () => {
	expect(
		scrubbed([
			{ username: 'price' },
			{ price: 1, plan_tier: 2 },
			{ error: { message: 'No plan_tier.' } },
		]),
	).toEqual([
		{ username: 'username_1' },
		{ price: 1, plan_tier: 2 },
		{ error: { message: 'No Text 1.' } },
	]);
});

it('every refusal that is committed stays word for word', () => {
	const errors = loadRecordings(join(__dirname, '../../..'))
		.flatMap(({ recordings }) => recordings)
		.flatMap(({ exchanges }) => exchanges)
		.map(({ response }) => (response.body as { error?: { message: string } } | null)?.error)
		.filter((error) => error !== undefined)
		.map(({ message, remediation, fields }: Record<string, unknown>) => ({
			error: { message, remediation, fields },
		}));
	expect(errors.length).toBeGreaterThan(100);
	expect(scrubbed(errors)).toEqual(errors);
});

describe('a secret is replaced in whatever form it comes back', () => {
	it('all of them, the longest first', () => {
		expect(secretForms(['\\"/>>?', 'tiny'])).toEqual([
			'%5C%22%2F%3E%3E%3F',
			'%5c%22%2f%3e%3e%3f',
			String.raw`\\\\\\\"/>>?`,
			'5c222f3e3e3f',
			'5C222F3E3E3F',
			String.raw`\\\"/>>?`,
			'XCIvPj4/',
			'XCIvPj4_',
			'74696e79',
			'74696E79',
		]);
	});

	const secret = 'my|own+token/9f8e';
	it.each([
		['as it is', secret],
		['glued to something', `Bearer%20${secret}`],
		['escaped for an address', 'my%7Cown%2Btoken%2F9f8e'],
		['escaped for an address in small letters', 'my%7cown%2btoken%2f9f8e'],
		['in hexadecimal', '6d797c6f776e2b746f6b656e2f39663865'],
		['in hexadecimal, in capitals', '6D797C6F776E2B746F6B656E2F39663865'],
		['in Base64', 'bXl8b3duK3Rva2VuLzlmOGU='],
		['in Base64 behind other text', 'QmVhcmVyIG15fG93bit0b2tlbi85Zjhl'],
		['in Base64 behind more text', 'VG9rZW46IG15fG93bit0b2tlbi85ZjhlLg=='],
		['in Base64 for addresses, behind other text', 'Oi9teXxvd24rdG9rZW4vOWY4ZQ'],
	])('%s', (_, form) => {
		const made = JSON.stringify(
			scrubbed({ status: form, [form]: 1, error: { code: form, message: `No (${form}).` } }, [
				secret,
			]),
		);
		expect(made).toMatch(
			/^\{"status":"mps_example_\d{8}","mps_example_\d{8}":1,"error":\{"code":"mps_example_\d{8}","message":"No \((?:mps_example_\d{8}|Text \d)\)\."\}\}$/,
		);
		for (const part of ['own', 'b3du', 'fG93', 'XxvdW', '6f776e', '6F776E']) {
			expect(made).not.toContain(part);
		}
	});
});

it('the same value has the same stand-in wherever it stands', () => {
	expect(
		scrubbed([
			{ bot: { name: 'club_bot', url: 'https://t.me/club_bot' } },
			{ name: 'Jane Doe', email: 'jane@gmail.com' },
			{ error: { message: 'Jane Doe (jane@gmail.com) has left club_bot.' } },
			{ start_payload: `project_prj_${ulid}`, id: `prj_${ulid}`, bare: ulid },
		]),
	).toEqual([
		{ bot: { name: 'username_1', url: 'https://t.me/username_1' } },
		{ name: 'Name 1', email: 'person-1@example.com' },
		{ error: { message: 'Name 1 (person-1@example.com) has left username_1.' } },
		{ start_payload: `project_prj_${first}`, id: `prj_${first}`, bare: first },
	]);
});

it('two values never share a stand-in', () => {
	expect(scrubbed({ rows: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] })).toEqual({
		rows: [{ name: 'Name 1' }, { name: 'Name 2' }, { name: 'Name 1' }],
	});
});

it.each(['2026-11-27', 'active', '12:30', '25.00', 'project:view'])(
	'a given secret is replaced although it looks like something harmless: %s',
	(secret) => {
		expect(scrubbed({ status: secret }, [secret])).toEqual({ status: 'mps_example_00000001' });
	},
);

it('values that must be in no file are tokens, secrets, addresses and numbers, as they came', () => {
	const scrubber = new Scrubber(platform, ['a given secret', '']);
	scrubber.learn({
		name: 'Jane Doe',
		email: 'jane@gmail.com',
		chat_id: 700100015,
		phone: '+49 170 1234567',
		secret: 'whsec_1',
		other_email: 'a@b.de',
		access: ['mpt_live_42_', 'aB3d'].join(''),
		telegram_id: 12345,
		status: 'active',
	});
	scrubber.freeze();
	expect([...scrubber.privateValues].sort()).toEqual([
		'+49 170 1234567',
		'700100015',
		'a given secret',
		'a@b.de',
		'jane@gmail.com',
		'mpt_live_42_aB3d',
		'whsec_1',
	]);
});

it('a given secret is replaced wherever it is a value, whatever it looks like', () => {
	expect(scrubbed({ status: 'active', echo: 'active2' }, ['active2'])).toEqual({
		status: 'active',
		echo: 'mps_example_00000001',
	});
});

it.each(['active', 'no'])(
	'a word of the API, or of any sentence, stays though it is a name: %s',
	(word) => {
		expect(scrubbed([{ name: word }, { error: { message: `It is ${word} plan.` } }])).toEqual([
			{ name: 'Name 1' },
			{ error: { message: `It is ${word} plan.` } },
		]);
	},
);

it('a status of the API stays though somebody is called like it', () => {
	expect(scrubbed([{ name: 'active' }, { status: 'active' }])).toEqual([
		{ name: 'Name 1' },
		{ status: 'active' },
	]);
});

it('a value that is its own stand-in is not private', () => {
	const scrubber = new Scrubber(platform, []);
	scrubber.learn({ email: 'person-1@example.com' });
	scrubber.freeze();
	expect(scrubber.privateValues).toEqual([]);
});

it('a value that the first pass has not met does not slip through', () => {
	const scrubber = new Scrubber(platform, []);
	scrubber.freeze();
	expect(scrubber.scrub({ name: 'Jane Doe' })).toEqual({ name: 'Name 1' });
});

it('what was scrubbed stays as it is when it is scrubbed again', () => {
	const scrubber = new Scrubber(platform, []);
	const value = { name: 'Jane', chat_id: '700100015', email: 'a@b.de', id: `usr_${ulid}` };
	scrubber.learn(value);
	scrubber.freeze();
	const once = scrubber.scrub(value);
	expect(scrubber.scrub(once)).toEqual(once);
});

it('the path of a request keeps its route and loses its ids', () => {
	const scrubber = new Scrubber(platform, []);
	expect(scrubber.path(`/v1/projects/prj_${ulid}/plans`)).toBe(`/v1/projects/prj_${first}/plans`);
	scrubber.freeze();
	expect(scrubber.path('/v1/tokens/some%20thing')).toBe('/v1/tokens/handle-1');
	expect(scrubber.path('/v1/tokens/pi_3NxyT2eZvKYlo2C1')).toBe('/v1/tokens/pi_0000000000000002');
});

describe('a delivery keeps every byte that is not private', () => {
	const rewrite = (text: string): string => {
		const scrubber = new Scrubber(platform, []);
		scrubber.learn(JSON.parse(text));
		scrubber.freeze();
		return rewriteJson(
			text,
			(value, keys) =>
				typeof value === 'string' ? scrubber.text(value, keys) : scrubber.number(value, keys),
			(key) => scrubber.key(key),
		);
	};

	it.each([
		['numbers as they were written', '{"price":25.0,"n":1e3}', '{"price":25.0,"n":1e3}'],
		['blanks', '{ "status" :\n "active" , "list":[ ] }', '{ "status" :\n "active" , "list":[ ] }'],
		['escapes', '{"status":"\\u0061ctive"}', '{"status":"\\u0061ctive"}'],
		[
			'slashes the way the sender writes them',
			'{"url":"https:\\/\\/t.me\\/club","type":"a\\/b"}',
			'{"url":"https:\\/\\/t.me\\/username_1","type":"Text 1"}',
		],
		[
			'slashes that are not escaped',
			'{"url":"https://t.me/club"}',
			'{"url":"https://t.me/username_1"}',
		],
		['a figure, whatever its size', '{"total":1234567}', '{"total":1234567}'],
		[
			'no number of a person',
			'{"chat_id":700100015,"tg":7.00100015e8}',
			'{"chat_id":100000001,"tg":100000001}',
		],
		['no password', '{"password":"2026-05-18"}', '{"password":"mps_example_00000001"}'],
		['quotes in a text', '{"type":"a\\"b","n":1}', '{"type":"Text 1","n":1}'],
		['nested values', '[{"a":{"name":"Jane"}},null,true]', '[{"a":{"name":"Name 1"}},null,true]'],
		['keys', '{"jane@gmail.com":1}', '{"person-1@example.com":1}'],
	])('%s', (_, text, expected) => {
		expect(rewrite(text)).toBe(expected);
	});

	it.each([
		'',
		'{a:1}',
		'{"a":}',
		'{"a":1 "b":2}',
		'[1 2]',
		'{"a":1',
		'{"a" 1}',
		'[1,',
		'{"a":1}x',
		'"open',
	])('and %s is no JSON', (text) => {
		expect(() =>
			rewriteJson(
				text,
				(value) => value,
				(key) => key,
			),
		).toThrow(SyntaxError);
	});
});
