import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { loadSignatureVectors } from '../src/vectors.ts';

const root = join(__dirname, '../../..');
const program = join(root, 'shared/testing/vectors/make.py');
const lacking = [['python3', '--version'] as const, ['openssl', 'version'] as const]
	.filter(([name, asked]) => spawnSync(name, [asked], { stdio: 'ignore' }).status !== 0)
	.map(([name]) => name);
const missing = lacking.length === 0 ? '' : ` (not run: no ${lacking.join(' and no ')} here)`;

describe('the signature vectors', () => {
	(missing === '' ? it : it.skip)(`are what Python and openssl compute today${missing}`, () => {
		// Where python3 is a shell script, its shell warns of a locale that is not installed.
		const { status, stdout, stderr } = spawnSync('python3', [program], {
			encoding: 'utf8',
			env: { ...process.env, LC_ALL: 'C' },
		});
		expect({ status, stdout, stderr }).toEqual({
			status: 0,
			stdout: expect.stringMatching(
				/^signatures\.json is right: 206 rows, \d+ HMACs computed by python and by openssl alike\.\n$/,
			),
			stderr: '',
		});
	});

	it('hold a row of every kind in which verifiers go wrong', () => {
		const verdicts = new Map(
			loadSignatureVectors(root).map(({ name, verdict }) => [name, verdict]),
		);
		expect(Object.fromEntries(verdicts)).toMatchObject({
			// Every order of the parts, and every holder of a secret.
			'rotation: a header t,v0,v1 is accepted by who holds old': 'ok',
			'rotation: a header t,v0,v1 is accepted by who holds new': 'ok',
			'rotation: a header v1,v0,t is accepted by who holds old and new': 'ok',
			'rotation: a header v0,v1,t is refused by who holds neither secret': 'mismatch',
			// Both sides of both ends.
			'a time 300 s in the past is accepted': 'ok',
			'a time 301 s in the past is stale': 'stale',
			'a time 300 s in the future is accepted': 'ok',
			'a time 301 s in the future is stale': 'stale',
			'a time followed by junk is malformed, although signed': 'malformed',
			'a time of 20 digits is malformed, although signed': 'malformed',
			'a signed body with a byte order mark is accepted': 'ok',
			'a body is refused when its byte order mark was dropped': 'mismatch',
			'a signed body with bytes that are not UTF-8 is accepted': 'ok',
			'a body is refused when CRLF became LF': 'mismatch',
			'a signed body with 1 MiB is accepted': 'ok',
			'an empty body is refused even when signed': 'no_body',
			'no header at all is refused': 'no_header',
			'an empty header is refused': 'no_header',
			'a list with one good header is accepted': 'ok',
			'two headers are malformed, the good one first': 'malformed',
			'a secret that is empty is refused, even when it signed the delivery': 'no_secret',
			'a secret that is whitespace is refused, even when it signed the delivery': 'no_secret',
			'upper-case hex is accepted': 'ok',
			'a v1 of 63 digits is refused': 'mismatch',
			'a v1 of 128 digits is refused': 'mismatch',
		});
	});
});
