import { randomUUID } from 'crypto';
import type { IHookFunctions, NodeApiError } from 'n8n-workflow';

import { allEvents, eventAlternatives } from '../MemberPassTrigger/events';
import { eventAbilities, subscriptionCalls } from '../MemberPassTrigger/subscription';
import { platform } from '../platform';
import { mayBeDone, unreadableProblem, unusableSubscription, withNeeds } from '../protocol/errors';
import { readInput } from '../protocol/input';
import { isPrivateHost } from '../protocol/origin';
import { tidy } from '../protocol/redact';
import { readOne, rowId } from '../protocol/response';
import type { JsonObject, WireOperation } from '../protocol/wire';
import { callApi, changePolicy, listApi, lookPolicy, readAccount } from './api';
import { warn } from './log';
import { plainValue } from './parameters';
import { apiError, inFull, inputError, operationError } from './problems';
import { forget, readStored, store } from './stored';

/** The chosen event types; every known one for "[All Events]". */
function chosenEvents(chosen: unknown): readonly string[] {
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
 * failures, or made for other events. Every other endpoint with this node's own address is deleted, so that nothing
 * is delivered twice; no other endpoint is touched. One whose id is not the stored one is never adopted: the secret
 * that it signs with is known to nobody here.
 *
 * What is stored stays as it is, even where it is of no use any more: of two mains that start at once, the one that
 * writes nothing cannot overwrite what the other has stored.
 */
async function isSubscribed(context: IHookFunctions): Promise<boolean> {
	const stored = readStored(context);
	const all = await allEndpoints(context);
	const own = ownOf(context, all);
	noteForeign(context, all, own);
	const wanted = chosenEvents(context.getNodeParameter('events'));
	const project = chosenProject(context);
	const kept =
		stored.secret === null
			? undefined
			: own.find((row) => idOf(row) === stored.id && isUsable(row, wanted, project));
	for (const row of own) if (row !== kept) await removeListed(context, idOf(row));
	return kept !== undefined;
}

/** Every endpoint that the token sees, with a usable id. */
async function allEndpoints(context: IHookFunctions): Promise<readonly JsonObject[]> {
	const result = await listApi(
		context,
		subscriptionCalls.list,
		{},
		{
			account: await readAccount(context),
			policy: lookPolicy,
			itemIndex: null,
			wanted: null,
		},
	);
	if (!result.ok) throw apiError(context.getNode(), result.problem, null);
	return result.rows.filter((row) => idOf(row) !== '');
}

/** Those that deliver to this node. No page shows a row: where it holds no address, the stored id says whose it is. */
function ownOf(context: IHookFunctions, rows: readonly JsonObject[]): readonly JsonObject[] {
	const url = webhookUrl(context);
	const { id } = readStored(context);
	return rows.filter((row) => (row['url'] === undefined ? idOf(row) === id : row['url'] === url));
}

/** Id of an endpoint as text; empty where it has none. */
function idOf(row: JsonObject): string {
	return rowId(row) ?? '';
}

function isUsable(row: JsonObject, wanted: readonly string[], project: unknown): boolean {
	const events = Array.isArray(row['events']) ? row['events'].map(String) : [];
	const isSame = events.length === wanted.length && wanted.every((one) => events.includes(one));
	// No page shows the key in a row of the list: where it is absent it says nothing.
	const isSameProject = row['project_id'] === undefined || row['project_id'] === project;
	const isOn = row['is_active'] !== false && (row['disabled_at'] ?? null) === null;
	return isSame && isSameProject && isOn;
}

/** The project whose events are wanted; null for all. 1.x saved a plain text. What is no ID is refused later on. */
function chosenProject(context: IHookFunctions): unknown {
	const project = plainValue(context.getNodeParameter('projectId'));
	const written =
		typeof project === 'string' || typeof project === 'number' ? String(project).trim() : project;
	return written === '' ? null : (written ?? null);
}

/**
 * What the endpoint is called in MemberPass. The workflow is named too: most triggers have the name that n8n gave
 * them, and n8n hides their addresses.
 */
function endpointName(context: IHookFunctions): string {
	const workflow = String(context.getWorkflow().name);
	return tidy(`n8n — ${workflow} — ${context.getNode().name}`, 255);
}

/**
 * Subscribes this node's address to the chosen events.
 *
 * The idempotency key is new each time: one made of names would, within 24 hours, be answered with the
 * subscription that was deleted when the workflow was switched off.
 */
async function subscribe(context: IHookFunctions): Promise<boolean> {
	const node = context.getNode();
	const account = await readAccount(context);
	const url = webhookUrl(context);
	checkWebhookUrl(context, url, account.origin);
	const project = chosenProject(context);
	const events = chosenEvents(context.getNodeParameter('events'));
	const input = readInput(subscriptionCalls.create, {
		name: endpointName(context),
		url,
		events,
		project_id: project,
	});
	if (!input.ok) throw inputError(node, input.problems, null);
	const unnamed = { ...subscriptionCalls.create, ability: null };
	const answered = await callApi(context, unnamed, input.values, {
		account,
		policy: changePolicy,
		itemIndex: null,
		idempotencyKey: randomUUID(),
	});
	const result = withNeeds(answered, abilitiesFor(events), platform);
	if (!result.ok) {
		// An earlier try may have been carried out, whatever a later one got.
		if (result.tries > 1 || mayBeDone(result.problem)) await removeQuietly(context);
		throw apiError(node, result.problem, null);
	}
	const answer = readOne(subscriptionCalls.create, result.json);
	const id = idOf(answer ?? {});
	const secret = answer?.['secret'];
	if (id !== '' && typeof secret === 'string' && secret.trim() !== '') {
		await keepOne(context, id, secret);
		return true;
	}
	// Without the secret no delivery could be told from a forged one, and it is shown only this once.
	await (id === '' ? removeQuietly(context) : removeSubscription(context, id));
	const problem =
		answer === null
			? unreadableProblem(result.status, platform)
			: unusableSubscription(id === '' ? 'ID' : 'signing secret', platform);
	throw apiError(node, problem, null);
}

/** What a token needs for these events. Of a type that this release does not know nobody can say what else it needs. */
function abilitiesFor(events: readonly string[]): readonly string[] {
	const known = new Map(Object.entries(eventAbilities));
	return events.flatMap((type) => known.get(type) ?? subscriptionCalls.create.ability ?? []);
}

/**
 * Takes away what a lost write may have left behind. The failure of the write is what the user must see, so another
 * one here is only logged: the next start looks again.
 */
async function removeQuietly(context: IHookFunctions): Promise<void> {
	try {
		for (const row of ownOf(context, await allEndpoints(context)))
			await removeListed(context, idOf(row));
	} catch (error) {
		warn(
			context,
			`An unfinished webhook endpoint may be left in ${platform.name}. ${String(error)}`,
		);
	}
}

/**
 * Keeps the new subscription, unless another main of this n8n was faster.
 *
 * Before 2.40 every main of n8n subscribes on its own when it starts. The oldest endpoint of this address wins: its
 * maker keeps it whatever it sees, every other maker sees it, takes its own away and stores nothing, so that the
 * secret of the winner is the one that is saved.
 */
async function keepOne(context: IHookFunctions, id: string, secret: string): Promise<void> {
	const own = await ownIfAny(context);
	const mine = own.find((row) => idOf(row) === id);
	const others = own.filter((row) => row !== mine);
	// Not listed beside others: another main has just taken it away. Not listed alone: nothing contradicts the answer.
	const isMine =
		mine === undefined ? others.length === 0 : others.every((row) => isOlder(mine, row));
	if (!isMine) return await removeSubscription(context, id);
	store(context, id, secret);
	for (const row of others) await removeListed(context, idOf(row));
}

/** A subscription that works is not given up because it could not be looked at again. */
async function ownIfAny(context: IHookFunctions): Promise<readonly JsonObject[]> {
	try {
		return ownOf(context, await allEndpoints(context));
	} catch (error) {
		warn(
			context,
			`${platform.name} could not be asked for other webhook endpoints. ${String(error)}`,
		);
		return [];
	}
}

/** MemberPass's ids sort by their time of creation (ULID), as counted ones do. */
function isOlder(one: JsonObject, other: JsonObject): boolean {
	const [a, b] = [idOf(one), idOf(other)];
	const bothCounted = /^\d+$/.test(a) && /^\d+$/.test(b);
	if (bothCounted && a.length !== b.length) return a.length < b.length;
	return a < b;
}

/** MemberPass delivers to public https addresses only. An API on this machine (sandbox, tests) may deliver here. */
function checkWebhookUrl(context: IHookFunctions, url: string, apiOrigin: string): void {
	if (isLocal(apiOrigin)) return;
	const isPublic = URL.canParse(url) && new URL(url).protocol === 'https:' && !isLocal(url);
	if (isPublic) return;
	throw operationError(
		context.getNode(),
		`${platform.name} cannot deliver to ${url}.`,
		'It needs a public address that starts with https://. Set WEBHOOK_URL of your n8n to one, or use a tunnel.',
		null,
	);
}

const isLocal = (url: string): boolean => isPrivateHost(new URL(url).hostname);

/**
 * True where the stored endpoint delivers to another address. It is left alone: this n8n may be a copy of the one that
 * made it. This n8n may also have moved, and nobody would end an endpoint that nobody hears of, so the log names it.
 */
function noteForeign(
	context: IHookFunctions,
	all: readonly JsonObject[],
	own: readonly JsonObject[],
): boolean {
	const { id } = readStored(context);
	const listed = all.find((row) => idOf(row) === id);
	if (listed === undefined || own.includes(listed)) return false;
	const address = tidy(String(listed['url']), 200);
	warn(
		context,
		`The webhook endpoint ${idOf(listed)} delivers to ${address} and was left alone, because this n8n may be a copy. If that was its own address before, delete the endpoint in ${platform.name}.`,
	);
	return true;
}

/**
 * Ends the subscription, and every other with this node's address. One that is gone already is fine; every other
 * failure is thrown, because n8n takes a returned `false` for success and would leave MemberPass delivering for ever.
 */
async function unsubscribe(context: IHookFunctions): Promise<boolean> {
	const { id } = readStored(context);
	const all = await allEndpoints(context);
	const own = ownOf(context, all);
	for (const row of own) {
		if (idOf(row) !== id) await removeListed(context, idOf(row));
	}
	if (!noteForeign(context, all, own) && id !== null) await removeSubscription(context, id);
	forget(context);
	return true;
}

/** By the id that the subscription was answered with. */
async function removeSubscription(context: IHookFunctions, id: string): Promise<void> {
	await remove(context, subscriptionCalls.remove, id);
}

/** By an id of the list of endpoints; no page says that both are the same. */
async function removeListed(context: IHookFunctions, id: string): Promise<void> {
	await remove(context, subscriptionCalls.removeListed, id);
}

async function remove(
	context: IHookFunctions,
	operation: WireOperation,
	endpoint: string,
): Promise<void> {
	const result = await callApi(
		context,
		operation,
		{ endpoint },
		{
			account: await readAccount(context),
			policy: changePolicy,
			itemIndex: null,
			idempotencyKey: randomUUID(),
		},
	);
	// One that is gone has ended.
	if (!result.ok && result.problem.kind !== 'not_found') {
		throw apiError(context.getNode(), result.problem, null);
	}
}

type Hook = (context: IHookFunctions) => Promise<boolean>;

/** Since 2.40 n8n shows the message of an error that ends a publication, and nothing else. */
const toldInFull =
	(hook: Hook): Hook =>
	async (context) => {
		try {
			return await hook(context);
		} catch (error) {
			// Whatever n8n and this package throw is an error, with or without a description.
			throw inFull(error as NodeApiError);
		}
	};

export const subscriptionExists = toldInFull(isSubscribed);
export const createSubscription = toldInFull(subscribe);
export const deleteSubscription = toldInFull(unsubscribe);
