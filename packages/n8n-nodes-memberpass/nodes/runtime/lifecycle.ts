import { randomUUID } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { allEvents, eventAlternatives } from '../MemberPassTrigger/events';
import { subscriptionCalls } from '../MemberPassTrigger/subscription';
import type { ApiProblem } from '../protocol/errors';
import { readInput } from '../protocol/input';
import { isPrivateHost } from '../protocol/origin';
import { readOne } from '../protocol/response';
import type { JsonObject } from '../protocol/wire';
import { callApi, executionPolicy, listApi, readApiOrigin } from './api';
import { plainValue } from './parameters';
import { apiError, inputError, operationError } from './problems';

/** What the trigger remembers between switching on and off; the keys of 1.x. */
interface Stored {
	readonly id: string | null;
	readonly secret: string | null;
}

function readStored(context: IHookFunctions): Stored {
	const { webhookId, secret } = context.getWorkflowStaticData('node');
	const text = (value: unknown): string | null =>
		typeof value === 'string' && value.trim() !== '' ? value : null;
	return {
		id: typeof webhookId === 'number' ? String(webhookId) : text(webhookId),
		secret: text(secret),
	};
}

function store(context: IHookFunctions, id: string, secret: string): void {
	const data = context.getWorkflowStaticData('node');
	data['webhookId'] = id;
	data['secret'] = secret;
}

function forget(context: IHookFunctions): void {
	const data = context.getWorkflowStaticData('node');
	delete data['webhookId'];
	delete data['secret'];
}

/** The chosen event types; every known one for "[All Events]". */
export function chosenEvents(chosen: unknown): readonly string[] {
	const list = (Array.isArray(chosen) ? chosen : [chosen]).filter(
		(one): one is string => typeof one === 'string' && one !== '',
	);
	return list.includes(allEvents) ? Object.keys(eventAlternatives) : [...new Set(list)];
}

function webhookUrl(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default');
	if (url !== undefined) return url;
	throw operationError(context.getNode(), 'n8n gave this trigger no webhook address.', null, null);
}

/**
 * Whether MemberPass already sends the chosen events to this node, signed with the secret stored here.
 *
 * Asks MemberPass, because a stored id alone says nothing: the endpoint may have been deleted, switched off after
 * failures, or made for other events. What is there and cannot be used (no secret is known for it, it is off, it
 * has other events) is deleted, so that `create` starts clean and nothing is delivered twice. Only endpoints with
 * this node's own address are touched.
 *
 * A subscription and its endpoint are taken to share one id (inferred); where they do not, the address finds it.
 */
export async function subscriptionExists(context: IHookFunctions): Promise<boolean> {
	const stored = readStored(context);
	const own = await ownEndpoints(context);
	const wanted = chosenEvents(context.getNodeParameter('events', []));
	const project = chosenProject(context);
	const usable = stored.secret === null ? [] : own.filter((row) => isUsable(row, wanted, project));
	const kept = usable.find((row) => row['id'] === stored.id) ?? usable[0];
	if (kept !== undefined) {
		if (kept['id'] !== stored.id) store(context, String(kept['id']), stored.secret ?? '');
		return true;
	}
	for (const row of own) await removeSubscription(context, String(row['id']));
	forget(context);
	return false;
}

async function ownEndpoints(context: IHookFunctions): Promise<readonly JsonObject[]> {
	const result = await listApi(
		context,
		subscriptionCalls.list,
		{},
		{
			origin: await readApiOrigin(context),
			policy: executionPolicy,
			itemIndex: null,
			wanted: null,
		},
	);
	if (!result.ok) throw apiError(context.getNode(), result.problem, null);
	const url = webhookUrl(context);
	return result.rows.filter(
		(row) => row['url'] === url && (typeof row['id'] === 'string' || typeof row['id'] === 'number'),
	);
}

function isUsable(row: JsonObject, wanted: readonly string[], project: string | null): boolean {
	const events = Array.isArray(row['events']) ? row['events'].map(String) : [];
	const isSame = events.length === wanted.length && wanted.every((one) => events.includes(one));
	// No page shows the key in a row of the list: where it is absent it says nothing.
	const isSameProject = row['project_id'] === undefined || row['project_id'] === project;
	const isOn = row['is_active'] !== false && (row['disabled_at'] ?? null) === null;
	return isSame && isSameProject && isOn;
}

/** The project whose events are wanted; null for all. 1.x saved a plain text. */
function chosenProject(context: IHookFunctions): string | null {
	const project = plainValue(context.getNodeParameter('projectId', ''));
	return typeof project === 'string' && project.trim() !== '' ? project.trim() : null;
}

/**
 * Subscribes this node's address to the chosen events.
 *
 * The idempotency key is new each time: one made of names would, within 24 hours, be answered with the
 * subscription that was deleted when the workflow was switched off.
 */
export async function createSubscription(context: IHookFunctions): Promise<boolean> {
	const node = context.getNode();
	const origin = await readApiOrigin(context);
	const url = webhookUrl(context);
	checkWebhookUrl(context, url, origin);
	const project = chosenProject(context);
	const input = readInput(subscriptionCalls.create, {
		name: `n8n — ${node.name}`,
		url,
		events: chosenEvents(context.getNodeParameter('events', [])),
		...(project === null ? {} : { project_id: project }),
	});
	if (!input.ok) throw inputError(node, input.problems, null);
	const result = await callApi(context, subscriptionCalls.create, input.values, {
		origin,
		policy: executionPolicy,
		itemIndex: null,
		idempotencyKey: randomUUID(),
	});
	if (!result.ok) throw apiError(node, result.problem, null);

	const answer = readOne(subscriptionCalls.create, result.json) ?? {};
	const id = typeof answer['id'] === 'number' ? String(answer['id']) : answer['id'];
	const { secret } = answer;
	if (typeof id === 'string' && id !== '' && typeof secret === 'string' && secret.trim() !== '') {
		store(context, id, secret);
		return true;
	}
	// Without the secret no delivery could be told from a forged one, and it is shown only this once.
	if (typeof id === 'string' && id !== '') await removeSubscription(context, id);
	throw operationError(
		node,
		`The answer to the subscription held no ${typeof id === 'string' && id !== '' ? 'signing secret' : 'ID'}, so it was not kept.`,
		'Switch the workflow on again. If it keeps happening, check the Base URL of the credential.',
		null,
	);
}

/** MemberPass delivers to public https addresses only. An API on this machine (sandbox, tests) may deliver here. */
function checkWebhookUrl(context: IHookFunctions, url: string, apiOrigin: string): void {
	if (isLocal(apiOrigin)) return;
	const isPublic = URL.canParse(url) && new URL(url).protocol === 'https:' && !isLocal(url);
	if (isPublic) return;
	throw operationError(
		context.getNode(),
		`MemberPass cannot deliver to ${url}.`,
		'It needs a public address that starts with https://. Set WEBHOOK_URL of your n8n to one, or use a tunnel.',
		null,
	);
}

const isLocal = (url: string): boolean => isPrivateHost(new URL(url).hostname);

/**
 * Ends the subscription. One that is gone already is fine; every other failure is thrown, because n8n takes a
 * returned `false` for success and would leave MemberPass delivering for ever.
 */
export async function deleteSubscription(context: IHookFunctions): Promise<boolean> {
	const { id } = readStored(context);
	const ids = id === null ? (await ownEndpoints(context)).map((row) => String(row['id'])) : [id];
	for (const one of ids) await removeSubscription(context, one);
	forget(context);
	return true;
}

async function removeSubscription(context: IHookFunctions, id: string): Promise<void> {
	const result = await callApi(
		context,
		subscriptionCalls.remove,
		{ endpoint: id },
		{
			origin: await readApiOrigin(context),
			policy: executionPolicy,
			itemIndex: null,
			idempotencyKey: randomUUID(),
		},
	);
	if (!result.ok && !isGone(result.problem))
		throw apiError(context.getNode(), result.problem, null);
}

const isGone = (problem: ApiProblem): boolean => problem.kind === 'not_found';
