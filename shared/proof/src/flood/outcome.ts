/** What a flood did to the trigger of one platform. */
export interface FloodOutcome {
	/** Deliveries in all. */
	readonly sent: number;
	readonly genuine: number;
	/** Genuine ones that came once more. */
	readonly repeated: number;
	readonly forged: number;
	/** Forged ones that cannot come in this way on the platform. */
	readonly impossible: number;
	/** Different ways to forge that came. */
	readonly ways: number;
	/** Genuine ones that did not start one run with their event. Must be 0. */
	readonly lost: number;
	/** Forged ones that started a run. Must be 0. */
	readonly accepted: number;
	/** Forged ones that started nothing but were not refused either. Must be 0. */
	readonly unexplained: number;
	/** Deliveries after which a secret, a token or a signature showed in what came out. Must be 0. */
	readonly leaked: number;
	/** Bytes in use after each tenth, after a collection. */
	readonly heap: readonly number[];
	/** Time inside the trigger. */
	readonly seconds: number;
	/** The first failures, by name. */
	readonly faults: readonly string[];
}

export type FloodMessage =
	{ readonly runtime: string } | { readonly sent: number } | { readonly outcome: FloodOutcome };

/**
 * How much the memory in use may grow between the second tenth and the last one. It grows by four hundredths at most;
 * a tenth is what 150 bytes that stay of each of 50,000 deliveries come to.
 */
const heapGrowth = 1.1;

/** What is wrong with an outcome; empty where all is well. */
export function wrongWith(outcome: FloodOutcome): readonly string[] {
	const { genuine, forged, ways, impossible, lost, accepted, unexplained, leaked, heap, faults } =
		outcome;
	const early = heap[1] ?? 0;
	const late = heap.at(-1) ?? 0;
	return [
		// A check that tries nothing must not pass.
		...(genuine + forged <= impossible ? ['nothing came in'] : []),
		...(forged > 0 && ways === 0 ? ['no forged delivery came in'] : []),
		...(lost > 0 ? [`${lost} genuine deliveries were lost`] : []),
		...(accepted > 0 ? [`${accepted} forged deliveries were accepted`] : []),
		...(unexplained > 0 ? [`${unexplained} forged deliveries were not refused`] : []),
		...(leaked > 0 ? [`a secret showed after ${leaked} deliveries`] : []),
		...(late > early * heapGrowth ? [`memory grew from ${early} to ${late} bytes`] : []),
		...faults,
	];
}
