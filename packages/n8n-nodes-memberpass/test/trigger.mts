import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Engine, TriggerRun } from '../../../shared/testing/src/n8n-harness.ts';
import { useEngine } from './support.mts';

/** What the tests of the trigger share. */

export const secret = 'a secret for tests only';
export const subscribed = { webhookId: 'whe_1', secret };

type Setup = Partial<Parameters<Engine['trigger']>[0]>;

/** The trigger in the real engine. Call it at the top of a file. */
export function useTrigger() {
	const engine = useEngine();
	/** A trigger with these parameters, and with what n8n stored when it was switched on. */
	return (parameters: INodeParameters, stored: IDataObject = {}, setup: Setup = {}): TriggerRun =>
		engine().trigger({
			node: 'memberPassTrigger',
			parameters,
			// A copy: n8n writes into it.
			staticData: { 'node:MemberPass': { ...stored } },
			webhookBaseUrl: 'https://n8n.example.com',
			...setup,
		});
}
