import { join } from 'node:path';

import type * as Core from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IConnections,
	IDataObject,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
	IWebhookData,
	IWebhookFunctions,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	NodeApiError,
	NodeOperationError,
	Workflow,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

import { host } from './host.ts';
import type { StandIns } from './n8n-stand-ins.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/**
 * A small n8n: the real n8n-core, the package as it was built, and nothing of the server. It runs a node through
 * `WorkflowExecute` and a trigger through the contexts that the server would hand it.
 *
 * n8n-core is loaded with Node's own `require`, because jest's would load a second copy of everything.
 */
export interface Engine {
	/** Full names of the nodes that the package declares, with the package's name in front. */
	readonly nodeNames: readonly string[];
	readonly credentialNames: readonly string[];
	/** Names of the nodes whose codex n8n could read. */
	readonly nodesWithCodex: readonly string[];
	description(node: string): INodeTypeDescription;
	credential(): ICredentialType;
	/** What n8n makes of an expression. */
	evaluate(expression: string, values: Readonly<Record<string, unknown>>): unknown;
	/** Whether a property shows for these parameters. */
	shownProperties(node: string, typeVersion: number, parameters: INodeParameters): string[];
	/** What is wrong with the parameters of a node: unknown or hidden ones, wrong choices, empty required ones. */
	faultsOf(node: INode, description: INodeTypeDescription): readonly string[];
	/** The form of the action node, version 2, filled in with the inputs of an operation of the catalogue. */
	formOf(operation: string, input: Readonly<Record<string, unknown>>): INodeParameters;
	/** The schema of an output item that n8n would show before a run; undefined where it finds none. */
	outputSchema(
		node: string,
		version: number,
		discriminators?: { readonly resource: string; readonly operation: string },
	): Readonly<Record<string, unknown>> | undefined;
	run(request: RunRequest): Promise<RunResult>;
	/** Runs a whole workflow from one of its nodes; see {@link WorkflowRequest}. */
	runWorkflow(request: WorkflowRequest): Promise<WorkflowResult>;
	search(request: SearchRequest): Promise<INodeListSearchResult>;
	options(request: SearchRequest): Promise<readonly { name: string; value: unknown }[]>;
	trigger(request: TriggerRequest): TriggerRun;
	/** Removes the temporary user folder. */
	close(): void;
}

export interface EngineOptions {
	/** Absolute path of the repository. */
	readonly repoRoot: string;
	/**
	 * Built package to load, with the n8n-core that it finds. Where absent: the one that MEMBERPASS_N8N_PACKAGE names,
	 * so that all tests can be run with another n8n-core, or the one of this repository.
	 */
	readonly packageFolder?: string;
	/** Values of the package's credential. */
	readonly credential: { readonly apiToken: string; readonly baseUrl: string };
	/**
	 * Where present, the node does not wait between its tries: each wait is noted here, in milliseconds, and is over at
	 * once, or when a function says so. Holds for every engine of the process, until the next is opened.
	 */
	readonly waits?: Waits;
}

/** What stands in for the node's waits; see {@link EngineOptions}. */
export type Waits = number[] | ((ms: number) => Promise<void>);

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
	readonly credential?: EngineOptions['credential'];
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
	readonly credential?: EngineOptions['credential'];
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

export interface SearchRequest {
	readonly node: string;
	readonly typeVersion: number;
	readonly parameters: INodeParameters;
	readonly method: string;
	readonly filter?: string;
	readonly paginationToken?: string;
}

export interface TriggerRequest {
	readonly node: string;
	readonly parameters: INodeParameters;
	/** Lives as long as the workflow; the caller keeps it between runs. */
	readonly staticData: IDataObject;
	/** Address of n8n; deliveries go below it. */
	readonly webhookBaseUrl: string;
	/** Name of the node in its workflow, under which n8n keeps what it remembers. */
	readonly name?: string;
	/** True while somebody listens for a test event in the editor: then the address is another. */
	readonly isTest?: boolean;
	/** Values of another credential than the engine's. */
	readonly credential?: EngineOptions['credential'];
}

export interface Delivery {
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** Raw bytes, or null as where n8n kept none. */
	readonly body: Uint8Array | null;
	/** What n8n parsed, where that is not the JSON of the raw bytes. */
	readonly parsed?: unknown;
}

export interface DeliveryResult {
	/** What the node answered by itself; null where it leaves that to n8n. */
	readonly answered: {
		readonly status: number;
		readonly text: string;
		readonly ended: boolean;
	} | null;
	/** Items of the execution that starts; null where none does. */
	readonly started: readonly INodeExecutionData[] | null;
	readonly response: IWebhookResponseData;
	/** Milliseconds that the node itself took. */
	readonly tookMs: number;
	/** What the node wrote to n8n's log. */
	readonly warnings: readonly string[];
}

export interface TriggerRun {
	/** What the node remembers, in the shape n8n stores it. */
	stored(): IDataObject;
	/** What switching on, looking and switching off wrote to n8n's log. */
	readonly warnings: readonly string[];
	/** Whether n8n would save that: it saves only what was written to. */
	isChanged(): boolean;
	checkExists(): Promise<boolean>;
	create(): Promise<boolean>;
	delete(): Promise<boolean>;
	receive(delivery: Delivery): Promise<DeliveryResult>;
	webhookUrl(): string;
}

const packageName = 'n8n-nodes-memberpass';
const credentialName = 'memberPassApi';

/** Loads n8n-core and the built package. Takes about a second. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
	const userFolder = temporaryFolder('memberpass-n8n-');
	// Read while n8n-core loads: without them it writes to the home folder and to the console.
	const { env } = host;
	env['N8N_USER_FOLDER'] = userFolder.path;
	env['N8N_ENCRYPTION_KEY'] = 'a key for tests';
	env['N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS'] = 'false';
	env['N8N_LOG_LEVEL'] ??= 'silent';
	const packageFolder =
		options.packageFolder ??
		env['MEMBERPASS_N8N_PACKAGE'] ??
		join(options.repoRoot, 'packages', packageName);
	// Not imported: that would be jest's own.
	const { createRequire } = host.getBuiltinModule('node:module');
	const load = createRequire(join(packageFolder, 'package.json'));
	load('reflect-metadata');
	const core = load('n8n-core') as typeof Core;
	const workflow = load('n8n-workflow') as typeof N8nWorkflow;
	replaceSleep(load, options.waits);
	const loader = new core.PackageDirectoryLoader(packageFolder);
	await loader.loadAll();
	const { Container } = createRequire(load.resolve('n8n-core'))('@n8n/di') as {
		readonly Container: { get(type: typeof core.InstanceSettings): { instanceId: string } };
	};
	return makeEngine({
		core,
		workflow,
		loader,
		operations: readOperations(load),
		instance: Container.get(core.InstanceSettings),
		options,
		userFolder,
		packageFolder,
	});
}

/**
 * Hands modules that are loaded from now on an n8n-workflow whose `sleep` notes and does not wait; n8n itself has the
 * real one. The stand-in stays, because they do: without `waits` it calls the real one.
 */
function replaceSleep(load: NodeJS.Require, waits: Waits | undefined): void {
	const module = load.cache[load.resolve('n8n-workflow')];
	if (module === undefined) throw new Error('n8n-workflow is not loaded.');
	const exports = module.exports as typeof N8nWorkflow & { [realSleep]?: typeof N8nWorkflow.sleep };
	const real = exports[realSleep] ?? exports.sleep;
	const standIn: object = realSleep in exports ? exports : (Object.create(exports) as object);
	Object.defineProperties(standIn, {
		[realSleep]: { value: real, configurable: true },
		sleep: {
			configurable: true,
			get: () =>
				Array.isArray(waits)
					? async (ms: number) => await Promise.resolve(void waits.push(ms))
					: (waits ?? real),
		},
	});
	module.exports = standIn;
}

/** Where the stand-in keeps the real one; known to every test file of the process. */
const realSleep = Symbol.for('memberpass.realSleep');

/** Releases before 2.0.0 have no table; their forms cannot be filled in by the names of the catalogue. */
function readOperations(load: NodeJS.Require): OperationTable {
	const path = './dist/nodes/MemberPass/operations.js';
	try {
		return (load(path) as { operations: OperationTable }).operations;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
		return {};
	}
}

/** What the harness reads of the built operation table. */
type OperationTable = Readonly<
	Record<
		string,
		{
			readonly wire: {
				readonly name: string;
				readonly pageSize: number;
				readonly exclusive: readonly (readonly string[])[];
			};
			readonly fields: Readonly<
				Record<
					string,
					{
						readonly parameter: string;
						readonly place: 'top' | 'collection';
						readonly locator?: boolean;
					}
				>
			>;
			readonly collection?: string;
			readonly paging?: { readonly returnAll: boolean };
			readonly simple?: readonly string[];
		}
	>
>;

/** Fills in a form as a user would, who wants every row of a list and all of each. */
function fillForm(
	operations: OperationTable,
	name: string,
	input: Readonly<Record<string, unknown>>,
): INodeParameters {
	const found = Object.entries(operations).find(([, row]) => row.wire.name === name);
	if (found === undefined) throw new Error(`The built node has no operation "${name}".`);
	const [key, row] = found;
	const [resource = '', operation = ''] = key.split('.');
	const top: Record<string, unknown> = { resource, operation };
	const inside: Record<string, unknown> = {};
	for (const [field, value] of Object.entries(input)) {
		const reading = row.fields[field];
		if (reading === undefined) throw new Error(`"${key}" has no input "${field}".`);
		const filled = reading.locator === true ? { __rl: true, mode: 'id', value } : value;
		(reading.place === 'top' ? top : inside)[reading.parameter] = filled;
	}
	// Something may be chosen as the form opens; a user who fills in what excludes it takes the choice back.
	for (const group of row.wire.exclusive) {
		if (!group.some((field) => field in input)) continue;
		for (const field of group) {
			const reading = row.fields[field];
			if (!(field in input) && reading?.place === 'top') top[reading.parameter] = '';
		}
	}
	if (row.paging?.returnAll === true) top['returnAll'] = true;
	if (row.paging?.returnAll === false) top['limit'] = row.wire.pageSize;
	if (row.simple !== undefined) top['simplify'] = false;
	if (row.collection !== undefined) top[row.collection] = inside;
	return top as INodeParameters;
}

function faultsOf(
	{ NodeHelpers }: typeof N8nWorkflow,
	node: INode,
	description: INodeTypeDescription,
): readonly string[] {
	const { properties } = description;
	// Leaves out what the form would not show, and fills in what was left out.
	const form = NodeHelpers.getNodeParameters(
		properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	const shown = { ...node, parameters: form ?? {} };
	const issues = NodeHelpers.getNodeParametersIssues(properties, shown, description);
	return [
		...Object.keys(node.parameters)
			.filter((name) => form?.[name] === undefined)
			.map((name) => `"${name}" is unknown, or hidden by the other parameters`),
		...properties
			.filter((one) => one.type === 'options' && one.name in node.parameters)
			.filter((one) => NodeHelpers.displayParameter(form ?? {}, one, node, description))
			.filter(({ name, options = [] }) =>
				options.every((one) => !('value' in one) || one.value !== node.parameters[name]),
			)
			.map(({ name }) => `"${name}" is none of its choices`),
		...Object.values(issues?.parameters ?? {}).flat(),
	];
}

/** n8n-core's contexts do not fit n8n-workflow's types under `exactOptionalPropertyTypes`; at run time they do. */
interface Declared {
	readonly load: (context: object) => ILoadOptionsFunctions;
	readonly hook: (context: object) => IHookFunctions;
	readonly webhook: (context: object) => IWebhookFunctions;
}
const asDeclared: Declared = {
	load: (context) => context as ILoadOptionsFunctions,
	hook: (context) => context as IHookFunctions,
	webhook: (context) => context as IWebhookFunctions,
};

interface Parts {
	readonly core: typeof Core;
	readonly workflow: typeof N8nWorkflow;
	readonly loader: Core.PackageDirectoryLoader;
	readonly operations: OperationTable;
	/** What this n8n knows of itself. */
	readonly instance: { instanceId: string };
	readonly options: EngineOptions;
	readonly userFolder: TemporaryFolder;
	readonly packageFolder: string;
}

function makeEngine(parts: Parts): Engine {
	const { core, workflow, loader, userFolder } = parts;
	const nodeTypes = nodeTypesOf(parts);
	const typeOf = (node: string): INodeType =>
		nodeTypes.getByNameAndVersion(`${packageName}.${node}`, undefined);
	const names = Object.keys(loader.nodeTypes);
	return {
		nodeNames: names.map((name) => `${loader.packageName}.${name}`),
		credentialNames: Object.keys(loader.credentialTypes),
		nodesWithCodex: names.filter(
			(name) => loader.getNode(name).type.description.codex?.resources !== undefined,
		),
		description: (node) => typeOf(node).description,
		credential: () => loader.getCredential(credentialName).type,
		evaluate: (expression, values) =>
			new workflow.Expression('UTC').resolveSimpleParameterValue(
				expression,
				// What n8n puts there beside these is of no interest here.
				values as unknown as N8nWorkflow.IWorkflowDataProxyData,
			),
		shownProperties(node, typeVersion, parameters) {
			const { description } = typeOf(node);
			const full = workflow.NodeHelpers.getNodeParameters(
				description.properties,
				parameters,
				true,
				false,
				{ typeVersion },
				description,
			);
			return description.properties
				.filter((property) =>
					workflow.NodeHelpers.displayParameter(full ?? {}, property, { typeVersion }, description),
				)
				.map((property) => property.name);
		},
		faultsOf: (node, description) => faultsOf(workflow, node, description),
		formOf: (operation, input) => fillForm(parts.operations, operation, input),
		outputSchema(node, version, discriminators) {
			const nodeDir = join(parts.packageFolder, 'dist/nodes', node.replace(/^m/, 'M'));
			return core.loadOutputSchema({ nodeDir, version: String(version), ...discriminators });
		},
		run: async (request) => await runNode(parts, nodeTypes, request),
		runWorkflow: async (request) => await runWhole(parts, nodeTypes, request),
		async search(request) {
			const method = typeOf(request.node).methods?.listSearch?.[request.method];
			if (method === undefined) throw new Error(`There is no list "${request.method}".`);
			const context = loadOptionsContext(parts, nodeTypes, request);
			return await method.call(context, request.filter, request.paginationToken);
		},
		async options(request) {
			const method = typeOf(request.node).methods?.loadOptions?.[request.method];
			if (method === undefined) throw new Error(`There are no options "${request.method}".`);
			return await method.call(loadOptionsContext(parts, nodeTypes, request));
		},
		trigger: (request) => triggerRun(parts, nodeTypes, typeOf(request.node), request),
		close: () => userFolder.remove(),
	};

	function loadOptionsContext(
		{ options }: Parts,
		types: INodeTypes,
		request: SearchRequest,
	): ILoadOptionsFunctions {
		const node = nodeOf(request.node, request.typeVersion, request.parameters);
		const additional = additionalDataOf(parts, options, 'no-execution');
		// What the editor sends along: the form as it is, unresolved.
		additional.currentNodeParameters = request.parameters;
		const context = new core.LoadOptionsContext(
			workflowOf(parts, types, [node], {}),
			node,
			additional,
			`parameters.${request.method}`,
		);
		return asDeclared.load(context);
	}
}

function nodeTypesOf({ loader, workflow }: Parts): INodeTypes {
	const find = (name: string): INodeType | IVersionedNodeType => {
		const bare = name.replace(`${packageName}.`, '');
		const { type } = loader.getNode(bare.replace(/Tool$/, ''));
		return bare.endsWith('Tool') && 'execute' in type ? asTool(type) : type;
	};
	return {
		getByName: find,
		getByNameAndVersion: (name, version) =>
			workflow.NodeHelpers.getVersionedNodeType(find(name), version),
		getKnownTypes: () => ({}),
	};
}

/** What n8n's server makes of a node for agents: the same node, with a tool for its output. */
function asTool(type: INodeType): INodeType {
	return Object.assign(Object.create(type) as INodeType, {
		description: { ...type.description, inputs: [], outputs: ['ai_tool'] },
	});
}

function nodeOf(name: string, typeVersion: number, parameters: INodeParameters): INode {
	return {
		id: '6f0c2f9e-2d6f-4f0b-9e0e-5a1f3c7b8d21',
		name: 'MemberPass',
		type: `${packageName}.${name}`,
		typeVersion,
		position: [0, 0],
		parameters: structuredClone(parameters),
		credentials: { [credentialName]: { id: '1', name: 'MemberPass account' } },
		webhookId: '0d9c9a55-6f2f-4d8e-8a52-3f6f5f1f7c11',
	};
}

function workflowOf(
	{ workflow }: Parts,
	nodeTypes: INodeTypes,
	nodes: INode[],
	staticData: IDataObject,
	id = 'Wf0rkF10wTest001',
): Workflow {
	return new workflow.Workflow({
		id,
		name: 'Test',
		nodes,
		connections: {},
		active: true,
		nodeTypes,
		staticData,
		settings: { executionOrder: 'v1' },
	});
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

async function runNode(
	parts: Parts,
	nodeTypes: INodeTypes,
	request: RunRequest,
): Promise<RunResult> {
	const { core, workflow, instance } = parts;
	const usual = instance.instanceId;
	const options = { ...parts.options, credential: request.credential ?? parts.options.credential };
	const node = nodeOf(request.node, request.typeVersion, request.parameters);
	if (request.ids?.node !== undefined)
		Object.assign(node, { id: undefined, name: request.ids.node });
	if (request.onError !== undefined) node.onError = request.onError;
	if (request.retryOnFail === true) {
		Object.assign(node, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 });
	}
	const items = request.items ?? [{ json: {} }];
	const executionId = request.executionId === undefined ? '1' : (request.executionId ?? undefined);
	const earlier = Array.from({ length: request.runIndex ?? 0 }, (_, executionIndex) => ({
		startTime: 0,
		executionTime: 0,
		executionIndex,
		source: [],
		data: { main: [[]] },
	}));
	const data = runDataOf(workflow, {
		resultData: { runData: earlier.length === 0 ? {} : { [node.name]: earlier } },
		executionData: {
			nodeExecutionStack: [{ node, data: { main: [[...items]] }, source: null }],
		},
	});
	const runIn = async (
		id: string | undefined,
		begun: N8nWorkflow.IRunExecutionData,
	): Promise<N8nWorkflow.IRunExecutionData> => {
		const additional = additionalDataOf(parts, options, id);
		const whole = workflowOf(parts, nodeTypes, [node], {}, request.ids?.workflow);
		const execution = new core.WorkflowExecute(additional, 'trigger', begun);
		const running = execution.processRunExecutionData(whole);
		request.onStart?.(() => running.cancel());
		return (await running).data;
	};
	let failure: unknown;
	let output: readonly INodeExecutionData[] = [];
	let failed: readonly INodeExecutionData[] = [];
	try {
		instance.instanceId = request.ids?.instance ?? usual;
		const first = await runIn(executionId, data);
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

async function runWhole(
	parts: Parts,
	own: INodeTypes,
	{ workflow: exported, from, items, standIns, credential }: WorkflowRequest,
): Promise<WorkflowResult> {
	const { core, workflow: n8n } = parts;
	const options = { ...parts.options, credential: credential ?? parts.options.credential };
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
		id: 'Wf0rkF10wTest001',
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
	const additional = additionalDataOf(parts, options, '1');
	const run = await new core.WorkflowExecute(additional, 'manual', data).processRunExecutionData(
		workflow,
	);
	const { runData, error } = run.data.resultData;
	return {
		output: Object.fromEntries(
			Object.entries(runData).map(([name, runs]) => [name, runs.at(-1)?.data?.main?.[0] ?? []]),
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

/** The parts of the server that a node can see. */
function additionalDataOf(
	parts: Parts,
	options: EngineOptions,
	executionId: string | undefined,
	webhookBaseUrl = 'https://n8n.example.com',
): IWorkflowExecuteAdditionalData {
	const { core, loader, workflow } = parts;
	const additional = {
		credentialsHelper: credentialsHelperOf(workflow, loader, options),
		executionId,
		currentNodeExecutionIndex: 0,
		restApiUrl: `${webhookBaseUrl}/rest`,
		instanceBaseUrl: `${webhookBaseUrl}/`,
		formWaitingBaseUrl: `${webhookBaseUrl}/form-waiting`,
		webhookBaseUrl: `${webhookBaseUrl}/webhook`,
		webhookWaitingBaseUrl: `${webhookBaseUrl}/webhook-waiting`,
		webhookTestBaseUrl: `${webhookBaseUrl}/webhook-test`,
		variables: {},
		userId: 'user',
		setExecutionStatus: () => undefined,
		hooks: new core.ExecutionLifecycleHooks('trigger', executionId ?? '', {
			id: 'Wf0rkF10wTest001',
			name: 'Test',
			nodes: [],
			connections: {},
			active: true,
			activeVersionId: null,
			isArchived: false,
			createdAt: new Date(0),
			updatedAt: new Date(0),
		}),
	};
	// The server's own parts, of which a node sees no more than these.
	return additional as unknown as IWorkflowExecuteAdditionalData;
}

/** Signs requests the way the credential of the package says, and reads its expressions, as n8n's own helper does. */
function credentialsHelperOf(
	{ ICredentialsHelper }: typeof N8nWorkflow,
	loader: Core.PackageDirectoryLoader,
	{ credential }: EngineOptions,
): N8nWorkflow.ICredentialsHelper {
	const typeOf = (name: string): ICredentialType => loader.getCredential(name).type;
	class Helper extends ICredentialsHelper {
		override getParentTypes(): string[] {
			return [];
		}
		override isCredentialUsableByNode(): boolean {
			return true;
		}
		override async authenticate(
			values: ICredentialDataDecryptedObject,
			name: string,
			request: IHttpRequestOptions,
			workflow: Workflow,
			node: INode,
		): Promise<IHttpRequestOptions> {
			const { authenticate } = typeOf(name);
			if (authenticate === undefined || typeof authenticate === 'function') {
				throw new Error(`The credential "${name}" does not say how to sign a request.`);
			}
			const resolve = (text: unknown): string => {
				if (typeof text !== 'string') throw new Error('A header of a credential must be a text.');
				const known = { $credentials: values };
				const found = workflow.expression.getSimpleParameterValue(node, text, 'internal', known);
				return typeof found === 'string' ? found : '';
			};
			const headers = Object.entries(authenticate.properties.headers ?? {}).map(
				([header, value]) => [header, resolve(value)] as const,
			);
			return await Promise.resolve({
				...request,
				headers: { ...request.headers, ...Object.fromEntries(headers) },
			});
		}
		override async preAuthentication(): Promise<undefined> {
			await Promise.resolve();
			return undefined;
		}
		override async runPreAuthentication(): Promise<undefined> {
			await Promise.resolve();
			return undefined;
		}
		override async getCredentials(): Promise<never> {
			return await Promise.reject(new Error('Not part of this n8n.'));
		}
		override async getDecrypted(
			...[, , , mode, executeData, , values]: Parameters<
				N8nWorkflow.ICredentialsHelper['getDecrypted']
			>
		): Promise<ICredentialDataDecryptedObject> {
			await Promise.resolve();
			if (values === undefined) return { ...credential };
			return values.workflow.expression.getParameterValue(
				{ ...credential },
				values.runExecutionData,
				values.runIndex,
				values.itemIndex,
				values.node.name,
				values.connectionInputData,
				mode,
				{},
				executeData,
			) as ICredentialDataDecryptedObject;
		}
		override async updateCredentials(): Promise<void> {
			await Promise.resolve();
		}
		override async updateCredentialsOauthTokenData(): Promise<void> {
			await Promise.resolve();
		}
		override getCredentialsProperties(name: string) {
			return typeOf(name).properties;
		}
	}
	return new Helper();
}

const nothing = (): void => undefined;
const silent = { error: nothing, info: nothing, debug: nothing };
/** A context that writes its warnings down. */
function logging(context: object, warnings: string[]): object {
	const logger = { ...silent, warn: (message: string) => void warnings.push(message) };
	return Object.defineProperty(context, 'logger', { value: logger });
}

const production = ['trigger', 'activate'] as const;
const manual = ['manual', 'manual'] as const;

function triggerRun(
	parts: Parts,
	nodeTypes: INodeTypes,
	type: INodeType,
	request: TriggerRequest,
): TriggerRun {
	const { core, options } = parts;
	const node = nodeOf(request.node, 1, request.parameters);
	node.name = request.name ?? node.name;
	const workflow = workflowOf(parts, nodeTypes, [node], request.staticData);
	const credential = request.credential ?? options.credential;
	const additional = additionalDataOf(
		parts,
		{ ...options, credential },
		'',
		request.webhookBaseUrl,
	);
	const [webhook] = type.description.webhooks ?? [];
	if (webhook === undefined) throw new Error(`"${request.node}" is no webhook trigger.`);
	const data = {
		httpMethod: 'POST',
		node: node.name,
		path: webhook.path,
		webhookDescription: webhook,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additional,
		isTest: request.isTest === true,
	} satisfies IWebhookData;
	const modes = request.isTest === true ? manual : production;
	const hookWarnings: string[] = [];
	const hook = (): IHookFunctions => {
		const context = new core.HookContext(workflow, node, additional, modes[0], modes[1], data);
		return asDeclared.hook(logging(context, hookWarnings));
	};
	const method = async (name: 'checkExists' | 'create' | 'delete'): Promise<boolean> => {
		const methods = type.webhookMethods?.[webhook.name as 'default'];
		if (methods === undefined) throw new Error(`"${request.node}" has no webhook methods.`);
		return await methods[name].call(hook());
	};
	return {
		stored: () => JSON.parse(JSON.stringify(workflow.getStaticData('node', node))) as IDataObject,
		warnings: hookWarnings,
		isChanged: () => workflow.staticData['__dataChanged'] === true,
		checkExists: async () => await method('checkExists'),
		create: async () => await method('create'),
		delete: async () => await method('delete'),
		webhookUrl: () => hook().getNodeWebhookUrl('default') ?? '',
		async receive(delivery) {
			const answer = fakeResponse();
			// Express's types are not installed: assigned by name, not by type.
			Object.assign(additional, {
				httpRequest: fakeRequest(delivery),
				httpResponse: answer.response,
			});
			const warnings: string[] = [];
			const made = new core.WebhookContext(workflow, node, additional, 'webhook', data, [], null);
			const context = asDeclared.webhook(logging(made, warnings));
			if (type.webhook === undefined) throw new Error(`"${request.node}" receives nothing.`);
			const start = performance.now();
			const response = await type.webhook.call(context);
			const tookMs = performance.now() - start;
			return {
				answered: answer.answered(),
				started: response.workflowData?.[0] ?? null,
				response,
				tookMs,
				warnings,
			};
		},
	};
}

/** What n8n's server makes of a request: the parsed body with the raw bytes beside it. */
function fakeRequest({ headers, body, parsed }: Delivery): object {
	const parse = (): unknown => {
		try {
			return JSON.parse(Buffer.from(body ?? []).toString('utf8'));
		} catch {
			return {};
		}
	};
	return {
		method: 'POST',
		headers,
		query: {},
		params: {},
		body: parsed ?? parse(),
		...(body === null ? {} : { rawBody: Buffer.from(body) }),
	};
}

function fakeResponse() {
	let status: number | null = null;
	let text = '';
	let ended = false;
	const response = {
		status(code: number) {
			status = code;
			return response;
		},
		send(body: string) {
			text = body;
			ended = true;
			return response;
		},
		json() {
			ended = true;
			return response;
		},
		end() {
			ended = true;
			return response;
		},
	};
	return {
		response,
		answered: (): DeliveryResult['answered'] => (status === null ? null : { status, text, ended }),
	};
}
