import { addError, type FieldErrors } from '../errors.ts';
import { planFacts } from '../facts.ts';
import { queueSync } from '../lifecycle.ts';
import { decimalText, inProject, newestFirst, type Plan } from '../state.ts';
import { iso } from '../time.ts';
import { spoken } from '../validation.ts';
import {
	type Call,
	changesOf,
	descriptionOf,
	equals,
	filtered,
	flagOf,
	listOf,
	log,
	many,
	nothing,
	numberOf,
	one,
	type Operation,
	type Operations,
	textOf,
} from './route.ts';

const subject = 'project-subscription-plan';

function emit(call: Call, type: string, plan: Plan, more: object = {}): void {
	call.world.emit(type, { ...planFacts(plan), ...more }, call.found('project'));
}

function checkName(call: Call, fields: FieldErrors, except: string | null): void {
	const name = textOf(call.input, 'name');
	const taken = inProject(call.world.state.plans, call.found('project').id).some(
		(row) => row.name === name && row.id !== except,
	);
	if (taken) addError(fields, 'name', 'The name has already been taken.');
}

/** The successor takes plans by kind, in forms that are none of MemberPass's. Those are not modelled. */
function checkKind({ world }: Call, fields: FieldErrors): void {
	if (world.switches.bridge === 'passes_on') {
		addError(fields, 'kind', 'Plans of this form are not accepted: they need a kind.');
	}
}

/** Providers that cannot charge again by themselves: recurring is refused (…/mcp/tools/create-plan). */
const oneTime: ReadonlySet<string> = new Set(['coinpayments', 'telegram_stars', 'access_code']);

function setActive(call: Call, active: boolean): Plan {
	const plan = call.found('plan');
	if (plan.active !== active) {
		plan.active = active;
		plan.updated_at = iso(call.world.clock.now());
		const verb = active ? 'activated' : 'deactivated';
		emit(call, `plan.${verb}`, plan);
		log(call, subject, plan, verb, `Plan '${plan.name}' was ${verb}.`);
	}
	return plan;
}

const listPlans: Operation = {
	run: (call) => {
		const rows = inProject(call.world.state.plans, call.found('project').id);
		const newest = newestFirst(rows, (row) => row.created_at);
		return many(
			filtered(
				call,
				newest,
				equals(call, 'name', (row) => row.name),
			),
		);
	},
};

export const plans: Operations = {
	list_plans: listPlans,
	find_plan_by_name: listPlans,
	get_plan: { run: (call) => one(call.found('plan')) },
	create_plan: {
		check: (call) => {
			const fields: FieldErrors = {};
			const { input, world } = call;
			const project = call.found('project');
			checkKind(call, fields);
			checkName(call, fields, null);
			const methods = inProject(world.state.paymentMethods, project.id).filter((row) => row.active);
			const currency = textOf(input, 'currency_id') ?? '';
			const taking = methods.filter((row) => row.currency_ids.includes(currency));
			if (taking.length === 0) {
				addError(
					fields,
					'currency_id',
					'The selected currency is not supported by an active payment method.',
				);
			}
			if (
				flagOf(input, 'recurring') === true &&
				taking.length > 0 &&
				taking.every((row) => oneTime.has(row.provider))
			) {
				addError(fields, 'recurring', 'The recurring field must be false for this currency.');
			}
			const known = inProject(world.state.resources, project.id).map((row) => row.id);
			for (const [index, id] of (listOf(input, 'resources') ?? []).entries()) {
				if (!known.includes(id)) {
					const name = `resources.${index}`;
					addError(fields, name, `The selected ${spoken(name)} is invalid.`);
				}
			}
			const count = numberOf(input, 'billing_cycle_count') ?? 1;
			if (textOf(input, 'billing_cycle') === 'lifetime' && count !== 1) {
				addError(
					fields,
					'billing_cycle_count',
					'The billing cycle count must be 1 for lifetime plans.',
				);
			}
			return fields;
		},
		run: (call) => {
			const { input, world } = call;
			const project = call.found('project');
			const now = iso(world.clock.now());
			const currencyId = textOf(input, 'currency_id') ?? '';
			const cycle = textOf(input, 'billing_cycle') ?? 'months';
			const plan: Plan = {
				id: world.ids.next('plan'),
				project_id: project.id,
				name: textOf(input, 'name') ?? '',
				description: descriptionOf(input) ?? null,
				price: decimalText(numberOf(input, 'price') ?? 0),
				currency_id: currencyId,
				currency: world.state.currencies.get(currencyId)?.code ?? 'USD',
				billing_cycle: cycle,
				billing_cycle_count: numberOf(input, 'billing_cycle_count') ?? 1,
				trial_days: numberOf(input, 'trial_days') ?? 0,
				trial_cardless: false,
				recurring: flagOf(input, 'recurring') ?? cycle !== 'lifetime',
				newcomers_only: flagOf(input, 'newcomers_only') ?? false,
				customers_only: flagOf(input, 'customers_only') ?? false,
				churned_only: flagOf(input, 'churned_only') ?? false,
				resource_ids: listOf(input, 'resources') ?? [],
				active: true,
				created_at: now,
				updated_at: now,
			};
			world.state.plans.set(plan.id, plan);
			emit(call, 'plan.created', plan);
			log(call, subject, plan, 'created', `Plan '${plan.name}' was created.`);
			queueSync(world, plan);
			return one(plan, 'created');
		},
	},
	update_plan: {
		check: (call) => {
			const fields: FieldErrors = {};
			checkKind(call, fields);
			checkName(call, fields, call.found('plan').id);
			return fields;
		},
		run: (call) => {
			const { input, world } = call;
			const plan = call.found('plan');
			const before = { ...plan };
			plan.name = textOf(input, 'name') ?? plan.name;
			const description = descriptionOf(input);
			if (description !== undefined) plan.description = description;
			const price = numberOf(input, 'price');
			if (price !== undefined) plan.price = decimalText(price);
			plan.trial_days = numberOf(input, 'trial_days') ?? plan.trial_days;
			// As the page prints them: prices of plan events are numbers.
			const priced = (row: Plan) => ({ ...row, price: Number(row.price) });
			const changes = changesOf(priced(before), priced(plan));
			if (Object.keys(changes).length > 0) {
				plan.updated_at = iso(world.clock.now());
				emit(call, 'plan.updated', plan, { changes });
				log(call, subject, plan, 'updated', `Plan '${plan.name}' was updated.`, { changes });
			}
			return one(plan);
		},
	},
	publish_plan: { run: (call) => one(setActive(call, true)) },
	unpublish_plan: { run: (call) => one(setActive(call, false)) },
	delete_plan: {
		run: (call) => {
			const plan = call.found('plan');
			call.world.state.plans.delete(plan.id);
			for (const code of call.world.state.accessCodes.values()) {
				if (code.plan_id === plan.id) call.world.state.accessCodes.delete(code.id);
			}
			emit(call, 'plan.deleted', plan);
			log(call, subject, plan, 'deleted', `Plan '${plan.name}' was deleted.`);
			return nothing;
		},
	},
};
