import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** What the trigger remembers between switching on and off; the keys of 1.x. */
export interface Stored {
	readonly id: string | null;
	readonly secret: string | null;
}

type Context = IHookFunctions | IWebhookFunctions;

export function readStored(context: Context): Stored {
	const { webhookId, secret } = context.getWorkflowStaticData('node');
	const text = (value: unknown): string | null =>
		typeof value === 'string' && value.trim() !== '' ? value : null;
	return {
		id: typeof webhookId === 'number' ? String(webhookId) : text(webhookId),
		secret: text(secret),
	};
}

export function store(context: Context, id: string, secret: string): void {
	const data = context.getWorkflowStaticData('node');
	data['webhookId'] = id;
	data['secret'] = secret;
}

/** Touches nothing where nothing is stored: n8n saves what was written to. */
export function forget(context: Context): void {
	const data = context.getWorkflowStaticData('node');
	for (const key of ['webhookId', 'secret']) if (key in data) delete data[key];
}
