import { day, hour, minute, second } from '../time.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: minute, h: hour, d: day };

/** A hundred years. Every period on the way is lived through, and dates have an end. */
const longestDuration = 36_525 * day;

/** Reads 1500, "1500", "90s", "10m", "4d" as milliseconds; null for anything else, and beyond a hundred years. */
export function readDuration(value: unknown): number | null {
	const match =
		typeof value === 'string' ? /^(\d{1,12}(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(value) : null;
	const ms =
		typeof value === 'number' ? value : Number(match?.[1]) * (units[match?.[2] ?? 'ms'] ?? 1);
	return ms >= 0 && ms <= longestDuration ? ms : null;
}

export const durationMessage =
	'Give milliseconds, or a text such as "10m" or "4d", at most 36525d.';
