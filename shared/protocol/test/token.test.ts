import { memberPass } from '@memberpass/catalogue';

import { environmentOf, readProblem, readToken, refusedTokens, withReason } from '../src/index.ts';
import { answer } from './support.ts';

it.each([
	['mpt_live_1_x', 'live'],
	['mpt_test_1_x', 'test'],
	['sbt_1_x', 'unknown'],
	['', 'unknown'],
])('token %s is of the environment %s', (token, expected) => {
	expect(environmentOf(token, memberPass)).toBe(expected);
});

describe('a token that was entered', () => {
	const none =
		'There is no API token. Create one at https://app.memberpass.net/settings/tokens and enter it.';
	const odd =
		'The API token contains characters that no token has. Copy it again, or create a new one at https://app.memberpass.net/settings/tokens.';

	it.each([
		['mpt_live_1_x', 'mpt_live_1_x'],
		[' \tmpt_live_1_x\n', 'mpt_live_1_x'],
		['!~', '!~'],
		['{x}', '{x}'],
	])('%j is taken as %j', (written, token) => {
		expect(readToken(written, memberPass)).toEqual({ ok: true, token });
	});

	it.each([
		['', none],
		[' \n', none],
		['Bearer x', odd],
		['mpt\nx', odd],
		['tökén', odd],
		['mpt_live_…', odd],
		['x\u007f', odd],
		['{{bundle.authData.api_token}}', odd],
	])('%j is not sent, and the reason does not quote it', (written, reason) => {
		expect(readToken(written, memberPass)).toEqual({ ok: false, reason });
	});
});

describe('a refused token', () => {
	const live = 'https://api.memberpass.net';
	const elsewhere = 'https://api.example.com';
	const other =
		'The token may have been revoked, it may have expired, or only part of it was copied.';
	const refused = (status = 401) => {
		const problem = readProblem(answer(status, { message: 'No.' }), memberPass, 0);
		return { ok: false, problem, tries: 1 } as const;
	};

	it.each([
		[
			'mpt_test_1_x',
			live,
			'The API token is a test token (mpt_test_…), which https://api.memberpass.net refuses: use a live token (mpt_live_…), or enter the address of your test environment as the API address.',
		],
		['mpt_test_1_x', elsewhere, other],
		['mpt_live_1_x', live, other],
		[
			'mpt_live_1_x',
			elsewhere,
			'The API token is a live token (mpt_live_…), but the API address is not https://api.memberpass.net: enter that address, or use a token of the environment that you mean.',
		],
		[
			'sbt_1_x',
			live,
			'The API token is one of Subscriby (sbt_…), which https://api.memberpass.net refuses: use one that starts with mpt_live_.',
		],
		['sbt_1_x', elsewhere, other],
		[
			'hello',
			live,
			'MemberPass tokens start with mpt_live_ or mpt_test_, and the token here does not: copy the whole token again.',
		],
		['hello', elsewhere, other],
	])('%s at %s is told why that may be', (token, origin, reason) => {
		const result = refused();
		expect(withReason(result, { token, origin }, memberPass)).toEqual({
			...result,
			problem: { ...result.problem, reason },
		});
	});

	it('is no reason for anything else', () => {
		const connection = { token: 'hello', origin: live };
		for (const result of [refused(403), { ok: true, rows: [] }] as const) {
			expect(withReason(result, connection, memberPass)).toBe(result);
		}
	});

	it.each([
		[
			memberPass.otherNames,
			'MemberPass refuses a token that was revoked, has expired, was copied only in part, is of another environment (mpt_test_… instead of mpt_live_…), or is one of Subscriby (sbt_…).',
		],
		[
			[...memberPass.otherNames, { name: 'Another', tokenPrefix: 'abc_' }],
			'MemberPass refuses a token that was revoked, has expired, was copied only in part, is of another environment (mpt_test_… instead of mpt_live_…), or is one of Subscriby (sbt_…), or is one of Another (abc_…).',
		],
		[
			[],
			'MemberPass refuses a token that was revoked, has expired, was copied only in part, is of another environment (mpt_test_… instead of mpt_live_…).',
		],
	])('has these reasons, for who does not know it', (otherNames, sentence) => {
		expect(refusedTokens({ ...memberPass, otherNames })).toBe(sentence);
	});
});
