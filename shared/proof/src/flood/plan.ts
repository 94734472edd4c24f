import { createHmac } from 'node:crypto';

import { type Random, seededRandom } from '../../../../packages/sandbox/src/random.ts';
import type { EventFixture } from '../../../testing/src/fixtures.ts';
import type { SignatureVector } from '../../../testing/src/vectors.ts';

/** One delivery as it comes in, and what has to become of it. */
export type Planned =
	| {
			readonly kind: 'genuine';
			readonly id: string;
			readonly type: string;
			/** Whether the same delivery came before. */
			readonly repeated: boolean;
			readonly body: Buffer;
			readonly header: string;
	  }
	| {
			readonly kind: 'forged';
			/** The row of the vector file it is made of. */
			readonly way: string;
			/** Secret stored in the trigger; null where none is. */
			readonly secret: string | null;
			/** What the clock shows, unix milliseconds; null for now. */
			readonly now: number | null;
			readonly type: string;
			readonly body: Uint8Array;
			readonly header: string | readonly string[] | undefined;
	  };

export interface FloodOptions {
	readonly count: number;
	/** The same seed plans the same deliveries, apart from the time they are signed at. */
	readonly seed: string;
	/** Share of forged ones, 0 to 1. */
	readonly forgedShare: number;
}

export interface FloodMaterial {
	readonly fixtures: readonly EventFixture[];
	readonly vectors: readonly SignatureVector[];
	readonly secret: string;
	/** Secret before a rotation: signs `v0` beside it. */
	readonly oldSecret: string;
}

/** How far out of order deliveries come. */
const window = 500;
/** Share of the genuine ones that come again later. */
const repeatedShare = 0.1;

/**
 * Deliveries as a busy and hostile week brings them: of every event, in the header forms that MemberPass documents,
 * some twice, all out of order, and forged ones between them in every way of the vector file.
 */
export function* planFlood(
	{ count, seed, forgedShare }: FloodOptions,
	material: FloodMaterial,
): Generator<Planned> {
	const random = seededRandom(seed);
	const forged = forgeries(material);
	const forgedCount = Math.floor(count * forgedShare);
	let waiting: Planned[] = [];
	let forgedSoFar = 0;
	for (let index = 0; index < count; index++) {
		const dueForged = Math.floor(((index + 1) * forgedCount) / count);
		if (forgedSoFar < dueForged) {
			const make = forged[forgedSoFar % forged.length];
			if (make === undefined) throw new Error('There is no way to forge.');
			waiting.push(make(fixtureAt(material, index)));
			forgedSoFar++;
		} else {
			const earlier = waiting.findLast((one) => one.kind === 'genuine');
			waiting.push(
				earlier !== undefined && random.next() < repeatedShare
					? { ...earlier, repeated: true }
					: genuine(material, index, random),
			);
		}
		if (waiting.length === window || index === count - 1) {
			yield* shuffled(waiting, random);
			waiting = [];
		}
	}
}

function fixtureAt({ fixtures }: FloodMaterial, index: number): EventFixture {
	const fixture = fixtures[index % fixtures.length];
	if (fixture === undefined) throw new Error('There is no fixture.');
	return fixture;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
	const order = [...items];
	for (let last = order.length - 1; last > 0; last--) {
		const other = Math.floor(random.next() * (last + 1));
		const [a, b] = [order[last], order[other]];
		if (a === undefined || b === undefined) continue;
		order[last] = b;
		order[other] = a;
	}
	return order;
}

/** Signs as docs.memberpass.net/webhooks/signature-verification says, without our own protocol. */
const digest = (body: Uint8Array, secret: string, time: number): string =>
	createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');

function genuine(material: FloodMaterial, index: number, random: Random): Planned {
	const fixture = fixtureAt(material, index);
	const id = `evt_${index.toString(36).toUpperCase().padStart(26, '0')}`;
	const event = JSON.parse(fixture.body) as Readonly<Record<string, unknown>>;
	const body = Buffer.from(JSON.stringify({ ...event, id }));
	// Well inside the 300 seconds: the flood itself takes time.
	const time = Math.floor(Date.now() / 1_000) + Math.round((random.next() - 0.5) * 400);
	const t = `t=${time}`;
	const v1 = `v1=${digest(body, material.secret, time)}`;
	const v0 = `v0=${digest(body, material.oldSecret, time)}`;
	const rotated = `v0=${digest(body, material.secret, time)},v1=${digest(body, 'the next one', time)}`;
	const forms = [
		`${t},${v1}`,
		`${v1},${t}`,
		`${t}, ${v1}`,
		`${t},${v0},${v1}`,
		`${t},${rotated}`,
		`${t},${v1.toUpperCase().replace('V1', 'v1')}`,
		`${t},v2=${'0'.repeat(64)},${v1}`,
	];
	const header = forms[index % forms.length] ?? '';
	return { kind: 'genuine', id, type: fixture.type, repeated: false, body, header };
}

type Forge = (fixture: EventFixture) => Planned;

/**
 * Every row of the vector file that is refused, as it is: with its own secret and clock. And the header of every row,
 * good ones included, on a genuine body that it does not belong to.
 */
function forgeries({ vectors, secret }: FloodMaterial): Forge[] {
	const rows = vectors.filter(({ verdict }) => verdict !== 'ok');
	return [
		...rows.map((row): Forge => ({ type }) => ({
			kind: 'forged',
			way: row.name,
			secret: row.secrets[0] ?? null,
			now: row.now,
			type,
			body: row.body,
			header: row.header,
		})),
		...vectors.map((row): Forge => ({ type, body }) => ({
			kind: 'forged',
			way: `the header of: ${row.name}`,
			secret,
			now: null,
			type,
			body: Buffer.from(body),
			header: row.header,
		})),
	];
}
