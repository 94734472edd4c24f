/**
 * What each operation of 1.4.0, saved as 1.4.0 saves it, must send today: with nothing filled in but what is required,
 * and with everything. Written down from npm n8n-nodes-memberpass 1.4.0 (paths, parameters, defaults) and from the
 * pages of docs.memberpass.net (where 1.4.0 sent something else); paging parameters are this package's own.
 */
export type SavedRequest = readonly [method: string, url: string, body: object | null];

export interface SavedOperation {
	/** Null where nothing is sent. */
	readonly least: SavedRequest | null;
	readonly full: SavedRequest | null;
	/** What the node says instead of sending `least`. */
	readonly refused?: string;
}

export const savedOperations: Readonly<Record<string, SavedOperation>> = {
	'accessCode.bulkGenerate': {
		least: [
			'POST',
			'/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate',
			{ quantity: 10, export_type: 'file', expires_in_days: 30 },
		],
		full: [
			'POST',
			'/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate',
			{ quantity: 25, export_type: 'file', expires_in_days: 7 },
		],
	},
	'accessCode.list': {
		least: ['GET', '/v1/projects/prj_1/plans/pln_1/access-codes?limit=50&page=1&per_page=50', null],
		full: [
			'GET',
			'/v1/projects/prj_1/plans/pln_1/access-codes?limit=100&page=1&per_page=100&status=unredeemed',
			null,
		],
	},
	'accessCode.delete': {
		least: ['DELETE', '/v1/projects/prj_1/plans/pln_1/access-codes/acc_1', null],
		full: ['DELETE', '/v1/projects/prj_1/plans/pln_1/access-codes/acc_1', null],
	},
	'accessCode.preview': {
		least: ['GET', '/v1/projects/prj_1/plans/pln_1/access-codes/preview?quantity=10', null],
		full: ['GET', '/v1/projects/prj_1/plans/pln_1/access-codes/preview?quantity=25', null],
	},
	'activity.list': {
		least: ['GET', '/v1/activity?limit=50&subject_id=prj_1&subject_type=project', null],
		full: ['GET', '/v1/activity?limit=7&subject_id=prj_1&subject_type=plan', null],
	},
	'analytics.getDashboard': {
		least: ['GET', '/v1/analytics/dashboard', null],
		full: [
			'GET',
			'/v1/analytics/dashboard?compare_period=previous&from=2026-03-01&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'analytics.getEarnings': {
		least: ['GET', '/v1/analytics/earnings?granularity=day', null],
		full: [
			'GET',
			'/v1/analytics/earnings?from=2026-03-01&granularity=week&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'analytics.getPlanPerformance': {
		least: ['GET', '/v1/analytics/plan-performance?project_id=prj_1', null],
		full: [
			'GET',
			'/v1/analytics/plan-performance?from=2026-03-01&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'analytics.getSubscribers': {
		least: ['GET', '/v1/analytics/subscribers', null],
		full: [
			'GET',
			'/v1/analytics/subscribers?from=2026-03-01&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'analytics.getTransactionBreakdown': {
		least: ['GET', '/v1/analytics/transactions/breakdown?dimension=plan', null],
		full: [
			'GET',
			'/v1/analytics/transactions/breakdown?dimension=payment_provider&from=2026-03-01&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'analytics.listTransactions': {
		least: ['GET', '/v1/analytics/transactions?limit=50&project_id=prj_1', null],
		full: [
			'GET',
			'/v1/analytics/transactions?cursor=abc&from=2026-03-01&limit=5&period=30d&project_id=prj_1&to=2026-03-31',
			null,
		],
	},
	'bot.getStatus': {
		least: ['GET', '/v1/projects/prj_1/bot', null],
		full: ['GET', '/v1/projects/prj_1/bot', null],
	},
	'distribution.getBotLink': {
		least: ['GET', '/v1/projects/prj_1/distribution/bot-link', null],
		full: ['GET', '/v1/projects/prj_1/distribution/bot-link', null],
	},
	'distribution.getPortalUrl': {
		least: ['GET', '/v1/projects/prj_1/distribution/portal-url', null],
		full: ['GET', '/v1/projects/prj_1/distribution/portal-url', null],
	},
	'distribution.getDeepLink': {
		least: ['GET', '/v1/projects/prj_1/distribution/deep-link', null],
		full: [
			'GET',
			'/v1/projects/prj_1/distribution/deep-link?access_code=ABC&custom=hello&plan_id=pln_1',
			null,
		],
	},
	'group.list': {
		least: ['GET', '/v1/groups?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/groups?limit=100&page=1&per_page=100', null],
	},
	'group.get': {
		least: ['GET', '/v1/groups/grp_1', null],
		full: ['GET', '/v1/groups/grp_1', null],
	},
	'member.ban': {
		least: ['POST', '/v1/projects/prj_1/members/mbr_1/ban', { reason: 'Spam' }],
		full: ['POST', '/v1/projects/prj_1/members/mbr_1/ban', { reason: 'Spam' }],
	},
	'member.get': {
		least: ['GET', '/v1/projects/prj_1/members/mbr_1', null],
		full: ['GET', '/v1/projects/prj_1/members/mbr_1', null],
	},
	'member.kick': {
		least: ['POST', '/v1/projects/prj_1/members/mbr_1/kick', { reason: 'Spam' }],
		full: ['POST', '/v1/projects/prj_1/members/mbr_1/kick', { reason: 'Spam' }],
	},
	'member.list': {
		least: ['GET', '/v1/projects/prj_1/members?limit=50&page=1&per_page=50', null],
		full: ['GET', '/v1/projects/prj_1/members?limit=100&page=1&per_page=100&status=customer', null],
	},
	'member.unban': {
		least: ['POST', '/v1/projects/prj_1/members/mbr_1/unban', null],
		full: ['POST', '/v1/projects/prj_1/members/mbr_1/unban', null],
	},
	'paymentMethod.list': {
		least: ['GET', '/v1/projects/prj_1/payment-methods?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/projects/prj_1/payment-methods?limit=100&page=1&per_page=100', null],
	},
	'paymentMethod.get': {
		least: ['GET', '/v1/projects/prj_1/payment-methods/pmt_1', null],
		full: ['GET', '/v1/projects/prj_1/payment-methods/pmt_1', null],
	},
	'plan.create': {
		least: null,
		full: null,
		refused: "'Currency ID' is required. Fill it in. [item 0]",
	},
	'plan.delete': {
		least: ['DELETE', '/v1/projects/prj_1/plans/pln_1', null],
		full: ['DELETE', '/v1/projects/prj_1/plans/pln_1', null],
	},
	'plan.findByName': {
		least: [
			'GET',
			'/v1/projects/prj_1/plans?limit=100&name=Premium Monthly&page=1&per_page=100',
			null,
		],
		full: [
			'GET',
			'/v1/projects/prj_1/plans?limit=100&name=Premium Monthly&page=1&per_page=100',
			null,
		],
	},
	'plan.get': {
		least: ['GET', '/v1/projects/prj_1/plans/pln_1', null],
		full: ['GET', '/v1/projects/prj_1/plans/pln_1', null],
	},
	'plan.list': {
		least: ['GET', '/v1/projects/prj_1/plans?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/projects/prj_1/plans?limit=100&page=1&per_page=100', null],
	},
	'plan.publish': {
		least: ['POST', '/v1/projects/prj_1/plans/pln_1/publish', null],
		full: ['POST', '/v1/projects/prj_1/plans/pln_1/publish', null],
	},
	'plan.unpublish': {
		least: ['POST', '/v1/projects/prj_1/plans/pln_1/unpublish', null],
		full: ['POST', '/v1/projects/prj_1/plans/pln_1/unpublish', null],
	},
	'plan.update': {
		least: null,
		full: [
			'PATCH',
			'/v1/projects/prj_1/plans/pln_1',
			{ name: 'Renamed', description: 'Weekly notes', price: 31, trial_days: 7 },
		],
		refused: 'Nothing to update: fill in at least one field. [item 0]',
	},
	'project.archive': {
		least: ['POST', '/v1/projects/prj_1/archive', null],
		full: ['POST', '/v1/projects/prj_1/archive', null],
	},
	'project.create': {
		least: ['POST', '/v1/projects', { name: 'Research Premium', handle: 'research-premium' }],
		full: ['POST', '/v1/projects', { name: 'Research Premium', handle: 'research-premium' }],
	},
	'project.delete': {
		least: ['DELETE', '/v1/projects/prj_1', null],
		full: ['DELETE', '/v1/projects/prj_1', null],
	},
	'project.findByHandle': {
		least: ['GET', '/v1/projects?handle=research-premium&limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/projects?handle=research-premium&limit=100&page=1&per_page=100', null],
	},
	'project.get': {
		least: ['GET', '/v1/projects/prj_1', null],
		full: ['GET', '/v1/projects/prj_1', null],
	},
	'project.list': {
		least: ['GET', '/v1/projects?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/projects?limit=100&page=1&per_page=100', null],
	},
	'project.restore': {
		least: ['POST', '/v1/projects/prj_1/restore', null],
		full: ['POST', '/v1/projects/prj_1/restore', null],
	},
	'project.update': {
		least: null,
		full: ['PATCH', '/v1/projects/prj_1', { name: 'Renamed', description: 'Weekly notes' }],
		refused: 'Nothing to update: fill in at least one field. [item 0]',
	},
	'resource.create': {
		least: ['POST', '/v1/projects/prj_1/resources', { title: 'Secret Chat' }],
		full: ['POST', '/v1/projects/prj_1/resources', { title: 'Secret Chat' }],
	},
	'resource.delete': {
		least: ['DELETE', '/v1/projects/prj_1/resources/rsc_1', null],
		full: ['DELETE', '/v1/projects/prj_1/resources/rsc_1', null],
	},
	'resource.get': {
		least: ['GET', '/v1/projects/prj_1/resources/rsc_1', null],
		full: ['GET', '/v1/projects/prj_1/resources/rsc_1', null],
	},
	'resource.list': {
		least: ['GET', '/v1/projects/prj_1/resources?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/projects/prj_1/resources?limit=100&page=1&per_page=100', null],
	},
	'resource.unlink': {
		least: ['POST', '/v1/projects/prj_1/resources/rsc_1/unlink', null],
		full: ['POST', '/v1/projects/prj_1/resources/rsc_1/unlink', null],
	},
	'role.list': {
		least: ['GET', '/v1/roles?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/roles?limit=100&page=1&per_page=100', null],
	},
	'role.get': { least: ['GET', '/v1/roles/rol_1', null], full: ['GET', '/v1/roles/rol_1', null] },
	'subscriber.findByTelegramId': {
		least: [
			'GET',
			'/v1/projects/prj_1/members?limit=100&page=1&per_page=100&telegram_id=123456789',
			null,
		],
		full: [
			'GET',
			'/v1/projects/prj_1/members?limit=100&page=1&per_page=100&telegram_id=123456789',
			null,
		],
	},
	'subscription.cancel': {
		least: ['POST', '/v1/subscriptions/sub_1/cancel', { at_period_end: true }],
		full: ['POST', '/v1/subscriptions/sub_1/cancel', { at_period_end: false }],
	},
	'subscription.get': {
		least: ['GET', '/v1/subscriptions/sub_1', null],
		full: ['GET', '/v1/subscriptions/sub_1', null],
	},
	'subscription.list': {
		least: ['GET', '/v1/subscriptions?limit=50&page=1&per_page=50', null],
		full: [
			'GET',
			'/v1/subscriptions?limit=100&page=1&per_page=100&plan_id=pln_1&status=active',
			null,
		],
	},
	'team.list': {
		least: ['GET', '/v1/teams?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/teams?limit=100&page=1&per_page=100', null],
	},
	'team.get': { least: ['GET', '/v1/teams/tem_1', null], full: ['GET', '/v1/teams/tem_1', null] },
	'team.getCurrent': {
		least: ['GET', '/v1/teams/current', null],
		full: ['GET', '/v1/teams/current', null],
	},
	'teamMember.list': {
		least: ['GET', '/v1/teams/tem_1/members?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/teams/tem_1/members?limit=100&page=1&per_page=100', null],
	},
	'teamMember.get': {
		least: ['GET', '/v1/teams/tem_1/members/usr_1', null],
		full: ['GET', '/v1/teams/tem_1/members/usr_1', null],
	},
	'token.list': {
		least: ['GET', '/v1/tokens?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/tokens?limit=100&page=1&per_page=100', null],
	},
	'token.get': {
		least: ['GET', '/v1/tokens/tok_1', null],
		full: ['GET', '/v1/tokens/tok_1', null],
	},
	'token.revoke': {
		least: ['DELETE', '/v1/tokens/tok_1', null],
		full: ['DELETE', '/v1/tokens/tok_1', null],
	},
	'webhookDelivery.list': {
		least: ['GET', '/v1/webhook-events?limit=50&type=plan.created', null],
		full: ['GET', '/v1/webhook-events?limit=5&project_id=prj_1&type=plan.created', null],
	},
	'webhookEndpoint.create': {
		least: [
			'POST',
			'/v1/webhook-endpoints',
			{
				name: 'Research Premium',
				url: 'https://hooks.example.com/memberpass',
				events: ['plan.created', 'plan.deleted'],
			},
		],
		full: [
			'POST',
			'/v1/webhook-endpoints',
			{
				name: 'Research Premium',
				url: 'https://hooks.example.com/memberpass',
				events: ['plan.created', 'plan.deleted'],
				project_id: 'prj_1',
				allowed_ips: ['203.0.113.10', '203.0.113.11'],
				is_active: false,
			},
		],
	},
	'webhookEndpoint.delete': {
		least: ['DELETE', '/v1/webhook-endpoints/whe_1', null],
		full: ['DELETE', '/v1/webhook-endpoints/whe_1', null],
	},
	'webhookEndpoint.list': {
		least: ['GET', '/v1/webhook-endpoints?limit=100&page=1&per_page=100', null],
		full: ['GET', '/v1/webhook-endpoints?limit=100&page=1&per_page=100', null],
	},
	'webhookEndpoint.rotateSecret': {
		least: ['POST', '/v1/webhook-endpoints/whe_1/rotate-secret', null],
		full: ['POST', '/v1/webhook-endpoints/whe_1/rotate-secret', null],
	},
	'webhookEndpoint.test': {
		least: ['POST', '/v1/webhook-endpoints/whe_1/test', null],
		full: ['POST', '/v1/webhook-endpoints/whe_1/test', null],
	},
};

/**
 * Every value that 1.4.0 offered in a list or named in a hint, and what must be sent for it today. From its
 * MemberPass.node.js; the values of today from docs.memberpass.net/guide/reference/status-codes and the tool pages.
 */
export const savedChoices: readonly (readonly [
	operation: string,
	parameter: string,
	values: Readonly<Record<string, string>>,
])[] = [
	[
		'accessCode.list',
		'accessCodeListFilters.status',
		{ active: 'unredeemed', redeemed: 'redeemed', expired: 'expired' },
	],
	[
		'activity.list',
		'subjectType',
		{
			'access-code': 'access-code',
			member: 'member',
			plan: 'plan',
			project: 'project',
			subscription: 'subscription',
		},
	],
	['analytics.getDashboard', 'analyticsFilters.compare_period', { prev_period: 'previous' }],
	['analytics.getEarnings', 'granularity', { day: 'day', week: 'week', month: 'month' }],
	[
		'analytics.getTransactionBreakdown',
		'dimension',
		{
			plan: 'plan',
			payment_provider: 'payment_provider',
			currency: 'currency',
			project: 'project',
		},
	],
	[
		'member.list',
		'memberListFilters.status',
		{ active: 'customer', banned: 'banned', kicked: 'churned' },
	],
	[
		'subscription.list',
		'subscriptionListFilters.status',
		{ active: 'active', cancelled: 'canceled', trial: 'trialing' },
	],
];

/** A value for each parameter of 1.4.0 that has no default. */
export const required: Readonly<Record<string, string>> = {
	projectId: 'prj_1',
	planId: 'pln_1',
	accessCodeId: 'acc_1',
	subscriptionId: 'sub_1',
	memberId: 'mbr_1',
	resourceId: 'rsc_1',
	methodId: 'pmt_1',
	endpointId: 'whe_1',
	tokenId: 'tok_1',
	teamId: 'tem_1',
	userId: 'usr_1',
	roleId: 'rol_1',
	groupId: 'grp_1',
	subjectId: 'prj_1',
	analyticsProjectId: 'prj_1',
	telegramId: '123456789',
	planName: 'Premium Monthly',
	name: 'Research Premium',
	handle: 'research-premium',
	title: 'Secret Chat',
	url: 'https://hooks.example.com/memberpass',
	events: 'plan.created, plan.deleted',
	type: 'plan.created',
	target: '-1001234567890',
	reason: 'Spam',
	currency: 'EUR',
};

/** Another value than the default for each parameter that has one. */
export const changed: Readonly<Record<string, string | number | boolean>> = {
	quantity: 25,
	expiresInDays: 7,
	activityLimit: 7,
	subjectType: 'plan',
	granularity: 'week',
	dimension: 'payment_provider',
	price: 2900,
	currency: 'EUR',
	billingCycle: 'yearly',
	platform: 'telegram',
	type: 'telegram_channel',
	atPeriodEnd: false,
};

/** A value for each field of its collections, in the spelling of its hints. */
export const inside: Readonly<Record<string, string | number | boolean>> = {
	status: 'active',
	returnAll: true,
	limit: 5,
	compare_period: 'prev_period',
	cursor: 'abc',
	from: '2026-03-01',
	to: '2026-03-31',
	period: '30d',
	project_id: 'prj_1',
	access_code: 'ABC',
	plan_id: 'pln_1',
	custom: 'hello',
	description: 'Weekly notes',
	trial_days: 7,
	website_url: 'https://example.com',
	planId: 'pln_1',
	allowed_ips: '203.0.113.10,203.0.113.11',
	is_active: false,
	name: 'Renamed',
	price: 31,
};
