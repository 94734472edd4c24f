import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One delivery as MemberPass sends it: `fixtures/events/<family>/<event>[.<variant>].json`. */
export interface EventFixture {
	/** Below the repository root, with forward slashes. */
	readonly path: string;
	readonly type: string;
	/** Name of the shape where it is not the canonical one. */
	readonly variant: string | null;
	readonly evidence: string;
	readonly source: string;
	readonly note: string;
	/** Without the signature: the test signs, because a signature is only good for five minutes. */
	readonly headers: Readonly<Record<string, string>>;
	/** The raw body; its UTF-8 bytes are what is signed. */
	readonly body: string;
}

/** One request and the answer to it. */
export interface Exchange {
	readonly request: {
		readonly method: string;
		/** Path below the origin, encoded, with the base path and without the query. */
		readonly path: string;
		/** Decoded values; a list where a name is repeated. */
		readonly query: Readonly<Record<string, string | readonly string[]>>;
		/** Parsed JSON, or null where nothing is sent. */
		readonly body: unknown;
	};
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		/** Sent as JSON; a string is sent as it is, null sends nothing. */
		readonly body: unknown;
	};
}

/** What an operation must answer when MemberPass refuses. */
export interface RecordedError {
	readonly status: number | null;
	readonly code: string | null;
	readonly message: string;
	readonly request_id: string | null;
	readonly ability: string | null;
	readonly fields: Readonly<Record<string, readonly string[]>> | null;
}

/** One run of an operation: the input, every exchange in order, and the outcome. */
export interface Recording {
	/** The case, unique in its file; serves as the test's name. */
	readonly name: string;
	readonly evidence: string;
	readonly source: string;
	readonly note: string;
	readonly input: Readonly<Record<string, unknown>>;
	readonly exchanges: readonly Exchange[];
	/** The objects that come out, or null where the run fails. */
	readonly output: readonly unknown[] | null;
	readonly error: RecordedError | null;
}

/** The recordings of one operation: `fixtures/api/<resource>/<operation>.json`. */
export interface OperationRecordings {
	/** Below the repository root, with forward slashes. */
	readonly path: string;
	readonly operation: string;
	readonly recordings: readonly Recording[];
}

/**
 * Reads every recorded delivery, sorted by path.
 *
 * @param repoRoot absolute path of the repository; the caller knows it, while this module is run both as an ES
 *   module and as CommonJS and could not find out in a way that works in both.
 * @throws Error naming the file that is not in the documented form, and when there is none at all: a loader that
 *   finds nothing would turn every table test into one that passes without a row.
 */
export function loadEventFixtures(repoRoot: string): EventFixture[] {
	return jsonFiles(repoRoot, 'fixtures/events').map(([path, value]) =>
		readEventFixture(path, value),
	);
}

/** Reads the recordings of every operation, sorted by path. Throws as {@link loadEventFixtures} does. */
export function loadRecordings(repoRoot: string): OperationRecordings[] {
	return jsonFiles(repoRoot, 'fixtures/api').map(([path, value]) => {
		const file = record(path, 'the file', value);
		const operation = textOf(path, file, 'operation');
		if (!Array.isArray(file['recordings']) || file['recordings'].length === 0) {
			throw new Error(`${path}: "recordings" must be a list with at least one row.`);
		}
		const names = new Set<string>();
		const recordings = file['recordings'].map((row: unknown) => {
			const recording = readRecording(path, row);
			if (names.has(recording.name)) {
				throw new Error(`${path}: two recordings are called "${recording.name}".`);
			}
			names.add(recording.name);
			return recording;
		});
		return { path, operation, recordings };
	});
}

function jsonFiles(repoRoot: string, folder: string): [string, unknown][] {
	const paths = readdirSync(join(repoRoot, folder), { recursive: true, encoding: 'utf8' })
		.map((path) => posix.join(folder, path.replaceAll('\\', '/')))
		.filter((path) => path.endsWith('.json'))
		.sort();
	if (paths.length === 0) throw new Error(`There is no fixture below ${folder}.`);
	return paths.map((path) => {
		try {
			return [path, JSON.parse(readFileSync(join(repoRoot, path), 'utf8'))];
		} catch (error) {
			throw new Error(`${path} is not JSON.`, { cause: error });
		}
	});
}

function readEventFixture(path: string, value: unknown): EventFixture {
	const file = record(path, 'the file', value);
	const variant = file['variant'];
	if (variant !== null && typeof variant !== 'string') {
		throw new Error(`${path}: "variant" must be a name or null.`);
	}
	return {
		path,
		type: textOf(path, file, 'type'),
		variant,
		evidence: textOf(path, file, 'evidence'),
		source: textOf(path, file, 'source'),
		note: textOf(path, file, 'note'),
		headers: headersOf(path, file['headers']),
		body: textOf(path, file, 'body'),
	};
}

function readRecording(path: string, value: unknown): Recording {
	const row = record(path, 'a recording', value);
	const name = textOf(path, row, 'name');
	const at = `${path}, "${name}"`;
	const { exchanges, output } = row;
	if (!Array.isArray(exchanges)) throw new Error(`${at}: "exchanges" must be a list.`);
	if (output !== null && !Array.isArray(output)) {
		throw new Error(`${at}: "output" must be a list or null.`);
	}
	const error = row['error'] === null ? null : readError(at, row['error']);
	if ((output === null) === (error === null)) {
		throw new Error(`${at}: exactly one of "output" and "error" must be null.`);
	}
	return {
		name,
		evidence: textOf(at, row, 'evidence'),
		source: textOf(at, row, 'source'),
		note: textOf(at, row, 'note'),
		input: record(at, '"input"', row['input']),
		exchanges: exchanges.map((exchange: unknown) => readExchange(at, exchange)),
		output,
		error,
	};
}

function readExchange(at: string, value: unknown): Exchange {
	const exchange = record(at, 'an exchange', value);
	const request = record(at, '"request"', exchange['request']);
	const response = record(at, '"response"', exchange['response']);
	const status = response['status'];
	if (typeof status !== 'number') throw new Error(`${at}: "status" must be a number.`);
	const query = Object.entries(record(at, '"query"', request['query'])).map(
		([name, one]): [string, string | readonly string[]] => {
			if (typeof one === 'string' || isTexts(one)) return [name, one];
			throw new Error(`${at}: query "${name}" must be a text or a list of texts.`);
		},
	);
	return {
		request: {
			method: textOf(at, request, 'method'),
			path: textOf(at, request, 'path'),
			query: Object.fromEntries(query),
			body: request['body'] ?? null,
		},
		response: {
			status,
			headers: headersOf(at, response['headers']),
			body: response['body'] ?? null,
		},
	};
}

function readError(at: string, value: unknown): RecordedError {
	const error = record(at, '"error"', value);
	const status = error['status'];
	if (status !== null && typeof status !== 'number') {
		throw new Error(`${at}: the error's "status" must be a number or null.`);
	}
	const textOrNull = (name: string): string | null => {
		const one = error[name] ?? null;
		if (one === null || typeof one === 'string') return one;
		throw new Error(`${at}: the error's "${name}" must be a text or null.`);
	};
	const fields = error['fields'] ?? null;
	return {
		status,
		code: textOrNull('code'),
		message: textOf(at, error, 'message'),
		request_id: textOrNull('request_id'),
		ability: textOrNull('ability'),
		fields: fields === null ? null : readFields(at, record(at, '"fields"', fields)),
	};
}

function readFields(
	at: string,
	fields: Readonly<Record<string, unknown>>,
): Record<string, readonly string[]> {
	return Object.fromEntries(
		Object.entries(fields).map(([name, messages]) => {
			if (isTexts(messages)) return [name, messages];
			throw new Error(`${at}: the messages of "${name}" must be a list of texts.`);
		}),
	);
}

function record(at: string, what: string, value: unknown): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
		return Object.fromEntries(Object.entries(value));
	}
	throw new Error(`${at}: ${what} must be an object.`);
}

function textOf(at: string, value: Readonly<Record<string, unknown>>, name: string): string {
	const text = value[name];
	if (typeof text === 'string') return text;
	throw new Error(`${at}: "${name}" must be a text.`);
}

function headersOf(at: string, value: unknown): Record<string, string> {
	const headers = record(at, '"headers"', value);
	return Object.fromEntries(Object.keys(headers).map((name) => [name, textOf(at, headers, name)]));
}

function isTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
