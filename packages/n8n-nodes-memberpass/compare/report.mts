import type { Figure, Report } from '../../../shared/testing/src/figures.ts';
import type { Comparison } from './measure.mts';

/** A number of a row, by the name that figures.mts gives it. */
function numberOf({ figures }: Comparison, row: string, name: string): number {
	const value = figures.find((one) => one.name.startsWith(row))?.figures?.[name];
	if (value === undefined) throw new Error(`The row "${row}" has no figure "${name}".`);
	return value;
}

/** Both packages in the form of `npm run bench`. Behaviour is told in the README; here are the numbers. */
export function reportOf(own: Comparison, theirs: Comparison): Report {
	const both = (row: string, name: string, scale = 1): Pick<Figure, 'ours' | 'beside'> => ({
		ours: numberOf(own, row, name) * scale,
		beside: { 'of 1.4.0': numberOf(theirs, row, name) * scale },
	});
	const ours = (row: string, name: string): number => numberOf(own, row, name);
	const [delivery, reads, writes, rows] = [
		'One signed delivery',
		'1,000 reads',
		'1,000 writes',
		'10,000 rows',
	] as const;
	const floor = ours(delivery, 'floorUs');
	return {
		of: 'packages/n8n-nodes-memberpass',
		command: 'npm run compare:n8n',
		figures: [
			{
				name: 'One signed delivery',
				unit: 'µs',
				ours: ours(delivery, 'deliveryUs'),
				beside: { 'of 1.4.0': numberOf(theirs, delivery, 'deliveryUs'), 'at the least': floor },
				judged: {
					as: 'times HMAC, comparison and JSON.parse',
					value: ours(delivery, 'timesFloor'),
					better: 'lower',
					aim: 2,
				},
			},
			{
				name: '1,000 reads at 20 ms',
				unit: 's',
				...both(reads, 'ms', 1 / 1_000),
				judged: {
					as: 'times as fast as 1.4.0',
					value: numberOf(theirs, reads, 'ms') / ours(reads, 'ms'),
					better: 'higher',
					aim: 4,
				},
			},
			{
				name: '1,000 writes through 300 in 10 s, done',
				unit: 'writes',
				...both(writes, 'succeeded'),
				judged: {
					as: 'done once',
					value: ours(writes, 'succeeded') - ours(writes, 'twice'),
					better: 'higher',
					aim: 1_000,
				},
			},
			{
				name: '1,000 writes through 300 in 10 s, time',
				unit: 's',
				ours: ours(writes, 'ms') / 1_000,
				judged: {
					as: 'times what the limit takes at the least',
					value: ours(writes, 'ms') / ours(writes, 'leastMs'),
					better: 'lower',
					aim: 1.1,
				},
			},
			{
				name: '10,000 rows, requests',
				unit: 'requests',
				...both(rows, 'requests'),
				judged: {
					as: 'requests',
					value: ours(rows, 'requests'),
					better: 'lower',
					aim: 100,
				},
			},
			{ name: '10,000 rows, time', unit: 's', ...both(rows, 'ms', 1 / 1_000) },
			{ name: '10,000 rows, heap at its peak', unit: 'MB', ...both(rows, 'peakMb') },
			{ name: 'Loading both nodes', unit: 'ms', ...both('Loading both nodes', 'ms') },
			{
				name: 'Description of the action node',
				unit: 'KB',
				...both('Description', 'bytes', 1 / 1_000),
				judged: {
					as: 'KB',
					value: ours('Description', 'bytes') / 1_000,
					better: 'lower',
					aim: 120,
				},
			},
		],
	};
}
