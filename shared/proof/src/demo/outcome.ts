/** What a platform made of one fixture. The children of the demo send these to their parent, one JSON line each. */
export interface Outcome {
	readonly platform: 'zapier' | 'n8n' | 'make';
	readonly kind: 'event' | 'operation' | 'refusal' | 'scene';
	/** Family of the event, resource of the operation. */
	readonly group: string;
	/** What was sent, for the list of failures. */
	readonly name: string;
	/** Null where everything is as it must be, else what was wrong. */
	readonly fault: string | null;
}

/** Something to check on a platform; null where all is well, else what was wrong. */
export type Piece = Omit<Outcome, 'platform' | 'fault'> & {
	readonly check: () => Promise<string | null>;
};

/** First line of a child: how many outcomes follow, for the progress. */
export interface Announcement {
	readonly platform: Outcome['platform'];
	readonly total: number;
	/** Runtime and engine, for the heading. */
	readonly engine: string;
}

/** Says how much will follow. */
export function announce(line: Announcement): void {
	write(line);
}

/** Sends the pieces one after the other and tells the parent what came of each. What a check throws is a fault. */
export async function reportAll(
	platform: Outcome['platform'],
	pieces: readonly Piece[],
): Promise<void> {
	for (const { kind, group, name, check } of pieces) {
		const fault = await check().catch(textOf);
		write({ platform, kind, group, name, fault });
	}
}

/** One JSON line for the parent. */
function write(line: Outcome | Announcement): void {
	process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What an exception says. */
export function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/**
 * What `actual` lacks of `expected`: every key and value of `expected` must be there, more may be. Null where nothing
 * is lacking, else the path of the first difference.
 */
export function lacking(actual: unknown, expected: unknown, path = ''): string | null {
	if (typeof expected !== 'object' || expected === null) {
		return Object.is(actual, expected)
			? null
			: `${path === '' ? 'the value' : path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
	}
	if (typeof actual !== 'object' || actual === null) {
		return `${path === '' ? 'the value' : path} is ${JSON.stringify(actual)} instead of an object`;
	}
	if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) {
		return `${path === '' ? 'the list' : path} has another length`;
	}
	for (const [key, value] of Object.entries(expected)) {
		const fault = lacking(
			(actual as Record<string, unknown>)[key],
			value,
			path === '' ? key : `${path}.${key}`,
		);
		if (fault !== null) return fault;
	}
	return null;
}
