import type { Platform } from '@memberpass/catalogue';

import { escapeRegExp } from '../../testing/src/escape-reg-exp.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/**
 * Replaces what is private by stand-ins.
 *
 * The rule is an allow-list: a text stays only where it is known to be harmless (a time, a figure, a word of the API,
 * the API's own messages). Everything else is replaced, so that a key nobody has seen before cannot leak.
 *
 * Stand-ins are counted, never computed from the value: nine digits of a Telegram ID can be found again from any hash.
 * The same value has the same stand-in in every file of a run.
 */

/** What a value is, strictest first: a value met as two kinds gets the stand-in of the stricter one. */
const kinds = [
	'secret',
	'token',
	'email',
	'cursor',
	'ip',
	'phone',
	'telegram',
	'accessCode',
	'username',
	'handle',
	'name',
	'url',
	'text',
] as const;

type Kind = (typeof kinds)[number];

const shown: Readonly<Record<Kind, (count: number, value: string) => string>> = {
	secret: (count) => `mps_example_${String(count).padStart(8, '0')}`,
	token: (count) => `mpt_example_${count}`,
	email: (count) => `person-${count}@example.com`,
	cursor: (count) => `cursor-${count}`,
	// Documentation ranges, RFC 5737 and 3849.
	ip: (count, value) =>
		value.includes(':') ? `2001:db8::${count.toString(16)}` : `203.0.113.${count % 256}`,
	phone: (count) => `+1555${String(count).padStart(7, '0')}`,
	telegram: (count, value) => figure(value, count),
	accessCode: (count, value) => fill(value, count),
	username: (count) => `username_${count}`,
	handle: (count) => `handle-${count}`,
	name: (count) => `Name ${count}`,
	url: (count) => `https://example.com/private-${count}`,
	text: (count) => `Text ${count}`,
};

/** Writes a number into the letters and digits of a value, from the right: prefix, length and punctuation stay. */
function fill(value: string, count: number): string {
	const digits = String(count);
	const characters = Array.from(value);
	let at = digits.length;
	for (let index = characters.length - 1; index >= 0; index--) {
		if (!/[A-Za-z0-9]/.test(characters[index] ?? '')) continue;
		characters[index] = at > 0 ? (digits[--at] ?? '0') : '0';
	}
	return characters.join('');
}

/** As many digits as before, none of them a leading zero; a sign stays. */
function figure(value: string, count: number): string {
	const sign = value.startsWith('-') ? '-' : '';
	const length = Math.max(value.length - sign.length, String(count).length + 1);
	return `${sign}1${String(count).padStart(length - 1, '0')}`;
}

/** The body of an id, wherever it stands: a ULID, a UUID, or what follows a prefix and has a digit in it. */
const idPattern =
	/(?<![A-Za-z0-9])(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=(?<![A-Za-z0-9])[a-z]{2,8}_)(?=[A-Za-z]*\d)[A-Za-z0-9]{10,})(?![A-Za-z0-9])/g;
const tokenPattern = /\b(?:mpt_(?:live|test)|sbt)_[A-Za-z0-9_|-]+/g;
const emailPattern = /[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const urlPattern = /\bhttps?:\/\/[^\s"'<>()]+/g;
const hexPattern = /\b[0-9a-f]{32,}\b/gi;
const longNumberPattern = /(?<![\w.])-?\d{7,}(?![\w.])/g;
const quotedPattern = /(["'“‘])([^"'“”‘’]{2,})(["'”’])/g;

const timePattern =
	/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const clockPattern = /^\d{1,2}:\d{2}(?::\d{2})?$/;
const snakePattern = /^[a-z]+(?:_[a-z]+)*$/;
const monthPattern = /^\d{4}-(?:\d{2}|W\d{2}|Q\d)$/;
const decimalPattern = /^-?\d{1,12}\.\d{1,8}$/;
const shortNumberPattern = /^-?\d{1,6}$/;
const wordPattern = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,40}$/;
const ipPattern = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*:[0-9a-f.:]*)(?:\/\d{1,3})?$/i;
const phonePattern = /^\+\d[\d ()-]{6,}$/;

const keyKinds: readonly (readonly [RegExp, Kind])[] = [
	[
		/(?:^|_)(?:secret|password|signature|api_key|access_token|refresh_token|plain_text_token)$/,
		'secret',
	],
	[/(?:^|_)(?:email|mail)$/, 'email'],
	[/(?:^|_)cursor$/, 'cursor'],
	[/^(?:chat_id|tg_id|telegram(?:_user|_chat)?_id)$/, 'telegram'],
	[/(?:^|_)phone(?:_number)?$/, 'phone'],
	[/(?:^|_)(?:ip|ip_address)$/, 'ip'],
	[/^(?:access_code|code_masked|masked_code|coupon)$/, 'accessCode'],
	[/^(?:username|bot_name|bot_username|nickname)$/, 'username'],
	[/(?:^|_)(?:handle|slug|code)$/, 'handle'],
	[/(?:^|_)(?:name|title|label|owner|author)$/, 'name'],
];

/** Words of an id before it: `plan_` in a start payload. */
const affixPattern = /^(?:[a-z]+_)*$/;

export class Scrubber {
	readonly #platform: Platform;
	readonly #vocabulary: Vocabulary;
	readonly #apex: string;
	/** Values in the order they were met, with the strictest kind. */
	readonly #met = new Map<string, Kind>();
	readonly #ids = new Map<string, string>();
	readonly #standIns = new Map<string, string>();
	/** Stand-ins given out: a text that is scrubbed twice must stay as it is. */
	readonly #given = new Set<string>();
	readonly #counts = new Map<Kind, number>();
	#learned: RegExp | null = null;
	#frozen = false;

	/** @param secrets Values that must never be written, whatever they look like: the token, endpoint secrets. */
	constructor(platform: Platform, secrets: readonly string[]) {
		this.#platform = platform;
		this.#vocabulary = readVocabulary(platform);
		this.#apex = new URL(platform.apiOrigin).hostname.split('.').slice(-2).join('.');
		for (const secret of secrets) if (secret !== '') this.#met.set(secret, 'secret');
	}

	/**
	 * First pass: meets every value, so that a name is known before the first message that quotes it.
	 *
	 * @param keys Keys on the way to the value, as for {@link scrub}.
	 */
	learn(value: unknown, keys: readonly string[] = []): void {
		this.scrub(value, keys);
	}

	/** A copy of a JSON value with stand-ins. */
	scrub(value: unknown, keys: readonly string[] = []): unknown {
		if (Array.isArray(value)) return value.map((one: unknown) => this.scrub(one, keys));
		if (typeof value === 'object' && value !== null) {
			return Object.fromEntries(
				Object.entries(value).map(([key, one]) => [this.key(key), this.scrub(one, [...keys, key])]),
			);
		}
		if (typeof value === 'string') return this.text(value, keys);
		if (typeof value === 'number') return this.number(value, keys);
		return value;
	}

	/** A key; maps may be keyed by ids or addresses. */
	key(key: string): string {
		return this.#inline(key, [idPattern, emailPattern, longNumberPattern]);
	}

	number(value: number, keys: readonly string[]): number {
		const key = keys.at(-1) ?? '';
		if (!Number.isInteger(value)) return value;
		const isId = /(?:^|_)(?:id|chat|phone)$/.test(key);
		const isLarge = Math.abs(value) >= 1_000_000 && !this.#vocabulary.figureKeys.has(key);
		return isId || isLarge ? Number(this.#standIn('telegram', String(value))) : value;
	}

	text(value: string, keys: readonly string[]): string {
		const key = keys.at(-1) ?? '';
		if (value === '') return value;
		const known = this.#met.get(value);
		if (known === 'secret') return this.#standIn('secret', value);
		const kind = keyKinds.find(([pattern]) => pattern.test(key))?.[1] ?? null;
		if (kind === 'secret') return this.#standIn(kind, value);
		if (keys[0] === 'error' && keys[1] !== 'context') return this.#ofError(value, key);
		if (timePattern.test(value) || monthPattern.test(value) || clockPattern.test(value)) {
			return value;
		}
		if (fullMatch(value, emailPattern)) return this.#standIn('email', value);
		if (fullMatch(value, tokenPattern)) return this.#standIn('token', value);
		// An id first: `token` and `code` are keys of ids as well.
		const identified = this.#identify(value);
		if (identified !== null) return identified;
		if (/^https?:\/\//.test(value)) return this.#url(value);
		const isWord = this.#vocabulary.words.has(value);
		// A word that is somebody's name elsewhere gets the name's stand-in here as well.
		if (this.#vocabulary.wordKeys.has(key) && wordPattern.test(value)) {
			if (isWord || known === undefined) return value;
		}
		if (key === 'reason' && keys[0] === 'error' && snakePattern.test(value)) return value;
		if (kind !== null) return this.#standIn(kind, value);
		if (ipPattern.test(value)) return this.#standIn('ip', value);
		if (phonePattern.test(value)) return this.#standIn('phone', value);
		if (decimalPattern.test(value) || shortNumberPattern.test(value)) return value;
		if (/^-?\d+$/.test(value)) return this.#standIn('telegram', value);
		return isWord ? value : this.#standIn('text', value);
	}

	/** The path of a request: route words stay, ids get their stand-ins. */
	path(path: string): string {
		return path
			.split('/')
			.map((part) => {
				const word = decoded(part);
				if (word === '' || this.#isRouteWord(word)) return part;
				return encodeURIComponent(this.#identify(word) ?? this.#standIn('handle', word));
			})
			.join('/');
	}

	/**
	 * Real values that must not be in any file: tokens, secrets, addresses, Telegram IDs. For a last look at what is
	 * about to be written.
	 */
	get privateValues(): readonly string[] {
		const hard: ReadonlySet<Kind> = new Set(['secret', 'token', 'email', 'telegram', 'phone']);
		return [...this.#met]
			.filter(([value, kind]) => hard.has(kind) && value.length >= 6 && !this.#given.has(value))
			.map(([value]) => value);
	}

	/** The API's own words stay; what they quote does not. */
	#ofError(value: string, key: string): string {
		return key === 'docs_url' ? this.#url(value) : this.#message(value);
	}

	#message(value: string): string {
		const clean = this.#inline(value, [
			urlPattern,
			tokenPattern,
			emailPattern,
			idPattern,
			hexPattern,
			longNumberPattern,
		]);
		const quoted = clean.replace(
			quotedPattern,
			(whole, open: string, word: string, close: string) =>
				wordPattern.test(word) ? whole : `${open}${this.#standIn('text', word)}${close}`,
		);
		return quoted.replace(this.#known(), (word) =>
			this.#standIn(this.#met.get(word) ?? 'text', word),
		);
	}

	/** Every learned value, longest first, as whole words. */
	#known(): RegExp {
		if (this.#learned !== null) return this.#learned;
		const values = [...this.#met.keys()]
			.filter((value) => value.length >= 3 && !this.#vocabulary.words.has(value))
			.sort((a, b) => b.length - a.length)
			.map(escapeRegExp);
		this.#learned =
			values.length === 0
				? /(?!)/g
				: new RegExp(`(?<![\\p{L}\\p{N}])(?:${values.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
		return this.#learned;
	}

	/** Replaces what the patterns find inside a text. */
	#inline(value: string, patterns: readonly RegExp[]): string {
		return patterns.reduce(
			(text, pattern) =>
				text.replace(pattern, (found) => {
					switch (pattern) {
						case idPattern:
							return this.#id(found);
						case urlPattern:
							return this.#url(found);
						case tokenPattern:
							return this.#standIn('token', found);
						case emailPattern:
							return this.#standIn('email', found);
						case longNumberPattern:
							return this.#standIn('telegram', found);
						default:
							return this.#standIn('secret', found);
					}
				}),
			value,
		);
	}

	/** A text that is one id, or words of the API and an id (`plan_pln_…`); null for anything else. */
	#identify(value: string): string | null {
		const rest = value.replace(idPattern, '');
		if (rest === value || !affixPattern.test(rest)) return null;
		return value.replace(idPattern, (body) => this.#id(body));
	}

	/** The same body has the same stand-in with and without its prefix: a header may lack what the payload has. */
	#id(body: string): string {
		if (this.#given.has(body)) return body;
		const made = this.#ids.get(body) ?? fill(body, this.#ids.size + 1);
		this.#ids.set(body, made);
		this.#given.add(made);
		return made;
	}

	#isRouteWord(word: string): boolean {
		return this.#vocabulary.routeWords.has(word);
	}

	#url(value: string): string {
		if (!URL.canParse(value)) return this.#standIn('url', value);
		const url = new URL(value);
		const host = url.hostname;
		const isOwn = host === this.#apex || host.endsWith(`.${this.#apex}`);
		if (host === `docs.${this.#apex}` && url.search === '') return value;
		if ((!isOwn && host !== 't.me') || url.username !== '') return this.#standIn('url', value);
		const kind = host === 't.me' ? 'username' : 'handle';
		const isApi = url.origin === this.#platform.apiOrigin;
		const path = url.pathname
			.split('/')
			.map((part) => {
				const word = decoded(part);
				if (word === '' || (isApi && this.#isRouteWord(word))) return part;
				return encodeURIComponent(this.#identify(word) ?? this.#standIn(kind, word));
			})
			.join('/');
		const query = [...url.searchParams].map(([name, one]) => {
			const kept = /^(?:page|per_page|limit)$/.test(name) && shortNumberPattern.test(one);
			return `${encodeURIComponent(name)}=${encodeURIComponent(kept ? one : this.text(one, [name]))}`;
		});
		// As it was written: `new URL` would add a slash to a bare host.
		const start = value.slice(0, value.indexOf(host) + host.length);
		const port = url.port === '' ? '' : `:${url.port}`;
		return `${start}${port}${path === '/' && !value.endsWith('/') ? '' : path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
	}

	#standIn(kind: Kind, value: string): string {
		if (this.#given.has(value)) return value;
		const made = this.#standIns.get(value);
		if (made !== undefined) return made;
		const before = this.#met.get(value);
		if (before === undefined || kinds.indexOf(kind) < kinds.indexOf(before)) {
			this.#met.set(value, kind);
		}
		// A value that the first pass did not meet must not slip through.
		return this.#frozen ? this.#make(kind, value) : value;
	}

	/** Ends the first pass: from here on values get stand-ins. */
	freeze(): void {
		this.#frozen = true;
		this.#learned = null;
		for (const [value, kind] of this.#met) this.#make(kind, value);
	}

	#make(kind: Kind, value: string): string {
		const count = (this.#counts.get(kind) ?? 0) + 1;
		this.#counts.set(kind, count);
		const made = shown[kind](count, value);
		this.#standIns.set(value, made);
		this.#given.add(made);
		return made;
	}
}

/** True where the pattern matches the whole text. The pattern is global, so its state is reset. */
function fullMatch(value: string, pattern: RegExp): boolean {
	const [first] = value.match(pattern) ?? [];
	return first === value;
}

/** A text that only looks percent-encoded is taken as it is. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
