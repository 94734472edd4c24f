import {
	type AppStep,
	byStranger,
	choose,
	from,
	type Limit,
	type OnceStep,
	type OperationStep,
	type Value,
} from './model.ts';

/** Steps that several recipes take, each said once. */

/** The launch post, the only source of the gallery's recipes that could be read. */
export const launchPost =
	'https://www.memberpass.net/bn/blog/news/memberpass-enters-agentic-era-rest-api-mcp-webhooks-automations';

/** MemberPass delivers an event at least once; its `id` stays the same each time. */
export const eachEventOnce: OnceStep = {
	kind: 'once',
	id: 'once',
	title: 'Each event once',
	key: from('trigger', 'id'),
};

const project = from('trigger', 'project_id');

export const getPlan: OperationStep = {
	kind: 'operation',
	id: 'plan',
	title: 'Get the plan',
	operation: 'get_plan',
	input: { project, plan: from('trigger', 'data.plan_id') },
};

/** No event carries name and email in every shape, so they are looked up. */
export const getMember: OperationStep = {
	kind: 'operation',
	id: 'member',
	title: 'Get the member',
	operation: 'get_member',
	input: { project, member: from('trigger', 'data.subscriber_id') },
};

export const getSubscription: OperationStep = {
	kind: 'operation',
	id: 'subscription',
	title: 'Get the subscription',
	operation: 'get_subscription',
	input: { subscription: from('trigger', 'data.subscription_id') },
};

export const name = byStranger(from('member', 'name', 'a member without a name'));
export const email = from('member', 'email');
export const emailOrNone = from('member', 'email', 'no email known');
/** The private chat with the bot, by which a person is found on Telegram. */
export const chat = from('member', 'chat_id', 'unknown');
export const planName = from('plan', 'name');
export const monthlyValue = {
	monthlyValueOf: {
		price: from('plan', 'price'),
		cycle: from('plan', 'billing_cycle'),
		count: from('plan', 'billing_cycle_count', '1'),
	},
};

const sender = choose('Sender that you verified in Mailjet', 'hello@example.com');

export const post = (id: string, title: string, channel: string, message: Value): AppStep => ({
	kind: 'app',
	id,
	title,
	action: 'slack.post_message',
	fields: { channel: choose('Channel of your workspace', channel), text: message },
});

export const mail = (
	id: string,
	title: string,
	to: Value,
	subject: Value,
	body: Value,
): AppStep => ({
	kind: 'app',
	id,
	title,
	action: 'mailjet.send_email',
	fields: { sender, to, subject, body },
});

/** HubSpot knows contacts by email, so this only works where one is known. */
export const upsertContact: AppStep = {
	kind: 'app',
	id: 'contact',
	title: 'Create or update the contact',
	action: 'hubspot.upsert_contact',
	fields: {
		email,
		name: from('member', 'name', 'Member'),
		plan: planName,
		monthly_value: monthlyValue,
	},
};

export const contactProperties =
	'In HubSpot, create the contact properties memberpass_plan (text) and memberpass_monthly_value (number).';
export const mailjetSender = 'In Mailjet, verify the address that you send from.';

/** Slack takes `<!channel>` for a call and `<https://…|text>` for a link, whoever wrote it. */
export const namesInSlack: Limit = {
	cannot:
		"If a member's name looks like a mention or a link, Slack treats it as one, and a Zap cannot prevent that.",
	instead:
		'A member could use this to notify everybody in the channel. If that matters, leave the name out of the message.',
	platforms: ['zapier'],
};

export const emailMayBeMissing = {
	cannot:
		'MemberPass may not know the email address of a subscriber, and no event is certain to include it.',
	instead:
		'The member is looked up, and the steps that need an address run only where there is one.',
};
