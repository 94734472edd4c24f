import type { Planned } from './plan.ts';
import type { Received } from './receive.ts';

export type FloodFault = 'lost' | 'accepted' | 'unexplained' | 'leaked';

/**
 * Secrets and signatures of a delivery: nothing of them may come out of a platform.
 *
 * @param secret The one that the trigger has.
 */
export function secretsOf({ header }: Pick<Planned, 'header'>, secret: string | null): string[] {
	const signatures = [header].flat().flatMap((line) => line?.match(/[0-9a-f]{64}/gi) ?? []);
	// A secret of a few letters is found in any text.
	return [...signatures, ...(secret !== null && secret.length >= 8 ? [secret] : [])];
}

/**
 * What is wrong with what a trigger made of a delivery: a genuine one starts one run with its event, a forged one is
 * refused, and no secret shows.
 */
export function faultsOf(
	planned: Planned,
	{ items, refused, everything }: Received,
	secrets: readonly string[],
): readonly FloodFault[] {
	const leaked = secrets.some((one) => everything.includes(one)) ? (['leaked'] as const) : [];
	if (planned.kind === 'genuine') {
		const [item, ...others] = items as readonly { readonly id?: unknown }[];
		return item?.id === planned.id && others.length === 0 ? leaked : [...leaked, 'lost'];
	}
	if (items.length > 0) return [...leaked, 'accepted'];
	return refused ? leaked : [...leaked, 'unexplained'];
}
