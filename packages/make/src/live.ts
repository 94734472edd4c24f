import type { Blueprint } from './blueprint.ts';
import { isRecord, type Problem } from './validate/problem.ts';

/** Make could not be asked. The message is for people. */
export class LiveCheckError extends Error {
	override readonly name = 'LiveCheckError';
}

/**
 * Asks a zone of Make whether it could import a blueprint: `POST {zone}/api/v2/blueprints/validate`, the check that
 * github.com/integromat/make-blueprints runs in its own CI. No credentials are sent. It also knows Make's catalogue
 * of modules, which {@link validateBlueprint} does not.
 *
 * @param zone Host of the zone, such as `eu2.make.com`.
 * @throws LiveCheckError where the zone does not answer as documented: 403 while the check is switched off there,
 *   429 while it is busy.
 */
export async function validateLive(
	zone: string,
	blueprint: Blueprint,
): Promise<readonly Problem[]> {
	const url = urlOf(zone);
	let response: Response;
	try {
		response = await fetch(url, {
			method: 'POST',
			redirect: 'error',
			headers: { 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify({ blueprint }),
			signal: AbortSignal.timeout(30_000),
		});
	} catch (error) {
		throw new LiveCheckError(`${zone} cannot be reached. Check the zone and the network.`, {
			cause: error,
		});
	}
	if (response.status === 403) {
		throw new LiveCheckError(`${zone} does not offer the check. Try another zone.`);
	}
	if (response.status === 429) {
		throw new LiveCheckError(`${zone} gets too many requests. Try again in a minute.`);
	}
	return readAnswer(zone, response.status, await response.text());
}

function urlOf(zone: string): URL {
	if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(zone)) {
		throw new LiveCheckError(`"${zone}" is not a zone. Give the host only, such as eu2.make.com.`);
	}
	return new URL('/api/v2/blueprints/validate', `https://${zone}`);
}

function readAnswer(zone: string, status: number, text: string): readonly Problem[] {
	let answer: unknown;
	try {
		answer = JSON.parse(text);
	} catch {
		answer = null;
	}
	if (!isRecord(answer) || typeof answer['valid'] !== 'boolean') {
		throw new LiveCheckError(
			`${zone} answered ${status} but did not say whether the blueprint is valid.`,
		);
	}
	if (answer['valid']) return [];
	const errors = Array.isArray(answer['errors']) ? (answer['errors'] as unknown[]) : [];
	const problems = errors.filter(isRecord).map((error) => ({
		rule: 'make',
		path: String(error['path']),
		problem: String(error['problem']),
		fix: String(error['fix']),
	}));
	// A refusal without a reason is still one.
	return problems.length > 0
		? problems
		: [{ rule: 'make', path: '', problem: 'Make refuses it.', fix: 'Import it by hand and see.' }];
}
