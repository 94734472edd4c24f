import { defineFamily } from '../model.ts';
import { integer, nullable, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import {
	maskedCode,
	familyPage,
	manifestVariant,
	pageBeatsManifest,
	planId,
	subscriberId,
	subscriptionId,
} from './fields.ts';

const page = familyPage('access-code');
const bulkPage = 'https://docs.memberpass.net/mcp/tools/bulk-generate-access-codes';

const codePlan = planId('Plan the code is for.');
const batchPlan = planId('Plan the codes are for.');
const masked = maskedCode(
	'The code, masked except for its last 5 characters. Compare them with the CSV export.',
);
const unusedSubscription = nullable(
	subscriptionId('Subscription tied to the code, empty for a code that was never redeemed.', {
		// As on the page: a code that was redeemed does not expire.
		examples: [null],
	}),
);
const count = integer('Number of Codes', 'How many codes the batch has.', { examples: [250] });

/** Documented as always present, but batches without an expiry exist. */
const batchExpiry = nullable(
	moment('Expires At', 'When all codes of the batch expire, empty if they do not.', {
		examples: ['2026-08-18T00:00:00Z'],
		'x-decision':
			'The page has no null here, but codes can be generated with no_expiry, so null is allowed (inferred).',
	}),
);

export const accessCode = defineFamily(
	{
		key: 'access_code',
		label: 'Access Code',
		ability: 'project-access-code:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'access_code.expired',
			label: 'Access Code Expired',
			noun: 'Access Code',
			summary: 'Triggers when an access code expires without being redeemed.',
			firesWhen: 'An access code passes its expiry unredeemed and can no longer be used.',
			data: object({
				subscription_id: unusedSubscription,
				plan_id: codePlan,
				access_code: masked,
				expires_at: moment('Expires At', 'When the code could no longer be redeemed.', {
					examples: ['2026-08-18T00:00:00Z'],
					'x-also-at': ['expired_at'],
					'x-decision': 'expired_at is the later name; that it means the same is inferred.',
				}),
			}),
			variants: [
				manifestVariant(
					object({
						subscription_id: unusedSubscription,
						plan_id: codePlan,
						expired_at: moment('Expired At', 'When the code expired.', {
							examples: ['2026-08-18T00:00:00Z'],
						}),
					}),
				),
			],
			caveats: [
				{
					kind: 'meaning',
					text: 'Each code has its own event, so a large batch can start your automation many times at once.',
				},
				{ kind: 'partial', text: 'Redeemed codes never send this event.' },
			],
			related: ['access_code.generated', 'access_code.redeemed'],
			decisions: [
				pageBeatsManifest('The later manifest has expired_at for expires_at, and no masked code.'),
			],
		},
		{
			type: 'access_code.generated',
			label: 'Access Code Generated',
			noun: 'Access Code',
			summary: 'Triggers when a batch of access codes is ready to be redeemed.',
			firesWhen:
				'A bulk generation finishes: the batch is stored and its codes can be redeemed. The event is sent once for each batch, not for each code.',
			data: object({
				batch_id: id('batch', 'Batch the codes belong to.'),
				plan_id: batchPlan,
				count,
				expires_at: batchExpiry,
			}),
			variants: [
				manifestVariant(
					object({
						plan_id: batchPlan,
						plan_name: text('Plan Name', 'Display name of the plan.', {
							examples: ['Premium Monthly'],
						}),
						count,
						expires_at: batchExpiry,
					}),
				),
			],
			caveats: [
				{
					kind: 'meaning',
					text: 'The codes themselves are never sent. Get them from the CSV export.',
				},
				{
					kind: 'order',
					text: 'Later, each code sends Access Code Redeemed or Access Code Expired.',
				},
			],
			related: ['access_code.redeemed', 'access_code.expired'],
			decisions: [
				{
					topic: 'expiry of a batch',
					because:
						'The event page documents no null, but codes can be generated with no expiry; null is allowed.',
				},
				{
					topic: 'size of a batch',
					because:
						'The event page speaks of 10,000 codes, generation is limited to 1,000; the count has no bound here.',
				},
				pageBeatsManifest('The later manifest has plan_name, and no batch_id.'),
			],
			sources: [`${page}/generated`, bulkPage],
		},
		{
			type: 'access_code.redeemed',
			label: 'Access Code Redeemed',
			noun: 'Access Code',
			summary: 'Triggers when a subscriber redeems an access code.',
			firesWhen:
				'A subscriber redeems an access code. The code is used up, and a subscription on its plan is created.',
			data: object({
				subscription_id: subscriptionId('Subscription that the code created.'),
				plan_id: codePlan,
				subscriber_id: subscriberId(),
				access_code: masked,
			}),
			laterKeys: ['project_id'],
			caveats: [
				{
					kind: 'meaning',
					text: 'The masked code cannot be redeemed. Its last 5 characters are for comparing with the CSV export.',
				},
				{ kind: 'order', text: 'New Subscription and Member Joined are sent as well.' },
			],
			related: ['access_code.generated', 'access_code.expired'],
		},
	],
);
