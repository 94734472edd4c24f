import { addError, type FieldErrors } from '../errors.ts';
import { ban, kick, unban } from '../lifecycle.ts';
import { inProject, newestFirst } from '../state.ts';
import {
	type Call,
	equals,
	filtered,
	log,
	many,
	one,
	type Operation,
	type Operations,
	textOf,
} from './route.ts';

const subject = 'project-user';

/** No page gives a bound; 1,000 is what other free texts have. */
function checkReason(call: Call): FieldErrors {
	const fields: FieldErrors = {};
	if (Array.from(textOf(call.input, 'reason') ?? '').length > 1000) {
		addError(fields, 'reason', 'The reason field must not be greater than 1000 characters.');
	}
	return fields;
}

const reasonOf = (call: Call): string | null => {
	const reason = textOf(call.input, 'reason');
	return reason === undefined || reason === '' ? null : reason;
};

const listMembers: Operation = {
	run: (call) => {
		const rows = inProject(call.world.state.members, call.found('project').id);
		const wanted = textOf(call.input, 'search')?.toLowerCase();
		return many(
			filtered(
				call,
				newestFirst(rows, (row) => row.joined_at),
				equals(call, 'status', (row) => row.status),
				// The successor knows people by the accounts of its connectors.
				equals(call, 'telegram_id', (row) =>
					call.world.switches.bridge === 'passes_on' ? null : row.chat_id,
				),
				wanted === undefined
					? null
					: (row) => `${row.name ?? ''}\n${row.email ?? ''}`.toLowerCase().includes(wanted),
			),
		);
	},
};

export const members: Operations = {
	list_members: listMembers,
	find_subscriber_by_telegram_id: listMembers,
	get_member: { run: (call) => one(call.found('member')) },
	ban_member: {
		check: checkReason,
		run: (call) => {
			const member = call.found('member');
			if (member.status !== 'banned') {
				ban(call.world, member, reasonOf(call));
				log(call, subject, member, 'banned', 'A member was banned.');
			}
			return one(member);
		},
	},
	unban_member: {
		run: (call) => {
			const member = call.found('member');
			if (member.status === 'banned') {
				unban(call.world, member);
				log(call, subject, member, 'unbanned', 'A member was unbanned.');
			}
			return one(member);
		},
	},
	kick_member: {
		check: checkReason,
		run: (call) => {
			const member = call.found('member');
			// Who is kicked may come back, who is banned may not: only unbanning ends a ban (…/events/member/banned).
			if (member.status !== 'banned') {
				kick(call.world, member, reasonOf(call));
				log(call, subject, member, 'kicked', 'A member was kicked.');
			}
			return one(member);
		},
	},
};
