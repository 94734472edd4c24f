/**
 * Runs a task for each index from 0, at most `width` at a time, and gives the results in order.
 *
 * After a failure nothing new is started; what is under way is waited for, then the failure of the lowest index is
 * thrown. So a run fails the same way every time, whichever answer came first.
 */
export async function inOrder<T>(
	count: number,
	width: number,
	task: (index: number) => Promise<T>,
): Promise<T[]> {
	const results: T[] = [];
	const failures = new Map<number, unknown>();
	let next = 0;
	const work = async (): Promise<void> => {
		while (next < count && failures.size === 0) {
			const index = next++;
			await task(index).then(
				(result) => {
					results[index] = result;
				},
				(error: unknown) => {
					failures.set(index, error);
				},
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, count) }, work));
	if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
	return results;
}
