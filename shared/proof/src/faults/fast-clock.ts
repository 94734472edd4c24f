import { ClientRequest } from 'node:http';
import { promisify } from 'node:util';

/** The longest delay a timer takes: Node fires after 1 ms where a longer one is asked for. */
const longestDelay = 2 ** 31 - 1;

/**
 * Lets a platform run with its real time limits, in a fraction of the time they take: what is tested is the code and
 * the figures that users get, without a switch for tests in either.
 *
 * Changes `Date.now`, `setTimeout`, `AbortSignal.timeout` and the time limits of HTTP requests for the whole process,
 * so it is for a process of its own. A delay that is too long for a timer fires at once, as in Node: a wait that
 * overflows must stay the storm of requests that it is.
 *
 * @returns sets how many milliseconds pass in one real one, from now on.
 */
export function installFastClock(): (speed: number) => void {
	let times = 1;
	const realNow = Date.now.bind(Date);
	const start = { real: realNow(), shown: realNow() };
	const now = (): number => Math.round(start.shown + (realNow() - start.real) * times);
	const shortened = (ms: number | undefined): number =>
		ms === undefined || !(ms >= 1) ? 0 : ms > longestDelay ? 1 : Math.ceil(ms / times);

	const realTimeout = globalThis.setTimeout;
	const fastTimeout = (
		callback: (...args: unknown[]) => void,
		ms?: number,
		...args: unknown[]
	): NodeJS.Timeout => realTimeout(callback, shortened(ms), ...args);
	globalThis.setTimeout = Object.assign(fastTimeout, {
		[promisify.custom]: async (ms?: number, value?: unknown) =>
			await new Promise((resolve) => fastTimeout(() => resolve(value), ms)),
	}) as unknown as typeof setTimeout;

	Date.now = now;

	AbortSignal.timeout = (ms) => {
		const controller = new AbortController();
		const expired = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
		fastTimeout(() => controller.abort(expired), ms).unref();
		return controller.signal;
	};

	const { prototype } = ClientRequest;
	// eslint-disable-next-line @typescript-eslint/unbound-method -- called with `this` below
	const realRequestTimeout = prototype.setTimeout;
	prototype.setTimeout = function (ms, callback) {
		return realRequestTimeout.call(this, shortened(ms), callback);
	};
	return (speed) => {
		const shown = now();
		Object.assign(start, { real: realNow(), shown });
		times = speed;
	};
}
