import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { platform } from '../platform';
import type { ApiProblem } from '../protocol/errors';
import { explain } from '../protocol/explain';
import type { InputProblem } from '../protocol/input';
import { redact } from '../protocol/redact';

type Failure = ConstructorParameters<typeof NodeApiError>[2] extends infer Options | undefined
	? Options extends { failure?: infer F }
		? F
		: never
	: never;

const inItem = (itemIndex: number | null): string =>
	itemIndex === null ? '' : ` [item ${itemIndex}]`;

const clean = (written: string): string => redact(written, [], platform);

/** The same problem, told without a secret of any form: a host may quote what it was sent. */
export function withoutSecret(problem: ApiProblem, secret: string): ApiProblem {
	const hide = (written: string): string => redact(written, [secret], platform);
	const hideAny = (written: string | null): string | null => written && hide(written);
	return {
		...problem,
		code: hideAny(problem.code),
		message: hide(problem.message),
		remediation: hideAny(problem.remediation),
		docsUrl: hideAny(problem.docsUrl),
		requestId: hideAny(problem.requestId),
		missingAbility: hideAny(problem.missingAbility),
		fields: Object.fromEntries(
			Object.entries(problem.fields).map(([name, said]) => [hide(name), said.map(hide)]),
		),
	};
}

/** Statuses of a gateway or a maintenance page: the same request may succeed later. */
const unavailable: readonly (number | null)[] = [502, 503, 504];

/** What the answer proves about the cause; nothing where it proves nothing. */
function failureOf(problem: ApiProblem): Failure | undefined {
	const wait = problem.retryAfterMs === null ? {} : { retryAfterMs: problem.retryAfterMs };
	if (problem.kind === 'unauthenticated') return { cause: 'credential-invalid' };
	if (problem.kind === 'rate_limited') return { cause: 'rate-limited', ...wait };
	if (unavailable.includes(problem.status)) {
		return { cause: 'temporarily-unavailable', ...wait };
	}
	return undefined;
}

/**
 * A refusal in MemberPass's own words.
 *
 * Built here and not by n8n's helper: `new NodeApiError(node, error, { message })` ignores the message if the error
 * is a NodeApiError already, and n8n rewrites messages that happen to contain the name of a system error
 * ("pr-EEXIST-ing"). Both would hide what MemberPass said.
 *
 * @param itemIndex Null where no item is at fault, as in a trigger.
 */
export function apiError(node: INode, problem: ApiProblem, itemIndex: number | null): NodeApiError {
	const { title, detail } = explain(problem, platform);
	const message = clean(title) + inItem(itemIndex);
	const failure = failureOf(problem);
	const error = new NodeApiError(
		node,
		{ message },
		{
			message,
			description: clean(detail),
			...(problem.status === null ? {} : { httpCode: String(problem.status) }),
			...(itemIndex === null ? {} : { itemIndex }),
			...(failure === undefined ? {} : { failure }),
		},
	);
	error.message = message;
	return error;
}

/** Something the user entered, or forgot to enter. */
export function inputError(
	node: INode,
	problems: readonly InputProblem[],
	itemIndex: number | null,
	hint?: string,
): NodeOperationError {
	const [first, ...others] = problems.map((problem) => problem.message);
	const more = [...others, ...(hint === undefined ? [] : [hint])].join(' ');
	return operationError(node, first ?? 'The input cannot be used.', more || null, itemIndex);
}

/** Any other mistake that the user can mend. */
export function operationError(
	node: INode,
	title: string,
	detail: string | null,
	itemIndex: number | null,
): NodeOperationError {
	const message = clean(title) + inItem(itemIndex);
	const error = new NodeOperationError(node, message, {
		...(detail === null ? {} : { description: clean(detail) }),
		...(itemIndex === null ? {} : { itemIndex }),
	});
	error.message = message;
	return error;
}

/** The same error, with a message that says as well what to do: for where n8n shows no more than that. */
export function inFull<E extends Pick<NodeApiError, 'message' | 'description'>>(error: E): E {
	const { message, description } = error;
	if (!description || message.includes(description)) return error;
	// MemberPass's words may have no full stop: "Server Error".
	error.message = `${message}${/\w$/.test(message) ? '.' : ''} ${description}`;
	return error;
}
