import { decimal, inBody, inQuery, nullable, object, optional, plain } from '../src/index.ts';
import { audit, type Catalogue, catalogue, rules } from '../src/rules/index.ts';

describe('every rule of the catalogue', () => {
	it.each(rules.map((rule) => [rule.id, rule] as const))('%s accepts its examples', (_, rule) => {
		expect(rule.examples.length).toBeGreaterThan(0);
		for (const example of rule.examples) expect(rule.fault(example)).toBeNull();
	});

	it.each(
		rules.flatMap((rule) =>
			rule.antiExamples.map(({ example, reason }) => [rule.id, reason, rule, example] as const),
		),
	)('%s refuses what is wrong: %s', (_, __, rule, example) => {
		expect(rule.fault(example)).toMatch(/\w/);
	});

	it('has an id of its own, anti-examples, and says what to write', () => {
		expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
		for (const rule of rules) {
			expect(rule.antiExamples.length).toBeGreaterThan(0);
			expect(rule.instruction).toMatch(/^[A-Z].+\.$/);
		}
	});
});

describe('the catalogue', () => {
	it('breaks no rule', () => {
		expect(audit().map((finding) => finding.message)).toEqual([]);
	});
});

describe('a field that may be absent', () => {
	const field = optional(decimal('Fee', 'What it costs.'));

	it.each([
		['is nullable', () => nullable(field)],
		['travels in the body', () => inBody(field)],
		['travels in the query', () => inQuery(field)],
	])('is refused where what %s would silently be required', (_, wrap) => {
		expect(wrap).toThrow(
			'"Fee" is wrapped in optional(...) too early, and would be required. Write optional(...) on the outside: optional(inBody(nullable(...))).',
		);
	});
});

it('fields without an object around them are refused, with the first of them', () => {
	expect(() => plain({ fee: decimal('Fee', 'What it costs.') })).toThrow(
		/^Where an object belongs, an entry has \{"fee":\{.*… Write object\(\{ … \}\)\.$/,
	);
});

type Entry = Record<string, unknown>;
type Lists = 'families' | 'events' | 'resources' | 'operations' | 'plumbing' | 'recipes';
type Copy = Record<Lists, Entry[]> & {
	platform: Entry;
};
type Change = (copy: Copy) => unknown;

/** The catalogue with one thing spoilt: whatever a change takes with {@link find} is a copy, the rest is its own. */
function spoilt(change: Change): Catalogue {
	const { families, events, resources, operations, plumbing, recipes } = catalogue;
	const copy: unknown = {
		...catalogue,
		platform: { ...catalogue.platform },
		families: [...families],
		events: [...events],
		resources: [...resources],
		operations: [...operations],
		plumbing: [...plumbing],
		recipes: [...recipes],
	};
	change(copy as Copy);
	return copy as Catalogue;
}

const copies = new WeakSet<Entry>();
const find = (entries: Entry[], key: string, value: string): Entry => {
	const at = entries.findIndex((one) => one[key] === value);
	const entry = entries[at];
	if (entry === undefined) throw new Error(`No entry ${value} to spoil.`);
	if (copies.has(entry)) return entry;
	const own = JSON.parse(JSON.stringify(entry)) as Entry;
	copies.add(own);
	entries[at] = own;
	return own;
};
const event = (copy: Copy) => find(copy.events, 'type', 'role.created');
const otherEvent = (copy: Copy) => find(copy.events, 'type', 'role.updated');
const operation = (copy: Copy, key: string) => find(copy.operations, 'key', key);
const getPlan = (copy: Copy) => operation(copy, 'get_plan');
const createPlan = (copy: Copy) => operation(copy, 'create_plan');
const unsubscribe = (copy: Copy) => find(copy.plumbing, 'key', 'delete_webhook_subscription');
const welcomeFlow = (copy: Copy) => find(copy.recipes, 'key', 'welcome-flow');
const inputsOf = (entry: Entry) => (entry as { input: { properties: object } }).input.properties;

/** Sets what a dotted path leads to; undefined removes it. */
function put(entry: Entry, path: string, value: unknown): void {
	const keys = path.split('.');
	const last = keys.pop() ?? '';
	const holder = keys.reduce<Entry>((current, key) => current[key] as Entry, entry);
	if (value === undefined) Reflect.deleteProperty(holder, last);
	else holder[last] = value;
}

describe('a broken entry is named, with what to write', () => {
	it.each<[string, Change, RegExp]>([
		[
			'a host with a slash behind it',
			(copy) => put(copy.platform, 'apiOrigin', 'https://api.memberpass.net/'),
			/platform: apiOrigin is "https:\/\/api\.memberpass\.net\/"\. Write https:/,
		],
		[
			'a base path without a slash before it',
			(copy) => put(copy.platform, 'apiBasePath', 'v1'),
			/platform: apiBasePath is "v1"\. Write it with a slash/,
		],
		...(
			[
				['key', 'Role', 'family Role: key is "Role\\.created"'],
				['label', 'role', 'family role: label is "role"'],
				['ability', 'roles:read', 'family role: ability names the unknown ability "roles:read"'],
				['page', 'the docs', 'family role: page names "the docs" as a source'],
			] as const
		).map(([path, value, said]): [string, Change, RegExp] => [
			`a family whose ${path} is ${value}`,
			(copy) => put(find(copy.families, 'key', 'role'), path, value),
			new RegExp(said),
		]),
		...(
			[
				['key', 'Access Code', 'resource Access Code: key is "Access Code"'],
				['label', 'access code', 'resource accessCode: label is "access code"'],
				['summary', 'codes', 'resource accessCode: summary starts without a capital'],
			] as const
		).map(([path, value, said]): [string, Change, RegExp] => [
			`a resource whose ${path} is ${value}`,
			(copy) => put(find(copy.resources, 'key', 'accessCode'), path, value),
			new RegExp(said),
		]),
		[
			'wrong copy',
			(copy) => put(event(copy), 'summary', 'Role made'),
			/event role\.created: summary .*Triggers when/,
		],
		[
			'a label that is no title',
			(copy) => put(event(copy), 'label', 'new role'),
			/event role\.created: label .*Title Case/,
		],
		[
			'an event type that MemberPass would not send',
			(copy) => put(event(copy), 'type', 'role.Created'),
			/event role\.Created: type is "role\.Created"/,
		],
		[
			'a caveat without an end',
			(copy) => put(event(copy), 'caveats', [{ kind: 'order', text: 'It is last' }]),
			/event role\.created: caveat .*full stop/,
		],
		[
			'a later key that is documented',
			(copy) => put(event(copy), 'laterKeys', ['team_id']),
			/event role\.created: laterKeys names "team_id", a field of the event/,
		],
		[
			'a later key that is no key',
			(copy) => put(event(copy), 'laterKeys', ['role.kind']),
			/event role\.created: laterKeys is "role\.kind"\. Write the key in snake_case/,
		],
		[
			'later keys that are not sorted',
			(copy) => put(event(copy), 'laterKeys', ['kind', 'colour']),
			/event role\.created: laterKeys has "colour" out of order/,
		],
		[
			'a later key that is listed twice',
			(copy) => put(event(copy), 'laterKeys', ['kind', 'kind']),
			/event role\.created: laterKeys has "kind" out of order/,
		],
		[
			'an unknown ability',
			(copy) => put(event(copy), 'ability', 'roles:read'),
			/event role\.created: ability names the unknown ability "roles:read"/,
		],
		[
			'an unknown ability that an event needs besides',
			(copy) => put(event(copy), 'alsoNeeds', ['roles:read']),
			/event role\.created: ability names the unknown ability "roles:read"/,
		],
		[
			'a duplicate type',
			(copy) => copy.events.push(event(copy)),
			/event role\.created: type is used twice/,
		],
		[
			'a duplicate key',
			(copy) => copy.operations.push(createPlan(copy)),
			/operation create_plan: key is used twice/,
		],
		[
			'missing evidence',
			(copy) => put(event(copy), 'evidence', ''),
			/event role\.created: evidence is ""/,
		],
		[
			'evidence that nobody has',
			(copy) => put(createPlan(copy), 'evidence', 'recorded'),
			/operation create_plan: evidence is "recorded"/,
		],
		[
			'a missing source',
			(copy) => put(createPlan(copy), 'sources', []),
			/operation create_plan: sources names no source/,
		],
		[
			'an example that does not fit',
			(copy) => put(event(copy), 'data.properties.team_id.examples', [7]),
			/event role\.created: data\.team_id has the example 7/,
		],
		[
			'a path parameter without an input',
			(copy) => put(getPlan(copy), 'path', '/projects/{project}/plans/{plan}/{extra}'),
			/operation get_plan: path has \{extra\} without an input/,
		],
		[
			'a path input that is not in the path',
			(copy) => put(getPlan(copy), 'path', '/projects/{project}/plans'),
			/operation get_plan: input plan is a path input/,
		],
		[
			'an input without a place',
			(copy) => put(createPlan(copy), 'input.properties.name.x-in', undefined),
			/operation create_plan: input\.name does not say where it travels/,
		],
		[
			'an input with inputs inside',
			(copy) =>
				put(createPlan(copy), 'input.properties.price', {
					...object({ amount: decimal('Amount', 'What a cycle costs.') }, { title: 'Price' }),
					description: 'What a cycle costs.',
					'x-in': 'body',
				}),
			/operation create_plan: input\.price is an object.*buildRequest.*addBody/,
		],
		[
			'an id that cannot be picked',
			(copy) => put(getPlan(copy), 'input.properties.plan.x-pick', undefined),
			/operation get_plan: input\.plan holds the id of a plan that cannot be picked/,
		],
		[
			'an unknown related event',
			(copy) => put(event(copy), 'related', ['role.renamed']),
			/event role\.created: related names "role\.renamed"/,
		],
		[
			'an unknown caused event',
			(copy) => put(createPlan(copy), 'emits', ['plan.made']),
			/operation create_plan: emits names the unknown event "plan\.made"/,
		],
		[
			'an unknown family',
			(copy) => put(event(copy), 'family', 'roles'),
			/event role\.created: family is the unknown "roles"/,
		],
		[
			'an unknown error code',
			(copy) => put(createPlan(copy), 'errors', ['OOPS']),
			/operation create_plan: errors names the unknown code "OOPS"/,
		],
		[
			'a body on a read',
			(copy) => put(getPlan(copy), 'input.properties.plan.x-in', 'body'),
			/operation get_plan: input plan is in the body of a GET/,
		],
		[
			'a search that writes',
			(copy) => put(getPlan(copy), 'method', 'POST'),
			/operation get_plan: kind is search with POST/,
		],
		[
			'a deletion that loses nothing',
			(copy) => put(operation(copy, 'delete_plan'), 'destructive', 'no'),
			/operation delete_plan: destructive is "no"/,
		],
		[
			'a deletion of our own that loses nothing',
			(copy) => put(unsubscribe(copy), 'destructive', 'no'),
			/operation delete_webhook_subscription: destructive is "no"/,
		],
		[
			'a match on a field that rows lack',
			(copy) =>
				put(operation(copy, 'find_plan_by_name'), 'match', {
					input: 'name',
					field: 'nom',
				}),
			/operation find_plan_by_name: match\.field names "nom", which the answer has not\. Name a field/,
		],
		[
			'a description that repeats the title',
			(copy) => put(event(copy), 'data.properties.team_id.description', 'Team ID.'),
			/event role\.created: data\.team_id\.description repeats the title/,
		],
		[
			'a description that repeats the title in other letters',
			(copy) => put(event(copy), 'data.properties.team_id.description', 'Team id.'),
			/event role\.created: data\.team_id\.description repeats the title/,
		],
		...(
			[
				['role_id.description', undefined],
				['role_id.title', undefined],
				['role.title', 'Role  Name'],
				['role.description', 'the role'],
			] as const
		).map(([path, value]): [string, Change, RegExp] => [
			`a field whose ${path} is ${JSON.stringify(value)}`,
			(copy) => {
				put(event(copy), 'data.properties.role', { type: 'object', properties: {} });
				put(event(copy), `data.properties.${path}`, value);
			},
			new RegExp(`event role\\.created: data\\.${path.replace('.', '\\.')} (starts|has)`),
		]),
		[
			'a path to another shape that is none',
			(copy) => put(event(copy), 'data.properties.role_id.x-also-at', ['role..id']),
			/event role\.created: data\.role_id x-also-at/,
		],
		[
			'two fields that a form would call the same',
			(copy) => put(event(copy), 'data.properties.team_id.title', 'Role ID'),
			/event role\.created: data\.\w+\.title is "Role ID", as that of data\.\w+\. .*another/,
		],
		[
			'two inputs that a form would call the same',
			(copy) => put(createPlan(copy), 'input.properties.name.title', 'Price'),
			/operation create_plan: input\.price\.title is "Price", as that of input\.name\./,
		],
		[
			'a field of a shape that is seldom sent, called as another',
			(copy) =>
				put(
					find(copy.events, 'type', 'payment.refunded'),
					'variants.0.data.properties.reason.title',
					'Amount',
				),
			/event payment\.refunded: variant manifest reason\.title is "Amount", as that of variant manifest amount\./,
		],
		[
			'a closed set in an event',
			(copy) => put(event(copy), 'data.properties.team_id.enum', ['tem_1']),
			/event role\.created: data\.team_id is a choice\. Use text/,
		],
		[
			'a row of a list without words',
			(copy) =>
				put(
					operation(copy, 'get_earnings'),
					'output.schema.properties.timeseries.items.properties.bucket.description',
					'when',
				),
			/operation get_earnings: output\.timeseries\[\]\.bucket\.description .*full stop/,
		],
		[
			'an element of a list without words',
			(copy) =>
				put(operation(copy, 'get_group'), 'output.schema.properties.project_ids.items.title', 'id'),
			/operation get_group: output\.project_ids\[\]\.title is "id" .*Title Case/,
		],
		[
			'an element of a list without an example',
			(copy) =>
				put(
					operation(copy, 'get_group'),
					'output.schema.properties.project_ids.items.examples',
					undefined,
				),
			/operation get_group: output\.project_ids\[\] has no example/,
		],
		[
			'an element of a list that a form would call as another field',
			(copy) =>
				put(
					operation(copy, 'get_group'),
					'output.schema.properties.project_ids.items.title',
					'Code',
				),
			/operation get_group: output\.project_ids\[\]\.title is "Code", as that of output\.code\./,
		],
		[
			'a list of lists',
			(copy) =>
				put(operation(copy, 'get_group'), 'output.schema.properties.project_ids.items', {
					type: 'array',
					items: { type: 'string' },
				}),
			/operation get_group: output\.project_ids\[\] is a list in a list.*outputFieldsOf/,
		],
		[
			'a choice without an example',
			(copy) => put(operation(copy, 'list_members'), 'input.properties.status.examples', undefined),
			/operation list_members: input\.status has no example/,
		],
		[
			'an event in the file of another family',
			(copy) => put(event(copy), 'type', 'roles.created'),
			/event roles\.created: type does not begin with "role\."/,
		],
		[
			'an exclusion of an input that is not there',
			(copy) => put(createPlan(copy), 'exclusive', [['name', 'titel']]),
			/operation create_plan: exclusive names the unknown input "titel"/,
		],
		[
			'an input that is not there, at the top in n8n',
			(copy) => put(createPlan(copy), 'n8n.topLevel', ['titel']),
			/operation create_plan: n8n\.topLevel names the unknown input "titel"/,
		],
		[
			'a list to pick from whose rows have no such label',
			(copy) => put(operation(copy, 'list_roles'), 'output.schema.properties.name', undefined),
			/pick list roles: operation list_roles has no "name" in its rows/,
		],
		[
			'a list to pick from that asks for more than a form can give',
			(copy) => put(operation(copy, 'list_subscriptions'), 'input.required', ['status']),
			/pick list subscriptions: operation list_subscriptions requires "status".*optional/,
		],
		[
			'a list to pick from that is gone',
			(copy) => put(operation(copy, 'list_roles'), 'key', 'find_roles'),
			/pick list roles: operation names the unknown operation "list_roles"/,
		],
		[
			'a picker whose parent is missing',
			(copy) => put(getPlan(copy), 'input.properties.project', undefined),
			/operation get_plan: input plan is picked from a list that needs "project"/,
		],
		[
			'a filter whose picker lacks more than a project',
			(copy) =>
				put(
					operation(copy, 'list_subscriptions'),
					'input.properties.plan_id.x-pick',
					'teamMembers',
				),
			/operation list_subscriptions: input plan_id is picked from a list that needs "team"/,
		],
		[
			'a list of IDs whose picker lacks what it needs',
			(copy) =>
				put(
					operation(copy, 'get_earnings'),
					'input.properties.plan_ids.items.x-pick',
					'teamMembers',
				),
			/operation get_earnings: input plan_ids is picked from a list that needs "team"/,
		],
		...(
			[
				['label', (copy) => put(event(copy), 'label', otherEvent(copy)['label'])],
				['summary', (copy) => put(event(copy), 'summary', otherEvent(copy)['summary'])],
				['Zapier key', (copy) => copy.events.push(event(copy))],
			] as const satisfies readonly (readonly [string, Change])[]
		).map(([what, change]): [string, Change, RegExp] => [
			`the ${what} of another event`,
			change,
			new RegExp(`event [^:]+: ${what} is used twice`),
		]),
		...(
			[
				['label', (copy) => put(createPlan(copy), 'label', getPlan(copy)['label'])],
				['n8n action', (copy) => put(createPlan(copy), 'n8n.action', 'Get plan')],
				['place in n8n', (copy) => put(createPlan(copy), 'n8n.operation', 'get')],
				['name in n8n', (copy) => put(createPlan(copy), 'n8n.name', 'Get')],
			] as const satisfies readonly (readonly [string, Change])[]
		).map(([what, change]): [string, Change, RegExp] => [
			`the ${what} of another operation`,
			change,
			new RegExp(`operation [^:]+: ${what} is used twice`),
		]),
		[
			'a recipe that is there twice',
			(copy) => copy.recipes.push(welcomeFlow(copy)),
			/recipe welcome-flow: key is used twice/,
		],
		[
			'a write to the route of another',
			(copy) => {
				const { path, input } = operation(copy, 'cancel_subscription');
				put(operation(copy, 'create_plan'), 'path', path);
				put(operation(copy, 'create_plan'), 'input', input);
			},
			/write POST \/[^:]+: route is used twice/,
		],
		[
			'a recipe that is called as another',
			(copy) => put(welcomeFlow(copy), 'title', 'Churn Saver'),
			/recipe Churn Saver: title is used twice/,
		],
		[
			'a shape of an event that is called as another',
			(copy) => {
				const { variants } = find(copy.events, 'type', 'payment.refunded') as {
					variants: unknown[];
				};
				variants.push(variants[0]);
			},
			/event payment\.refunded, variant manifest: name is used twice/,
		],
		[
			'a group of inputs that excludes nothing',
			(copy) => put(createPlan(copy), 'exclusive', [['trial_days']]),
			/operation create_plan: exclusive has the group \["trial_days"\]\. Name two or more/,
		],
		[
			'an input that has to be given, and would exclude all others',
			(copy) => put(createPlan(copy), 'exclusive', [['name', 'trial_days']]),
			/operation create_plan: exclusive has the group \["name","trial_days"\]\. Name two or more/,
		],
		[
			'a key beside data that the answer has not',
			(copy) => put(operation(copy, 'create_webhook_endpoint'), 'output.beside', ['secrt']),
			/operation create_webhook_endpoint: output\.beside names "secrt", which the answer has not/,
		],
		[
			'a text to search that rows lack',
			(copy) => put(operation(copy, 'list_members'), 'input.properties.search.x-part-of', ['nme']),
			/operation list_members: input\.search x-part-of names "nme", which the answer has not/,
		],
		[
			'pages of an answer that is no list',
			(copy) => put(getPlan(copy), 'output.paging', 'pages'),
			/operation get_plan: output\.paging is "pages", and the answer is no list/,
		],
		[
			'pages of what a write answers',
			(copy) => put(operation(copy, 'list_plans'), 'method', 'POST'),
			/operation list_plans: output\.paging is "pages", and the answer is no list/,
		],
		...['page', 'per_page', 'limit', 'cursor'].map((key): [string, Change, RegExp] => [
			`an input "${key}" of a list that is read with it anyway`,
			(copy) =>
				put(operation(copy, 'list_plans'), `input.properties.${key}`, {
					...decimal('Odd One', 'What it is.'),
					'x-in': 'query',
				}),
			new RegExp(`operation list_plans: input\\.${key} is filled in by whatever reads the list`),
		]),
		[
			'an option of a field that is misspelt',
			(copy) => put(event(copy), 'data.properties.team_id.minLenght', 3),
			/event role\.created: data\.team_id is no schema \(strict mode: unknown keyword: "minLenght"\)\. Write keys of FieldSchema/,
		],
		[
			'a source of a field that nobody can look up',
			(copy) => put(event(copy), 'data.properties.team_id.x-source', 'the docs'),
			/event role\.created: data\.team_id x-source names "the docs" as a source/,
		],
		[
			'a name of a parameter in n8n that is no name',
			(copy) => put(createPlan(copy), 'input.properties.name.x-n8n', 'plan name'),
			/operation create_plan: input\.name x-n8n is "plan name"/,
		],
		[
			'a recipe that breaks a rule',
			(copy) => put(welcomeFlow(copy), 'title', 'welcome'),
			/recipe welcome-flow: title .*Title Case/,
		],
		...(
			[
				['noun', 'Roles'],
				['firesWhen', 'when a role is made'],
				['firesWhen', 'When the payload says so.'],
				['summary', 'Triggers when a payload has come.'],
				['related', ['role.created']],
				['decisions', [{ because: 'Because.' }]],
			] as const
		).map(([path, value]): [string, Change, RegExp] => [
			`an event whose ${path} is ${JSON.stringify(value)}`,
			(copy) => put(event(copy), path, value),
			new RegExp(`event role\\.created: ${path.replace(/s$/, '')}`),
		]),
		[
			'a shape of an event without evidence',
			(copy) => put(find(copy.events, 'type', 'payment.refunded'), 'variants.0.evidence', ''),
			/event payment\.refunded: variant manifest evidence is ""/,
		],
		[
			'a shape of an event without a source',
			(copy) => put(find(copy.events, 'type', 'payment.refunded'), 'variants.0.source', 'the docs'),
			/event payment\.refunded: variant manifest source names "the docs"/,
		],
		...(
			[
				['key', 'createPlan', 'key'],
				['label', 'create plan', 'label'],
				['noun', 'Plans', 'noun'],
				['summary', 'Create a plan.', 'summary'],
				['summary', 'Creates a plan from a payload.', 'summary says "payload"'],
				['n8n.action', 'Create a Plan', 'n8n\\.action'],
				['n8n.name', 'create', 'n8n\\.name is "create"'],
				['n8n.operation', 'Create It', 'n8n\\.operation is "Create It"'],
				['n8n.collection', 'Other Fields', 'n8n\\.collection is "Other Fields"'],
				['repeat.note', 'twice', 'repeat\\.note'],
				['caveats', ['no full stop'], 'caveat'],
				['decisions', [{ because: 'Because.' }], 'decision'],
				['output.evidence', 'certain', 'output\\.evidence'],
				['path', 'projects/{project}/plans', 'path is "projects'],
				['path', '/projects/{project}/Plans?all=1', 'path is "/projects'],
				['method', 'GET', 'kind is action with GET'],
				['input.required', ['name'], 'input project is a path input'],
				['input.properties.name.title', undefined, 'input\\.name\\.title'],
				['input.properties.price.minimum', 1e9, 'input\\.price has (a|the)'],
				[
					'input.properties.planName',
					{ type: 'string', 'x-in': 'body' },
					'input\\.planName is "planName"',
				],
				[
					'output.schema.properties.name.title',
					'Plan ID',
					'output\\.\\w+\\.title is "Plan ID", as that of output',
				],
			] as const
		).map(([path, value, said]): [string, Change, RegExp] => [
			`an action whose ${path} is ${JSON.stringify(value)}`,
			(copy) => put(createPlan(copy), path, value),
			new RegExp(`operation (create_plan|createPlan): ${said}`),
		]),
		...(
			[
				['label', 'Get Plan', 'label is "Get Plan".*Start the label of a search'],
				['summary', 'Gets a plan by its ID.', 'summary .*starts with "Finds "'],
				['destructive', 'reversible', 'destructive is set for a read'],
				['emits', ['plan.created'], 'emits is set for a read'],
			] as const
		).map(([path, value, said]): [string, Change, RegExp] => [
			`a search whose ${path} is ${JSON.stringify(value)}`,
			(copy) => put(getPlan(copy), path, value),
			new RegExp(`operation get_plan: ${said}`),
		]),
		[
			'a read without a summary in sentences',
			(copy) => put(operation(copy, 'list_plans'), 'summary', 'lists'),
			/operation list_plans: summary starts without a capital/,
		],
		[
			'a read that writes',
			(copy) => put(operation(copy, 'list_plans'), 'method', 'POST'),
			/operation list_plans: kind is read with POST/,
		],
		[
			'a write beyond the actions that reads',
			(copy) => put(find(copy.operations, 'kind', 'extra'), 'method', 'GET'),
			/operation \w+: kind is extra with GET/,
		],
		[
			'a match on an input that there is not',
			(copy) => put(operation(copy, 'find_plan_by_name'), 'match', { input: 'nom', field: 'name' }),
			/operation find_plan_by_name: match names the unknown input "nom"/,
		],
		[
			'an optional input before a required one',
			(copy) =>
				put(createPlan(copy), 'input.required', [
					'project',
					Object.keys(inputsOf(createPlan(copy))).at(-1),
				]),
			/operation create_plan: input\.\w+ comes before a required input/,
		],
		[
			'an optional input before all required ones',
			(copy) =>
				put(createPlan(copy), 'input.required', Object.keys(inputsOf(createPlan(copy))).slice(1)),
			/operation create_plan: input\.project comes before a required input/,
		],
		[
			'a route of our own that breaks a rule',
			(copy) => put(unsubscribe(copy), 'noun', 'things'),
			/operation delete_webhook_subscription: noun/,
		],
		[
			'a field inside another that a form would call the same',
			(copy) =>
				put(
					operation(copy, 'get_earnings'),
					'output.schema.properties.totals.properties.gross.title',
					'Over Time',
				),
			/operation get_earnings: output\.\w+\.title is "Over Time", as that of output\.totals\.gross\./,
		],
		[
			'a field inside another without words',
			(copy) =>
				put(
					operation(copy, 'get_earnings'),
					'output.schema.properties.totals.properties.gross.description',
					'when',
				),
			/operation get_earnings: output\.totals\.gross\.description .*full stop/,
		],
		[
			'bounds that nothing can keep',
			(copy) => put(createPlan(copy), 'input.properties.name.minLength', 1_000),
			/operation create_plan: input\.name has a minLength above its maxLength/,
		],
		[
			'a field of the rows of a list that a form would call the same',
			(copy) =>
				put(
					operation(copy, 'get_earnings'),
					'output.schema.properties.timeseries.items.properties.bucket.title',
					'Totals',
				),
			/operation get_earnings: output\.[^ ]+\.title is "[^"]+", as that of output\./,
		],
	])('%s', (_, change, message) => {
		const messages = audit(spoilt(change)).map((finding) => finding.message);
		expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
		// At the end, for who looks the rule up in its source.
		expect(messages.filter((one) => !/ \[[a-z0-9]+(-[a-z0-9]+)*\]$/.test(one))).toEqual([]);
	});
});

it('a field that is no schema is told once: its example is not to blame', () => {
	const misspelt = spoilt((copy) => put(event(copy), 'data.properties.team_id.minLenght', 3));
	expect(audit(misspelt).map(({ rule, where }) => [rule, where])).toEqual([
		['sound-schema', 'data.team_id'],
	]);
});

describe('what a rule leaves free', () => {
	it.each<[string, Change]>([
		[
			'a field that only holds others needs no words, and so shares none',
			(copy) => {
				for (const name of ['one', 'other']) {
					put(event(copy), `data.properties.${name}`, { type: 'object', properties: {} });
				}
			},
		],
		[
			'what is not read page by page may have an input of that name',
			(copy) =>
				put(getPlan(copy), 'input.properties.limit', {
					...decimal('Limit', 'What it may cost.', { examples: ['5.00'] }),
					'x-in': 'query',
				}),
		],
		[
			'a later key may be one that is derived where it is missing',
			(copy) => {
				put(event(copy), 'data.properties.role_id.x-derived', true);
				put(event(copy), 'laterKeys', ['role_id']);
			},
		],
	])('%s', (_, change) => {
		const said = (subject?: Catalogue) => audit(subject).map(({ message }) => message);
		expect(said(spoilt(change))).toEqual(said());
	});
});
