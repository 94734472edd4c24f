/** Putting texts of the catalogue into pages. Everything that is not markup of ours goes through one of these. */

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
};

/** A text as HTML, for blocks that are written as HTML. */
export function html(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

/**
 * A text as Markdown prose that reads exactly as it is: no emphasis, link, tag or Vue expression comes out of it.
 * Braces go into a `v-pre` element, because Vue looks for `{{` after entities are resolved.
 */
export function prose(text: string): string {
	const escaped = html(text).replace(/[\\`*_[\]|~#]/g, (sign) => `&#${sign.charCodeAt(0)};`);
	return text.includes('{{') ? `<span v-pre>${escaped}</span>` : escaped;
}

/** A sentence begins with a capital, the name of a field stays as it is written. */
export const capital = (text: string): string =>
	/^\S*_/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);

/** A text as inline code. VitePress keeps Vue out of it. */
export function code(text: string): string {
	const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const ticks = '`'.repeat(longest + 1);
	const gap = longest > 0 ? ' ' : '';
	return `${ticks}${gap}${text}${gap}${ticks}`;
}

/** A code block. The copy button gives `text` exactly, without the line end that closes the block. */
export function fence(language: string, text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const ticks = '`'.repeat(longest + 1);
	return `${ticks}${language}\n${text}\n${ticks}`;
}

export const json = (value: unknown): string => fence('json', JSON.stringify(value, null, 2));

export function link(label: string, path: string): string {
	return `[${prose(label)}](${path})`;
}

export function bullets(items: readonly string[]): string {
	return items.map((item) => `- ${item}`).join('\n');
}

export function steps(items: readonly string[]): string {
	return items.map((item, index) => `${index + 1}. ${item}`).join('\n');
}

/** A table that can be wider than the window. The cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Parts of a page, apart by an empty line; what is null or empty is left out. */
export function blocks(...parts: readonly (string | null)[]): string {
	return parts.filter((part) => part !== null && part !== '').join('\n\n');
}
