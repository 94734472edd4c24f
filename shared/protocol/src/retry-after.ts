/**
 * Reads a `Retry-After` header.
 *
 * Only whole seconds and HTTP dates count. Everything looser misreads: `Date.parse("120")` is a day in the year 120,
 * `parseInt("2026-10-21T…")` is 2026 seconds, `Number("1e9")` is thirty years.
 *
 * @param now Unix milliseconds.
 * @returns Milliseconds to wait, never negative; null where the header is absent or means nothing.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
	const written = header?.trim() ?? '';
	if (/^\d{1,10}$/.test(written)) return Number(written) * 1000;
	if (/^[A-Za-z]{3,9}, .*\bGMT$/.test(written)) {
		const time = Date.parse(written);
		if (!Number.isNaN(time)) return Math.max(0, time - now);
	}
	return null;
}
