import { VirtualClock } from '../src/clock.ts';
import { createIds } from '../src/ids.ts';
import { seededRandom } from '../src/random.ts';

describe('dice', () => {
	it('of the same seed draw the same, and of another something else', () => {
		const draw = (seed: string) => {
			const random = seededRandom(seed);
			return [random.next(), random.integer(1, 1_000), random.hex(8), random.fork('x').hex(8)];
		};
		const [one, other] = [draw('a'), draw('b')];
		expect(draw('a')).toEqual(one);
		expect(one.filter((drawn, index) => drawn === other[index])).toEqual([]);
	});

	it('of one part do not shift what another draws', () => {
		const [alone, beside] = [seededRandom('a'), seededRandom('a')];
		beside.fork('part').hex(8);
		expect(beside.next()).toBe(alone.next());
		expect(alone.fork('part').hex(8)).not.toBe(alone.fork('other part').hex(8));
	});

	it('show each side, and none that they do not have', () => {
		const random = seededRandom('a');
		const drawn = new Set(Array.from({ length: 200 }, () => random.integer(1, 6)));
		expect([...drawn].sort()).toEqual([1, 2, 3, 4, 5, 6]);
		expect(new Set(Array.from({ length: 50 }, () => random.pick(['a', 'b'])))).toEqual(
			new Set(['a', 'b']),
		);
		expect(random.hex(12)).toMatch(/^[0-9a-f]{12}$/);
	});

	it('pick nothing from nothing', () => {
		expect(() => seededRandom('a').pick([])).toThrow(RangeError);
	});
});

describe('ids', () => {
	// 2026-05-18T10:05:00Z is 1779098700000 ms, which is 01KRX8QJ70 in Crockford's base 32; a second later 01KRX8QK68.
	const clock = new VirtualClock(Date.parse('2026-05-18T10:05:00.000Z'));

	it('are ULIDs of their time, unique and in order', () => {
		const ids = createIds(clock, seededRandom('ids'));
		const made = Array.from({ length: 2_000 }, () => ids.next('plan'));
		expect(new Set(made).size).toBe(2_000);
		expect(made.toSorted()).toEqual(made);
		expect(made[0]).toMatch(/^pln_01KRX8QJ70[0-9A-HJKMNP-TV-Z]{16}$/);
	});

	it('may be dated to another time', () => {
		const ids = createIds(clock, seededRandom('ids'));
		const later = Date.parse('2026-05-18T10:05:01.000Z');
		expect(ids.next('member', later)).toMatch(/^usr_01KRX8QK68/);
		expect(ids.ulid(later)).toMatch(/^01KRX8QK68/);
	});
});
