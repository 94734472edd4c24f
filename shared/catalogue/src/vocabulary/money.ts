import { number, type Options, text } from '../schema.ts';

/**
 * An amount as a decimal string in major units ("29.00", may be negative). Never converted to a number:
 * that would lose cents on the way.
 */
export const decimal = (title: string, description: string, options: Options = {}) =>
	text(title, description, { pattern: '^-?\\d+(\\.\\d+)?$', examples: ['29.00'], ...options });

/** A price as a JSON number in major units; only plan payloads and plan writes use it. */
export const priceNumber = (title: string, description: string, options: Options = {}) =>
	number(title, description, { examples: [29], ...options });

/** ISO 4217 code, or XTR for Telegram Stars. */
export const currencyCode = (description: string) =>
	text('Currency', description, { pattern: '^[A-Z]{3}$', examples: ['USD'] });
