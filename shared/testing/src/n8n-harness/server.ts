import type * as Core from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeParameters,
	INodeType,
	INodeTypes,
	IVersionedNodeType,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

export const packageName = 'n8n-nodes-memberpass';
export const credentialName = 'memberPassApi';
/** Of the form that n8n gives them. */
export const workflowId = 'Wf0rkF10wTest001';

/** Values of the package's credential. */
export interface Credential {
	readonly apiToken: string;
	readonly baseUrl: string;
}

/** What an engine is made of: the real n8n-core with the package in it. */
export interface Parts {
	readonly core: typeof Core;
	readonly workflow: typeof N8nWorkflow;
	readonly loader: Core.PackageDirectoryLoader;
	readonly nodeTypes: INodeTypes;
	/** What this n8n knows of itself. */
	readonly instance: { instanceId: string };
	/** Used where a request names no other. */
	readonly credential: Credential;
}

export function nodeTypesOf({ loader, workflow }: Pick<Parts, 'loader' | 'workflow'>): INodeTypes {
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

export function nodeOf(name: string, typeVersion: number, parameters: INodeParameters): INode {
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

export function workflowOf(
	{ workflow, nodeTypes }: Parts,
	nodes: INode[],
	staticData: IDataObject,
	id = workflowId,
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

/** The parts of the server that a node can see. */
export function additionalDataOf(
	parts: Parts,
	credential: Credential,
	executionId: string | undefined,
	webhookBaseUrl = 'https://n8n.example.com',
): IWorkflowExecuteAdditionalData {
	const { core, loader, workflow } = parts;
	const additional = {
		credentialsHelper: credentialsHelperOf(workflow, loader, credential),
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
			id: workflowId,
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
	credential: Credential,
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
