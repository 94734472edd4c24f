/**
 * What workflows saved with 1.4.0 rely on and the catalogue cannot know. A workflow stores only what differs from
 * the defaults of its time, so those defaults are part of the contract. Source: npm n8n-nodes-memberpass 1.4.0.
 */

/** Selected when a saved node names no resource. */
export const defaultResource = 'project';

/** Selected when a saved node names no operation. */
export const defaultOperations: Readonly<Record<string, string>> = {
	accessCode: 'bulkGenerate',
	activity: 'list',
	analytics: 'getDashboard',
	bot: 'getStatus',
	distribution: 'getBotLink',
	group: 'list',
	member: 'ban',
	paymentMethod: 'list',
	plan: 'create',
	project: 'create',
	resource: 'create',
	role: 'list',
	subscriber: 'findByTelegramId',
	subscription: 'cancel',
	team: 'list',
	teamMember: 'list',
	token: 'list',
	webhookDelivery: 'list',
	webhookEndpoint: 'list',
};

/** Where 1.4.0 kept the number of rows. */
export interface LegacyPaging {
	/** Inside the collection of the operation, or a parameter beside it. */
	readonly in: 'collection' | 'top';
	readonly limit: string;
	/** It also had a Return All switch. */
	readonly returnAll: boolean;
	/** It also took a cursor, and then read one page. */
	readonly cursor: boolean;
}

export interface Legacy {
	/** Absent for lists that 1.4.0 always read to the end, and for lists it did not page. */
	readonly paging?: LegacyPaging;
	/** Required today, unknown to 1.4.0: n8n refuses to start a whole workflow that lacks a required value. */
	readonly newlyRequired?: readonly string[];
	/** Fields that stood at the top level there and belong into the collection today, with their default. */
	readonly atTop?: Readonly<Record<string, number>>;
	/** Fields that stand at the top level today, and in the collection of the forms that were saved. */
	readonly inCollection?: readonly string[];
	/** Lists that were one text, separated by commas. */
	readonly asText?: readonly string[];
	/** Values of its forms or hints with another spelling today, by field. */
	readonly translate?: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** Parameters that MemberPass never took: read from no saved node, and why. */
	readonly dropped?: Readonly<Record<string, string>>;
	/** What no translation can know, to be mended by hand; told wherever the input is refused. By field. */
	readonly byHand?: Readonly<Record<string, string>>;
}

const filters: LegacyPaging = { in: 'collection', limit: 'limit', returnAll: true, cursor: false };

export const legacy: Readonly<Record<string, Legacy>> = {
	// A saved form has its days: a chosen preset beside them would be refused.
	'accessCode.bulkGenerate': { atTop: { expires_in_days: 30 }, inCollection: ['expiry_preset'] },
	'accessCode.list': { paging: filters, translate: { status: { active: 'unredeemed' } } },
	'activity.list': {
		paging: { in: 'top', limit: 'activityLimit', returnAll: false, cursor: false },
	},
	'analytics.getDashboard': { translate: { compare_period: { prev_period: 'previous' } } },
	'analytics.listTransactions': {
		paging: { in: 'collection', limit: 'limit', returnAll: false, cursor: true },
	},
	// The hint named active, banned and kicked. A paying member is a customer today, a kicked one has churned
	// (docs.memberpass.net/mcp/tools/kick-member).
	'member.list': {
		paging: filters,
		translate: { status: { active: 'customer', kicked: 'churned' } },
	},
	'plan.create': {
		newlyRequired: ['currency_id', 'resources'],
		dropped: { currency: 'A plan takes the ID of a currency, not its letters.' },
		// No plan of 1.4.0 was ever created, so whether 2900 was meant in cents cannot be told from what it did.
		byHand: {
			price: 'Enter the price in whole units, such as 29: 1.4.0 asked for 2900, in cents.',
		},
		translate: { billing_cycle: { monthly: 'months', yearly: 'years', one_time: 'lifetime' } },
	},
	'project.create': { dropped: { platform: 'Every project is one for Telegram.' } },
	'project.update': { dropped: { website_url: 'A project has no website.' } },
	'resource.create': {
		dropped: {
			target: 'A resource is a perk that you hand out yourself.',
			type: 'A resource is a perk that you hand out yourself.',
		},
	},
	'subscription.list': {
		paging: filters,
		translate: { status: { cancelled: 'canceled', trial: 'trialing' } },
	},
	'webhookDelivery.list': {
		paging: { in: 'collection', limit: 'limit', returnAll: false, cursor: false },
	},
	'webhookEndpoint.create': { asText: ['events'] },
};
