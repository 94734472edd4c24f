import {
	eventByType,
	type FieldSchema,
	operation,
	type OperationEntry,
	operations,
} from '../src/index.ts';
import { recipes } from '../src/recipes/index.ts';

const changeLog = 'github.com/envigoinnovations/subscriby-n8n CHANGELOG.md (later era)';

const cautionsOf = (key: string): readonly string[] =>
	key.includes('.')
		? (eventByType(key)?.caveats ?? []).map(({ text }) => text)
		: operation(key).caveats;
const sourcesOf = (key: string): readonly string[] =>
	key.includes('.') ? (eventByType(key)?.sources ?? []) : operation(key).sources;

/** Whether a step of a recipe makes a link from the ID of an access code. */
const usesDeepLinkOfCode = (parts: unknown): boolean =>
	JSON.stringify(parts).includes('"access_code":');

const routeList =
	'github.com/envigoinnovations/subscriby-n8n scripts/data/api-endpoints.json (later era)';

/** What the change log of the vendor's later package takes away or reshapes, and the entry here that it hits. */
describe('What the successor took away or reshaped', () => {
	it.each([
		['get_bot_link', '3.0.0: the bot family is replaced by connectors'],
		['get_bot_status', '3.0.0: the bot family is replaced by connectors'],
		['project.bot.connected', '3.0.0: the events of bots are moved to connector.*'],
		['project.bot.disconnected', '3.0.0: the events of bots are moved to connector.*'],
		['find_subscriber_by_telegram_id', '4.0.0: telegram_id finds nobody'],
		['create_plan', '2.0.0: plans need a kind and a block of it'],
		['update_plan', '2.0.0: plans need a kind and a block of it'],
		['get_resource', '3.0.0: kind and space instead of type and chat_id'],
	])('%s says so and names the change log (%s)', (key) => {
		expect(cautionsOf(key)).toContainEqual(expect.stringMatching(/^Subscriby, .*MemberPass/));
		expect(sourcesOf(key)).toContain(changeLog);
	});
});

describe('What is no route of the successor', () => {
	it('says so and names the route list: an endpoint is paused and resumed there, and not updated', () => {
		expect(cautionsOf('update_webhook_endpoint')).toContainEqual(
			expect.stringMatching(/^Subscriby, .*to pause and resume/),
		);
		expect(sourcesOf('update_webhook_endpoint')).toContain(routeList);
	});
});

describe('What a resource is, under its later name', () => {
	it.each([
		['project.resource.created', 'resource.type', ['resource.kind']],
		['project.resource.linked', 'type', ['kind']],
		['member.resource_added', 'resource_type', ['resource_kind']],
		['member.resource_removed', 'resource_type', ['resource_kind']],
	])('is found in %s for %s, so that a mapped field does not go empty', (type, path, places) => {
		const field = path
			.split('.')
			.reduce<FieldSchema | undefined>((at, key) => at?.properties?.[key], eventByType(type)?.data);
		expect(field?.['x-also-at']).toEqual(places);
	});
});

describe('An event that nothing could send', () => {
	const type = 'team.member.role_changed';

	it('warns of that, since 2.1.0 of the change log says that nothing raised it before', () => {
		expect(eventByType(type)?.caveats).toContainEqual(
			expect.objectContaining({
				kind: 'partial',
				text: expect.stringContaining('31 August 2026') as string,
			}),
		);
		expect(sourcesOf(type)).toContain(changeLog);
	});

	it('is warned of by every recipe that starts with it', () => {
		const started = recipes.filter(({ parts }) =>
			parts.some(({ trigger }) => trigger.kind === 'event' && trigger.event === type),
		);
		expect(started.map(({ key }) => key)).toEqual(['audit-trail']);
		for (const { limits } of started) {
			expect(limits).toContainEqual(
				expect.objectContaining({ cannot: expect.stringContaining('31 August 2026') as string }),
			);
		}
	});
});

describe('An event that sends its reader to a look-up', () => {
	it.each([
		['group.created', 'Look up the group', 'get_group', 'project_ids'],
		['group.updated', 'Look up the group', 'get_group', 'project_ids'],
		['role.created', 'Look up the role', 'get_role', 'permissions'],
		['role.updated', 'Look up the role', 'get_role', 'permissions'],
		['team.member.role_changed', 'Look up the role', 'get_role', 'permissions'],
		['subscription.created', 'Look up the member', 'get_member', 'email'],
		['member.joined', 'Look up the member', 'get_member', 'name'],
	])('%s: "%s" finds it in %s as %s', (type, advice, key, field) => {
		expect(cautionsOf(type)).toContainEqual(expect.stringContaining(advice));
		expect(Object.keys(operation(key).output.schema.properties)).toContain(field);
	});
});

describe('What a page says an answer holds', () => {
	it('is offered although its sample is cut: an order of codes comes with a preview of the cost', () => {
		const { properties, required } = operation('bulk_generate_access_codes').output.schema;
		expect(Object.keys(properties['preview']?.properties ?? {})).toEqual([
			'free_remaining',
			'chargeable_quantity',
			'cost',
		]);
		expect(required).not.toContain('preview');
		expect(properties['preview']?.['x-evidence']).toBe('inferred');
	});
});

describe('What a form promises', () => {
	it.each(['create_project', 'update_project', 'create_plan', 'update_plan', 'create_resource'])(
		'of the description in %s is that HTML is filtered, as the pages of the tools say',
		(key) => {
			expect(operation(key).input.properties['description']?.description).toMatch(/filters HTML/);
		},
	);

	it('of a link made from the ID of a code is not that it works, nor does the recipe that makes some', () => {
		expect(cautionsOf('get_deep_link').join(' ')).toMatch(/It is not confirmed/);
		expect(operation('get_deep_link').input.properties['access_code']?.description).not.toMatch(
			/redeem/,
		);
		const making = recipes.filter(({ parts }) => usesDeepLinkOfCode(parts));
		expect(making.map(({ key }) => key)).toEqual(['gift-code-campaign']);
		for (const { limits } of making) {
			expect(limits).toContainEqual(
				expect.objectContaining({
					cannot: expect.stringContaining('It is not confirmed') as string,
				}),
			);
		}
	});

	it('of a filter with several values is that it has to be checked, as no page shows one in a query', () => {
		const withLists = operations.filter(({ input }) =>
			Object.values(input.properties).some(
				(field) => field['x-in'] === 'query' && field.type === 'array',
			),
		);
		const warned = operations.filter(({ caveats }) =>
			caveats.some((caveat) => /not confirmed .* filters with several values/.test(caveat)),
		);
		const keys = (entries: readonly OperationEntry[]) => entries.map(({ key }) => key);
		expect(keys(warned)).toEqual([
			'get_dashboard_analytics',
			'get_earnings',
			'get_transaction_breakdown',
			'list_transactions',
		]);
		expect(keys(withLists)).toEqual(keys(warned));
	});

	it('of the order of log entries is nothing, as no page tells it', () => {
		expect(cautionsOf('list_activity').join(' ')).not.toMatch(/newest|latest|recent/);
	});

	it('of the ID of a delivery is where one is returned, as the documented columns of the log hold none', () => {
		const field = operation('retry_webhook_delivery').input.properties['delivery'];
		expect(field?.description).toMatch(/Send Test returns the ID/);
		expect(field?.description).not.toMatch(/shows its ID/);
	});

	it('of codes is no more than that the pages show them masked: no page shows an answer of the API', () => {
		for (const key of ['list_access_codes', 'bulk_generate_access_codes']) {
			const said = cautionsOf(key).join(' ');
			expect(said).toMatch(/documentation shows (codes|them) masked/);
			expect(said).not.toMatch(/always masked|never shows/);
		}
	});

	it('of the expiry of a batch is that it has to be checked, as two sources send two forms of it', () => {
		expect(cautionsOf('bulk_generate_access_codes').join(' ')).toMatch(
			/not confirmed .* Expiry: .* Expires in Days/,
		);
	});

	it.each([
		['unban_member', /next payment makes them a customer again/],
		['create_webhook_endpoint', /outside the Allowed IP Addresses, .* probably given up unsent/],
		['payment.pending', /documented without .* Subscriber ID and Plan ID/],
	])('of %s has what a source warns of', (key, warning) => {
		expect(cautionsOf(key).join(' ')).toMatch(warning);
	});

	it('of the log of changes is not that it holds secrets, which a page says are taken out', () => {
		const { properties } = operation('list_activity').output.schema;
		expect(properties['properties']?.description).toMatch(/tokens, secrets and passwords/);
	});

	it('of access codes beyond the tier is no more than the pages, which differ on a consent', () => {
		expect(cautionsOf('bulk_generate_access_codes').join(' ')).toMatch(/may refuse/);
	});
});
