import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as Core from 'n8n-core';
import type {
	ICredentialType,
	ILoadOptionsFunctions,
	INode,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

import {
	faultsOf,
	fillForm,
	type OperationTable,
	readOperations,
	shownProperties,
} from './n8n-harness/form.ts';
import {
	additionalDataOf,
	type Credential,
	credentialName,
	nodeOf,
	nodeTypesOf,
	packageName,
	type Parts,
	workflowOf,
} from './n8n-harness/server.ts';
import {
	runNode,
	type RunRequest,
	type RunResult,
	runWhole,
	type WorkflowRequest,
	type WorkflowResult,
} from './n8n-harness/run.ts';
import { type TriggerRequest, triggerRun, type TriggerRun } from './n8n-harness/trigger.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

export type { ExportedWorkflow, RunRequest, RunResult } from './n8n-harness/run.ts';
export type { TriggerRun } from './n8n-harness/trigger.ts';

/**
 * A small n8n: the real n8n-core, the package as it was built, and nothing of the server. It runs a node through
 * `WorkflowExecute` and a trigger through the contexts that the server would hand it.
 *
 * n8n-core is loaded with Node's own `require`, because jest's would load a second copy of everything.
 */
export interface Engine {
	/** Version of n8n-core. */
	readonly coreVersion: string;
	/** Full names of the nodes that the package declares, with the package's name in front. */
	readonly nodeNames: readonly string[];
	readonly credentialNames: readonly string[];
	/** Names of the nodes whose codex n8n could read. */
	readonly nodesWithCodex: readonly string[];
	description(node: string): INodeTypeDescription;
	credential(): ICredentialType;
	/** What n8n makes of an expression. */
	evaluate(expression: string, values: Readonly<Record<string, unknown>>): unknown;
	/** Names of the properties that a form shows for these parameters. */
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
	readonly credential: Credential;
	/**
	 * Where present, the node does not wait between its tries: each wait is noted here, in milliseconds, and is over at
	 * once, or when a function says so. Holds for every engine of the process, until the next is opened.
	 */
	readonly waits?: Waits;
}

/** What stands in for the node's waits; see {@link EngineOptions}. */
export type Waits = number[] | ((ms: number) => Promise<void>);

export interface SearchRequest {
	readonly node: string;
	readonly typeVersion: number;
	readonly parameters: INodeParameters;
	readonly method: string;
	readonly filter?: string;
	readonly paginationToken?: string;
}

/** Loads n8n-core and the built package. Takes about a second. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
	const userFolder = temporaryFolder('memberpass-n8n-');
	// Read while n8n-core loads: without them it writes to the home folder and to the console.
	const { env } = process;
	env['N8N_USER_FOLDER'] = userFolder.path;
	env['N8N_ENCRYPTION_KEY'] = 'a key for tests';
	env['N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS'] = 'false';
	env['N8N_LOG_LEVEL'] ??= 'silent';
	const packageFolder =
		options.packageFolder ??
		env['MEMBERPASS_N8N_PACKAGE'] ??
		join(options.repoRoot, 'packages', packageName);
	const load = createRequire(join(packageFolder, 'package.json'));
	load('reflect-metadata');
	const core = load('n8n-core') as typeof Core;
	const workflow = load('n8n-workflow') as typeof N8nWorkflow;
	evaluateAsServer(workflow);
	replaceSleep(load, options.waits);
	const loader = new core.PackageDirectoryLoader(packageFolder);
	await loader.loadAll();
	const loadOfCore = createRequire(load.resolve('n8n-core'));
	const { Container } = loadOfCore('@n8n/di') as {
		readonly Container: { get(type: typeof core.InstanceSettings): { instanceId: string } };
	};
	const { version: coreVersion } = load('n8n-core/package.json') as { readonly version: string };
	return makeEngine(
		{
			core,
			workflow,
			loader,
			nodeTypes: nodeTypesOf({ loader, workflow }),
			instance: Container.get(core.InstanceSettings),
			credential: options.credential,
		},
		{ operations: readOperations(load), packageFolder, coreVersion, userFolder },
	);
}

/** Where the parts of an engine come from. */
interface Installation {
	readonly operations: OperationTable;
	readonly packageFolder: string;
	readonly coreVersion: string;
	readonly userFolder: TemporaryFolder;
}

/**
 * By itself, n8n-workflow 1.x reads expressions in an old way, which knows no arrow functions; n8n's server chooses the
 * other way when it starts. Newer ones have no choice.
 */
function evaluateAsServer(workflow: typeof N8nWorkflow): void {
	const { ExpressionEvaluatorProxy: evaluator } = workflow as {
		readonly ExpressionEvaluatorProxy?: { setEvaluator?(name: 'tournament'): void };
	};
	evaluator?.setEvaluator?.('tournament');
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

function makeEngine(
	parts: Parts,
	{ operations, packageFolder, coreVersion, userFolder }: Installation,
): Engine {
	const { core, workflow, loader, nodeTypes } = parts;
	const typeOf = (node: string): INodeType =>
		nodeTypes.getByNameAndVersion(`${packageName}.${node}`, undefined);
	const names = Object.keys(loader.nodeTypes);
	return {
		coreVersion,
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
		shownProperties: (node, typeVersion, parameters) =>
			shownProperties(workflow, { typeVersion, parameters }, typeOf(node).description),
		faultsOf: (node, description) => faultsOf(workflow, node, description),
		formOf: (operation, input) => fillForm(operations, operation, input),
		outputSchema(node, version, discriminators) {
			const nodeDir = join(packageFolder, 'dist/nodes', node.replace(/^m/, 'M'));
			return core.loadOutputSchema({ nodeDir, version: String(version), ...discriminators });
		},
		run: async (request) => await runNode(parts, request),
		runWorkflow: async (request) => await runWhole(parts, request),
		async search(request) {
			const method = typeOf(request.node).methods?.listSearch?.[request.method];
			if (method === undefined) throw new Error(`There is no list "${request.method}".`);
			const context = loadOptionsContext(request);
			return await method.call(context, request.filter, request.paginationToken);
		},
		async options(request) {
			const method = typeOf(request.node).methods?.loadOptions?.[request.method];
			if (method === undefined) throw new Error(`There are no options "${request.method}".`);
			return await method.call(loadOptionsContext(request));
		},
		trigger: (request) => triggerRun(parts, typeOf(request.node), request),
		close: () => userFolder.remove(),
	};

	function loadOptionsContext(request: SearchRequest): ILoadOptionsFunctions {
		const node = nodeOf(request.node, request.typeVersion, request.parameters);
		const additional = additionalDataOf(parts, parts.credential, 'no-execution');
		// What the editor sends along: the form as it is, unresolved.
		additional.currentNodeParameters = request.parameters;
		const path = `parameters.${request.method}`;
		const whole = workflowOf(parts, [node], {});
		// It does not fit the other package's type under `exactOptionalPropertyTypes`; at run time it does.
		const context: object = new core.LoadOptionsContext(whole, node, additional, path);
		return context as ILoadOptionsFunctions;
	}
}
