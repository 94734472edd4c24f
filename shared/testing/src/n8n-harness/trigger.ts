import type {
	IDataObject,
	IHookFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IWebhookData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { additionalDataOf, type Credential, nodeOf, type Parts, workflowOf } from './server.ts';

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
	readonly credential?: Credential;
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

const nothing = (): void => undefined;
const silent = { error: nothing, info: nothing, debug: nothing };
/**
 * A context that writes its warnings down. n8n-core's contexts do not fit n8n-workflow's types under
 * `exactOptionalPropertyTypes`; at run time they do.
 */
function logging(context: object, warnings: string[]): object {
	const logger = { ...silent, warn: (message: string) => void warnings.push(message) };
	return Object.defineProperty(context, 'logger', { value: logger });
}

const production = ['trigger', 'activate'] as const;
const manual = ['manual', 'manual'] as const;

export function triggerRun(parts: Parts, type: INodeType, request: TriggerRequest): TriggerRun {
	const { core } = parts;
	const node = nodeOf(request.node, 1, request.parameters);
	node.name = request.name ?? node.name;
	const workflow = workflowOf(parts, [node], request.staticData);
	const credential = request.credential ?? parts.credential;
	const additional = additionalDataOf(parts, credential, '', request.webhookBaseUrl);
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
		return logging(context, hookWarnings) as IHookFunctions;
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
			const context = logging(made, warnings) as IWebhookFunctions;
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
