import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { operationFixturePath, type RouteEntry, routes } from '../src/index.ts';
import { parse } from './support/parse.ts';

type Row = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string | readonly string[]>>;

interface Exchange {
	readonly request: {
		readonly method: string;
		readonly path: string;
		readonly query: Query;
		readonly body: Row | null;
	};
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: unknown;
	};
}
interface Recording {
	readonly name: string;
	readonly evidence: string;
	readonly source: string;
	readonly note: string;
	readonly input: Row;
	readonly exchanges: readonly Exchange[];
	readonly output: readonly Row[] | null;
	readonly error: {
		readonly status: number | null;
		readonly code: string | null;
		readonly message: string;
		readonly request_id: string | null;
		readonly ability: string | null;
		readonly fields: Readonly<Record<string, readonly string[]>> | null;
	} | null;
}

const root = join(__dirname, '../../../fixtures');
const textOf = (entry: RouteEntry): string => {
	const path = join(root, operationFixturePath(entry));
	return existsSync(path) ? readFileSync(path, 'utf8') : '{"recordings":[]}';
};
const recordingsOf = (entry: RouteEntry): readonly Recording[] =>
	(
		parse(`fixtures/${operationFixturePath(entry)}`, textOf(entry)) as {
			recordings: readonly Recording[];
		}
	).recordings;

const all = routes.flatMap((entry) =>
	recordingsOf(entry).map(
		(recording) => [`${entry.key}: ${recording.name}`, entry, recording] as const,
	),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

const isOk = ({ response }: Exchange): boolean => response.status >= 200 && response.status < 300;
const isRow = (value: unknown): value is Row =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const dataOf = (body: unknown): unknown => (isRow(body) && 'data' in body ? body['data'] : body);
const rowsOf = (exchange: Exchange): readonly Row[] =>
	dataOf(exchange.response.body) as readonly Row[];
const metaOf = (exchange: Exchange): Row => {
	const body = exchange.response.body;
	return isRow(body) && isRow(body['meta']) ? body['meta'] : {};
};
const placeOf = (entry: RouteEntry, key: string): string | undefined =>
	entry.input.properties[key]?.['x-in'];

/** What a list asks for, apart from its filters. Literal, because every client is held to it. */
function pagingQuery(entry: RouteEntry, recording: Recording, at: number): Query {
	// Tries that were turned away ask for the same page again.
	const answered = recording.exchanges.slice(0, at).filter(isOk);
	const last = answered.at(-1);
	const cursor = last === undefined ? undefined : metaOf(last)['next_cursor'];
	const following = typeof cursor === 'string' ? { cursor } : {};
	switch (entry.output.paging) {
		case 'none':
			return {};
		case 'limit':
			return { limit: entry.key === 'list_activity' ? '200' : '100' };
		case 'cursor':
			return { limit: '200', ...following };
		case 'pages':
			return typeof cursor === 'string'
				? { limit: '100', per_page: '100', cursor }
				: { limit: '100', per_page: '100', page: String(answered.length + 1) };
	}
}

/** Flags are 1 and 0, lists repeat `name[]`: Laravel reads those. */
function filterQuery(entry: RouteEntry, input: Row): Query {
	const written = (value: unknown): string =>
		value === true ? '1' : value === false ? '0' : String(value);
	return Object.fromEntries(
		Object.entries(input)
			.filter(([key]) => placeOf(entry, key) === 'query')
			.map(([key, value]): [string, string | string[]] =>
				Array.isArray(value) ? [`${key}[]`, value.map(written)] : [key, written(value)],
			),
	);
}

it('has a file for every operation and no other', () => {
	const files = readdirSync(join(root, 'api'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.json'))
		.map((name) => `api/${name}`);
	expect(files.sort()).toEqual(routes.map(operationFixturePath).sort());
});

describe.each(all)('%s', (_, entry, recording) => {
	it('says how sure it is, where it comes from and what was concluded', () => {
		expect(Object.keys(recording)).toEqual([
			'name',
			'evidence',
			'source',
			'note',
			'input',
			'exchanges',
			'output',
			'error',
		]);
		// Only the recorder writes rows of this name; what a hand wrote can never claim to have been seen.
		if (recording.name.startsWith('recorded: ')) {
			expect(recording.evidence).toBe('recorded');
			expect(recording.source).toMatch(/^https:\/\/api\.memberpass\.net\//);
		} else {
			expect(['documented', 'inferred']).toContain(recording.evidence);
			expect(recording.source).toMatch(/^(https:\/\/docs\.memberpass\.net\/|npm |github\.com\/)/);
		}
		expect(recording.note).toMatch(/\.$/);
		expect(recording.exchanges.length).toBeGreaterThan(0);
	});

	it('gives only inputs that the operation has, in a form it accepts', () => {
		expect(Object.keys(recording.input).filter((key) => !placeOf(entry, key))).toEqual([]);
		const isAccepted = ajv.compile(entry.input);
		isAccepted(recording.input);
		expect(isAccepted.errors ?? []).toEqual([]);
		for (const group of entry.exclusive) {
			expect(group.filter((key) => key in recording.input).length).toBeLessThan(2);
		}
	});

	it('sends exactly the declared inputs to the declared route', () => {
		recording.exchanges.forEach(({ request }, at) => {
			const path = entry.path.replace(/\{([^{}]+)\}/g, (__, key: string) =>
				encodeURIComponent(String(recording.input[key])),
			);
			const body = Object.fromEntries(
				Object.entries(recording.input).filter(([key]) => placeOf(entry, key) === 'body'),
			);
			expect(request).toEqual({
				method: entry.method,
				path: `/v1${path}`,
				query: { ...filterQuery(entry, recording.input), ...pagingQuery(entry, recording, at) },
				body: Object.keys(body).length === 0 ? null : body,
			});
		});
	});

	it('keeps no header of an answer but those that a client reads: others tell of the account', () => {
		for (const { response } of recording.exchanges) {
			const kept = ['content-type', 'retry-after', 'x-request-id'];
			expect(Object.keys(response.headers).filter((name) => !kept.includes(name))).toEqual([]);
		}
	});

	it('tells what a platform should make of it', () => {
		const last = recording.exchanges.at(-1) as Exchange;
		if (recording.error !== null) {
			expect(recording.output).toBeNull();
			if (recording.error.status === null) {
				// The answers were fine one by one; the list they make is not.
				expect(isOk(last)).toBe(true);
				return;
			}
			const { code, message, request_id, fields, context } = (last.response.body as { error: Row })
				.error;
			const reason = isRow(context) ? context['reason'] : undefined;
			const ability = isRow(context) ? context['required_ability'] : undefined;
			expect(recording.error).toEqual({
				status: last.response.status,
				code,
				message,
				request_id,
				ability: ability ?? null,
				fields: fields ?? (reason === undefined ? null : { reason: [reason] }),
			});
			if (recording.error.code === 'TOKEN_MISSING_ABILITY') {
				expect(recording.error.ability).toBe(entry.ability);
			}
			return;
		}
		expect(isOk(last)).toBe(true);
		const output = recording.output ?? [];
		if (entry.output.shape === 'nothing') {
			expect(output).toEqual([{ deleted: true }]);
		} else if (entry.output.shape === 'one') {
			const beside = entry.output.beside.filter((key) => key in (last.response.body as Row));
			expect(output).toEqual([
				{
					...(dataOf(last.response.body) as Row),
					...Object.fromEntries(beside.map((key) => [key, (last.response.body as Row)[key]])),
				},
			]);
		} else {
			const rows = recording.exchanges.filter(isOk).flatMap(rowsOf);
			const { match } = entry;
			expect(output).toEqual(
				match === null
					? rows
					: rows.filter((row) => row[match.field] === recording.input[match.input]),
			);
		}
	});
});

describe.each(all.filter(([, , { exchanges }]) => exchanges.some(isOk)))(
	'%s',
	(_, entry, recording) => {
		it('answers with what the catalogue says', () => {
			const isAnswer = ajv.compile(entry.output.schema);
			for (const exchange of recording.exchanges.filter(isOk)) {
				const { body, headers } = exchange.response;
				if (entry.output.shape === 'nothing') {
					expect(body).toBeNull();
					continue;
				}
				expect(headers['content-type']).toBe('application/json');
				const beside = isRow(body)
					? Object.fromEntries(
							entry.output.beside.filter((key) => key in body).map((key) => [key, body[key]]),
						)
					: {};
				const rows =
					entry.output.shape === 'many'
						? rowsOf(exchange)
						: [{ ...(dataOf(body) as Row), ...beside }];
				for (const row of rows) {
					isAnswer(row);
					expect(isAnswer.errors ?? []).toEqual([]);
				}
			}
		});
	},
);

describe.each(all.filter(([, , { exchanges }]) => !exchanges.every(isOk)))(
	'%s',
	(_, entry, recording) => {
		it('refuses with the documented envelope', () => {
			for (const { response } of recording.exchanges.filter((exchange) => !isOk(exchange))) {
				const envelope = (response.body as { error: Row }).error;
				expect(Object.keys(response.body as Row)).toEqual(['error']);
				expect(envelope).toEqual({
					code: expect.stringMatching(/^[A-Z_]+$/),
					message: expect.stringMatching(/\.$/),
					docs_url: expect.stringMatching(/^https:\/\/docs\.memberpass\.net\//),
					remediation: expect.stringMatching(/\.$/),
					request_id: expect.stringMatching(/^req_[0-9A-Z]{26}$/),
					...('fields' in envelope ? { fields: expect.any(Object) } : {}),
					...('context' in envelope ? { context: expect.any(Object) } : {}),
				});
				const everywhere = ['AUTHENTICATION_REQUIRED', 'TOKEN_MISSING_ABILITY', 'RATE_LIMITED'];
				expect([...everywhere, ...entry.errors]).toContain(envelope['code']);
				if (response.status === 429) expect(response.headers['retry-after']).toMatch(/^\d+$/);
			}
		});
	},
);

describe.each(all.filter(([, { output }, { error }]) => output.shape === 'many' && error === null))(
	'%s',
	(_, __, recording) => {
		it('never counts more rows than it shows, because a client must notice lost rows', () => {
			const answered = recording.exchanges.filter(isOk);
			const shown = answered.flatMap(rowsOf).length;
			for (const exchange of answered) {
				const { total } = metaOf(exchange);
				if (total !== undefined) expect(total).toBe(shown);
			}
			const end = metaOf(answered.at(-1) as Exchange);
			expect([end['next_cursor'] ?? null, end['has_more'] ?? false]).toEqual([null, false]);
			expect(end['last_page']).toBe(end['current_page']);
		});
	},
);

describe.each(routes.map((entry) => [entry.key, entry] as const))('%s', (_, entry) => {
	const recordings = recordingsOf(entry);
	const codes = recordings.flatMap((recording) => recording.error?.code ?? []);

	it('has recordings with names of their own, the first a success', () => {
		const names = recordings.map((recording) => recording.name);
		expect(new Set(names).size).toBe(names.length);
		expect(recordings[0] ?? `${operationFixturePath(entry)} has no recording`).toMatchObject({
			name: 'success',
			error: null,
		});
		expect(JSON.parse(textOf(entry))).toHaveProperty('operation', entry.key);
	});

	it('shows the refusals that its users will meet', () => {
		const inputs = Object.entries(entry.input.properties);
		const wanted = [
			...(entry.ability === null ? [] : ['TOKEN_MISSING_ABILITY']),
			...(entry.path.includes('{') ? ['RESOURCE_NOT_FOUND'] : []),
			...(inputs.some(([key]) => placeOf(entry, key) === 'body') ? ['VALIDATION_FAILED'] : []),
		];
		expect(codes).toEqual(expect.arrayContaining(wanted));
	});

	it('reads two pages in every form that its paging may have', () => {
		const forms = {
			none: [],
			limit: [],
			cursor: ['next_cursor'],
			pages: ['last_page', 'has_more', 'next_cursor'],
		}[entry.output.paging];
		const names = recordings.map(({ name }) => name);
		const shapes = names.flatMap((name) => /^two pages, (\w+)$/.exec(name)?.[1] ?? []);
		expect(shapes.sort()).toEqual(forms.sort());
		for (const shape of shapes) {
			const recording = recordings.find(({ name }) => name === `two pages, ${shape}`);
			expect(recording?.exchanges).toHaveLength(2);
			for (const exchange of recording?.exchanges ?? []) {
				expect(metaOf(exchange)).toHaveProperty(shape);
			}
		}
	});

	it('holds no personal data and nothing that looks like a real secret', () => {
		const text = textOf(entry);
		const addresses = text.match(/[\w.+-]+@[\w.-]+/g) ?? [];
		expect(addresses.filter((address) => !address.endsWith('@example.com'))).toEqual([]);
		expect(text).not.toMatch(/mpt_(live|test)_|sbt_|Bearer /);
		const secrets = [...text.matchAll(/"secret": "([^"]*)"/g)].map((match) => match[1]);
		expect(secrets.filter((secret) => secret?.startsWith('mps_example_') !== true)).toEqual([]);
		const hosts = [...text.matchAll(/https?:\/\/([^/"?]+)/g)].map((match) => match[1]);
		const known = /(^|\.)(memberpass\.net|example\.com)$|^(t\.me|localhost)$/;
		expect(hosts.filter((host) => host === undefined || !known.test(host))).toEqual([]);
	});
});

it.each([
	['cancel_subscription', 'cancelled already', 'SUBSCRIPTION_ALREADY_ACTIVE'],
	['create_project', 'handle needs a higher tier', 'TEAM_TIER_REQUIRED'],
	['create_plan', 'currency not supported', 'VALIDATION_FAILED'],
	['get_deep_link', 'no bot attached', 'VALIDATION_FAILED'],
	['list_projects', 'revoked token', 'AUTHENTICATION_REQUIRED'],
	['create_project', 'revoked token', 'AUTHENTICATION_REQUIRED'],
	['list_transactions', 'rate limited', 'RATE_LIMITED'],
	['create_webhook_endpoint', 'rate limited', 'RATE_LIMITED'],
	['list_transactions', 'the same cursor twice', null],
])('%s is recorded when it is refused: %s', (key, name, code) => {
	const found = all.find(([title]) => title === `${key}: ${name}`);
	expect(found?.[2].error).toMatchObject({ code });
});

it.each(['find_project_by_handle', 'find_plan_by_name', 'find_subscriber_by_telegram_id'])(
	'%s gives only the match when MemberPass ignores the filter, and nothing when there is none',
	(key) => {
		const [ignored, none] = ['the filter was ignored', 'no match'].map(
			(name) => all.find(([title]) => title === `${key}: ${name}`)?.[2],
		);
		expect(ignored?.exchanges.flatMap(rowsOf).length).toBeGreaterThan(1);
		expect(ignored?.output).toHaveLength(1);
		expect(none?.exchanges.flatMap(rowsOf).length).toBeGreaterThan(0);
		expect(none?.output).toEqual([]);
	},
);
