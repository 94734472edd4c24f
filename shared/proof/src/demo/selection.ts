/** True where no word was given, or one of them is part of the name. */
export function isWanted(words: readonly string[], name: string): boolean {
	return words.length === 0 || words.some((word) => name.includes(word));
}

/** What the catalogue has and no fixture covers: a demo that leaves something out must not look complete. */
export function uncovered(
	words: readonly string[],
	names: readonly string[],
	covered: readonly string[],
): readonly string[] {
	return names.filter((name) => isWanted(words, name) && !covered.includes(name));
}
