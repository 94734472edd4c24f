/** ISO 8601 in UTC without fractions, as every sample of MemberPass prints it. */
export function iso(ms: number): string {
	return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A moment later by a billing cycle; null for a lifetime. Months keep the day where they can (31 January → 28 February). */
export function addCycle(ms: number, cycle: string, count: number): number | null {
	switch (cycle) {
		case 'days':
			return ms + count * day;
		case 'weeks':
			return ms + count * 7 * day;
		case 'months':
			return addMonths(ms, count);
		case 'years':
			return addMonths(ms, count * 12);
		default:
			return null;
	}
}

function addMonths(ms: number, months: number): number {
	const date = new Date(ms);
	const wanted = date.getUTCDate();
	date.setUTCDate(1);
	date.setUTCMonth(date.getUTCMonth() + months);
	const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
	date.setUTCDate(Math.min(wanted, last));
	return date.getTime();
}
