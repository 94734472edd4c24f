import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { eventAlternatives } from '../MemberPassTrigger/events';
import { platform } from '../platform';
import { canonicalise, type DeliveryReading, readDelivery, readEvent } from '../protocol/event';
import { verifySignature } from '../protocol/signature';
import { chosenEvents } from './lifecycle';

/** Acknowledged, nothing started. An empty `workflowData` would start an empty execution instead. */
const acknowledged: IWebhookResponseData = { webhookResponse: 'OK' };

/**
 * Receives one delivery. Only one that MemberPass signed, with the secret stored when the trigger was switched on,
 * starts an execution. Without a stored secret nothing does.
 */
export async function receiveDelivery(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body = rawBodyOf(context);
	const { secret } = context.getWorkflowStaticData('node');
	const judgement = verifySignature({
		body,
		header: headerOf(context, platform.headers.signature),
		secrets: [typeof secret === 'string' ? secret : null],
		now: Date.now(),
	});
	const name = context.getNode().name;
	if (judgement.verdict !== 'ok') {
		context.logger.warn(`A delivery to "${name}" was refused. ${judgement.reason} ${renew}`);
		return refuse(context);
	}
	if (isRotating(headerOf(context, platform.headers.signature))) {
		context.logger.warn(
			`The signing secret of "${name}" was rotated. MemberPass signs with the old one for 24 hours from then on. ${renew}`,
		);
	}
	const reading = readParsed(context) ?? readDelivery(body ?? new Uint8Array());
	if (!reading.ok) {
		// Signed, so it is from MemberPass: a refusal would be repeated for days and end in the endpoint's shutdown.
		context.logger.warn(`A signed delivery was not understood. ${reading.reason}`);
		return acknowledged;
	}
	const { event } = reading;
	if (!chosenEvents(context.getNodeParameter('events', [])).includes(event.type)) {
		return acknowledged;
	}
	const alternatives = Object.hasOwn(eventAlternatives, event.type)
		? eventAlternatives[event.type]
		: undefined;
	const json = canonicalise(event, alternatives ?? {}) as IDataObject;
	return { workflowData: [[{ json }]], webhookResponse: 'OK' };
}

const renew =
	'If the signing secret was rotated, switch the workflow off and on again: that subscribes anew, with a secret of its own.';

/** During a rotation MemberPass signs with the old secret too (`v0`). */
function isRotating(header: string | readonly string[] | null): boolean {
	return typeof header === 'string' && header.includes('v0=');
}

/** What n8n made of the same bytes, where it took them for JSON: parsing them once more would double the work. */
function readParsed(context: IWebhookFunctions): DeliveryReading | null {
	const type = headerOf(context, 'content-type');
	if (typeof type !== 'string' || !type.startsWith('application/json')) return null;
	const reading = readEvent(context.getBodyData());
	return reading.ok ? reading : null;
}

/** The bytes as they came; n8n keeps them beside the parsed body. */
function rawBodyOf(context: IWebhookFunctions): Uint8Array | null {
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	return rawBody instanceof Uint8Array ? rawBody : null;
}

function headerOf(context: IWebhookFunctions, name: string): string | readonly string[] | null {
	const value: unknown = context.getHeaderData()[name.toLowerCase()];
	if (typeof value === 'string') return value;
	return Array.isArray(value) ? value.map(String) : null;
}

/** Answers by itself: `noWebhookResponse` without an answer would leave the sender waiting. */
function refuse(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(401).send('Unauthorized').end();
	return { noWebhookResponse: true };
}
