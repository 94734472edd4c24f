import { addError, type FieldErrors } from '../errors.ts';
import { queueCodes } from '../lifecycle.ts';
import {
	type AccessCode,
	decimalText,
	hasExpired,
	maskedCode,
	newestFirst,
	type Plan,
	type State,
	type Tier,
} from '../state.ts';
import { addCycle, day, iso } from '../time.ts';
import {
	type Call,
	filtered,
	log,
	many,
	nothing,
	numberOf,
	one,
	type Operations,
	textOf,
} from './route.ts';

/** Free codes in a cycle. Source: docs.memberpass.net/creators/subscription. */
const freeCodes: Readonly<Record<Tier, number>> = { free: 5, starter: 200, growth: 500 };

/** 47 chargeable codes cost 1.41 in the sample of the preview page. */
const priceOfCode = 0.03;

type CodeStatus = 'redeemed' | 'expired' | 'unredeemed';

function statusOf(code: AccessCode, now: number): CodeStatus {
	if (code.redeemed_at !== null) return 'redeemed';
	return hasExpired(code, now) ? 'expired' : 'unredeemed';
}

function codesOf(state: State, plan: Plan): AccessCode[] {
	return [...state.accessCodes.values()].filter((row) => row.plan_id === plan.id);
}

/** Redeemed in this calendar month, the cycle of the sandbox: overage is metered on redemption. */
function redeemedInCycle(call: Call): number {
	const month = iso(call.world.clock.now()).slice(0, 7);
	const { state } = call.world;
	return [...state.accessCodes.values()].filter(
		(row) =>
			row.redeemed_at?.startsWith(month) === true &&
			state.projects.get(row.project_id)?.team_id === call.team.id,
	).length;
}

/** What a number of codes would cost: the codes themselves are free, their redemption is not. */
function previewOf(call: Call, quantity: number) {
	const free = Math.max(0, freeCodes[call.team.tier] - redeemedInCycle(call));
	const chargeable = Math.max(0, quantity - free);
	return {
		free_remaining: free,
		chargeable_quantity: chargeable,
		cost: decimalText(chargeable * priceOfCode),
	};
}

const presets: Readonly<Record<string, readonly [string, number]>> = {
	'1_day': ['days', 1],
	'1_week': ['weeks', 1],
	'1_month': ['months', 1],
	'1_year': ['years', 1],
};

/** Later times have no ISO 8601 form of four digits, and no database a column for them. Unix milliseconds. */
const endOfCalendar = Date.UTC(10_000, 0, 1);

function expiryOf(call: Call): number | null {
	const { input, world } = call;
	const now = world.clock.now();
	const days = numberOf(input, 'expires_in_days');
	if (days !== undefined) return now + days * day;
	const preset = textOf(input, 'expiry_preset') ?? 'no_expiry';
	if (preset === 'custom') {
		const unit = textOf(input, 'custom_expiry_type') ?? 'days';
		return addCycle(now, unit, numberOf(input, 'custom_expiry_amount') ?? 1);
	}
	const [unit, count] = presets[preset] ?? ['never', 0];
	return addCycle(now, unit, count);
}

export const accessCodes: Operations = {
	list_access_codes: {
		run: (call) => {
			const plan = call.found('plan');
			const now = call.world.clock.now();
			const status = textOf(call.input, 'status') ?? 'all';
			const rows = newestFirst(codesOf(call.world.state, plan), (row) => row.created_at);
			const shown = filtered(
				call,
				rows,
				status === 'all' ? null : (row) => statusOf(row, now) === status,
			);
			return many(
				shown.map((row) => ({ ...row, code_masked: maskedCode(row.code) })),
				{ status },
			);
		},
	},
	preview_access_codes: {
		run: (call) => {
			const quantity = numberOf(call.input, 'quantity') ?? 1;
			const preview = previewOf(call, quantity);
			return one({
				plan_id: call.found('plan').id,
				quantity,
				preview,
				will_bill_overage: preview.chargeable_quantity > 0,
			});
		},
	},
	bulk_generate_access_codes: {
		unknown: ({ codeExpiry }) =>
			({
				either: [],
				documented: ['expires_in_days'],
				package: ['export_type', 'expiry_preset', 'custom_expiry_amount', 'custom_expiry_type'],
			})[codeExpiry],
		check: (call) => {
			const fields: FieldErrors = {};
			const { input } = call;
			const { chargeableCodes, codeExpiry } = call.world.switches;
			const wanted = numberOf(input, 'quantity') ?? 0;
			if (chargeableCodes === 'refused' && previewOf(call, wanted).chargeable_quantity > 0) {
				const words =
					'More codes than are free cannot be generated without a consent to their cost.';
				addError(fields, 'quantity', words);
			}
			const preset = input['expiry_preset'];
			const isNeeded = codeExpiry !== 'package' && input['expires_in_days'] === undefined;
			if (preset === undefined && isNeeded) {
				addError(fields, 'expiry_preset', 'The expiry preset field is required.');
			}
			if (preset === 'custom') {
				for (const name of ['custom_expiry_amount', 'custom_expiry_type']) {
					if (input[name] !== undefined) continue;
					const words = name.replaceAll('_', ' ');
					addError(fields, name, `The ${words} field is required when expiry preset is custom.`);
				}
			}
			const expiry = expiryOf(call);
			// A date that does not exist is NaN.
			if (expiry !== null && !(expiry < endOfCalendar)) {
				const name =
					input['expires_in_days'] === undefined ? 'custom_expiry_amount' : 'expires_in_days';
				addError(fields, name, 'The codes must expire before the year 10000.');
			}
			return fields;
		},
		run: (call) => {
			const plan = call.found('plan');
			const quantity = numberOf(call.input, 'quantity') ?? 1;
			const preview = previewOf(call, quantity);
			queueCodes(call.world, plan, quantity, expiryOf(call));
			const text = `${quantity} access codes were ordered for '${plan.name}'.`;
			log(call, 'project-subscription-plan', plan, 'access_codes_ordered', text, { quantity });
			return one(
				{
					job_id: call.world.ids.next('job'),
					status: 'queued',
					enqueued_at: iso(call.world.clock.now()),
					preview,
				},
				'queued',
			);
		},
	},
	delete_access_code: {
		run: (call) => {
			const code = call.found('access_code');
			call.world.state.accessCodes.delete(code.id);
			log(call, 'access-code', code, 'deleted', 'An access code was deleted.');
			return nothing;
		},
	},
};
