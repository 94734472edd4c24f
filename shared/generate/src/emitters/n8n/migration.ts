import { n8nOperationKey, operations, type OperationEntry, resources } from '@memberpass/catalogue';

import { code, table } from '../../../../testing/src/markdown.ts';
import { present } from '../../present.ts';
import { sortBy } from './copy.ts';
import { type Legacy, legacy } from './legacy.ts';

type Row = readonly [saved: string, today: string];

/** README block: what becomes of a parameter of 1.4.0 that MemberPass does not take as it was saved. */
export function migrationTable(): string {
	const rows = sortBy(
		operations.flatMap((entry) => {
			const old = legacy[n8nOperationKey(entry)];
			return old === undefined ? [] : rowsOf(entry, old);
		}),
		([saved]) => saved,
	);
	return table(['Saved with 1.4.0', 'Runs as'], rows);
}

function rowsOf(entry: OperationEntry, old: Legacy): readonly Row[] {
	const label = resources.filter((one) => one.key === entry.resource).map((one) => one.label);
	const name = `${label.join()}: ${entry.n8n.name}`;
	const title = (field: string): string =>
		present(
			entry.input.properties[field]?.title,
			`input "${field}" of "${entry.key}", which legacy.ts names`,
		);
	return [
		...Object.entries(old.translate ?? {}).flatMap(([field, values]) =>
			Object.entries(values).map(([from, to]): Row => [
				`${name}, ${title(field)} ${code(from)}`,
				code(to),
			]),
		),
		...Object.entries(old.dropped ?? {}).map(([field, why]): Row => [
			`${name}, ${code(field)}`,
			`Not sent. ${why}`,
		]),
		...Object.entries(old.byHand ?? {}).map(([field, what]): Row => [
			`${name}, ${title(field)}`,
			`The number as it was saved. ${what}`,
		]),
		...(old.newlyRequired === undefined
			? []
			: [
					[
						name,
						`Fill in ${old.newlyRequired.map(title).join(' and ')} once: MemberPass refuses a plan without them, and 1.4.0 had no field for them. Until then the node says so and sends nothing.`,
					] as const,
				]),
	];
}
