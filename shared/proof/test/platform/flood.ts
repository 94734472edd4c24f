import { join } from 'node:path';

import type { PlatformName } from '../../src/faults/run.ts';
import { runFlood } from '../../src/flood/run.ts';

const repoRoot = join(__dirname, '../../../..');
const options = { count: 700, seed: 'suite', forgedShare: 0.5 };

/** Rows of the vector file that are refused, and rows in all: each header is also put on a body it does not belong to. */
const waysToForge = 123 + 206;

/** Ways that a platform leaves no room for: Zapier hands over a header as one text, but four rows have several lines. */
const impossibleOn = { n8n: 0, zapier: 8 } as const;

/** 700 deliveries, half of them forged, through the built trigger of a platform in the engine it runs in. */
export function testFloodOn(name: PlatformName): void {
	const impossible = impossibleOn[name];
	const ways = waysToForge - impossible;
	it(`of ${ways} ways to forge none is accepted, no genuine delivery is lost, nothing secret shows`, async () => {
		const { outcome, leakedLines } = await runFlood(name, repoRoot, options);
		expect(outcome).toMatchObject({
			sent: 700,
			genuine: 350,
			forged: 350,
			ways,
			lost: 0,
			accepted: 0,
			unexplained: 0,
			leaked: 0,
			faults: [],
		});
		expect(outcome.impossible).toBeGreaterThanOrEqual(impossible);
		expect(outcome.repeated).toBeGreaterThan(10);
		expect(leakedLines).toBe(0);
	}, 600_000);
}
