import { isDeepStrictEqual } from 'node:util';

import { events } from '@memberpass/catalogue';
import {
	canonicalise,
	parseSignatureHeader,
	readDelivery,
	signBody,
	toAlternatives,
	verifySignature,
} from '@memberpass/protocol';
import fc from 'fast-check';

import { anyCodePoint } from '../../../testing/src/any-code-point.ts';
import {
	asJsonBytes,
	bytesOf,
	hostileBytes,
	hostileJson,
	hostileText,
	must,
	type Target,
	targetOf,
} from './target.ts';
import { now } from './wires.ts';

const secret = 'the secret that nobody who forges knows';
const seconds = now / 1_000;

/** Texts near the grammar of the header, so that the parser is reached in its depth. */
const headerText = fc.oneof(
	hostileText,
	fc
		.array(
			fc.tuple(
				fc.constantFrom('t', 'v0', 'v1', 'v2', ' t ', 'T', '', '__proto__'),
				fc.constantFrom('=', '==', ' = ', '', ':'),
				fc.oneof(
					hostileText,
					fc.constantFrom(String(seconds), '0', '-1', '1e9', `${seconds}x`, '9'.repeat(20)),
					fc
						.uint8Array({ minLength: 32, maxLength: 32 })
						.map((bytes) => Buffer.from(bytes).toString('hex')),
				),
			),
			{ maxLength: 6 },
		)
		.map((parts) => parts.map((part) => part.join('')).join(',')),
);

const signatureHeader = targetOf({
	name: 'signature header',
	rule: 'every text is read as a header or as none, and the order of its parts does not matter',
	weight: 1,
	inputs: headerText,
	check(header) {
		const read = parseSignatureHeader(header);
		const reversed = parseSignatureHeader(header.split(',').reverse().join(','));
		must((read === null) === (reversed === null), 'the order of the parts does not matter');
		if (read === null) return;
		must(/^\d{1,12}$/.test(read.signed), 'the time is digits');
		must(read.timestamp === Number(read.signed), 'the time is the number of its digits');
		must(read.candidates.length > 0, 'there is a signature');
		must(read.signed === reversed?.signed, 'the time is the same in any order');
	},
});

const forgedDelivery = targetOf({
	name: 'forged delivery',
	rule: 'nothing that was not signed with the secret is accepted, and no reason tells a secret',
	weight: 1,
	inputs: fc.record({
		body: hostileBytes,
		header: fc.oneof(headerText, fc.array(headerText, { maxLength: 3 }), fc.constant(null)),
		others: fc.array(hostileText, { maxLength: 2 }),
	}),
	check({ body, header, others }) {
		const secrets = [...others, secret];
		const verdict = verifySignature({ body: bytesOf(body), header, secrets, now });
		must(verdict.verdict !== 'ok', 'it is refused');
		must(!verdict.reason.includes(secret), 'the reason does not hold the secret');
	},
});

const tamperedDelivery = targetOf({
	name: 'tampered delivery',
	rule: 'a signed delivery is accepted, and refused as soon as one bit of body, time or signature differs',
	weight: 1,
	inputs: fc.record({
		body: fc
			.uint8Array({ minLength: 1, maxLength: 100 })
			.map((bytes) => Buffer.from(bytes).toString('base64')),
		secret: fc
			.string({ unit: anyCodePoint, minLength: 1, maxLength: 80 })
			.filter((one) => one.trim() !== ''),
		age: fc.integer({ min: -300, max: 300 }),
		place: fc.nat(),
		bit: fc.nat(7),
	}),
	check({ body, secret: own, age, place, bit }) {
		const bytes = bytesOf(body);
		const header = signBody(bytes, own, seconds - age);
		const judge = (changed: Uint8Array, line: string): string =>
			verifySignature({ body: changed, header: line, secrets: [own], now }).verdict;
		must(judge(bytes, header) === 'ok', 'the delivery as it was signed is accepted');
		const flipped = Buffer.from(bytes);
		const at = place % bytes.length;
		flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
		must(judge(flipped, header) !== 'ok', 'a body with another bit is refused');
		const digit = header.length - 1 - (place % 64);
		const other = (parseInt(header.charAt(digit), 16) ^ (1 << (bit % 4))).toString(16);
		const line = header.slice(0, digit) + other + header.slice(digit + 1);
		must(judge(bytes, line) !== 'ok', 'a signature with another bit is refused');
		const later = header.replace(/^t=\d+/, `t=${seconds - age + 1 + (place % 5)}`);
		must(judge(bytes, later) !== 'ok', 'another time is refused');
	},
});

const alternatives = events.map((entry) => [entry.type, toAlternatives(entry)] as const);

/** Something that is close to an event. */
const eventLike = fc
	.record(
		{
			id: fc.oneof(hostileText, hostileJson),
			type: fc.oneof(fc.constantFrom(...events.map((entry) => entry.type)), hostileText),
			data: fc.oneof(
				hostileJson,
				fc.dictionary(
					fc.oneof(
						hostileText,
						fc.constantFrom('subscription', 'subscription_id', 'plan', 'id', 'plan_id', 'role'),
					),
					fc.oneof(hostileJson, fc.record({ id: hostileText }, { requiredKeys: [] })),
				),
			),
			project_id: hostileJson,
		},
		{ requiredKeys: [] },
	)
	.map(asJsonBytes);

const payload = targetOf({
	name: 'payload reader',
	rule: 'every body is read as an event or as none; keys are added to its data, never changed or taken away',
	weight: 1,
	inputs: fc.oneof(hostileBytes, hostileJson.map(asJsonBytes), eventLike),
	check(body) {
		const reading = readDelivery(bytesOf(body));
		if (!reading.ok) {
			must(reading.reason !== '', 'a reason is given');
			return;
		}
		const { event } = reading;
		must(event.id !== '' && event.type !== '', 'there is an id and a type');
		const before = JSON.stringify(event);
		for (const [, places] of alternatives) {
			const full = canonicalise(event, places);
			must(JSON.stringify(event) === before, 'the event is left alone');
			must(holds(full, event), 'nothing is changed or taken away');
			must(isDeepStrictEqual(canonicalise(full, places), full), 'adding again adds nothing');
		}
		must(({} as { polluted?: unknown }).polluted === undefined, 'no prototype is changed');
	},
});

/** True where every key and value of `expected` is in `actual`. */
function holds(actual: unknown, expected: unknown): boolean {
	if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
	if (Array.isArray(expected)) return isDeepStrictEqual(actual, expected);
	if (typeof actual !== 'object' || actual === null) return false;
	return Object.entries(expected).every(
		([key, value]) => Object.hasOwn(actual, key) && holds(Reflect.get(actual, key), value),
	);
}

/** What the protocol reads of a delivery. */
export const deliveryTargets: readonly Target[] = [
	signatureHeader,
	forgedDelivery,
	tamperedDelivery,
	payload,
];
