import { platform } from '@memberpass/catalogue';
import nock from 'nock';

import type { Recording } from '../../../testing/src/fixtures.ts';
import { replay } from '../../../testing/src/replay.ts';
import { token } from './material.ts';
import { lacking } from './outcome.ts';

/** What a platform makes of a run: what comes out, or what its user reads and everything that it stores of the failure. */
export type Answer =
	{ readonly items: readonly unknown[] } | { readonly said: string; readonly everything: string };

/** Runs an operation against its recorded requests. What was wrong, or null. */
export async function replayed(
	recording: Recording,
	run: () => Promise<Answer>,
): Promise<string | null> {
	const played = replay(platform.apiOrigin, recording, token);
	const fault = faultOf(recording, await run());
	const pending = played.pending();
	nock.cleanAll();
	return fault ?? played.faults[0] ?? (pending > 0 ? `${pending} requests were not sent` : null);
}

function faultOf({ output, error }: Recording, answer: Answer): string | null {
	if ('items' in answer) {
		return output === null
			? `succeeded with ${JSON.stringify(answer.items)} where MemberPass refuses`
			: lacking(answer.items, output);
	}
	if (error === null || !answer.said.includes(error.message)) return `failed with ${answer.said}`;
	return answer.everything.includes(token) ? 'the error shows the token' : null;
}
