import { defineOperations } from '../model.ts';
import { flag, inPath, inQuery, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { providers } from '../vocabulary/providers.ts';
import { moment } from '../vocabulary/time.ts';
import { projectInPath } from './inputs.ts';
import { manifest, npm, tool } from './sources.ts';

/** A row of docs.memberpass.net/mcp/tools/list-payment-methods. */
const paymentMethodRow = object(
	{
		id: id('paymentMethod', 'Identifies the payment method.'),
		provider: text('Provider', 'Who handles the payments.', {
			examples: ['stripe'],
			'x-known-values': Object.keys(providers),
		}),
		mode: text('Mode', 'Whether real money moves.', {
			examples: ['live'],
			'x-known-values': ['live', 'test'],
		}),
		active: flag('Active', 'True while subscribers can pay this way.', { examples: [true] }),
		created_at: moment('Created At', 'When the payment method was added.', {
			examples: ['2026-03-01T00:00:00Z'],
		}),
	},
	{ title: 'Payment Method' },
);

export const paymentMethod = defineOperations(
	{
		key: 'paymentMethod',
		label: 'Payment Method',
		summary: 'Read how subscribers of a project can pay.',
	},
	[
		{
			key: 'list_payment_methods',
			kind: 'search',
			label: 'Find Payment Methods',
			noun: 'Payment Method',
			summary: 'Finds the payment methods of a project.',
			method: 'GET',
			path: '/projects/{project}/payment-methods',
			ability: 'project-payment-method:view-any',
			input: object({
				project: projectInPath('Where to look for payment methods.'),
				active_only: optional(
					inQuery(
						flag('Active Only', 'Whether to leave out payment methods that are switched off.', {
							examples: [true],
						}),
					),
				),
			}),
			output: { shape: 'many', schema: paymentMethodRow, paging: 'pages', evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			caveats: ['Keys and secrets of the provider are never shown.'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many payment methods' },
			decisions: [
				{
					topic: 'active_only',
					because:
						'An input of the documented tool which 1.4.0 lacks. That the API takes it in the query, as 1 or 0, is inferred.',
				},
			],
			evidence: 'documented',
			sources: [tool('list-payment-methods'), npm, manifest],
		},
		{
			key: 'get_payment_method',
			kind: 'search',
			label: 'Find Payment Method by ID',
			noun: 'Payment Method',
			summary: 'Finds one payment method of a project by its ID.',
			method: 'GET',
			path: '/projects/{project}/payment-methods/{method}',
			ability: 'project-payment-method:view',
			input: object({
				project: projectInPath('Where the payment method is used.'),
				method: inPath(
					id('paymentMethod', 'Payment method to look up.', {
						title: 'Payment Method',
						'x-pick': 'paymentMethods',
						'x-n8n': 'methodId',
					}),
				),
			}),
			output: { shape: 'one', schema: paymentMethodRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get payment method' },
			decisions: [
				{ topic: 'answer', because: 'No page shows one; taken to be a row of the list.' },
			],
			evidence: 'documented',
			sources: [npm, manifest],
		},
	],
);
