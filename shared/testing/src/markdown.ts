type Cell = string | number;

/** A Markdown table. Pipes inside a cell would end it. */
export function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
	const line = (cells: readonly Cell[]): string =>
		`| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Words as code, with commas between them. */
export const codes = (words: readonly string[]): string => words.map(code).join(', ');

/**
 * Puts a block into a page that is otherwise written by hand, between the comments `<!-- MARK -->` and `<!-- /MARK -->`.
 *
 * @param path For the message where they are missing.
 */
export function replaceBlock(text: string, mark: string, content: string, path: string): string {
	const open = `<!-- ${mark} -->`;
	const close = `<!-- /${mark} -->`;
	const start = text.indexOf(open);
	const end = text.indexOf(close);
	if (start < 0 || end < start) {
		throw new Error(
			`${path} needs the two lines "${open}" and "${close}" around its generated part.`,
		);
	}
	return `${text.slice(0, start + open.length)}\n${content.trim()}\n${text.slice(end)}`;
}
