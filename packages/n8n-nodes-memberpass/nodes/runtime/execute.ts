import { randomUUID } from 'crypto';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import { operations } from '../MemberPass/operations';
import { ofWrite, unreadableProblem } from '../protocol/errors';
import { deriveIdempotencyKey } from '../protocol/idempotency';
import { type InputValues, readInput } from '../protocol/input';
import { isWrite } from '../protocol/request';
import { isEmptyAnswer, readOne, readRows } from '../protocol/response';
import { isJsonObject, type JsonObject, type WireOperation } from '../protocol/wire';
import { platform } from '../platform';
import { type Account, callApi, executionPolicy, listApi, readAccount } from './api';
import {
	formOf,
	fromCursor,
	readParameters,
	readSimplify,
	readWanted,
	type Wanted,
} from './parameters';
import { apiError, inFull, inputError, operationError } from './problems';
import { inOrder } from './queue';
import { simplified } from './simplify';
import { type NodeOperation, wireOf } from './types';

/** Reads that are under way at the same time. Writes go one by one, in the order of their items. */
const readsAtOnce = 10;

/** Runs the node: every input item is one operation. Items that come out are linked to the one they came from. */
export async function executeItems(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const results = await inOrder(count, widthOf(context), async (itemIndex) => {
		try {
			const rows = await runItem(context, itemIndex);
			return rows.map((json) => ({
				json: json as IDataObject,
				pairedItem: { item: itemIndex },
			}));
		} catch (error) {
			const failure = nodeError(context, error, itemIndex);
			const shown = isMessageAll(context) ? inFull(failure) : failure;
			if (!context.continueOnFail()) throw shown;
			// The message alone: of an item with an error object n8n drops the fields of the input item, which it adds to
			// what leaves by the error output.
			return [{ json: { error: shown.message }, pairedItem: { item: itemIndex } }];
		}
	});
	return results.flat();
}

/**
 * How many items may be under way at once. Resource and operation are the same for all: n8n takes an expression there
 * for a plain text (`noDataExpression`), which names no operation.
 */
function widthOf(context: IExecuteFunctions): number {
	try {
		return isWrite(operationOf(context, 0).wire.method) ? 1 : readsAtOnce;
	} catch {
		// Told by each item, in its turn.
		return 1;
	}
}

function operationOf(context: IExecuteFunctions, itemIndex: number): NodeOperation {
	const resource = context.getNodeParameter('resource', itemIndex) as string;
	const name = context.getNodeParameter('operation', itemIndex) as string;
	const key = `${resource}.${name}`;
	const operation = Object.hasOwn(operations, key) ? operations[key] : undefined;
	if (operation !== undefined) return operation;
	throw operationError(
		context.getNode(),
		`The resource "${resource}" has no operation "${name}".`,
		'Choose another operation.',
		itemIndex,
	);
}

async function runItem(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<readonly JsonObject[]> {
	const operation = operationOf(context, itemIndex);
	const form = formOf(context, operation, itemIndex);
	const wire = wireOf(operation);
	const input = readInput(wire, readParameters(operation, form));
	if (!input.ok) {
		const hint = form.version >= 2 ? undefined : operation.hintInVersion1;
		throw inputError(context.getNode(), input.problems, itemIndex, hint);
	}
	const { version } = form;
	const item = { context, itemIndex, version, account: await readAccount(context, itemIndex) };
	// No page shows how the API itself answers a report; 1.x took a list and a record alike.
	const isList = wire.shape === 'many' && (wire.paging !== 'none' || version >= 2);
	const rows = isList
		? await listRows(item, wire, input.values, readWanted(operation, form))
		: await readAnswer(item, wire, input.values);
	const { simple } = operation;
	if (simple === undefined || !readSimplify(form)) return rows;
	return rows.map((row) => simplified(row, simple));
}

interface Item {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	/** Of the node, and so of its form. */
	readonly version: number;
	readonly account: Account;
}

async function listRows(
	{ context, itemIndex, account }: Item,
	wire: WireOperation,
	values: InputValues,
	{ rows, cursor }: Wanted,
): Promise<readonly JsonObject[]> {
	const result = await listApi(
		context,
		fromCursor(wire, cursor),
		{ ...values, cursor },
		{ account, policy: executionPolicy, itemIndex, wanted: rows },
	);
	if (!result.ok) throw apiError(context.getNode(), result.problem, itemIndex);
	return result.rows;
}

async function readAnswer(
	{ context, itemIndex, version, account }: Item,
	wire: WireOperation,
	values: InputValues,
): Promise<readonly JsonObject[]> {
	const changes = isWrite(wire.method);
	const result = await callApi(context, wire, values, {
		account,
		policy: executionPolicy,
		itemIndex,
		idempotencyKey: changes ? keyOf(context, itemIndex, wire.name) : null,
	});
	if (!result.ok) {
		const problem = changes ? ofWrite(result.problem) : result.problem;
		throw apiError(context.getNode(), problem, itemIndex);
	}
	// No page shows what a deletion is answered with. 1.x gave it out, so a saved workflow may read it.
	const one = wire.shape === 'nothing' && version >= 2 ? {} : readOne(wire, result.json);
	if (wire.method === 'DELETE') return [{ ...one, deleted: one?.['deleted'] ?? true }];
	const isEmpty = isEmptyAnswer(wire, result.json);
	// A write that was answered with nothing is done: shown as a failure it would be done again.
	if (wire.shape === 'nothing' || (changes && isEmpty)) return [{ success: true }];
	// An item without anything in it would pass for a record. 1.x gave it out.
	if (one !== null && (!isEmpty || version < 2)) return [one];
	// Several where one is documented, as 1.x gave them out. Of a write it must not look like a failure: it is done.
	const rows = readRows(result.json);
	if (rows !== null && (rows.length > 0 || version < 2)) return rows;
	// Such as the bot of a project that has none.
	if (isEmpty && version < 2) return [isJsonObject(result.json) ? result.json : {}];
	throw apiError(context.getNode(), unreadableProblem(result.status, platform), itemIndex);
}

/**
 * One key for one write: the same when n8n's Retry On Fail runs the node again, or somebody retries the execution by
 * hand, another for every other item, run, node, execution and installation. Execution ids are small numbers that two
 * installations share, hence the instance and the workflow.
 */
function keyOf(context: IExecuteFunctions, itemIndex: number, operation: string): string {
	const executionId: unknown = context.getExecutionId();
	if (typeof executionId !== 'string' || executionId === '') return randomUUID();
	if (isCalledByAgent(context)) return randomUUID();
	const { name, parameters } = context.getNode();
	return deriveIdempotencyKey([
		'n8n',
		context.getInstanceId(),
		String(context.getWorkflow().id),
		firstExecution(context, executionId),
		// No two nodes of a workflow share a name. An id may be missing where a workflow was written by hand.
		name,
		// Somebody who mends the node before a retry wants what it says now.
		JSON.stringify(parameters),
		String(context.evaluateExpression('{{ $runIndex }}', itemIndex)),
		String(itemIndex),
		operation,
	]);
}

/**
 * The execution in which this node first ran with these items. One that is retried by hand is a new one to n8n, which
 * runs the failed node with all its items again, and hands it what it had noted for itself.
 */
function firstExecution(context: IExecuteFunctions, executionId: string): string {
	const notes: Record<string, unknown> = context.getContext('node');
	const first = notes['firstExecution'] ?? executionId;
	notes['firstExecution'] = first;
	return String(first);
}

/**
 * Whether an agent calls the node as a tool from within its own turn. Two such calls may carry the same run index
 * (measured on n8n 2.41 for calls that run at once), so a derived key could make one write swallow another.
 */
function isCalledByAgent(context: IExecuteFunctions): boolean {
	return context.getExecuteData().node.name !== context.getNode().name;
}

/** Whatever was thrown as an error that n8n shows well. */
function nodeError(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(context.getNode(), cause, { itemIndex });
}

/**
 * Whether n8n passes on the message of an error and nothing else: to an agent whose tool failed, and in the item that
 * Continue and the error output make of a failure. Saved workflows may compare that with the message, as 1.x gave it.
 */
function isMessageAll(context: IExecuteFunctions): boolean {
	const { type, typeVersion } = context.getNode();
	return type.endsWith('Tool') || (context.continueOnFail() && typeVersion >= 2);
}
