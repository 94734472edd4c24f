import type { App } from 'zapier-platform-core';

type Pairs = NonNullable<App['searchOrCreates']>;
type Pair = Pairs[string];

const pair = (search: string, create: string, label: string, description: string): Pair => ({
	key: search,
	display: { label, description },
	search,
	create,
});

/**
 * Searches that can go on to create what they did not find. Only those two are sound: what they search by is what
 * the new thing is given (the create has an input of the same name), and it is unique where it is looked for. The
 * other actions have no search by a name, or what they make cannot be found again by what it was made from.
 */
export const searchOrCreates: Pairs = Object.fromEntries(
	[
		pair(
			'find_project_by_handle',
			'create_project',
			'Find or Create Project',
			'Finds a project by its handle, or creates one.',
		),
		pair(
			'find_plan_by_name',
			'create_plan',
			'Find or Create Plan',
			'Finds a plan of a project by its name, or creates one.',
		),
	].map((one) => [one.key, one]),
);
