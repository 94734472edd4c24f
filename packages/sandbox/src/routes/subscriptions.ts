import { subscriptionStatuses } from '@memberpass/catalogue';

import { addError, ApiError, type FieldErrors } from '../errors.ts';
import { queueCancel } from '../lifecycle.ts';
import { newestFirst } from '../state.ts';
import {
	coveredProjects,
	equals,
	filtered,
	flagOf,
	log,
	many,
	one,
	type Operations,
	textOf,
} from './route.ts';

const ended: ReadonlySet<string> = new Set(['canceled', 'expired', 'failed', 'unpaid']);

export const subscriptions: Operations = {
	list_subscriptions: {
		check: (call) => {
			const fields: FieldErrors = {};
			const status = textOf(call.input, 'status');
			if (status !== undefined && !Object.hasOwn(subscriptionStatuses, status)) {
				addError(fields, 'status', 'The selected status is invalid.');
			}
			return fields;
		},
		run: (call) => {
			const projects = coveredProjects(call);
			const rows = [...call.world.state.subscriptions.values()].filter((row) =>
				projects.has(row.project_id),
			);
			return many(
				filtered(
					call,
					newestFirst(rows, (row) => row.created_at),
					equals(call, 'status', (row) => row.status),
					equals(call, 'plan_id', (row) => row.plan_id),
				),
			);
		},
	},
	get_subscription: { run: (call) => one(call.found('subscription')) },
	cancel_subscription: {
		run: (call) => {
			const { world } = call;
			const subscription = call.found('subscription');
			if (ended.has(subscription.status)) {
				throw new ApiError('SUBSCRIPTION_ALREADY_ACTIVE', {
					status: Number(world.switches.alreadyCancelledStatus),
					message: 'This subscription is already cancelled.',
					remediation: 'Nothing is left to do.',
				});
			}
			if (!subscription.cancelQueued) {
				const atPeriodEnd =
					world.switches.cancelAtPeriodEnd === 'ignored' ||
					(flagOf(call.input, 'at_period_end') ?? true);
				queueCancel(world, subscription, atPeriodEnd);
				const text = 'A cancellation was ordered.';
				log(call, 'project-subscription', subscription, 'cancellation_queued', text);
			}
			return one({ subscription_id: subscription.id, status: 'cancellation_queued' });
		},
	},
};
