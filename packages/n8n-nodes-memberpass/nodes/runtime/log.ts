import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

/** Writes to n8n's log. The workflow is named too: most triggers have the name that n8n gave them. */
export function warn(context: IHookFunctions | IWebhookFunctions, message: string): void {
	const workflow = String(context.getWorkflow().name);
	context.logger.warn(`Workflow "${workflow}", node "${context.getNode().name}": ${message}`);
}
