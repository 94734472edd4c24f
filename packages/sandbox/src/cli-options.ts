import { parseArgs } from 'node:util';

import { VirtualClock } from './clock.ts';
import type { SandboxOptions } from './index.ts';
import type { Switches } from './switches.ts';

export const help = `A MemberPass API on your own machine, with signed webhooks.

  memberpass-sandbox [options]

  --port N            port to listen on (4010)
  --seed TEXT         another made-up account; the same text gives the same one (memberpass)
  --scale-time N      sandbox seconds per real second (1)
  --virtual-time      time stands still until POST /_sandbox/time moves it
  --paging SHAPE      has_more, last_page or next_cursor (has_more)
  --switch NAME=VALUE set any switch; may be given several times. GET /_sandbox/switches lists them
  --latency MS        milliseconds each call waits (0)
  --fail SHARE        share of calls that fail, 0 to 1 (0)
  --host HOST         address to listen on (127.0.0.1)
  --allow-remote      let other machines call, and let deliveries leave this one
  --help              this text

Everything is kept in memory and gone when it stops. Nothing here is the live API: README.md lists every rule with
what is known about it.
`;

const number = (name: string, text: string, least: number, most: number): number => {
	const value = Number(text);
	if (text.trim() === '' || !(value >= least && value <= most)) {
		throw new RangeError(`--${name} must be a number from ${least} to ${most}, not "${text}".`);
	}
	return value;
};

/** Reads `--paging` and `--switch`; wrong names and values are refused by startSandbox. */
function readSwitchFlags(paging: string | undefined, given: readonly string[]): Partial<Switches> {
	const pairs = given.map((text) => {
		const split = text.indexOf('=');
		if (split < 1) throw new RangeError(`--switch takes NAME=VALUE, not "${text}".`);
		return [text.slice(0, split), text.slice(split + 1)] as const;
	});
	// Checked by readSwitches, which knows every name and value.
	return Object.fromEntries([
		...(paging === undefined ? [] : [['paging', paging] as const]),
		...pairs,
	]);
}

/**
 * Reads the command line; null where help is asked for.
 *
 * @throws Error where it cannot be read: what `explainFailure` makes of it says why.
 */
export function readOptions(args: readonly string[]): SandboxOptions | null {
	const { values } = parseArgs({
		args: [...args],
		options: {
			port: { type: 'string', default: '4010' },
			host: { type: 'string', default: '127.0.0.1' },
			seed: { type: 'string', default: 'memberpass' },
			'scale-time': { type: 'string' },
			'virtual-time': { type: 'boolean', default: false },
			paging: { type: 'string' },
			switch: { type: 'string', multiple: true, default: [] },
			latency: { type: 'string', default: '0' },
			fail: { type: 'string', default: '0' },
			'allow-remote': { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return null;
	const port = number('port', values.port, 0, 65_535);
	if (!Number.isInteger(port)) {
		throw new RangeError(`--port must be a whole number, not "${values.port}".`);
	}
	if (values['virtual-time'] && values['scale-time'] !== undefined) {
		throw new RangeError(
			'--scale-time is for time that passes by itself: leave --virtual-time out.',
		);
	}
	return {
		port,
		host: values.host,
		allowRemote: values['allow-remote'],
		seed: values.seed,
		...(values['virtual-time']
			? { clock: new VirtualClock(Date.now()) }
			: { scaleTime: number('scale-time', values['scale-time'] ?? '1', 0.001, 1_000_000) }),
		switches: readSwitchFlags(values.paging, values.switch),
		latencyMs: number('latency', values.latency, 0, 600_000),
		failShare: number('fail', values.fail, 0, 1),
	};
}
