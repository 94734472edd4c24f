import nock from 'nock';

import { LiveCheckError, validateLive } from '../src/live.ts';
import { indexEntries, readBlueprint } from './support.ts';

const zone = process.env['MAKE_ZONE'] ?? '';
const path = '/api/v2/blueprints/validate';
const blueprint = readBlueprint('blueprints/set-up.json');

describe("the check by Make's own API", () => {
	const answer = (status: number, body: nock.Body) =>
		nock('https://eu2.make.com')
			.post(path, { blueprint: blueprint as never })
			.reply(status, body);

	it('sends the blueprint, without credentials, and is content with a valid one', async () => {
		const sent: (string | null)[] = [];
		answer(200, { valid: true, errors: [] }).on('request', ({ headers }: Request) => {
			for (const name of ['content-type', 'accept', 'authorization', 'cookie']) {
				sent.push(headers.get(name));
			}
		});
		expect(await validateLive('eu2.make.com', blueprint)).toEqual([]);
		expect(sent).toEqual(['application/json', 'application/json', null, null]);
	});

	it('hands on what Make finds wrong', async () => {
		answer(200, {
			valid: false,
			errors: [{ path: 'flow[0].module', problem: 'Unknown module.', fix: 'Use another one.' }],
		});
		expect(await validateLive('eu2.make.com', blueprint)).toEqual([
			{ rule: 'make', path: 'flow[0].module', problem: 'Unknown module.', fix: 'Use another one.' },
		]);
	});

	it('takes a refusal without a reason for one', async () => {
		for (const body of [{ valid: false }, { valid: false, errors: [null, 'wrong'] }]) {
			answer(200, body);
			expect(await validateLive('eu2.make.com', blueprint)).toEqual([
				{ rule: 'make', path: '', problem: 'Make refuses it.', fix: 'Import it by hand and see.' },
			]);
		}
	});

	it.each([
		[403, '', /does not offer the check/],
		[429, '', /gets too many requests/],
		[200, 'hello', /did not say whether the blueprint is valid/],
		[500, '{}', /answered 500 but did not say whether the blueprint is valid/],
	])('does not take %i %p for a verdict', async (status, body, message) => {
		answer(status, body);
		const asked = validateLive('eu2.make.com', blueprint);
		await expect(asked).rejects.toThrow(LiveCheckError);
		await expect(asked).rejects.toThrow(message);
	});

	it.each(['', 'https://eu2.make.com', 'eu2.make.com/x', 'a b', 'localhost'])(
		'refuses %p as a zone',
		async (name) => {
			await expect(validateLive(name, blueprint)).rejects.toThrow(/is not a zone/);
		},
	);

	it('says so when the zone cannot be reached', async () => {
		nock('https://eu2.make.com').post(path).replyWithError('refused');
		await expect(validateLive('eu2.make.com', blueprint)).rejects.toThrow(/cannot be reached/);
	});
});

// One template for each set of modules: Make limits how often it can be asked.
const kinds = new Map(indexEntries().map((entry) => [entry.modules.join(' '), entry.blueprint]));
const reason =
	zone === ''
		? 'skipped: set MAKE_ZONE to a zone such as eu2.make.com, and be online'
		: `asks ${zone}`;

(zone === '' ? describe.skip : describe)(`Make itself (${reason})`, () => {
	beforeAll(() => nock.restore());

	it.each([...kinds.values()])(`would import %s (${reason})`, async (file) => {
		expect(await validateLive(zone, readBlueprint(file))).toEqual([]);
	});
});
