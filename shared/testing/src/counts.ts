const kinds = {
	actions: 24,
	searches: 35,
	/** Reads that only serve dropdowns, samples and connection tests; operations of the n8n node too. */
	reads: 6,
	/** Documented writes that 1.4.0 lacks; operations of the n8n node only. */
	extras: 2,
} as const;

/**
 * How much there is of everything, written down once as literals. A projection that loses an entry fails against
 * these numbers; whoever adds an event or an operation raises them on purpose.
 */
export const expectedCounts = {
	events: 71,
	families: 12,
	...kinds,
	/** All four kinds together. */
	operations: kinds.actions + kinds.searches + kinds.reads + kinds.extras,
	resources: 19,
} as const;
