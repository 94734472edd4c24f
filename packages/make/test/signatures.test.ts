import { loadSignatureVectors, type SignatureVector } from '@memberpass/testing';

import { events } from '@memberpass/catalogue';

import { type Reading, readings } from '../src/iml/functions.ts';
import { simulate, webhookBundle } from '../src/simulate.ts';
import { enter, moduleCalled, readBlueprint, readingTable, repoRoot, world } from './support.ts';

/**
 * Where the templates answer otherwise than the protocol, by the name of the row and with the reason. Each is refused
 * although the protocol accepts it; the other way round there is none.
 */
const refusedByMake: Readonly<Record<string, string>> = {
	'a signed body with bytes that are not UTF-8 is accepted':
		'Make hands the body over as text, so bytes that are not UTF-8 are gone before the check.',
};

const vectors = loadSignatureVectors(repoRoot);
const expected = (vector: SignatureVector): boolean =>
	vector.verdict === 'ok' && refusedByMake[vector.name] === undefined;

const headerPairs = (header: SignatureVector['header']): (readonly [string, string])[] =>
	(header === undefined ? [] : typeof header === 'string' ? [header] : header).map(
		(value) => ['MP-Signature', value] as const,
	);

/** True where the bundle reached the step that parses the body. */
async function accepts(
	type: string,
	vector: SignatureVector,
	reading: Reading,
	hook = { headers: true, passThrough: true },
): Promise<boolean> {
	const { flow } = readBlueprint(`blueprints/events/${type}.verified.json`);
	const [secret = '', previous_secret = ''] = vector.secrets;
	const paste = moduleCalled(flow, 'Paste the signing secret').id;
	const parse = moduleCalled(flow, 'Event').id;
	const delivery = webhookBundle({ headers: headerPairs(vector.header), body: vector.body }, hook);
	const run = await simulate(
		enter(flow, paste, { secret, previous_secret }),
		world({ delivery, reading, now: vector.now }),
	);
	// Whatever comes in, the scenario stays switched on.
	expect(run.ends.filter(({ kind }) => kind === 'failed')).toEqual([]);
	const isParsed = run.outputs.some(({ module }) => module === parse);
	return isParsed || run.ends.some((end) => end.kind === 'ignored' && end.module === parse);
}

describe('a verified event template', () => {
	it('names in its list of differences only rows that exist and that the protocol accepts', () => {
		const accepted = vectors.filter(({ verdict }) => verdict === 'ok').map(({ name }) => name);
		expect(accepted).toEqual(expect.arrayContaining(Object.keys(refusedByMake)));
	});

	it.each(vectors.map((vector) => [vector.name, vector] as const))(
		'answers as the protocol does: %s',
		async (_, vector) => {
			for (const reading of readings) {
				expect([reading, await accepts('member.joined', vector, reading)]).toEqual([
					reading,
					expected(vector),
				]);
			}
		},
	);

	it.each(events.map(({ type }) => [type]))('%s judges every row alike', async (type) => {
		const [reading] = readings;
		if (reading === undefined) throw new Error('There is no reading.');
		for (const vector of vectors.filter(({ body }) => body.length < 10_000)) {
			expect([vector.name, await accepts(type, vector, reading)]).toEqual([
				vector.name,
				expected(vector),
			]);
		}
	});

	const good = vectors.find(({ verdict }) => verdict === 'ok');
	if (good === undefined) throw new Error('No row is accepted.');

	it.each(readingTable)(
		'lets nothing pass while a switch of the hook is off (%s)',
		async (_, reading) => {
			expect(await accepts('member.joined', good, reading)).toBe(true);
			for (const hook of [
				{ headers: false, passThrough: true },
				{ headers: true, passThrough: false },
				{ headers: false, passThrough: false },
			]) {
				expect(await accepts('member.joined', good, reading, hook)).toBe(false);
			}
		},
	);

	it('holds no secret until one is pasted', () => {
		for (const { type } of events) {
			const { flow } = readBlueprint(`blueprints/events/${type}.verified.json`);
			const { mapper } = moduleCalled(flow, 'Paste the signing secret');
			expect(mapper).toMatchObject({
				variables: expect.arrayContaining([
					{ name: 'secret', value: '' },
					{ name: 'previous_secret', value: '' },
				]),
			});
		}
	});
});
