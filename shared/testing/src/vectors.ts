import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every answer a signature verifier may give. */
const signatureVerdicts = [
	'ok',
	'no_secret',
	'no_body',
	'no_header',
	'malformed',
	'mismatch',
	'stale',
] as const;

export type SignatureVerdict = (typeof signatureVerdicts)[number];

/** One row of `shared/testing/vectors/signatures.json`, ready to be handed to a verifier. */
export interface SignatureVector {
	/** The rule the row states; unique, so it serves as the test's name. */
	readonly name: string;
	readonly secrets: readonly string[];
	/** Value of the `MP-Signature` header; `undefined` where the request has none (null in the file). */
	readonly header: string | readonly string[] | undefined;
	/** The raw bytes as they arrived. */
	readonly body: Uint8Array;
	/** The verifier's clock, unix milliseconds. */
	readonly now: number;
	readonly verdict: SignatureVerdict;
	/** Why the verdict is this one, in one line. */
	readonly why: string;
}

/** Path of the vector file below the repository root. */
const signatureVectorsPath = 'shared/testing/vectors/signatures.json';

/**
 * Reads the signature vectors. Expected answers in them come from openssl and Python, see the README beside
 * the file.
 *
 * @param repoRoot absolute path of the repository; the caller knows it, while this module is run both as an
 *   ES module and as CommonJS and could not find out in a way that works in both.
 * @throws Error naming the row when the file is missing, empty or not in the documented form. A row that is
 *   silently skipped would be a guard that nobody tests.
 */
export function loadSignatureVectors(repoRoot: string): SignatureVector[] {
	const parsed: unknown = JSON.parse(readFileSync(join(repoRoot, signatureVectorsPath), 'utf8'));
	if (!Array.isArray(parsed) || parsed.length === 0) {
		throw new Error(`${signatureVectorsPath}: expected a list with at least one row`);
	}
	const names = new Set<string>();
	return parsed.map((row: unknown, index) => {
		const vector = readVector(row, index);
		if (names.has(vector.name)) throw new Error(`${at(index, vector.name)}: the name is taken`);
		names.add(vector.name);
		return vector;
	});
}

function at(index: number, name: unknown): string {
	return `${signatureVectorsPath}, row ${index + 1} (${typeof name === 'string' ? name : 'no name'})`;
}

function readVector(row: unknown, index: number): SignatureVector {
	if (!isRecord(row)) throw new Error(`${at(index, undefined)}: expected an object`);
	const { name, secrets, header, now, verdict, why } = row;
	const bad = (field: string, expected: string): Error =>
		new Error(`${at(index, name)}: ${field} must be ${expected}`);

	if (typeof name !== 'string' || name === '') throw bad('name', 'a text');
	if (typeof why !== 'string' || why === '') throw bad('why', 'a text');
	if (!isStrings(secrets)) throw bad('secrets', 'a list of strings');
	if (header !== null && typeof header !== 'string' && !isStrings(header)) {
		throw bad('header', 'a string, a list of strings or null');
	}
	if (typeof now !== 'number' || !Number.isSafeInteger(now)) {
		throw bad('now', 'whole unix milliseconds');
	}
	const known = signatureVerdicts.find((candidate) => candidate === verdict);
	if (known === undefined) throw bad('verdict', `one of ${signatureVerdicts.join(', ')}`);
	const body = readBody(row['body']);
	if (body === undefined) {
		throw bad('body', '{ utf8 }, { base64 } or { repeat: { utf8, times } } and nothing beside it');
	}
	return { name, secrets, header: header ?? undefined, body, now, verdict: known, why };
}

/** The bytes a row describes, or undefined where it describes none. */
function readBody(body: unknown): Uint8Array | undefined {
	if (!isRecord(body) || Object.keys(body).length !== 1) return undefined;
	const { utf8, base64, repeat } = body;
	if (typeof utf8 === 'string') return new TextEncoder().encode(utf8);
	if (typeof base64 === 'string') {
		const bytes = Buffer.from(base64, 'base64');
		// Node drops what is not base64, which would test other bytes than the row says.
		return bytes.toString('base64') === base64 ? Uint8Array.from(bytes) : undefined;
	}
	if (!isRecord(repeat)) return undefined;
	const { utf8: unit, times } = repeat;
	if (typeof unit !== 'string' || typeof times !== 'number' || !Number.isSafeInteger(times)) {
		return undefined;
	}
	return times > 0 ? new TextEncoder().encode(unit.repeat(times)) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
