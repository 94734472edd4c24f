import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { allEvents, eventAlternatives } from '../MemberPassTrigger/events';
import { platform } from '../platform';
import { canonicalise, type DeliveryReading, readDelivery, readEvent } from '../protocol/event';
import { tidy } from '../protocol/redact';
import { verifySignature } from '../protocol/signature';
import { warn } from './log';
import { readStored } from './stored';

/** Acknowledged, nothing started. An empty `workflowData` would start an empty execution instead. */
const acknowledged: IWebhookResponseData = { webhookResponse: 'OK' };

/**
 * Receives one delivery. Only one that MemberPass signed, with the secret stored when the trigger was switched on,
 * starts an execution. Without a stored secret nothing does.
 */
export function receiveDelivery(context: IWebhookFunctions): IWebhookResponseData {
	const body = rawBodyOf(context);
	const signature = context.getHeaderData()[signatureHeader];
	const judgement = verifySignature({
		body,
		header: signature,
		secrets: [readStored(context).secret],
		now: Date.now(),
	});
	if (judgement.verdict !== 'ok') {
		const advice = judgement.verdict === 'mismatch' ? ` If you rotated the secret, ${renew}` : '';
		warn(context, `A delivery was refused. ${judgement.reason}${advice}`);
		return refuse(context);
	}
	// During a rotation MemberPass signs with the old secret too.
	if (String(signature).includes('v0=')) {
		warn(
			context,
			`The signing secret was rotated. ${platform.name} still signs with the old one for up to 24 hours. Before they are over, ${renew}`,
		);
	}
	const reading = readParsed(context) ?? readDelivery(body ?? new Uint8Array());
	if (!reading.ok) {
		// Signed, so it is from MemberPass: a refusal would be repeated for days and end in the endpoint's shutdown.
		warn(context, `A signed delivery could not be read. ${reading.reason}`);
		return acknowledged;
	}
	const { event } = reading;
	const alternatives = Object.hasOwn(eventAlternatives, event.type)
		? eventAlternatives[event.type]
		: undefined;
	if (!isChosen(context.getNodeParameter('events'), event.type, alternatives !== undefined)) {
		// A test delivery, or what MemberPass sends by now in place of a chosen event. Nothing else would tell.
		const named = tidy(event.type, 100);
		warn(
			context,
			`A signed delivery started nothing: its event, "${named}", is none of those that this trigger waits for.`,
		);
		return acknowledged;
	}
	const json = canonicalise(event, alternatives ?? {}) as IDataObject;
	return { workflowData: [[{ json }]], webhookResponse: 'OK' };
}

const renew = 'switch the workflow off and on again. This gives it a new secret.';

/** Whether a type is among the chosen ones; "[All Events]" stands for every type that this release knows. */
function isChosen(chosen: unknown, type: string, isKnown: boolean): boolean {
	const list: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
	return list.includes(type) || (isKnown && list.includes(allEvents));
}

/** What n8n made of the same bytes, where it took them for JSON: parsing them once more would double the work. */
function readParsed(context: IWebhookFunctions): DeliveryReading | null {
	const reading = readEvent(context.getBodyData());
	return reading.ok ? reading : null;
}

/** The bytes as they came; n8n keeps them beside the parsed body. */
function rawBodyOf(context: IWebhookFunctions): Uint8Array | null {
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	return rawBody instanceof Uint8Array ? rawBody : null;
}

/** Node hands header names over in lower case. */
const signatureHeader = platform.headers.signature.toLowerCase();

/** Answers by itself: `noWebhookResponse` without an answer would leave the sender waiting. */
function refuse(context: IWebhookFunctions): IWebhookResponseData {
	context.getResponseObject().status(401).send('Unauthorized').end();
	return { noWebhookResponse: true };
}
