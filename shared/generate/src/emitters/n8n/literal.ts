/** A piece of TypeScript inside a literal: `NodeConnectionTypes.Main`. */
export interface Code {
	readonly code: string;
	readonly mark: typeof codeMark;
}

const codeMark = Symbol('code');

/** Marks text that goes into the source as it is. */
export const code = (text: string): Code => ({ code: text, mark: codeMark });

const isCode = (value: object): value is Code => 'mark' in value && value.mark === codeMark;

/** A value as TypeScript source. Keys without a value are left out. */
export function literal(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
	if (typeof value === 'object' && value !== null) {
		if (isCode(value)) return value.code;
		const entries = Object.entries(value).filter(([, one]) => one !== undefined);
		return `{ ${entries.map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(', ')} }`;
	}
	return JSON.stringify(value);
}
