import type { JsonObject } from './wire.ts';

/** Keys of a row that make a choice of it. */
export interface ChoiceKeys {
	/** Key that holds the id. */
	readonly value: string;
	/** Keys that make a label people recognise. */
	readonly label: readonly string[];
}

/** One entry of a list that an id is picked from. */
export interface Choice {
	readonly id: string;
	readonly label: string;
}

/** What a list offers of a row: nothing where it has no id, and the id itself where it has no name. */
export function choiceOf(keys: ChoiceKeys, row: JsonObject): Choice | null {
	const id = written(row[keys.value]);
	if (id === null) return null;
	const words = keys.label.flatMap((key) => written(row[key]) ?? []);
	return { id, label: words.length === 0 ? id : words.join(' · ') };
}

/** A text that shows something, or a number, as text; null for everything else. */
export function written(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.replace(invisible, '') !== '' ? value : null;
}

/** Letters that show nothing, such as U+3164 and U+2800, are what people on Telegram give for a name to have none. */
const invisible = /[\s\u2800\p{Default_Ignorable_Code_Point}]/gu;
