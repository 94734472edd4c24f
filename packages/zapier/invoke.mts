#!/usr/bin/env node
/** Runs one trigger, action or search of the built app from the terminal, in Zapier's own core. */
import { parseOptions, refuseOptions, runCommand } from '../../shared/testing/src/command-line.ts';

const help = `Runs one trigger, action or search of the built Zapier app and prints what a Zap would get.

  npm run invoke -- KEY                        against a sandbox that is started for it
  npm run invoke -- KEY --input '{"name":"x"}' with these inputs; without any, the sandbox's own are chosen
  npm run invoke -- KEY --origin URL           against another API; the token is read from MEMBERPASS_TOKEN
  npm run invoke -- KEY --origin URL --token T with the token on the command line, where others can see it
  npm run invoke -- KEY --list                 a trigger: only the recent events that the editor shows
  npm run invoke -- --keys                     every key
  npm run invoke -- --all                      everything, each action against a sandbox of its own: one line each
  npm run invoke -- --help                     this text

KEY is the key of an operation (create_plan) or "connection" for the test of a connection. Against the sandbox a
trigger is switched on, its event is fired and delivered over a real socket, and it is switched off again; against
another API only its recent events are read, so that nothing is left behind. The result goes to standard output, what
happened on the way to standard error. Exits 1 if the step fails, with what Zapier would show. What is run is
dist/index.js, which "npm run invoke" builds first.

--all also compares: whatever the static sample promises has to be in the result, and a trigger has to show in the
editor what it delivered.
`;

function readInput(text: string | undefined): Record<string, unknown> | null {
	if (text === undefined) return null;
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		parsed = null;
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		throw new Error(`--input must be a JSON object such as {"project":"prj_1"}, not ${text}.`);
	}
	return parsed as Record<string, unknown>;
}

/** Null where a sandbox brings its own. */
function tokenFor({
	origin,
	token,
}: {
	readonly origin?: string;
	readonly token?: string;
}): string | null {
	if (origin === undefined) return token ?? null;
	const known = token ?? process.env['MEMBERPASS_TOKEN'] ?? '';
	if (known === '') throw new Error('Give the token of that API: --token T, or MEMBERPASS_TOKEN.');
	return known;
}

async function main(): Promise<number> {
	const { values, positionals } = parseOptions(help, {
		allowPositionals: true,
		options: {
			keys: { type: 'boolean', default: false },
			input: { type: 'string' },
			origin: { type: 'string' },
			token: { type: 'string' },
			list: { type: 'boolean', default: false },
			all: { type: 'boolean', default: false },
		},
	});
	// Loaded after what needs none of it: the app, Zapier's core and the sandbox take a second.
	const steps = () => import('./invoke-steps.mts');
	if (values.keys) {
		const { keys } = await steps();
		process.stdout.write(
			keys()
				.map((line) => `${line}\n`)
				.join(''),
		);
		return 0;
	}
	if (values.all) {
		if (positionals.length > 0 || values.origin !== undefined || values.input !== undefined) {
			throw new Error('--all takes no key, no inputs and no other API.');
		}
		const { invokeAll } = await steps();
		return (await invokeAll()) === 0 ? 0 : 1;
	}
	const [key, ...more] = positionals;
	if (key === undefined || more.length > 0) refuseOptions('Name one key.');
	const options = {
		key,
		input: readInput(values.input),
		list: values.list,
		origin: values.origin ?? null,
		token: tokenFor(values),
	};
	const { invokeOne } = await steps();
	process.stdout.write(`${JSON.stringify(await invokeOne(options), null, '\t')}\n`);
	return 0;
}

await runCommand(main);
