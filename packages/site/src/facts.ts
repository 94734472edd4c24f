import { events, limits, operations, platform, type Platform } from '@memberpass/catalogue';
import { refusedTokens } from '@memberpass/protocol';

/** What hand-written pages say of the product, so that no number or name stands in them twice. */
export interface Facts {
	readonly platform: Platform;
	readonly limits: typeof limits;
	readonly counts: {
		readonly events: number;
		readonly actions: number;
		readonly searches: number;
	};
	/** Last day of the API host, in words. */
	readonly answersUntil: string;
	/** Waits before the second and later attempts of a delivery, in words. */
	readonly retryWaits: string;
	/** From the first attempt of a delivery to its last, in words. */
	readonly retryTime: string;
	/** Which tokens are refused, as the messages of the integrations say it. */
	readonly refusedTokens: string;
}

export function readFacts(): Facts {
	const ofKind = (kind: string): number => operations.filter((entry) => entry.kind === kind).length;
	return {
		platform,
		limits,
		counts: {
			events: events.length,
			actions: ofKind('action'),
			searches: ofKind('search'),
		},
		answersUntil:
			platform.answersUntil === null ? 'further notice' : dayInWords(platform.answersUntil),
		retryWaits: limits.deliveryRetrySeconds.map(waitInWords).join(', '),
		retryTime: hoursInWords(limits.deliveryRetrySeconds.reduce((sum, wait) => sum + wait, 0)),
		refusedTokens: refusedTokens(platform),
	};
}

/** `2027-08-14` -> `14 August 2027`. */
export function dayInWords(date: string): string {
	return new Intl.DateTimeFormat('en-GB', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	}).format(new Date(`${date}T00:00:00Z`));
}

const units = [
	[3600, 'hour'],
	[60, 'minute'],
	[1, 'second'],
] as const;

/** 112,240 -> `about 31 hours`. */
function hoursInWords(seconds: number): string {
	return `about ${Math.round(seconds / 3600)} hours`;
}

/** 600 -> `10 minutes`. */
export function waitInWords(seconds: number): string {
	const [size, unit] = units.find(([each]) => seconds % each === 0) ?? [1, 'second'];
	const count = seconds / size;
	return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
