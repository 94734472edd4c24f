import type { Decision } from '../model.ts';
import { inPath, inQuery, list, optional } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';

/** Inputs that several resources share, so that the same thing has the same title and is picked the same way. */

export const projectInPath = (description: string) =>
	inPath(
		id('project', description, { title: 'Project', 'x-pick': 'projects', 'x-n8n': 'projectId' }),
	);

export const planInPath = (description: string) =>
	inPath(id('plan', description, { title: 'Plan', 'x-pick': 'plans', 'x-n8n': 'planId' }));

/** 1.4.0 keeps this one inside a collection, under its name in the query. */
export const projectInQuery = (description: string) =>
	optional(
		inQuery(
			id('project', description, {
				title: 'Project',
				'x-pick': 'projects',
				'x-n8n': 'project_id',
			}),
		),
	);

export const planIdsInQuery = (description: string) =>
	optional(
		inQuery(
			list('Plans', description, id('plan', 'One plan.', { title: 'Plan', 'x-pick': 'plans' })),
		),
	);

/** Applies to every operation with a list in its query. */
export const arraysInQuery: Decision = {
	topic: 'lists in a query',
	because:
		'Sent as plan_ids[]=a&plan_ids[]=b: no page shows the form, and the server is Laravel (inferred from its Sanctum tokens), which reads that one.',
};

/** Applies to the three lists whose filters collection held the paging of 1.4.0. */
export const pagingInFilters = (collection: string): Decision => ({
	topic: 'paging parameters of 1.4.0',
	because: `1.4.0 kept returnAll and limit inside ${collection}; paging belongs to the platform, so they are no inputs here.`,
});

/** Why a currency cannot be picked (the route that a later package names is in no route list). */
export const noCurrencyList =
	'No route lists currencies. The list_recent_payments tool of MemberPass shows their IDs.';

/** Where a user finds the ID of a currency all the same. */
export const whereCurrencyIds =
	'There is no list to choose from, but an AI assistant connected to MemberPass can look up IDs with the tool list_recent_payments.';
