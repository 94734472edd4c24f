import { eachEventOnce, launchPost, mail, mailjetSender, post } from './common.ts';
import {
	type AppStep,
	choose,
	dayOf,
	exists,
	from,
	type Recipe,
	type Step,
	text,
	type Value,
} from './model.ts';

const base = choose('Base "Influencer partnerships"', 'appXXXXXXXXXXXXXX');
const partners = { base, table: choose('Table of partners', 'tblXXXXXXXXXXXXXX') };
const links = { base, table: choose('Table of gift links', 'tblYYYYYYYYYYYYYY') };

const setStatus = (id: string, title: string, record: Value, status: string): AppStep => ({
	kind: 'app',
	id,
	title,
	action: 'airtable.update_record',
	fields: { ...partners, record },
	columns: { Status: status },
});

const project = from('trigger', 'project_id');
const plan = from('trigger', 'data.plan_id');

/** The code itself is never shown, but the documentation has a link made from its ID. */
const giftLinks: Step = {
	kind: 'each',
	id: 'code',
	title: 'Find the codes',
	platforms: ['n8n', 'make'],
	operation: 'list_access_codes',
	input: { project, plan, status: 'unredeemed' },
	steps: [
		{
			kind: 'branch',
			id: 'same_batch',
			title: 'Is it of this batch?',
			// Two that never expire are not known to be of one batch.
			when: [
				exists(from('code', 'expires_at')),
				{ test: 'same', value: from('code', 'expires_at'), as: from('trigger', 'data.expires_at') },
			],
			then: [
				{
					kind: 'operation',
					id: 'link',
					title: 'Get the link of the code',
					operation: 'get_deep_link',
					input: { project, access_code: from('code', 'id') },
				},
				{
					kind: 'app',
					id: 'gift',
					title: 'Add the gift link',
					action: 'airtable.create_record',
					fields: links,
					columns: {
						Partner: from('partner', 'Name'),
						'Masked code': from('code', 'code_masked'),
						Link: from('link', 'deep_link'),
						'Expires at': from('code', 'expires_at'),
					},
				},
			],
			otherwise: [],
		},
	],
};

export const giftCodes: Recipe = {
	key: 'gift-code-campaign',
	title: 'Gift Code Campaign',
	summary:
		'Generates 50 access codes for each new partner in Airtable and, once they are ready, passes on the links.',
	parts: [
		{
			key: '1-order',
			title: 'Order the codes',
			trigger: {
				kind: 'app',
				action: 'airtable.new_record',
				fields: partners,
				columns: ['Name', 'Email', 'Project ID', 'Plan ID'],
			},
			steps: [
				{
					kind: 'once',
					id: 'once',
					title: 'Each record once',
					key: from('trigger', 'id'),
				},
				{
					kind: 'operation',
					id: 'batch',
					title: 'Generate 50 codes',
					operation: 'bulk_generate_access_codes',
					input: {
						project: from('trigger', 'Project ID'),
						plan: from('trigger', 'Plan ID'),
						quantity: 50,
						export_type: 'file',
						expiry_preset: '1_month',
					},
				},
				setStatus('ordered', 'Note that the codes are ordered', from('trigger', 'id'), 'Ordered'),
			],
		},
		{
			key: '2-hand-over',
			title: 'Hand the links over',
			trigger: { kind: 'event', event: 'access_code.generated' },
			steps: [
				eachEventOnce,
				{
					kind: 'app',
					id: 'partner',
					title: 'Find the partner',
					action: 'airtable.find_record',
					fields: {
						...partners,
						formula: text("AND({Plan ID}='", plan, "',{Status}='Ordered')"),
					},
				},
				{
					kind: 'operation',
					id: 'plan_link',
					title: 'Get the link of the plan',
					operation: 'get_deep_link',
					input: { project, plan_id: plan },
				},
				mail(
					'invitation',
					'Write to the partner',
					from('partner', 'Email'),
					'Your gift codes are ready',
					text(
						'Hello ',
						from('partner', 'Name'),
						', your ',
						from('trigger', 'data.count'),
						' gift codes are ready. They can be redeemed until ',
						dayOf(from('trigger', 'data.expires_at', 'you use them')),
						'. This link opens the plan: ',
						from('plan_link', 'deep_link'),
					),
				),
				post(
					'file',
					'Remind the team of the file',
					'#partners',
					text(
						'The file with ',
						from('trigger', 'data.count'),
						' codes for ',
						from('partner', 'Name'),
						' is in your Telegram chat with the bot. Send it to ',
						from('partner', 'Email'),
						'.',
					),
				),
				setStatus('handed_over', 'Note that the codes are ready', from('partner', 'id'), 'Ready'),
				giftLinks,
			],
		},
	],
	before: [
		'Link your MemberPass account to a Telegram chat: codes are delivered there and nowhere else.',
		'In Airtable, create the base "Influencer partnerships" with a table of partners (Name, Email, Project ID, Plan ID, Status, and Created, a field of the type Created time).',
		'Add a table of gift links (Partner, Masked code, Link, Expires at) if you use n8n or Make.',
		mailjetSender,
	],
	limits: [
		{
			cannot:
				'MemberPass generates codes in the background, so its answer to the order contains none.',
			instead:
				'A second automation starts with Access Code Generated, which is sent when the batch is ready.',
		},
		{
			cannot:
				'As documented, the API shows masked codes only, so no automation can send them to a partner.',
			instead:
				'The bot gives you the file on Telegram, and the team is reminded to pass it on. On n8n and Make each code also becomes a link, made from its ID.',
		},
		{
			cannot:
				'It is not confirmed that a link made from the ID of a code redeems the code; the documentation only says that the bot receives the ID.',
			instead: 'Open one of the links before you share any. If it does not work, use the file.',
			platforms: ['n8n', 'make'],
		},
		{
			cannot: 'No field links the order to the event, or a code to its batch.',
			instead:
				'The partner is found by plan and status, so order codes for one partner of a plan at a time. A code counts as part of the batch if both expire at the same moment; if that cannot be determined, no link is made.',
		},
		{
			cannot:
				'A Zap uses only the first result of a search, so it cannot make a link for each code.',
			instead: 'On Zapier the partner gets the link of the plan, and the codes from the file.',
			platforms: ['zapier'],
		},
		{
			cannot: 'A list on Make is read one page at a time, up to 100 rows.',
			instead: 'One page holds a batch of 50; order no more than 100 codes for one partner.',
			platforms: ['make'],
		},
		{
			cannot: 'A bot can write on Telegram only to people who wrote to it first.',
			instead: 'The partner gets an email instead.',
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
