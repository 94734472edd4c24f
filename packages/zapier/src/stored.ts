import type { Bundle } from 'zapier-platform-core';

/** What `performSubscribe` stored. Zapier types only the id. */
export interface Stored {
	readonly id: string | null;
	readonly secret: string | null;
}

export function readStored(bundle: Bundle): Stored {
	const { id, secret }: Readonly<Record<string, unknown>> = { ...bundle.subscribeData };
	return { id: textOrNull(id), secret: textOrNull(secret) };
}

export function textOrNull(value: unknown): string | null {
	return typeof value === 'string' && value.trim() !== '' ? value : null;
}
