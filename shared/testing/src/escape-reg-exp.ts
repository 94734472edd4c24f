/** The source of a regular expression that matches this text and no other: a folder may be called `main (1)`. */
export function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
