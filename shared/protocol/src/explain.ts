import type { Answered, ApiProblem } from './errors.ts';
import type { WireOperation, WirePlatform } from './wire.ts';

/**
 * The same result, with a refusal that calls inputs what the form calls them: MemberPass names them by its own keys,
 * such as `resources.0`. What is no input keeps its name.
 */
export function inFormWords<R extends Answered>(
	{ fields }: Pick<WireOperation, 'fields'>,
	result: R,
): R {
	if (result.ok) return result;
	const said = new Map<string, readonly string[]>();
	for (const [name, messages] of Object.entries(result.problem.fields)) {
		const key = name.replace(/\..*/, '');
		const label = fields.find((field) => field.name === key)?.label ?? name;
		said.set(label, [...(said.get(label) ?? []), ...messages]);
	}
	return { ...result, problem: { ...result.problem, fields: Object.fromEntries(said) } };
}

/** A problem in the two texts that platforms show: what happened, and what to do. */
export interface Explanation {
	readonly title: string;
	readonly detail: string;
}

/** Puts a problem into words. Every fact MemberPass gave is in them, nothing else is. */
export function explain(
	problem: ApiProblem,
	platform: Pick<WirePlatform, 'name' | 'pages'>,
): Explanation {
	const fields = Object.entries(problem.fields)
		.filter(([, messages]) => messages.length > 0)
		.map(([name, messages]) => `${name}: ${messages.join(' ')}`);
	const detail = [
		...(fields.length > 0 ? [`${fields.join('; ')}.`.replace(/\.\.$/, '.')] : []),
		...(problem.missingAbility === null
			? []
			: [
					`The API token lacks the ability "${problem.missingAbility}". Create one that has it at ${platform.pages.mint} and use that instead.`,
				]),
		...(problem.reason === null ? [] : [problem.reason]),
		...(problem.kind === 'unauthenticated'
			? [`Create a token at ${platform.pages.mint} and use that instead.`]
			: []),
		...(problem.remediation === null ? [] : [problem.remediation]),
		...(problem.retryAfterMs === null ? [] : [`Try again in ${inWords(problem.retryAfterMs)}.`]),
		...(problem.docsUrl === null ? [] : [`More: ${problem.docsUrl}`]),
		...technical(problem),
	];
	return { title: problem.message, detail: detail.join(' ') };
}

/** As people count: a limit by the hour may ask for 3,000 seconds. At least one, as the server has just refused twice. */
function inWords(ms: number): string {
	const seconds = Math.max(1, Math.ceil(ms / 1000));
	if (seconds === 1) return '1 second';
	if (seconds < 120) return `${seconds} seconds`;
	if (seconds < 7200) return `${Math.ceil(seconds / 60)} minutes`;
	return `${Math.ceil(seconds / 3600)} hours`;
}

function technical(problem: ApiProblem): string[] {
	const facts = [
		...(problem.status === null ? [] : [`status ${problem.status}`]),
		...(problem.code === null ? [] : [problem.code]),
		...(problem.requestId === null ? [] : [`request ${problem.requestId}`]),
	];
	return facts.length === 0 ? [] : [`(${facts.join(', ')})`];
}
