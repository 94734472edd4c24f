import { defineOperations } from '../model.ts';
import {
	annotate,
	choice,
	flag,
	inBody,
	inQuery,
	integer,
	list,
	nullable,
	object,
	optional,
	text,
} from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { currencyCode, decimal, priceNumber } from '../vocabulary/money.ts';
import { billingCycles } from '../vocabulary/periods.ts';
import { moment } from '../vocabulary/time.ts';
import { noCurrencyList, planInPath, projectInPath, whereCurrencyIds } from './inputs.ts';
import { changelog, manifest, npm, tool } from './sources.ts';

const cycles = Object.keys(billingCycles);

/** A row of docs.memberpass.net/mcp/tools/list-plans. */
const planRow = object(
	{
		id: id('plan', 'Identifies the plan.'),
		project_id: id('project', 'Project the plan belongs to.'),
		name: text('Name', 'Name that subscribers see.', { examples: ['Premium Monthly'] }),
		description: optional(
			nullable(text('Description', 'What the plan offers.', { examples: ['All-access pass'] })),
		),
		price: decimal('Price', 'Price of one billing cycle, not in cents.'),
		currency: currencyCode('Currency of the price, as a three-letter code.'),
		billing_cycle: text('Billing Cycle', 'Unit in which the subscriber is billed.', {
			examples: ['months'],
			'x-known-values': cycles,
		}),
		billing_cycle_count: optional(
			integer('Billing Cycle Count', 'How many of these units make one cycle.', { examples: [1] }),
		),
		trial_days: optional(
			integer('Trial Days', 'Length of the trial in days; 0 means no trial.', { examples: [7] }),
		),
		trial_cardless: optional(
			flag('Cardless Trial', 'True if a trial starts without payment details.', {
				examples: [false],
			}),
		),
		recurring: optional(
			flag('Recurring', 'True if the plan renews by itself.', { examples: [true] }),
		),
		active: flag('Active', 'True while the plan can be bought.', { examples: [true] }),
		created_at: moment('Created At', 'When the plan was created.'),
	},
	{ title: 'Plan' },
);

/** docs.memberpass.net/mcp/tools/publish-plan. */
const planState = object(
	{
		id: id('plan', 'Identifies the plan.'),
		active: flag('Active', 'True while the plan can be bought.', { examples: [true] }),
	},
	{ title: 'Plan' },
);

const nameInput = inBody(
	text('Plan Name', 'What subscribers see, 5 to 255 characters, unique in the project.', {
		minLength: 5,
		maxLength: 255,
		examples: ['Premium Monthly'],
	}),
);
const descriptionInput = optional(
	inBody(
		text('Description', 'What subscribers get, up to 1,000 characters. MemberPass filters HTML.', {
			maxLength: 1000,
			examples: ['All-access pass'],
		}),
	),
);
const priceInput = inBody(
	priceNumber('Price', 'Amount of one billing cycle, such as 29 or 29.50. Not in cents.', {
		minimum: 0,
	}),
);
const trialDaysInput = inBody(
	integer('Trial Days', 'How long a new subscriber can try the plan; 0 switches the trial off.', {
		minimum: 0,
		maximum: 365,
		examples: [7],
	}),
);

const audience = (title: string, description: string) =>
	optional(inBody(flag(title, description, { examples: [false], 'x-evidence': 'inferred' })));

const decimalPrice = {
	topic: 'unit of the price',
	because:
		'Decimal, as documented: 1.4.0 calls it the smallest unit, and the vendor later said that it always was decimal.',
};
const laterForm =
	"Subscriby, MemberPass's successor, has expected plans in another format since 31 August 2026. MemberPass may do so by now, and refuse this format.";
const unseenAnswer = {
	topic: 'answer',
	because: 'No page shows one; taken to be a row of the list.',
};

export const plan = defineOperations(
	{ key: 'plan', label: 'Plan', summary: 'Create, find, change and publish plans of a project.' },
	[
		{
			key: 'create_plan',
			kind: 'action',
			label: 'Create Plan',
			noun: 'Plan',
			summary: 'Creates a new plan in a project.',
			method: 'POST',
			path: '/projects/{project}/plans',
			ability: 'project-subscription-plan:create',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				name: nameInput,
				price: priceInput,
				currency_id: inBody(
					id(
						'currency',
						`MemberPass's own ID for the currency of the price, not the three-letter code. ${whereCurrencyIds} An active payment method of the project must support the currency.`,
						{ title: 'Currency ID', 'x-decision': noCurrencyList },
					),
				),
				billing_cycle: inBody(
					choice(
						'Billing Cycle',
						'Unit of time in which subscribers are billed. Lifetime bills once.',
						cycles,
						{ 'x-labels': billingCycles, examples: ['months'] },
					),
				),
				resources: inBody(
					list(
						'Resources',
						'Channels, groups and perks that subscribers of the plan get, at least one.',
						id('resource', 'One channel, group or perk.', {
							title: 'Resource',
							'x-pick': 'resources',
						}),
						{ minItems: 1 },
					),
				),
				description: descriptionInput,
				billing_cycle_count: optional(
					inBody(
						integer(
							'Billing Cycle Count',
							'How many units make one cycle: 3 with Months bills every quarter. Use 1 with Lifetime.',
							{ minimum: 1, maximum: 99, examples: [1] },
						),
					),
				),
				trial_days: optional(trialDaysInput),
				recurring: optional(
					inBody(
						flag(
							'Recurring',
							'Whether the plan renews by itself. Plans paid in crypto or Telegram Stars cannot.',
							{ examples: [true] },
						),
					),
				),
				newcomers_only: audience(
					'Newcomers Only',
					'Whether only people who never subscribed can buy the plan.',
				),
				customers_only: audience(
					'Customers Only',
					'Whether only people with a subscription can buy the plan.',
				),
				churned_only: audience(
					'Churned Only',
					'Whether only people whose subscription ended can buy the plan.',
				),
			}),
			exclusive: [['newcomers_only', 'customers_only', 'churned_only']],
			output: { shape: 'one', schema: planRow, evidence: 'inferred' },
			repeat: {
				effect: 'refused',
				note: 'Plan names are unique in a project, so the same name is refused (inferred).',
			},
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			emits: ['plan.created'],
			caveats: [
				'The currency must be supported by an active payment method of the project, otherwise MemberPass refuses the plan.',
				'The payment provider may not know the plan at once. Plan Sync Completed is sent when it does.',
				laterForm,
			],
			n8n: { operation: 'create', name: 'Create', action: 'Create plan' },
			decisions: [
				decimalPrice,
				{
					topic: 'currency or currency_id',
					because:
						"currency_id, as documented: the code that 1.4.0 sends is refused by the vendor's own word. Codes are output only.",
				},
				{
					topic: 'billing_cycle',
					because:
						"days…lifetime, as documented: 1.4.0's monthly/yearly/one_time is refused, and the monthly…lifetime of webhooks is output only.",
				},
				{
					topic: 'resources',
					because: 'Required, as documented; 1.4.0 never sends it and is always refused.',
				},
				{
					topic: 'fields after resources',
					because:
						'The page is known only down to this field and the later rules; cardless trials and the active flag are left out because no page shows them as inputs.',
				},
				unseenAnswer,
			],
			evidence: 'documented',
			sources: [tool('create-plan'), npm, manifest, changelog],
		},
		{
			key: 'update_plan',
			kind: 'action',
			label: 'Update Plan',
			noun: 'Plan',
			summary: 'Updates the name, description, price or trial of a plan.',
			method: 'PATCH',
			path: '/projects/{project}/plans/{plan}',
			ability: 'project-subscription-plan:update',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				plan: planInPath('Plan to update.'),
				name: optional(nameInput),
				description: descriptionInput,
				price: optional(priceInput),
				trial_days: optional(annotate(trialDaysInput, { 'x-n8n': 'trial_days' })),
			}),
			output: { shape: 'one', schema: planRow, evidence: 'inferred' },
			repeat: { effect: 'same', note: 'The same values are written again.' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			emits: ['plan.updated'],
			caveats: [
				'Only the fields you fill in change.',
				'People who are subscribed already keep the terms they bought.',
				'Use Publish Plan and Unpublish Plan to put the plan on sale or take it off sale.',
				laterForm,
			],
			n8n: { operation: 'update', name: 'Update', action: 'Update plan' },
			decisions: [
				decimalPrice,
				{
					topic: 'bounds',
					because: 'Taken from creating a plan: the only source for updating, 1.4.0, states none.',
				},
				unseenAnswer,
			],
			evidence: 'documented',
			sources: [
				npm,
				manifest,
				'https://docs.memberpass.net/webhooks/events/plan/updated',
				changelog,
			],
		},
		{
			key: 'publish_plan',
			kind: 'action',
			label: 'Publish Plan',
			noun: 'Plan',
			summary: 'Publishes a plan so that people can buy it.',
			method: 'POST',
			path: '/projects/{project}/plans/{plan}/publish',
			ability: 'project-subscription-plan:update',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				plan: planInPath('Plan to put on sale.'),
			}),
			output: { shape: 'one', schema: planState, evidence: 'inferred' },
			repeat: { effect: 'no_op', note: 'Publishing a published plan changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['plan.activated'],
			n8n: { operation: 'publish', name: 'Publish', action: 'Publish plan' },
			evidence: 'documented',
			sources: [tool('publish-plan'), npm, manifest],
		},
		{
			key: 'unpublish_plan',
			kind: 'action',
			label: 'Unpublish Plan',
			noun: 'Plan',
			summary: 'Unpublishes a plan so that nobody new can buy it.',
			method: 'POST',
			path: '/projects/{project}/plans/{plan}/unpublish',
			ability: 'project-subscription-plan:update',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				plan: planInPath('Plan to take off sale.'),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						id: id('plan', 'Identifies the plan.'),
						active: flag('Active', 'True while the plan can be bought.', { examples: [false] }),
					},
					{ title: 'Plan' },
				),
				evidence: 'inferred',
			},
			destructive: 'reversible',
			repeat: { effect: 'no_op', note: 'Unpublishing an unpublished plan changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['plan.deactivated'],
			caveats: ['Subscriptions that exist keep renewing. Use Publish Plan to sell the plan again.'],
			n8n: { operation: 'unpublish', name: 'Unpublish', action: 'Unpublish plan' },
			evidence: 'documented',
			sources: [
				tool('publish-plan'),
				'https://docs.memberpass.net/webhooks/events/plan/deactivated',
				npm,
				manifest,
			],
		},
		{
			key: 'delete_plan',
			kind: 'action',
			label: 'Delete Plan',
			noun: 'Plan',
			summary: 'Deletes a plan for good.',
			method: 'DELETE',
			path: '/projects/{project}/plans/{plan}',
			ability: 'project-subscription-plan:delete',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				plan: planInPath('Plan to delete.'),
			}),
			output: { shape: 'nothing', schema: object({}), evidence: 'inferred' },
			destructive: 'irreversible',
			repeat: { effect: 'refused', note: 'The second call finds nothing (inferred).' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['plan.deleted'],
			caveats: [
				'This cannot be undone. Unpublish Plan only takes the plan off sale.',
				'Active subscriptions keep their access until their term ends.',
			],
			n8n: { operation: 'delete', name: 'Delete', action: 'Delete plan' },
			evidence: 'documented',
			sources: [npm, manifest, 'https://docs.memberpass.net/webhooks/events/plan/deleted'],
		},
		{
			key: 'find_plan_by_name',
			kind: 'search',
			label: 'Find Plan by Name',
			noun: 'Plan',
			summary: 'Finds a plan of a project by its name.',
			method: 'GET',
			path: '/projects/{project}/plans',
			ability: 'project-subscription-plan:view-any',
			input: object({
				project: projectInPath('Where to look for the plan.'),
				name: inQuery(
					text('Plan Name', 'Full name of the plan, as subscribers see it.', {
						minLength: 1,
						'x-n8n': 'planName',
						examples: ['Premium Monthly'],
					}),
				),
			}),
			output: { shape: 'many', schema: planRow, paging: 'pages', evidence: 'inferred' },
			match: { input: 'name', field: 'name' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'findByName', name: 'Find by Name', action: 'Find plan by name' },
			decisions: [
				{
					topic: 'name filter',
					because:
						'1.4.0 sends it and takes whatever comes back; no page confirms that the server filters, so the name is compared again on our side.',
				},
			],
			evidence: 'documented',
			sources: [npm, tool('list-plans'), manifest],
		},
		{
			key: 'get_plan',
			kind: 'search',
			label: 'Find Plan by ID',
			noun: 'Plan',
			summary: 'Finds one plan of a project by its ID.',
			method: 'GET',
			path: '/projects/{project}/plans/{plan}',
			ability: 'project-subscription-plan:view',
			input: object({
				project: projectInPath('Where the plan is sold.'),
				plan: planInPath('Plan to look up, e.g. the Plan ID from a trigger.'),
			}),
			output: { shape: 'one', schema: planRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get plan' },
			decisions: [unseenAnswer],
			evidence: 'documented',
			sources: [npm, manifest],
		},
		{
			key: 'list_plans',
			kind: 'read',
			label: 'Find Plans',
			noun: 'Plan',
			summary: 'Finds all plans of a project.',
			method: 'GET',
			path: '/projects/{project}/plans',
			ability: 'project-subscription-plan:view-any',
			input: object({ project: projectInPath('Where to look for plans.') }),
			output: { shape: 'many', schema: planRow, paging: 'pages', evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many plans' },
			evidence: 'documented',
			sources: [tool('list-plans'), npm, manifest],
		},
	],
);
