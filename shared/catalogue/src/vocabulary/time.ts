import { type Options, text } from '../schema.ts';

/** A moment as ISO 8601 with zone; every sample is UTC, other offsets are accepted. */
export const moment = (title: string, description: string, options: Options = {}) =>
	text(title, description, { format: 'date-time', examples: ['2026-05-18T10:05:00Z'], ...options });

/** A calendar day, `YYYY-MM-DD`. */
export const day = (title: string, description: string, options: Options = {}) =>
	text(title, description, { format: 'date', examples: ['2026-05-18'], ...options });
