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
