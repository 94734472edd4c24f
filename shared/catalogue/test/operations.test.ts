import { expectedCounts, loadVendorSurface } from '@memberpass/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	camelCase,
	type FieldSchema,
	type ObjectSchema,
	operation,
	type OperationEntry,
	operations,
	plumbing,
	resources,
	route,
	routes,
	subscriptionAbilities,
} from '../src/index.ts';

/** What the vendor's pages and package state about the 59 actions and searches, extracted once. */
interface DocumentedInput {
	readonly in: string;
	readonly type: string;
	/** Absent where the sources contradict each other. */
	readonly required?: boolean;
	readonly enum?: readonly string[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly pattern?: string;
	readonly default?: unknown;
}
interface DocumentedOperation {
	readonly kind: string;
	readonly method: string;
	readonly path: string;
	readonly ability: string | null;
	readonly n8n_operation: string;
	readonly inputs: Readonly<Record<string, DocumentedInput>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, name), 'utf8'));
const documented = Object.entries(
	read('documented-operations.json') as Readonly<Record<string, DocumentedOperation>>,
);
const surface = Object.entries(
	loadVendorSurface(join(__dirname, '../../..')).nodes.memberPass.resources,
).flatMap(([resource, verbs]) =>
	Object.entries(verbs).map(
		([verb, { parameters }]) => [`${resource}.${verb}`, parameters] as const,
	),
);

/** Documented inputs the catalogue leaves out, with the reason. */
const paging = 'paging belongs to the platform';
const leftOut: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	create_project: { team_id: 'the team comes from the token, never from the body' },
	update_project: {
		team_id: 'the team comes from the token, never from the body',
		website_url: 'only 1.4.0 knows it',
	},
	create_resource: { type: 'only 1.4.0 knows it', target: 'only 1.4.0 knows it' },
	list_subscriptions: { page: paging, per_page: paging },
	list_members: { page: paging, per_page: paging },
	list_access_codes: { page: paging, per_page: paging },
	list_transactions: { cursor: paging, limit: paging },
	list_activity: { limit: paging },
};

/** Inputs that are stricter or looser than documented on purpose, with the reason. */
const deviations: Readonly<Record<string, string>> = {
	'list_activity.subject_type.enum': 'open: two sources spell the types differently',
	'bulk_generate_access_codes.expires_in_days.default': 'would contradict a chosen expiry',
};

/** Parameters of 1.4.0 that no input carries under that name, with the reason. */
const unusedFilters = 'one collection served all reports; this report does not take it';
const replaced: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'accessCode.list': { returnAll: paging, limit: paging },
	'member.list': { returnAll: paging, limit: paging },
	'subscription.list': { returnAll: paging, limit: paging },
	'activity.list': { activityLimit: paging },
	'webhookDelivery.list': { limit: paging },
	'analytics.getDashboard': { cursor: unusedFilters, limit: unusedFilters },
	'analytics.getEarnings': {
		compare_period: unusedFilters,
		cursor: unusedFilters,
		limit: unusedFilters,
	},
	'analytics.getSubscribers': {
		compare_period: unusedFilters,
		cursor: unusedFilters,
		limit: unusedFilters,
	},
	'analytics.getTransactionBreakdown': {
		compare_period: unusedFilters,
		cursor: unusedFilters,
		limit: unusedFilters,
	},
	'analytics.getPlanPerformance': {
		compare_period: unusedFilters,
		cursor: unusedFilters,
		limit: unusedFilters,
		project_id: 'analyticsProjectId carries it',
	},
	'analytics.listTransactions': {
		compare_period: unusedFilters,
		cursor: paging,
		limit: paging,
		project_id: 'analyticsProjectId carries it',
	},
	'plan.create': { currency: 'became currency_id: codes were always refused' },
	'project.create': { platform: 'became type' },
	'project.update': { website_url: 'only 1.4.0 knows it' },
	'resource.create': { type: 'only manual perks can be created', target: 'see type' },
};

const inputsOf = (entry: { readonly input: ObjectSchema }) =>
	Object.entries(entry.input.properties);
const isRequired = (entry: { readonly input: ObjectSchema }, key: string) =>
	entry.input.required?.includes(key) ?? false;
const n8nName = (key: string, field: FieldSchema) => field['x-n8n'] ?? camelCase(key);
const jsonType: Readonly<Record<string, string>> = {
	string: 'string',
	uuid: 'string',
	uri: 'string',
	date: 'string',
	'https-url': 'string',
	integer: 'integer',
	number: 'number',
	boolean: 'boolean',
	'uuid[]': 'array',
	'string[]': 'array',
};

/** Every schema below one, with its dotted path. */
function walk(schema: FieldSchema, path = ''): (readonly [string, FieldSchema])[] {
	return [
		[path, schema],
		...Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
			walk(child, `${path}.${key}`),
		),
		...(schema.items === undefined ? [] : walk(schema.items, `${path}[]`)),
	];
}

describe('what the catalogue offers', () => {
	it.each([
		['action', expectedCounts.actions],
		['search', expectedCounts.searches],
		['read', expectedCounts.reads],
		['extra', expectedCounts.extras],
	])('has as many operations of kind %s as shared/testing/src/counts.ts says', (kind, count) => {
		expect(operations.filter((entry) => entry.kind === kind).length).toBe(count);
	});

	it('groups them under the resources of the n8n node', () => {
		expect(resources.map((resource) => resource.key)).toEqual([
			'accessCode',
			'activity',
			'analytics',
			'bot',
			'distribution',
			'group',
			'member',
			'paymentMethod',
			'plan',
			'project',
			'resource',
			'role',
			'subscriber',
			'subscription',
			'team',
			'teamMember',
			'token',
			'webhookDelivery',
			'webhookEndpoint',
		]);
	});

	it('keeps the calls of triggers apart from what users can choose', () => {
		expect(plumbing.map(({ key, method, path }) => `${key} ${method} ${path}`)).toEqual([
			'create_webhook_subscription POST /webhook-subscriptions',
			'delete_webhook_subscription DELETE /webhook-subscriptions/{endpoint}',
		]);
		expect(() => operation('create_webhook_subscription')).toThrow(/no operation/);
		expect(route('create_webhook_subscription').n8n).toBeNull();
	});

	it('says which key is unknown', () => {
		expect(() => route('create_unicorn')).toThrow('The catalogue has no route "create_unicorn".');
	});
});

describe.each(documented)('%s', (key, fact) => {
	const entry = operation(key);

	it('is the documented route with the documented ability', () => {
		expect({
			kind: entry.kind,
			method: entry.method,
			path: `/v1${entry.path}`,
			ability: entry.ability,
			n8n: `${entry.resource}.${entry.n8n.operation}`,
		}).toEqual({
			kind: fact.kind,
			method: fact.method,
			path: fact.path,
			ability: fact.ability,
			n8n: fact.n8n_operation,
		});
	});

	it('takes the documented inputs, save those left out for a reason', () => {
		const skipped = leftOut[key] ?? {};
		const wanted = Object.keys(fact.inputs).filter((input) => !(input in skipped));
		expect(inputsOf(entry).map(([input]) => input)).toEqual(expect.arrayContaining(wanted));
		expect(inputsOf(entry).filter(([input]) => input in skipped)).toEqual([]);
	});
});

const bounds = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'default'] as const;
const formats: Readonly<Record<string, string>> = {
	uri: 'uri',
	'https-url': 'uri',
	date: 'date',
};
const documentedInputs = documented.flatMap(([key, { inputs }]) =>
	Object.entries(inputs)
		.filter(([input]) => leftOut[key]?.[input] === undefined)
		.map(([input, rule]) => [key, input, rule] as const),
);

it.each(documentedInputs)(
	'%s gives %s its documented place, type and bounds',
	(key, input, rule) => {
		const entry = operation(key);
		const field = entry.input.properties[input];
		const stated = bounds.filter(
			(bound) => rule[bound] !== undefined && !(`${key}.${input}.${bound}` in deviations),
		);
		expect({
			in: field?.['x-in'],
			type: field?.type,
			required: isRequired(entry, input),
			...Object.fromEntries(stated.map((bound) => [bound, field?.[bound]])),
		}).toEqual({
			in: rule.in,
			type: jsonType[rule.type],
			required: rule.required ?? expect.any(Boolean),
			...Object.fromEntries(stated.map((bound) => [bound, rule[bound]])),
		});
		expect(field?.format).toBe(formats[rule.type]);
		const isOpen = `${key}.${input}.enum` in deviations;
		expect(field?.enum ?? field?.items?.enum).toEqual(isOpen ? undefined : rule.enum);
		if (isOpen) {
			expect(field?.['x-known-values']).toEqual(expect.arrayContaining([...(rule.enum ?? [])]));
		}
	},
);

it('makes an exception of nothing that needs none', () => {
	const facts = documented.flatMap(([key, { inputs }]) =>
		Object.entries(inputs).flatMap(([input, rule]) => [
			`${key}.${input}`,
			...Object.keys(rule).map((fact) => `${key}.${input}.${fact}`),
		]),
	);
	const exceptions = [
		...Object.entries(leftOut).flatMap(([key, inputs]) =>
			Object.keys(inputs).map((input) => `${key}.${input}`),
		),
		...Object.keys(deviations),
	];
	expect(exceptions.filter((one) => !facts.includes(one))).toEqual([]);
	const needless = Object.keys(deviations).filter((one) => {
		const [key = '', input = '', fact = ''] = one.split('.');
		const field: Readonly<Record<string, unknown>> = {
			...operation(key).input.properties[input],
		};
		const rule: Readonly<Record<string, unknown>> = {
			...documented.find(([name]) => name === key)?.[1].inputs[input],
		};
		return JSON.stringify(field[fact]) === JSON.stringify(rule[fact]);
	});
	expect(needless).toEqual([]);
	const identities: readonly string[] = surface.map(([identity]) => identity);
	expect(Object.keys(replaced).filter((one) => !identities.includes(one))).toEqual([]);
});

it('has every action and search that is documented', () => {
	expect(operations.map((entry) => entry.key)).toEqual(
		expect.arrayContaining(documented.map(([key]) => key)),
	);
});

it('has the two documented writes that 1.4.0 lacks, as the page on retries prints them', () => {
	const extras = operations.filter((entry) => entry.kind === 'extra');
	expect(extras.map(({ key, method, path }) => `${key} ${method} ${path}`)).toEqual([
		'retry_webhook_delivery POST /webhook-deliveries/{delivery}/retry',
		'update_webhook_endpoint POST /webhook-endpoints/{endpoint}',
	]);
	const known = new Set(surface.map(([identity]) => identity));
	expect(extras.filter((one) => known.has(`${one.resource}.${one.n8n.operation}`))).toEqual([]);
});

describe('a workflow saved with 1.4.0', () => {
	const byIdentity = new Map(
		operations.map((entry) => [`${entry.resource}.${entry.n8n.operation}`, entry] as const),
	);

	it('finds each of the 65 operations under its old name', () => {
		expect([...byIdentity.keys()]).toEqual(
			expect.arrayContaining(surface.map(([identity]) => identity)),
		);
		expect(surface).toHaveLength(65);
	});

	it.each(surface)('finds every parameter of %s where it was', (identity, parameters) => {
		const entry = byIdentity.get(identity) as OperationEntry;
		const places = new Map(
			inputsOf(entry).map(([key, field]) => [n8nName(key, field), placeOf(entry, key)]),
		);
		expect(places.size).toBe(inputsOf(entry).length);

		const gone = replaced[identity] ?? {};
		const were = parameters.flatMap(({ name, fields }) =>
			fields === undefined ? [[name, 'top']] : fields.map((field) => [field.name, name]),
		);
		const kept = were.filter(([name = '']) => !(name in gone));
		expect(kept.map(([name = '']) => [name, places.get(name)])).toEqual(kept);
		expect(were.filter(([name = '']) => name in gone && places.has(name))).toEqual([]);
		const all = were.map(([name]) => name);
		expect(Object.keys(gone).filter((name) => !all.includes(name))).toEqual([]);
	});

	it('finds the collection that 1.4.0 had, also where nothing of it is left', () => {
		const collections = surface.flatMap(([identity, parameters]) =>
			parameters
				.filter(({ fields }) => fields !== undefined)
				.map(({ name }) => [identity, name] as const),
		);
		expect(collections.length).toBeGreaterThan(10);
		expect(
			collections.map(([identity]) => [identity, byIdentity.get(identity)?.n8n.collection]),
		).toEqual(collections);
	});

	/** Where the form has an input: at the top, or inside its collection. */
	function placeOf({ input, n8n }: OperationEntry, key: string): string | null {
		return isRequired({ input }, key) || n8n.topLevel.includes(key) ? 'top' : n8n.collection;
	}
});

// What a rule of src/rules says of each entry is proved where those are: rules.test.ts spoils the catalogue for each.
describe.each(routes.map((entry) => [entry.key, entry] as const))('%s', (_, entry) => {
	it('names only inputs it has wherever it names one', () => {
		const inputs = Object.keys(entry.input.properties);
		const named = [
			...entry.exclusive.flat(),
			...(entry.n8n?.topLevel ?? []),
			...(entry.match === null ? [] : [entry.match.input]),
		];
		expect(named.filter((name) => !inputs.includes(name))).toEqual([]);
		const row = Object.keys(entry.output.schema.properties);
		const outputs = [...entry.output.beside, ...(entry.match === null ? [] : [entry.match.field])];
		expect(outputs.filter((name) => !row.includes(name))).toEqual([]);
	});

	it('has an example for every plain value, so that samples can be made', () => {
		const missing = [...walk(entry.input, 'input'), ...walk(entry.output.schema, 'output')].filter(
			([, field]) =>
				field.type !== 'object' &&
				field.type !== 'array' &&
				!(
					Array.isArray(field.type) &&
					(field.type.includes('object') || field.type.includes('array'))
				) &&
				(field.examples?.length ?? 0) === 0,
		);
		expect(missing.map(([path]) => path)).toEqual([]);
	});
});

it('reads for pickers are called as searches are, and name no brand', () => {
	for (const { label, summary } of operations.filter(({ kind }) => kind === 'read')) {
		expect([label, summary]).toEqual([
			expect.stringMatching(/^Find /),
			expect.stringMatching(/^Finds (?!.*MemberPass)[^.]*\.$/),
		]);
	}
});

it('every operation is summed up in one sentence', () => {
	const others = routes.filter(({ summary }) => !/^[A-Z][^.]*\.$/.test(summary));
	expect(others.map(({ key }) => key)).toEqual([]);
});

it('the calls of triggers say where each of their inputs travels, the required ones first', () => {
	for (const entry of plumbing) {
		expect(inputsOf(entry).filter(([, field]) => field['x-in'] === undefined)).toEqual([]);
		const flags = inputsOf(entry).map(([key]) => isRequired(entry, key));
		expect(flags).toEqual([...flags].sort((a, b) => Number(b) - Number(a)));
	}
});

/**
 * What a write loses, what a second one does, and which events it causes: the pages of the tools say which calls do
 * nothing the second time, those of the events what sends them.
 */
const consequences = [
	['create_project', 'no', 'creates_another', ['project.created']],
	['update_project', 'no', 'same', ['project.updated']],
	['archive_project', 'reversible', 'no_op', ['project.archived']],
	['restore_project', 'no', 'unknown', ['project.restored']],
	['delete_project', 'irreversible', 'refused', ['project.deleted']],
	['create_plan', 'no', 'refused', ['plan.created']],
	['update_plan', 'no', 'same', ['plan.updated']],
	['publish_plan', 'no', 'no_op', ['plan.activated']],
	['unpublish_plan', 'reversible', 'no_op', ['plan.deactivated']],
	['delete_plan', 'irreversible', 'refused', ['plan.deleted']],
	['cancel_subscription', 'reversible', 'refused', ['subscription.cancelled']],
	['ban_member', 'reversible', 'no_op', ['member.banned', 'subscription.cancelled']],
	['unban_member', 'no', 'unknown', ['member.unbanned']],
	['kick_member', 'reversible', 'unknown', ['member.kicked', 'member.resource_removed']],
	['bulk_generate_access_codes', 'no', 'creates_another', ['access_code.generated']],
	['delete_access_code', 'irreversible', 'refused', []],
	['create_resource', 'no', 'creates_another', ['project.resource.created']],
	[
		'unlink_resource',
		'reversible',
		'no_op',
		['project.resource.unlinked', 'member.resource_removed'],
	],
	[
		'delete_resource',
		'irreversible',
		'refused',
		['project.resource.deleted', 'member.resource_removed'],
	],
	['revoke_token', 'irreversible', 'refused', []],
	['create_webhook_endpoint', 'no', 'creates_another', []],
	['update_webhook_endpoint', 'reversible', 'no_op', []],
	['delete_webhook_endpoint', 'irreversible', 'refused', []],
	['rotate_webhook_secret', 'irreversible', 'replaces', []],
	['test_webhook_endpoint', 'no', 'same', []],
	['retry_webhook_delivery', 'no', 'creates_another', []],
] as const;

describe('what follows from an operation', () => {
	it('is told of every write', () => {
		const writes = operations.filter(({ method }) => method !== 'GET').map(({ key }) => key);
		expect(writes.sort()).toEqual(consequences.map(([key]) => key).sort());
	});

	it.each(consequences)(
		'%s: %s is lost, a second call: %s, events: %j',
		(key, lost, effect, sent) => {
			const { destructive, repeat, emits } = operation(key);
			expect([destructive, repeat.effect, emits]).toEqual([lost, effect, sent]);
		},
	);

	it('of a read is nothing', () => {
		const reads = operations.filter(({ method }) => method === 'GET');
		const wrong = reads.filter(
			({ destructive, repeat, emits }) =>
				destructive !== 'no' || repeat.effect !== 'same' || emits.length > 0,
		);
		expect(wrong.map(({ key }) => key)).toEqual([]);
	});
});

describe('what a platform is told of an operation beside its fields', () => {
	const told = <T>(what: (entry: OperationEntry) => T | null): Readonly<Record<string, T>> =>
		Object.fromEntries(
			operations.flatMap((entry) => {
				const one = what(entry);
				return one === null ? [] : [[entry.key, one]];
			}),
		);
	const unlessEmpty = <T>(list: readonly T[]): readonly T[] | null =>
		list.length === 0 ? null : list;

	it('both abilities, where a page and the later route list differ', () => {
		expect(told(({ alsoNeeds }) => unlessEmpty(alsoNeeds))).toEqual({
			preview_access_codes: ['project-access-code:view-any'],
			list_transactions: ['dashboard:read'],
		});
	});

	it('inputs that exclude each other', () => {
		expect(told(({ exclusive }) => unlessEmpty(exclusive))).toEqual({
			create_plan: [['newcomers_only', 'customers_only', 'churned_only']],
			bulk_generate_access_codes: [['expiry_preset', 'expires_in_days']],
		});
	});

	it('what is compared again, because no page confirms that the server filters', () => {
		expect(told(({ match }) => match)).toEqual({
			find_project_by_handle: { input: 'handle', field: 'handle' },
			find_plan_by_name: { input: 'name', field: 'name' },
			find_subscriber_by_telegram_id: { input: 'telegram_id', field: 'chat_id' },
		});
	});

	it('what comes beside data, or may', () => {
		expect(told(({ output }) => unlessEmpty(output.beside))).toEqual({
			create_webhook_endpoint: ['secret'],
			rotate_webhook_secret: ['secret'],
			test_webhook_endpoint: ['delivery_id'],
		});
	});

	it('how a list is read: in pages, except the keyset list, two with a limit and the report that comes whole', () => {
		const otherwise = operations.filter(
			({ output }) => output.shape === 'many' && output.paging !== 'pages',
		);
		expect(
			otherwise.map(({ key, output }) => [key, output.paging, output.pageSize]).sort(),
		).toEqual([
			['get_plan_performance', 'none', undefined],
			['list_activity', 'limit', undefined],
			['list_transactions', 'cursor', undefined],
			['list_webhook_events', 'limit', 100],
		]);
		const single = operations.filter(({ output }) => output.shape !== 'many');
		expect(single.filter(({ output }) => output.paging !== 'none')).toEqual([]);
	});
});

it('a subscription to an event needs the ability to manage webhooks and those of the event', () => {
	expect(
		subscriptionAbilities({
			ability: 'team-member:invite',
			alsoNeeds: ['team-member:view', 'team:view-any'],
		}),
	).toEqual(['webhook-endpoint:manage', 'team-member:invite', 'team-member:view', 'team:view-any']);
});

describe('how sure the catalogue is of an operation', () => {
	it('is that a page or the published package names each that they list', () => {
		const listed = documented.map(([key]) => operation(key).evidence);
		expect(new Set(listed)).toEqual(new Set(['documented']));
	});

	it('is least of its answer: pages show that of one call, and that is not one of users', () => {
		const shown = routes.filter(({ output }) => output.evidence !== 'inferred');
		expect(shown.map(({ key }) => key)).toEqual(['create_webhook_subscription']);
	});

	it('is said of each input that no source describes as it is here', () => {
		const inferred = operations.flatMap((entry) =>
			inputsOf(entry)
				.filter(([, field]) => field['x-evidence'] !== undefined)
				.map(([name, field]) => `${entry.key} ${name} ${field['x-evidence'] ?? ''}`),
		);
		expect(inferred.sort()).toEqual([
			'create_plan churned_only inferred',
			'create_plan customers_only inferred',
			'create_plan newcomers_only inferred',
			'get_dashboard_analytics statuses inferred',
			'get_earnings statuses inferred',
			'get_transaction_breakdown statuses inferred',
		]);
	});
});
