/**
 * Where an id is picked from: the read that lists it, the key that is the id, and the keys that make a label
 * people recognise. `needs` names the inputs of the same form that the list depends on, `search` the query
 * parameter that narrows it on the server.
 */
export interface PickList {
	readonly operation: string;
	readonly value: string;
	readonly label: readonly string[];
	readonly needs: readonly string[];
	readonly search?: string;
}

/**
 * The `x-pick` of a field whose values are event types. They come from this catalogue, not from a read: MemberPass
 * offers no list of them that a form could ask for.
 */
export const eventPick = 'events';

/** The `x-pick` of a record whose kind another input of the form says: see `recordLists`. */
export const recordPick = 'records';

/**
 * `needs` are named as path inputs (`project`); a form that carries the same id as a query parameter
 * (`project_id`) satisfies them too. A form that has neither can still offer a list that needs a project: every
 * project's, one after the other, or that of a project it asks for besides.
 */
export const pickLists = {
	projects: { operation: 'list_projects', value: 'id', label: ['name', 'handle'], needs: [] },
	plans: {
		operation: 'list_plans',
		value: 'id',
		label: ['name', 'price', 'currency'],
		needs: ['project'],
	},
	members: {
		operation: 'list_members',
		value: 'id',
		label: ['name', 'email', 'chat_id'],
		needs: ['project'],
		search: 'search',
	},
	subscriptions: {
		operation: 'list_subscriptions',
		value: 'id',
		label: ['id', 'status'],
		needs: [],
	},
	resources: {
		operation: 'list_resources',
		value: 'id',
		label: ['title', 'type'],
		needs: ['project'],
	},
	accessCodes: {
		operation: 'list_access_codes',
		value: 'id',
		label: ['code_masked'],
		needs: ['project', 'plan'],
	},
	paymentMethods: {
		operation: 'list_payment_methods',
		value: 'id',
		label: ['provider', 'mode'],
		needs: ['project'],
	},
	webhookEndpoints: {
		operation: 'list_webhook_endpoints',
		value: 'id',
		label: ['name', 'url'],
		needs: [],
	},
	teams: { operation: 'list_teams', value: 'id', label: ['name'], needs: [] },
	teamMembers: {
		operation: 'list_team_members',
		value: 'id',
		label: ['name', 'email'],
		needs: ['team'],
	},
	roles: { operation: 'list_roles', value: 'id', label: ['name'], needs: [] },
	groups: { operation: 'list_groups', value: 'id', label: ['name'], needs: [] },
	tokens: { operation: 'list_tokens', value: 'id', label: ['name'], needs: [] },
} as const satisfies Record<string, PickList>;

export type PickListName = keyof typeof pickLists;

/** Lists of the records that an activity log is about, by both spellings of their kind. */
export const recordLists: Readonly<Record<string, PickListName>> = {
	project: 'projects',
	'project-subscription-plan': 'plans',
	plan: 'plans',
	'project-subscription': 'subscriptions',
	subscription: 'subscriptions',
	'project-user': 'members',
	member: 'members',
	'project-resource': 'resources',
	resource: 'resources',
};
