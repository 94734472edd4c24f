import { events, operation, platform, route, subscriptionAbilities } from '@memberpass/catalogue';
import { toAlternatives, toWire } from '@memberpass/protocol';

import { sortBy } from './copy.ts';
import { code, literal } from './literal.ts';
import { eventOptions, locator, type Property } from './property.ts';

/** Value of the option that stands for every event. */
export const allEvents = 'all';

/** What the form calls the choice of events; messages call it the same. */
const eventsLabel = 'Trigger On';

const icon = {
	light: 'file:../../icons/memberpass.svg',
	dark: 'file:../../icons/memberpass.dark.svg',
};

/** What the trigger asks for. */
export function triggerProperties(): readonly Property[] {
	return [
		{
			displayName: eventsLabel,
			name: 'events',
			type: 'multiOptions',
			required: true,
			options: [
				{
					name: '[All Events]',
					value: allEvents,
					description: 'Every event in this list. The token needs the abilities for all of them.',
				},
				...eventOptions(true),
			],
			default: [],
		},
		{
			displayName: 'Project',
			name: 'projectId',
			...locator({ 'x-id': 'project' }, 'projects', false),
			description:
				'Only events of this project. Leave empty for all projects and for account events such as Billing and Team.',
		},
	];
}

/** Source of the trigger node. */
export function triggerNodeSource(): string {
	const description = {
		displayName: `${platform.name} Trigger`,
		name: 'memberPassTrigger',
		icon,
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{$parameter["events"].length === 1 ? $parameter["events"][0] : $parameter["events"].length + " events"}}',
		description: `Starts the workflow when something happens in ${platform.name}`,
		eventTriggerDescription: `Waiting for an event from ${platform.name}`,
		activationMessage: `${platform.name} now sends the chosen events to this workflow.`,
		defaults: { name: `${platform.name} Trigger` },
		inputs: [],
		outputs: code('[NodeConnectionTypes.Main]'),
		credentials: [{ name: 'memberPassApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'memberpass',
				ndvHideUrl: true,
			},
		],
		properties: triggerProperties(),
	};
	return `
		import {
			type IHookFunctions,
			type ILoadOptionsFunctions,
			type INodeListSearchResult,
			type INodeType,
			type INodeTypeDescription,
			type IWebhookFunctions,
			type IWebhookResponseData,
			NodeConnectionTypes,
		} from 'n8n-workflow';

		import { createSubscription, deleteSubscription, subscriptionExists } from '../runtime/lifecycle';
		import { searchList } from '../runtime/lists';
		import { receiveDelivery } from '../runtime/webhook';

		export class MemberPassTrigger implements INodeType {
			description: INodeTypeDescription = ${literal(description)};

			methods = {
				listSearch: {
					async projects(
						this: ILoadOptionsFunctions,
						filter?: string,
						paginationToken?: string,
					): Promise<INodeListSearchResult> {
						return await searchList(this, 'projects', filter, paginationToken);
					},
				},
			};

			webhookMethods = {
				default: {
					async checkExists(this: IHookFunctions): Promise<boolean> {
						return await subscriptionExists(this);
					},
					async create(this: IHookFunctions): Promise<boolean> {
						return await createSubscription(this);
					},
					async delete(this: IHookFunctions): Promise<boolean> {
						return await deleteSubscription(this);
					},
				},
			};

			async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
				return receiveDelivery(this);
			}
		}
	`;
}

/** Source of the event table. */
export function eventsSource(): string {
	const alternatives = Object.fromEntries(
		[...events]
			.sort((a, b) => (a.type < b.type ? -1 : 1))
			.map((entry) => [entry.type, toAlternatives(entry)]),
	);
	return `
		import type { Alternatives } from '../protocol/wire';

		/** Value of the option that stands for every event. */
		export const allEvents = '${allEvents}';

		/** Every event type, with the places where other shapes carry its canonical keys. */
		export const eventAlternatives: Readonly<Record<string, Alternatives>> = ${literal(alternatives)};
	`;
}

/** Source of the calls that switch the trigger on and off. */
export function subscriptionSource(): string {
	const create = toWire(route('create_webhook_subscription'));
	const calls = {
		create: {
			...create,
			fields: create.fields.map((field) =>
				field.name === 'events' ? { ...field, label: eventsLabel } : field,
			),
		},
		remove: toWire(route('delete_webhook_subscription')),
		list: toWire(operation('list_webhook_endpoints')),
		removeListed: toWire(operation('delete_webhook_endpoint')),
	};
	const abilities = Object.fromEntries(
		sortBy(events, ({ type }) => type).map((entry) => [entry.type, subscriptionAbilities(entry)]),
	);
	return `
		import type { WireOperation } from '../protocol/wire';

		/** Abilities that a token needs to subscribe to an event. */
		export const eventAbilities: Readonly<Record<string, readonly string[]>> = ${literal(abilities)};

		/** What the trigger sends when it is switched on and off. */
		export const subscriptionCalls: Readonly<Record<'create' | 'remove' | 'list' | 'removeListed', WireOperation>> = ${literal(calls)};
	`;
}
