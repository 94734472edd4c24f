import { isMistake } from '../../testing/src/command-line.ts';

/**
 * Makes something of an entry. What one platform cannot do is known deep inside, where no name of an entry is; here the
 * error gets it, because that entry has to be changed.
 */
export function about<T>(entry: string, make: () => T): T {
	try {
		return make();
	} catch (error) {
		// A mistake in the code keeps the trace that leads to it.
		if (isMistake(error) || !(error instanceof Error)) throw error;
		throw new Error(`${entry}: ${error.message}`, { cause: error });
	}
}
