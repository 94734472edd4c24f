import type {
	IConnections,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

import type { StandIns } from '../n8n-stand-ins.ts';
import {
	additionalDataOf,
	type Credential,
	nodeOf,
	packageName,
	type Parts,
	workflowId,
	workflowOf,
} from './server.ts';

export interface RunRequest {
	/** Short name of the node: `memberPass`. */
	readonly node: string;
	readonly typeVersion: number;
	readonly parameters: INodeParameters;
	/** Input items; one empty item if left out. */
	readonly items?: readonly INodeExecutionData[];
	readonly onError?: INode['onError'];
	readonly retryOnFail?: boolean;
	/** Null where n8n has no number for it. */
	readonly executionId?: string | null;
	/** Somebody retries the failed execution by hand, having changed the node or not; what comes of that is told. */
	readonly retried?: { readonly executionId: string; readonly parameters?: INodeParameters };
	/** How often the node has run in this execution before, as in a loop. */
	readonly runIndex?: number;
	/** Of another workflow or installation, or the name of another node: one without an id, as in JSON by hand. */
	readonly ids?: { readonly node?: string; readonly workflow?: string; readonly instance?: string };
	/** Values of another credential than the engine's. */
	readonly credential?: Credential;
	/** Called as the run begins, with what the button "Stop" does. */
	readonly onStart?: (stop: () => void) => void;
}

/** A workflow as n8n exports it. */
export interface ExportedWorkflow {
	readonly name: string;
	readonly nodes: readonly INode[];
	readonly connections: IConnections;
}

export interface WorkflowRequest {
	readonly workflow: ExportedWorkflow;
	/** Name of the node that starts it, and what comes out of it. */
	readonly from: string;
	readonly items: readonly INodeExecutionData[];
	/** What stands in for the nodes of others. Without, they pass their items on. */
	readonly standIns?: StandIns;
	/** Values of another credential than the engine's. */
	readonly credential?: Credential;
}

export interface WorkflowResult {
	/** Items of each node that ran, by its name. */
	readonly output: Readonly<Record<string, readonly INodeExecutionData[]>>;
	readonly error: RunError | null;
}

export interface RunResult {
	/** Items of the first output; empty where the run failed. */
	readonly items: readonly INodeExecutionData[];
	/** Items of the error output, where the node has one. */
	readonly failed: readonly INodeExecutionData[];
	/** What the run failed with. */
	readonly error: RunError | null;
}

export interface RunError {
	readonly name: string;
	readonly message: string;
	readonly description: string | null;
	readonly httpCode: string | null;
	readonly failure: unknown;
	/** Number of the item at fault, by which n8n finds it; null where none is named. */
	readonly itemIndex: number | null;
	/** Everything n8n would store of it, for searching it for secrets. */
	readonly everything: string;
}

type RunDataInput = NonNullable<Parameters<typeof N8nWorkflow.createRunExecutionData>[0]>;

/** Before 1.121 n8n has no function that makes it: the server wrote it out, with every part empty. */
function runDataOf(n8n: typeof N8nWorkflow, given: RunDataInput): N8nWorkflow.IRunExecutionData {
	const { createRunExecutionData } = n8n as Partial<typeof N8nWorkflow>;
	if (createRunExecutionData !== undefined) return createRunExecutionData(given);
	const written = {
		startData: {},
		resultData: { runData: {}, ...given.resultData },
		executionData: {
			contextData: {},
			metadata: {},
			nodeExecutionStack: [],
			waitingExecution: {},
			waitingExecutionSource: {},
			...given.executionData,
		},
	};
	return written as unknown as N8nWorkflow.IRunExecutionData;
}

/** An execution that is about to run a node, which has run so often before. */
function begun(
	n8n: typeof N8nWorkflow,
	node: INode,
	{ items = [{ json: {} }], runIndex = 0 }: RunRequest,
): N8nWorkflow.IRunExecutionData {
	const earlier = Array.from({ length: runIndex }, (_, executionIndex) => ({
		startTime: 0,
		executionTime: 0,
		executionIndex,
		source: [],
		data: { main: [[]] },
	}));
	return runDataOf(n8n, {
		resultData: { runData: earlier.length === 0 ? {} : { [node.name]: earlier } },
		executionData: {
			nodeExecutionStack: [{ node, data: { main: [[...items]] }, source: null }],
		},
	});
}

function nodeFor({ node: type, typeVersion, parameters, ...request }: RunRequest): INode {
	const node = nodeOf(type, typeVersion, parameters);
	if (request.ids?.node !== undefined)
		Object.assign(node, { id: undefined, name: request.ids.node });
	if (request.onError !== undefined) node.onError = request.onError;
	if (request.retryOnFail === true) {
		Object.assign(node, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
	}
	return node;
}

export async function runNode(parts: Parts, request: RunRequest): Promise<RunResult> {
	const { core, workflow, instance } = parts;
	const usual = instance.instanceId;
	const credential = request.credential ?? parts.credential;
	const node = nodeFor(request);
	const executionId = request.executionId === undefined ? '1' : (request.executionId ?? undefined);
	const runIn = async (
		id: string | undefined,
		data: N8nWorkflow.IRunExecutionData,
	): Promise<N8nWorkflow.IRunExecutionData> => {
		const additional = additionalDataOf(parts, credential, id);
		const whole = workflowOf(parts, [node], {}, request.ids?.workflow);
		const execution = new core.WorkflowExecute(additional, 'trigger', data);
		const running = execution.processRunExecutionData(whole);
		request.onStart?.(() => running.cancel());
		return (await running).data;
	};
	let failure: unknown;
	let output: readonly INodeExecutionData[] = [];
	let failed: readonly INodeExecutionData[] = [];
	try {
		instance.instanceId = request.ids?.instance ?? usual;
		const first = await runIn(executionId, begun(workflow, node, request));
		const { retried } = request;
		if (retried?.parameters !== undefined) node.parameters = structuredClone(retried.parameters);
		const { resultData } =
			retried === undefined ? first : await runIn(retried.executionId, asRetried(first, node));
		failure = resultData.error;
		const { main } = resultData.runData[node.name]?.at(-1)?.data ?? {};
		output = main?.[0] ?? [];
		failed = main?.[1] ?? [];
	} catch (error) {
		// n8n refuses to start a workflow with an empty required parameter.
		failure = error;
	} finally {
		instance.instanceId = usual;
	}
	return failure === undefined
		? { items: output, failed, error: null }
		: { items: [], failed: [], error: errorOf(failure) };
}

/** What n8n's server makes of a failed execution that somebody retries: all of it but its end, with the node of today. */
function asRetried(
	failed: N8nWorkflow.IRunExecutionData,
	node: INode,
): N8nWorkflow.IRunExecutionData {
	const saved = JSON.parse(JSON.stringify(failed)) as N8nWorkflow.IRunExecutionData;
	delete saved.resultData.error;
	const runs = saved.resultData.runData[node.name];
	if (runs?.at(-1)?.error !== undefined) runs.pop();
	for (const entry of saved.executionData?.nodeExecutionStack ?? []) entry.node = node;
	return saved;
}

/** Stands in for a node of others: passes its items on. */
const passing: INodeType = {
	description: {
		displayName: 'Stand-in',
		name: 'standIn',
		group: ['transform'],
		version: [1, 1.2, 2, 3.4],
		description: 'Passes its items on',
		defaults: { name: 'Stand-in' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return await Promise.resolve([this.getInputData()]);
	},
};

export async function runWhole(
	parts: Parts,
	{ workflow: exported, from, items, standIns, credential }: WorkflowRequest,
): Promise<WorkflowResult> {
	const { core, workflow: n8n, nodeTypes: own } = parts;
	const isOwn = (name: string): boolean => name.startsWith(`${packageName}.`);
	const other = (name: string, version?: number): INodeType =>
		standIns?.nodeType(name, version) ?? passing;
	const nodeTypes: INodeTypes = {
		getByName: (name) => (isOwn(name) ? own.getByName(name) : other(name)),
		getByNameAndVersion: (name, version) =>
			isOwn(name) ? own.getByNameAndVersion(name, version) : other(name, version),
		getKnownTypes: () => ({}),
	};
	const nodes = structuredClone([...exported.nodes]);
	const workflow = new n8n.Workflow({
		id: workflowId,
		name: exported.name,
		nodes,
		connections: exported.connections,
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const start = nodes.find((node) => node.name === from);
	if (start === undefined) throw new Error(`"${exported.name}" has no node "${from}".`);
	const data = runDataOf(n8n, {
		resultData: { pinData: { [from]: [...items] } },
		executionData: {
			nodeExecutionStack: [{ node: start, data: { main: [[...items]] }, source: null }],
		},
	});
	const additional = additionalDataOf(parts, credential ?? parts.credential, '1');
	const run = await new core.WorkflowExecute(additional, 'manual', data).processRunExecutionData(
		workflow,
	);
	const { runData, error } = run.data.resultData;
	return {
		output: Object.fromEntries(
			Object.entries(runData).map(([name, runs]) => [name, runs.at(-1)?.data?.['main']?.[0] ?? []]),
		),
		error: error === undefined ? null : errorOf(error),
	};
}

function errorOf(failure: unknown): RunError {
	const error = failure as Partial<NodeApiError & NodeOperationError>;
	const itemIndex: unknown = error.context?.['itemIndex'];
	return {
		name: error.name ?? 'Error',
		message: error.message ?? String(failure),
		description: typeof error.description === 'string' ? error.description : null,
		httpCode: typeof error.httpCode === 'string' ? error.httpCode : null,
		failure: error.failure ?? null,
		itemIndex: typeof itemIndex === 'number' ? itemIndex : null,
		everything: `${error.message}\n${error.stack}\n${JSON.stringify(failure)}`,
	};
}
