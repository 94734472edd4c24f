import type { Platform } from '@memberpass/catalogue';

import { escapeRegExp } from '../../testing/src/escape-reg-exp.ts';
import { secretForms } from './secret-forms.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/**
 * Replaces what is private by stand-ins.
 *
 * The rule is an allow-list: a text stays only where it is known to be harmless (a time, a figure, a word of the API).
 * Everything else is replaced, so that a key nobody has seen before cannot leak. Of the API's own messages each word is
 * judged by itself: small letters and words of the catalogue stay.
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
		characters[index] = digits[--at] ?? '0';
	}
	return characters.join('');
}

/** As many digits as before if they are enough, none of them a leading zero; a sign stays. */
function figure(value: string, count: number): string {
	const sign = value.startsWith('-') ? '-' : '';
	return `${sign}1${String(count).padStart(value.length - sign.length - 1, '0')}`;
}

/** The body of an id, wherever it stands: a ULID or a UUID. */
const idPattern =
	/(?<![A-Za-z0-9])(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![A-Za-z0-9])/g;
/** An id of somebody else's: what follows a prefix and has a digit in it. A user name may look the same. */
const foreignIdPattern = /(?<=^[a-z]{2,8}_)(?=[A-Za-z]*\d)[A-Za-z0-9]{10,}$/g;
const foreignIdKey = /(?:^|[_-])(?:ids?|token|payload|reference)$/;
const tokenPattern = /^(?:mpt_(?:live|test)|sbt)_[A-Za-z0-9_|-]+$/;
const emailPattern = /[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const hexPattern = /^[0-9a-f]{32,}$/i;

/** What a message is judged by, beside the values that are known: links, addresses, telephone numbers, quotes, words. */
const messageParts = [
	String.raw`https?:\/\/[^\s"'<>()]+`,
	emailPattern.source,
	String.raw`\+\d[\d ()-]{6,}\d`,
	String.raw`\d{2,4}(?: \d{2,4}){2,}`,
	'(?<![\\p{L}\\p{N}])["\'`“‘„«][^"\'`“”‘’„«»]{2,}["\'`”’»](?![\\p{L}\\p{N}])',
	'[^\\s"\'`“”‘’„«»()<>[\\]{},;!?]+',
];

const timePattern =
	/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const clockPattern = /^\d{1,2}:\d{2}(?::\d{2})?$/;
const snakePattern = /^[a-z]+(?:_[a-z]+)*$/;
const monthPattern = /^\d{4}-(?:\d{2}|W\d{2}|Q\d)$/;
const decimalPattern = /^-?\d{1,12}\.\d{1,8}$/;
const shortNumberPattern = /^-?\d{1,6}$/;
const longNumberPattern = /^-?\d{7,}$/;
const wordPattern = /^[A-Za-z][A-Za-z0-9_.:-]{0,40}$/;
/** A name of a field as APIs write it; a handle or an id is none. */
const fieldPattern = /^[A-Za-z][A-Za-z_]{0,40}\d{0,2}$/;
const codePattern = /^[A-Z][A-Z0-9_]{0,60}$/;
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
	/** Hosts whose names say nothing of the account. */
	readonly #hosts: ReadonlySet<string>;
	/** The given secrets in every form that a host may write them in. */
	readonly #forms: readonly string[];
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
		const pages = [platform.apiOrigin, ...Object.values(platform.pages)];
		this.#hosts = new Set([
			...pages.map((page) => new URL(page).hostname),
			...['', 'static.', 'www.'].map((name) => name + this.#apex),
		]);
		this.#forms = secretForms(secrets);
		for (const secret of secrets) this.#met.set(secret, 'secret');
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

	/** A key; maps may be keyed by ids, addresses or names. */
	key(key: string): string {
		if (this.#isKey(key) || this.#vocabulary.words.has(key)) return key;
		const isField = fieldPattern.test(key) && !this.#isPrivate(key);
		return isField ? key : this.text(key, []);
	}

	/** A key of the API, or the way to one as its refusals name it: `events.0`. */
	#isKey(path: string): boolean {
		const [first = '', ...more] = path.split('.');
		const { keys } = this.#vocabulary;
		return keys.has(first) && more.every((part) => keys.has(part) || /^\d{1,3}$/.test(part));
	}

	/** Whether a value is known to name somebody or something; a text may be any word. */
	#isPrivate(value: string): boolean {
		const kind = this.#met.get(value);
		return kind !== undefined && kind !== 'text';
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
		const isMessage = keys[0] === 'error' && isMessageKey(keys);
		if (known === 'secret') return this.#standIn('secret', value);
		if (!isMessage && this.#holdsSecret(value)) return this.#standIn('secret', value);
		const kind = keyKinds.find(([pattern]) => pattern.test(key))?.[1] ?? null;
		if (kind === 'secret') return this.#standIn(kind, value);
		if (isMessage) return this.#message(value);
		if (keys[0] === 'error' && key === 'code' && codePattern.test(value)) return value;
		if (keys[0] === 'error' && key === 'docs_url') return this.#url(value);
		if (timePattern.test(value) || monthPattern.test(value) || clockPattern.test(value)) {
			return value;
		}
		if (fullMatch(value, emailPattern)) return this.#standIn('email', value);
		if (tokenPattern.test(value)) return this.#standIn('token', value);
		// An id first: `token` and `code` are keys of ids as well.
		const identified = this.#identify(value, foreignIdKey.test(key));
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
		if (longNumberPattern.test(value)) return this.#standIn('telegram', value);
		return isWord ? value : this.#standIn('text', value);
	}

	/** The path of a request: route words stay, ids get their stand-ins. */
	path(path: string): string {
		return path
			.split('/')
			.map((part) => {
				const word = decoded(part);
				if (word === '' || this.#isRouteWord(word)) return part;
				return encodeURIComponent(this.#identify(word, true) ?? this.#standIn('handle', word));
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

	#holdsSecret(value: string): boolean {
		return this.#forms.some((form) => value.includes(form));
	}

	/** A message of the API: what is known to be harmless stays, word by word. */
	#message(value: string): string {
		const clean = this.#forms.reduce(
			(text, form) => text.replaceAll(form, () => this.#standIn('secret', form)),
			value,
		);
		return clean.replace(this.#parts(), (found: string, at: number) => {
			const known = this.#isTelling(found) ? this.#met.get(found) : undefined;
			if (known !== undefined) return this.#standIn(known, found);
			if (/^["'`“‘„«]/.test(found)) {
				return found.slice(0, 1) + this.#messageWord(found.slice(1, -1)) + found.slice(-1);
			}
			const word = found.replace(/[.:%]+$/, '');
			const isFirst = at === 0 || /[.!?]\s+$/.test(clean.slice(0, at));
			if (isFirst && this.#vocabulary.texts.has(word.toLowerCase())) return found;
			return this.#messageWord(word) + found.slice(word.length);
		});
	}

	#messageWord(word: string): string {
		const { texts, words } = this.#vocabulary;
		const isKnown = texts.has(word) || words.has(word) || this.#isKey(word);
		if (isKnown || this.#given.has(word) || !/[\p{L}\p{N}]/u.test(word)) return word;
		if (/^[a-z]+$/.test(word)) return word;
		if (hexPattern.test(word)) return this.#standIn('secret', word);
		return this.text(word, []);
	}

	/** Whether a value that was met elsewhere says anything in a message: "no" and "active" may be names as well. */
	#isTelling(value: string): boolean {
		return value.length >= 3 && !this.#vocabulary.words.has(value);
	}

	/** Every learned value, longest first and as whole words, and then what else a message is made of. */
	#parts(): RegExp {
		if (this.#learned !== null) return this.#learned;
		const values = [...this.#met.keys()]
			.filter((value) => this.#isTelling(value))
			.sort((a, b) => b.length - a.length)
			.map(escapeRegExp);
		const known = `(?<![\\p{L}\\p{N}])(?:${values.join('|')})(?![\\p{L}\\p{N}])`;
		const parts = values.length === 0 ? messageParts : [known, ...messageParts];
		this.#learned = new RegExp(parts.join('|'), 'gu');
		return this.#learned;
	}

	/**
	 * A text that is one id, or words of the API and an id (`plan_pln_…`); null for anything else.
	 *
	 * @param isForeign Whether it may be an id of somebody else's, such as a payment provider.
	 */
	#identify(value: string, isForeign: boolean): string | null {
		const pattern = isForeign && value.search(idPattern) < 0 ? foreignIdPattern : idPattern;
		const rest = value.replace(pattern, '');
		if (rest === value || !affixPattern.test(rest)) return null;
		return value.replace(pattern, (body) => this.#id(body));
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
		const { hostname } = url;
		const isPlain = url.username + url.password === '';
		if (isPlain && hostname === `docs.${this.#apex}` && url.search === '') return value;
		const isTelegram = hostname === 't.me';
		if (!isPlain || !(isTelegram || this.#hosts.has(hostname))) return this.#standIn('url', value);
		const kind = isTelegram ? 'username' : 'handle';
		const isApi = url.origin === this.#platform.apiOrigin;
		const path = url.pathname
			.split('/')
			.map((part) => {
				const word = decoded(part);
				if (word === '' || (isApi && this.#isRouteWord(word))) return part;
				return encodeURIComponent(this.#identify(word, false) ?? this.#standIn(kind, word));
			})
			.join('/');
		const query = [...url.searchParams].map(([name, one]) => {
			return `${encodeURIComponent(this.key(name))}=${encodeURIComponent(this.text(one, [name]))}`;
		});
		// As it was written: `new URL` adds a slash to a bare host.
		const isBare = path === '/' && !value.endsWith('/');
		return `${url.origin}${isBare ? '' : path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
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

/** Where the API speaks for itself. Anything else inside an error may hold rows of the account. */
const isMessageKey = ([, second = '', ...more]: readonly string[]): boolean =>
	second === 'fields' || (more.length === 0 && ['message', 'remediation'].includes(second));

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
