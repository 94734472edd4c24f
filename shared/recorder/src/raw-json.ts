/**
 * Rewrites the scalars and keys of a JSON text and leaves every other byte as it is: `25.0` stays `25.0`, `\/` stays
 * `\/`. Parsing and writing again would lose what a signature check and a fixture are about.
 *
 * @param text Valid JSON.
 * @param scalar Gets the parsed value and the keys on the way to it; lists add none.
 * @param key Gets the name of a key.
 */
export function rewriteJson(
	text: string,
	scalar: (value: string | number, keys: readonly string[]) => string | number,
	key: (name: string) => string,
): string {
	let at = 0;
	const fail = (): never => {
		throw new SyntaxError(`Not JSON at character ${at}.`);
	};
	const blank = (): string => {
		const start = at;
		while (/\s/.test(text[at] ?? '')) at++;
		return text.slice(start, at);
	};
	const literal = (): string => {
		const start = at;
		if (text[at] === '"') {
			for (at++; text[at] !== '"'; at++) {
				if (at >= text.length) fail();
				if (text[at] === '\\') at++;
			}
			at++;
		} else {
			while (/[-+.\w]/.test(text[at] ?? '')) at++;
		}
		return text.slice(start, at);
	};
	// As the original writes it: PHP escapes slashes.
	const escapes = text.includes('\\/');
	const rewritten = (raw: string, before: unknown, after: unknown): string => {
		if (after === before) return raw;
		const plain = JSON.stringify(after);
		return escapes ? plain.replaceAll('/', '\\/') : plain;
	};
	const value = (keys: readonly string[]): string => {
		const open = text[at];
		if (open !== '{' && open !== '[') {
			const raw = literal();
			const parsed: unknown = JSON.parse(raw);
			return typeof parsed === 'string' || typeof parsed === 'number'
				? rewritten(raw, parsed, scalar(parsed, keys))
				: raw;
		}
		const close = open === '{' ? '}' : ']';
		at++;
		let out = open + blank();
		while (text[at] !== close) {
			let inner = keys;
			if (open === '{') {
				if (text[at] !== '"') fail();
				const raw = literal();
				const name = String(JSON.parse(raw));
				out += rewritten(raw, name, key(name)) + blank();
				if (text[at] !== ':') fail();
				at++;
				out += `:${blank()}`;
				inner = [...keys, name];
			}
			out += value(inner) + blank();
			if (text[at] === ',') {
				at++;
				out += `,${blank()}`;
			} else if (text[at] !== close) fail();
		}
		at++;
		return out + close;
	};
	const out = blank() + value([]) + blank();
	if (at !== text.length) fail();
	return out;
}
