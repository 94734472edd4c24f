/**
 * The apps that recipes use besides MemberPass, and how each platform names what they do. Names and parameters of n8n
 * are those of its own package and are held against it by test. Names of Zapier and Make are those of their public app
 * pages; an editor may show them a little differently.
 */

/** A place in n8n parameters that a value of the recipe fills. */
export type Slot =
	/** The value of a field, with fixed text around it; `column` and `value` inside `eachColumn`. */
	| { readonly slot: string; readonly before?: string; readonly after?: string }
	/** One element for each column of the step. */
	| { readonly eachColumn: NodeParameters }
	/** An object of the columns' names and values, and what else belongs into it. */
	| { readonly columnValues: Readonly<Record<string, NodeParameters>> };

export type NodeParameters =
	| string
	| number
	| boolean
	| null
	| readonly NodeParameters[]
	| { readonly [key: string]: NodeParameters }
	| Slot;

export interface AppAction {
	/** Name of the app, the same everywhere. */
	readonly app: string;
	/** What it does, in sentence case. */
	readonly title: string;
	/** Fields that a recipe fills, each with what it means. */
	readonly fields: Readonly<Record<string, string>>;
	/** Fields in which `<`, `>` and `&` mean something, and are written as in HTML where they should not. */
	readonly markup?: readonly string[];
	/** Whether the step has columns or properties of the user's own making, and what they are called. */
	readonly columns: string | null;
	/** Where n8n puts the columns of a record that it read: below this key, or beside the others. */
	readonly columnsBelow?: string;
	/** What later steps can map: key, and its name in the answer on n8n and in Zapier's editor. */
	readonly output: Readonly<Record<string, { readonly n8n: string; readonly zapier: string }>>;
	readonly zapier: {
		readonly event: string;
		readonly fields: Readonly<Record<string, string>>;
	};
	readonly make: { readonly module: string; readonly fields: Readonly<Record<string, string>> };
	readonly n8n: {
		readonly type: string;
		readonly typeVersion: number;
		readonly credential: string;
		readonly parameters: Readonly<Record<string, NodeParameters>>;
	};
}

const slot = (name: string): Slot => ({ slot: name });

/** n8n's picker with what was typed in. */
const typedIn = (mode: 'id' | 'name', name: string): NodeParameters => ({
	__rl: true,
	mode,
	value: slot(name),
});

const airtableTable = { base: 'Base', table: 'Table' };
const airtableNode = {
	type: 'n8n-nodes-base.airtable',
	typeVersion: 2.1,
	credential: 'airtableTokenApi',
} as const;
/** What n8n's form knows of the columns before it has asked Airtable. */
const columnSchema: NodeParameters = [
	{
		eachColumn: {
			id: slot('column'),
			displayName: slot('column'),
			required: false,
			defaultMatch: false,
			canBeUsedToMatch: true,
			display: true,
			type: 'string',
		},
	},
];
const airtablePlace = { base: typedIn('id', 'base'), table: typedIn('id', 'table') };

const actions = {
	'slack.post_message': {
		app: 'Slack',
		title: 'Post a message to a channel',
		fields: { channel: 'Channel', text: 'What it says' },
		markup: ['text'],
		columns: null,
		output: {},
		zapier: {
			event: 'Send Channel Message',
			fields: { channel: 'Channel', text: 'Message Text' },
		},
		make: { module: 'Slack › Create a Message', fields: { channel: 'Channel', text: 'Text' } },
		n8n: {
			type: 'n8n-nodes-base.slack',
			typeVersion: 2.3,
			credential: 'slackApi',
			parameters: {
				resource: 'message',
				operation: 'post',
				select: 'channel',
				channelId: typedIn('name', 'channel'),
				text: slot('text'),
				otherOptions: { includeLinkToWorkflow: false },
			},
		},
	},
	'mailjet.send_email': {
		app: 'Mailjet',
		title: 'Send an email',
		fields: {
			sender: 'Sender that you verified in Mailjet',
			to: 'Recipient',
			subject: 'Subject',
			body: 'Body as plain text',
		},
		columns: null,
		output: {},
		zapier: {
			event: 'Send Email',
			fields: {
				sender: 'From Address',
				to: 'To',
				subject: 'Subject',
				body: 'Email HTML Body',
			},
		},
		make: {
			module: 'Mailjet › Send a Message',
			fields: { sender: 'From', to: 'To', subject: 'Subject', body: 'Text part' },
		},
		n8n: {
			type: 'n8n-nodes-base.mailjet',
			typeVersion: 1,
			credential: 'mailjetEmailApi',
			parameters: {
				resource: 'email',
				operation: 'send',
				fromEmail: slot('sender'),
				toEmail: slot('to'),
				subject: slot('subject'),
				text: slot('body'),
			},
		},
	},
	'mailjet.subscribe': {
		app: 'Mailjet',
		title: 'Put a contact on a list',
		fields: { list: 'ID of the contact list', email: 'Email address' },
		columns: null,
		output: {},
		zapier: {
			event: 'Subscribe Contact to Mailjet List',
			fields: { list: 'Contacts List', email: 'Email' },
		},
		make: {
			module: 'Mailjet › Add a Contact to a List',
			fields: { list: 'Contact list', email: 'Email' },
		},
		n8n: {
			// n8n's Mailjet node sends mail only; its credential also signs a plain request.
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			credential: 'mailjetEmailApi',
			parameters: {
				method: 'POST',
				url: {
					slot: 'list',
					before: 'https://api.mailjet.com/v3/REST/contactslist/',
					after: '/managecontact',
				},
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'mailjetEmailApi',
				sendBody: true,
				specifyBody: 'keypair',
				bodyParameters: {
					parameters: [
						{ name: 'Email', value: slot('email') },
						{ name: 'Action', value: 'addnoforce' },
					],
				},
				options: {},
			},
		},
	},
	'hubspot.upsert_contact': {
		app: 'HubSpot',
		title: 'Create or update a contact',
		fields: {
			email: 'Email address, by which HubSpot finds the contact',
			name: 'First name',
			plan: 'Contact property memberpass_plan',
			monthly_value: 'Contact property memberpass_monthly_value',
		},
		columns: null,
		output: { id: { n8n: 'vid', zapier: 'ID' } },
		zapier: {
			event: 'Create or Update Contact',
			fields: {
				email: 'Contact Email',
				name: 'First Name',
				plan: 'memberpass_plan',
				monthly_value: 'memberpass_monthly_value',
			},
		},
		make: {
			module: 'HubSpot CRM › Create/Update a Contact',
			fields: {
				email: 'Email',
				name: 'First name',
				plan: 'memberpass_plan',
				monthly_value: 'memberpass_monthly_value',
			},
		},
		n8n: {
			type: 'n8n-nodes-base.hubspot',
			typeVersion: 2.1,
			credential: 'hubspotAppToken',
			parameters: {
				authentication: 'appToken',
				resource: 'contact',
				operation: 'upsert',
				email: slot('email'),
				additionalFields: {
					firstName: slot('name'),
					customPropertiesUi: {
						customPropertiesValues: [
							{ property: 'memberpass_plan', value: slot('plan') },
							{ property: 'memberpass_monthly_value', value: slot('monthly_value') },
						],
					},
				},
				options: {},
			},
		},
	},
	'hubspot.create_task': {
		app: 'HubSpot',
		title: 'Create a task for a contact',
		fields: { contact: 'ID of the contact', subject: 'Title of the task', body: 'Notes' },
		columns: null,
		output: {},
		zapier: {
			event: 'Create Engagement',
			fields: {
				contact: 'Contact',
				subject: 'Subject, with Type set to Task',
				body: 'Body',
			},
		},
		make: {
			module: 'HubSpot CRM › Create a Task',
			fields: { contact: 'Contact ID', subject: 'Title', body: 'Notes' },
		},
		n8n: {
			type: 'n8n-nodes-base.hubspot',
			typeVersion: 2.1,
			credential: 'hubspotAppToken',
			parameters: {
				authentication: 'appToken',
				resource: 'engagement',
				operation: 'create',
				type: 'task',
				metadata: {
					subject: slot('subject'),
					body: slot('body'),
					status: 'NOT_STARTED',
					forObjectType: 'CONTACT',
				},
				additionalFields: { associations: { contactIds: slot('contact') } },
			},
		},
	},
	'airtable.new_record': {
		app: 'Airtable',
		title: 'When a record is added to a table',
		fields: airtableTable,
		columns: 'Columns',
		columnsBelow: 'fields',
		output: { id: { n8n: 'id', zapier: 'ID' } },
		zapier: { event: 'New Record', fields: airtableTable },
		make: { module: 'Airtable › Watch Records', fields: airtableTable },
		n8n: {
			type: 'n8n-nodes-base.airtableTrigger',
			typeVersion: 1,
			credential: 'airtableTokenApi',
			parameters: {
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				authentication: 'airtableTokenApi',
				baseId: typedIn('id', 'base'),
				tableId: typedIn('id', 'table'),
				triggerField: 'Created',
				additionalFields: {},
			},
		},
	},
	'airtable.create_record': {
		app: 'Airtable',
		title: 'Add a record to a table',
		fields: airtableTable,
		columns: 'Columns',
		output: { id: { n8n: 'id', zapier: 'ID' } },
		zapier: { event: 'Create Record', fields: airtableTable },
		make: { module: 'Airtable › Create a Record', fields: airtableTable },
		n8n: {
			...airtableNode,
			parameters: {
				authentication: 'airtableTokenApi',
				resource: 'record',
				operation: 'create',
				...airtablePlace,
				columns: {
					mappingMode: 'defineBelow',
					value: { columnValues: {} },
					matchingColumns: [],
					schema: columnSchema,
				},
				options: { typecast: true },
			},
		},
	},
	'airtable.update_record': {
		app: 'Airtable',
		title: 'Change a record of a table',
		fields: { ...airtableTable, record: 'ID of the record' },
		columns: 'Columns',
		output: { id: { n8n: 'id', zapier: 'ID' } },
		zapier: { event: 'Update Record', fields: { ...airtableTable, record: 'Record' } },
		make: {
			module: 'Airtable › Update a Record',
			fields: { ...airtableTable, record: 'Record ID' },
		},
		n8n: {
			...airtableNode,
			parameters: {
				authentication: 'airtableTokenApi',
				resource: 'record',
				operation: 'update',
				...airtablePlace,
				columns: {
					mappingMode: 'defineBelow',
					value: { columnValues: { id: slot('record') } },
					matchingColumns: ['id'],
					schema: columnSchema,
				},
				options: { typecast: true },
			},
		},
	},
	'airtable.find_record': {
		app: 'Airtable',
		title: 'Find a record of a table',
		fields: { ...airtableTable, formula: 'Formula that the record must satisfy' },
		columns: 'Columns',
		output: { id: { n8n: 'id', zapier: 'ID' } },
		zapier: {
			event: 'Find Record',
			fields: { ...airtableTable, formula: 'Search Formula' },
		},
		make: {
			module: 'Airtable › Search Records',
			fields: { ...airtableTable, formula: 'Formula' },
		},
		n8n: {
			...airtableNode,
			parameters: {
				authentication: 'airtableTokenApi',
				resource: 'record',
				operation: 'search',
				...airtablePlace,
				filterByFormula: slot('formula'),
				returnAll: false,
				limit: 1,
				options: {},
			},
		},
	},
	'notion.create_item': {
		app: 'Notion',
		title: 'Add an item to a database',
		fields: { database: 'Database', title: 'Title of the item' },
		columns: 'Text properties',
		output: { id: { n8n: 'id', zapier: 'ID' } },
		zapier: {
			event: 'Create Database Item',
			fields: { database: 'Database', title: 'Name' },
		},
		make: {
			module: 'Notion › Create a Database Item',
			fields: { database: 'Database ID', title: 'Name' },
		},
		n8n: {
			type: 'n8n-nodes-base.notion',
			typeVersion: 2.2,
			credential: 'notionApi',
			parameters: {
				authentication: 'apiKey',
				resource: 'databasePage',
				operation: 'create',
				databaseId: typedIn('id', 'database'),
				title: slot('title'),
				simple: true,
				propertiesUi: {
					propertyValues: [
						{
							eachColumn: {
								key: { slot: 'column', after: '|rich_text' },
								type: 'rich_text',
								textContent: slot('value'),
							},
						},
					],
				},
				options: {},
			},
		},
	},
} as const satisfies Record<string, AppAction>;

/** What other apps do in recipes, by key. */
export const appActions: Readonly<Record<string, AppAction>> = actions;

/** Finds what an app does. The rules name an unknown key before anything is generated. */
export function appAction(key: string): AppAction {
	const action = appActions[key];
	if (action === undefined) throw new Error(`There is no app action "${key}".`);
	return action;
}
