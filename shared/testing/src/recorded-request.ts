import type { Exchange } from './fixtures.ts';

/** A request in a form that can be compared, whoever made it. */
export interface RequestForm {
	readonly method: string;
	readonly path: string;
	/** Decoded; names of lists end in `[]`. */
	readonly query: Readonly<Record<string, string | readonly string[]>>;
	/** Parsed JSON, or null where nothing is sent. */
	readonly body: unknown;
}

/** The form of a request that was sent. @throws SyntaxError where its body is not JSON. */
export function requestForm(sent: {
	readonly method: string;
	readonly url: string;
	readonly body: string | null;
}): RequestForm {
	const { pathname, searchParams } = new URL(sent.url);
	const query: Record<string, string | readonly string[]> = {};
	for (const name of new Set(searchParams.keys())) {
		const values = searchParams.getAll(name);
		query[name] = name.endsWith('[]') ? values : values.join(' and ');
	}
	return {
		method: sent.method,
		path: pathname,
		query,
		body: sent.body === null ? null : (JSON.parse(sent.body) as unknown),
	};
}

/**
 * The form of a recorded request as Make sends it: its HTTP module wants a body for each POST and PATCH, so one
 * without inputs carries an empty object.
 */
export function recordedFormOnMake({ request }: Pick<Exchange, 'request'>): RequestForm {
	const { method, path, query, body } = request;
	const wantsBody = method === 'POST' || method === 'PATCH';
	return { method, path, query, body: body ?? (wantsBody ? {} : null) };
}
