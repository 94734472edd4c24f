import type { RouteEntry } from '@memberpass/catalogue';
import type { JsonObject } from '@memberpass/protocol';

import { findThrowAway } from '../src/throw-away.ts';
import type { Attempt } from '../src/types.ts';

const project = { id: 'prj_1', handle: 'drafts' };
const sibling = { id: 'prj_2', handle: 'club' };

/** A client of an account that has these rows, each list being whole or not. */
const clientOf = (
	rows: Readonly<Record<string, readonly JsonObject[]>>,
	whole: (key: string) => boolean = () => true,
) => {
	const rowsFor = (key: string, input: Attempt['input']): readonly JsonObject[] => {
		if (key === 'list_projects') return rows[key] ?? [sibling, project];
		// Of the project that is to be written to, and of no other.
		return key === 'list_members' && input['project'] !== project.id ? [] : (rows[key] ?? []);
	};
	return {
		run: (entry: RouteEntry, input: Attempt['input']): Promise<Attempt> =>
			Promise.resolve({
				entry,
				name: 'success',
				input,
				exchanges: [],
				outcome: {
					ok: true,
					rows: rowsFor(entry.key, input),
					whole: whole(entry.key),
				},
				keep: true,
			}),
	};
};

const member = (status: unknown) => ({ list_members: [{ id: 'usr_1', status }] });
const subscription = (status: unknown) => ({
	list_subscriptions: [{ id: 'sub_1', project_id: 'prj_1', status }],
});

describe('a project that may be written to', () => {
	it.each([
		['nobody', {}],
		['a lead', member('lead')],
		['somebody who has churned', member('churned')],
		['somebody who is banned', member('banned')],
		['an expired subscription', subscription('expired')],
		['a subscription that failed', subscription('failed')],
		[
			'a subscription in another project',
			{ list_subscriptions: [{ id: 'sub_1', project_id: 'prj_2', status: 'active' }] },
		],
	])('has %s', async (_, rows) => {
		await expect(findThrowAway(clientOf(rows), 'drafts')).resolves.toBe(project);
	});

	it.each([
		['a customer', member('customer')],
		['somebody on trial', member('trialing')],
		['a member of a status that is not known yet', member('frozen')],
		['a member of no status', member(undefined)],
		['an active subscription', subscription('active')],
		['a subscription that is past due', subscription('past_due')],
		['a canceled subscription, whose access may last', subscription('canceled')],
		['a subscription of a status that is not known yet', subscription('frozen')],
		[
			'a subscription that does not say where it is',
			{ list_subscriptions: [{ id: 'sub_1', subscriber_id: 'usr_9', status: 'active' }] },
		],
		[
			'a member with a subscription that names another project',
			{
				list_members: [{ id: 'usr_1', status: 'churned' }],
				list_subscriptions: [
					{ id: 'sub_1', project_id: 'prj_2', subscriber_id: 'usr_1', status: 'active' },
				],
			},
		],
		[
			'a member with a subscription that names no project',
			{
				list_members: [{ id: 'usr_1', status: 'churned' }],
				list_subscriptions: [{ id: 'sub_1', subscriber_id: 'usr_1', status: 'active' }],
			},
		],
	])('does not have %s', async (_, rows) => {
		await expect(findThrowAway(clientOf(rows), 'drafts')).rejects.toThrow(
			/"drafts" has active subscribers/,
		);
	});

	it.each([
		['of another handle', [sibling]],
		['without an id', [{ handle: 'drafts' }]],
		['of which there is none', []],
	])('is not one %s', async (_, list_projects) => {
		await expect(findThrowAway(clientOf({ list_projects }), 'drafts')).rejects.toThrow(
			'There is no project with the handle "drafts". Nothing was written.',
		);
	});

	it('is not looked for in a list that could not be read to the end', async () => {
		const cut = clientOf({}, (key) => key !== 'list_projects');
		await expect(findThrowAway(cut, 'drafts')).rejects.toThrow(
			'The projects cannot be listed, so nothing is written.',
		);
	});

	it.each(['list_members', 'list_subscriptions'])(
		'is not one whose %s could not be read to the end',
		async (list) => {
			await expect(
				findThrowAway(
					clientOf({}, (key) => key !== list),
					'drafts',
				),
			).rejects.toThrow(/cannot be found out, so nothing is written/);
		},
	);
});
