import { events, operations, resources } from '@memberpass/catalogue';
import type { INodeProperties } from 'n8n-workflow';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { loadVendorSurface } from '../../../shared/testing/src/vendor.ts';
import { built, repoRoot, useEngine } from './support.mts';

const surface = loadVendorSurface(repoRoot).nodes.memberPass.resources;
const pairs = Object.entries(surface).flatMap(([resource, list]) =>
	Object.keys(list).map((operation) => [resource, operation] as const),
);

interface Option {
	readonly name: string;
	readonly value: string;
	readonly action?: string;
	readonly description?: string;
}

describe('the built package in n8n-core', () => {
	const engine = useEngine();

	const properties = () => engine().description('memberPass').properties;
	const optionsOf = (property: { readonly options?: unknown } | undefined): readonly Option[] =>
		(property?.options ?? []) as readonly Option[];
	const operationsOf = (resource: string): readonly Option[] =>
		optionsOf(
			properties().find(
				(one) =>
					one.name === 'operation' && one.displayOptions?.show?.['resource']?.includes(resource),
			),
		);

	const eventOptions = (): readonly Option[] => {
		const { properties: fields } = engine().description('memberPassTrigger');
		return optionsOf(fields.find((one) => one.name === 'events'));
	};
	/** Every field of both nodes, those in collections among them. */
	const everyField = (): readonly INodeProperties[] =>
		['memberPass', 'memberPassTrigger'].flatMap((node) =>
			engine()
				.description(node)
				.properties.flatMap((one) =>
					one.type === 'collection' ? ((one.options ?? []) as INodeProperties[]) : [one],
				),
		);

	test('loads under the names of 1.4.0', () => {
		expect(engine().nodeNames).toEqual([
			'n8n-nodes-memberpass.memberPass',
			'n8n-nodes-memberpass.memberPassTrigger',
		]);
		expect(engine().credentialNames).toEqual(['memberPassApi']);
		expect(engine().nodesWithCodex).toEqual(['memberPass', 'memberPassTrigger']);
	});

	test('has every resource and operation, with an action of its own each', () => {
		const listed = optionsOf(properties().find((one) => one.name === 'resource'));
		expect(listed).toHaveLength(expectedCounts.resources);
		const all = listed.flatMap((one) => operationsOf(one.value));
		expect(all).toHaveLength(expectedCounts.operations);
		expect(new Set(all.map((one) => one.action)).size).toBe(expectedCounts.operations);
	});

	test('has every event and one entry for all of them', () => {
		const listed = eventOptions();
		expect(listed).toHaveLength(expectedCounts.events + 1);
		expect(listed[0]).toMatchObject({ name: '[All Events]', value: 'all' });
		expect(listed.map((one) => one.value)).toContain('subscription.past_due');
		expect(new Set(listed.map((one) => one.value)).size).toBe(expectedCounts.events + 1);
	});

	test('says of the two events that MemberPass does not send yet that nobody need wait for them', () => {
		const listed = eventOptions();
		const notYet = listed.filter(({ description }) =>
			description?.includes('not send this event yet'),
		);
		expect(notYet.map(({ value, description }) => [value, description])).toEqual([
			[
				'payment.refunded',
				'Triggers when a refund for a payment is completed. MemberPass does not send this event yet. A trigger that you set up now starts working once it does.',
			],
			[
				'subscription.refunded',
				'Triggers when a refund for a subscription is completed. MemberPass does not send this event yet. A trigger that you set up now starts working once it does.',
			],
		]);
	});

	test('says of the events of teams which tier they need', () => {
		const listed = eventOptions();
		const limited = listed.filter(({ description }) => description?.includes('tier and above'));
		const families = new Set(limited.map(({ name }) => name.split(' — ')[0]));
		expect([...families]).toEqual(['Group', 'Role', 'Team', 'Team Member']);
		expect(limited.find(({ value }) => value === 'role.created')?.description).toBe(
			'Triggers when a custom role is created in a team. System roles (owner, manager, viewer) never send this event. Sent on the Growth tier and above.',
		);
	});

	test('says of the events that may never come why, as the forms on Zapier do', () => {
		const listed = eventOptions();
		const said = (type: string): string | undefined =>
			listed.find(({ value }) => value === type)?.description;
		expect(said('team.member.role_changed')).toMatch(/never sent before 31 August 2026/);
		expect(said('project.bot.connected')).toMatch(/MemberPass may no longer send it/);
		expect(said('project.bot.disconnected')).toMatch(/MemberPass may no longer send it/);
		expect(said('billing.invoice_overdue')).toMatch(/only when Stripe gives up/);
	});

	test('offers what the catalogue holds, by its names, and nothing else', () => {
		const offered = resources.flatMap(({ key }) =>
			operationsOf(key).map(({ value }) => `${key}.${value}`),
		);
		expect(offered.sort()).toEqual(
			operations.map(({ resource, n8n }) => `${resource}.${n8n.operation}`).sort(),
		);
		expect(eventOptions().map(({ value }) => value)).toEqual(
			expect.arrayContaining(['all', ...events.map(({ type }) => type)]),
		);
	});

	test.each(pairs)('keeps %s: %s of 1.4.0', (resource, operation) => {
		expect(operationsOf(resource).map((one) => one.value)).toContain(operation);
	});

	/** The operation that a resource starts with in a node of this version. */
	const preselected = (version: number): Record<string, unknown> => {
		const isShown = ({ name, displayOptions }: INodeProperties, resource: string): boolean => {
			const { resource: shown, '@version': versions } = displayOptions?.show ?? {};
			const isForOld = versions?.[0] === 1;
			return (
				name === 'operation' &&
				shown?.includes(resource) === true &&
				(versions === undefined || isForOld === (version === 1))
			);
		};
		return Object.fromEntries(
			Object.keys(surface).map((resource) => [
				resource,
				properties().find((one) => isShown(one, resource))?.default,
			]),
		);
	};

	test('starts where 1.4.0 started: saved nodes do not store what was the default', () => {
		expect(properties()[0]?.default).toBe('project');
		expect(preselected(1)).toEqual({
			accessCode: 'bulkGenerate',
			activity: 'list',
			analytics: 'getDashboard',
			bot: 'getStatus',
			distribution: 'getBotLink',
			group: 'list',
			member: 'ban',
			paymentMethod: 'list',
			plan: 'create',
			project: 'create',
			resource: 'create',
			role: 'list',
			subscriber: 'findByTelegramId',
			subscription: 'cancel',
			team: 'list',
			teamMember: 'list',
			token: 'list',
			webhookDelivery: 'list',
			webhookEndpoint: 'list',
		});
	});

	test('starts in a new node with nothing that takes something away from somebody', () => {
		const harmless = { ...preselected(1), member: 'list', subscription: 'list' };
		expect(preselected(2)).toEqual(harmless);
	});

	describe.each([1, 2])('in version %d', (typeVersion) => {
		test.each(pairs)('%s: %s shows no parameter twice', (resource, operation) => {
			for (const returnAll of [true, false]) {
				const shown = engine().shownProperties('memberPass', typeVersion, {
					resource,
					operation,
					returnAll,
				});
				expect(shown).toEqual([...new Set(shown)]);
				expect(shown).toEqual(expect.arrayContaining(['resource', 'operation']));
			}
		});
	});

	/** Fields of 1.4.0's form that MemberPass refused or never knew; the catalogue holds the reasons. */
	const given = new Set([
		'currency of plan.create',
		'platform of project.create',
		'type of resource.create',
		'target of resource.create',
		'website_url in updateFields of project.update',
	]);
	/** One collection served six reports there, whatever a report could take. */
	const reports = new Set(['compare_period', 'cursor', 'limit', 'project_id']);

	test.each(pairs)(
		'version 1 of %s: %s still has the parameters of 1.4.0',
		(resource, operation) => {
			const key = `${resource}.${operation}`;
			const shown = engine().shownProperties('memberPass', 1, { resource, operation });
			const missing = (surface[resource]?.[operation]?.parameters ?? []).flatMap((parameter) => {
				if (!shown.includes(parameter.name)) return [`${parameter.name} of ${key}`];
				const collection = properties().find(
					(one) =>
						one.name === parameter.name &&
						one.type === 'collection' &&
						one.displayOptions?.show?.['resource']?.includes(resource) &&
						(one.displayOptions.show['operation']?.includes(operation) ?? true) &&
						JSON.stringify(one.displayOptions.show['@version'] ?? [1]) === '[1]',
				);
				const names = optionsOf(collection).map((one) => one.name);
				return (parameter.fields ?? [])
					.filter((field) => !names.includes(field.name))
					.filter((field) => !(resource === 'analytics' && reports.has(field.name)))
					.map((field) => `${field.name} in ${parameter.name} of ${key}`);
			});
			expect(missing.filter((one) => !given.has(one))).toEqual([]);
		},
	);

	test('stays small enough for the editor to load: 200 properties and 120 kB at most', () => {
		const action = engine().description('memberPass');
		const sizes = {
			properties: action.properties.length,
			action: JSON.stringify(action).length,
			trigger: JSON.stringify(engine().description('memberPassTrigger')).length,
		};
		expect(sizes.properties).toBeLessThanOrEqual(200);
		expect(sizes.action).toBeLessThan(120_000);
		expect(sizes.trigger).toBeLessThan(20_000);
	});

	/** Every option, event and optional field as the user reads them. */
	const lists = (): readonly (readonly [string, readonly string[]])[] =>
		['memberPass', 'memberPassTrigger'].flatMap((node) =>
			engine()
				.description(node)
				.properties.flatMap((property) => {
					const { name, type, options = [] } = property;
					const texts = options.map((one) => ('displayName' in one ? one.displayName : one.name));
					const inner =
						type === 'collection'
							? (options as (typeof property)[]).map(
									(one) =>
										[`${name}.${one.name}`, (one.options ?? []).map((each) => each.name)] as const,
								)
							: [];
					return [[`${node} ${name}`, texts] as const, ...inner];
				}),
		);

	test('sorts every list the way people read it; what stands for all or none comes first', () => {
		const collator = new Intl.Collator('en');
		const first = new Set(['[All Events]', '[Not Set]']);
		const long = lists().filter(([, texts]) => texts.length >= 2);
		expect(long.length).toBeGreaterThan(30);
		for (const [name, texts] of long) {
			const rest = texts.filter((text) => !first.has(text));
			expect([name, rest]).toEqual([name, [...rest].sort(collator.compare)]);
			expect(texts.slice(0, texts.length - rest.length).every((text) => first.has(text))).toBe(
				true,
			);
		}
	});

	test('says of every field what it means: people and agents go by that', () => {
		const silent = everyField()
			.filter((one) => (one.description ?? '').length < 12)
			.map((one) => one.name);
		// The headings, whose options speak for themselves.
		expect(new Set(silent)).toEqual(new Set(['resource', 'operation', 'events']));
	});

	test('says of every write what it does, and of one that destroys that it does', () => {
		const all = Object.fromEntries(
			resources.flatMap(({ key }) =>
				operationsOf(key).map((one) => [`${key}.${one.value}`, one.description ?? ''] as const),
			),
		);
		expect(Object.values(all).filter((text) => text.length < 12)).toEqual([]);
		for (const key of ['project.delete', 'plan.delete', 'token.revoke', 'accessCode.delete']) {
			expect(all[key]).toContain('cannot be undone');
		}
		expect(all['webhookEndpoint.rotateSecret']).toContain('stops working at once');
	});

	test('calls what is picked by what it is: an ID is only one way to say which', () => {
		const picked = everyField().filter((one) => one.type === 'resourceLocator');
		expect([...new Set(picked.map((one) => one.displayName))].sort()).toEqual([
			'API Token',
			'Access Code',
			'Group',
			'Member',
			'Payment Method',
			'Plan',
			'Project',
			'Record',
			'Resource',
			'Role',
			'Subscription',
			'Team',
			'Team Member',
			'Webhook Endpoint',
		]);
	});

	test('says of every operation that the successor lacks or takes otherwise that it may not work any more', () => {
		const warned = resources.flatMap(({ key }) =>
			operationsOf(key)
				.filter(({ description }) => description?.includes('Subscriby') === true)
				.map(({ value }) => `${key}.${value}`),
		);
		expect(warned.sort()).toEqual([
			'bot.getStatus',
			'distribution.getBotLink',
			'plan.create',
			'plan.update',
			'resource.get',
			'subscriber.findByTelegramId',
			'webhookEndpoint.setActive',
		]);
	});

	test('picks from a list every id that MemberPass can list, and takes one by hand as well', () => {
		const picked = properties().filter((one) => one.type === 'resourceLocator');
		expect([...new Set(picked.map((one) => one.name))].sort()).toEqual([
			'accessCodeId',
			'analyticsProjectId',
			'endpointId',
			'groupId',
			'memberId',
			'methodId',
			'planId',
			'projectId',
			'resourceId',
			'roleId',
			'subjectId',
			'subscriptionId',
			'teamId',
			'tokenId',
			'userId',
		]);
		const byHand = everyField().filter((one) => /ids?$/i.test(one.name) && one.type === 'string');
		// MemberPass has no list of these.
		expect([...new Set(byHand.map((one) => one.name))].sort()).toEqual([
			'botId',
			'currencyId',
			'currencyIds',
			'deliveryId',
			'providerIds',
			'telegramId',
		]);
		for (const one of picked) {
			expect(one.default).toEqual({ mode: 'list', value: '' });
			expect(one.modes?.map((mode) => [mode.name, mode.typeOptions?.searchable])).toEqual([
				['list', true],
				['id', undefined],
			]);
		}
	});

	test('marks signing secrets as sensitive', () => {
		expect(engine().description('memberPass').sensitiveOutputFields).toEqual(['secret']);
	});

	test('keeps the credential of 1.4.0', () => {
		expect(
			engine()
				.credential()
				.properties.map((one) => one.name),
		).toEqual(['apiToken', 'baseUrl']);
		const [tokenField] = engine().credential().properties;
		expect(tokenField?.typeOptions).toEqual({ password: true });
	});

	test.each([
		['https://api.memberpass.net/v1', 'https://api.memberpass.net'],
		['https://api.memberpass.net/v1/', 'https://api.memberpass.net'],
		[' https://api.memberpass.net ', 'https://api.memberpass.net'],
		['HTTPS://API.memberpass.net:8443//', 'HTTPS://API.memberpass.net:8443'],
		['https://10.0.0.1/v1', 'https://10.0.0.1'],
		['https://[2606:4700::1]/v1', 'https://[2606:4700::1]'],
		['http://127.0.0.1:4010/v1', 'http://127.0.0.1:4010'],
		['http://localhost:4010', 'http://localhost:4010'],
		['http://sandbox:4010/v1', 'http://sandbox:4010'],
		['http://host.docker.internal:4010/v1', 'http://host.docker.internal:4010'],
		['http://nas.local./v1', 'http://nas.local.'],
		['http://10.1.2.3', 'http://10.1.2.3'],
		['http://100.64.0.1', 'http://100.64.0.1'],
		['http://100.127.255.1', 'http://100.127.255.1'],
		['http://169.254.1.2', 'http://169.254.1.2'],
		['http://172.16.0.1', 'http://172.16.0.1'],
		['http://172.31.0.1', 'http://172.31.0.1'],
		['http://192.168.1.2:4010/v1', 'http://192.168.1.2:4010'],
		['http://[::1]:4010/v1', 'http://[::1]:4010'],
		['http://[fd00::1]', 'http://[fd00::1]'],
		['', 'https://api.memberpass.net'],
		['http://api.memberpass.net/v1', null],
		['http://localhost.example.com', null],
		['http://8.8.8.8/v1', null],
		['http://100.63.0.1', null],
		['http://100.128.0.1', null],
		['http://172.15.0.1', null],
		['http://172.32.0.1', null],
		['http://110.0.0.1', null],
		['http://[2606:4700::1]', null],
		['https://api.memberpass.net/v2', null],
		['https://proxy.example.com/memberpass/v1', null],
		['https://proxy.example.com/v1/../admin', null],
		['https://example.com\\@api.memberpass.net', null],
		['https://user:word@api.memberpass.net/v1', null],
		['https://api.memberpass.net@example.com/v1', null],
		['https://api.memberpass.net/v1?to=', null],
		['https://example.com#v1', null],
		['ftp://api.memberpass.net', null],
		['api.memberpass.net', null],
	])('tests a credential with the base URL "%s" at %s, as the nodes do', (baseUrl, expected) => {
		const { test: how } = engine().credential();
		const { request } = how ?? {};
		expect(request).toMatchObject({ url: '/v1/teams/current', disableFollowRedirect: true });
		expect(engine().evaluate(String(request?.baseURL), { $credentials: { baseUrl } })).toBe(
			expected ?? 'refused',
		);
		const { readOrigin } = built('protocol/origin.js') as {
			readonly readOrigin: (...given: unknown[]) => { readonly ok: boolean };
		};
		const { platform } = built('platform.js') as { readonly platform: unknown };
		expect(readOrigin(baseUrl, platform, 'private').ok).toBe(expected !== null);
	});

	const redirect =
		'MemberPass answered with a redirect. The token is sent to the API address and nowhere else: check the Base URL.';
	const mint = 'https://app.memberpass.net/settings/tokens';
	test.each([
		[301, redirect],
		[302, redirect],
		[307, redirect],
		[308, redirect],
		[
			401,
			`MemberPass refuses a token that was revoked, has expired, was copied only in part, is of another environment (mpt_test_… instead of mpt_live_…), or is one of Subscriby (sbt_…). Create a token at ${mint} and use that instead.`,
		],
		[
			403,
			`The test needs a token with the ability "team:view". Create one that has it at ${mint} and use that instead.`,
		],
		[404, 'This is not the address of the API: check the Base URL.'],
	])('says what to do where the test of a credential is answered with %i', (value, message) => {
		expect(engine().credential().test?.rules).toContainEqual({
			type: 'responseCode',
			properties: { value, message },
		});
	});

	test('tells the user of the trigger what it waits for, and hides an address that is of no use', () => {
		const description = engine().description('memberPassTrigger');
		expect(description).toMatchObject({
			inputs: [],
			eventTriggerDescription: 'Waiting for an event from MemberPass',
			activationMessage: 'MemberPass now sends the chosen events to this workflow.',
			webhooks: [{ httpMethod: 'POST', responseMode: 'onReceived', ndvHideUrl: true }],
		});
		expect(description.subtitle).toContain('events');
		expect(description.properties[0]).toMatchObject({ displayName: 'Trigger On' });
	});

	test('is a tool for agents as an action, never as a trigger', () => {
		expect(engine().description('memberPass').usableAsTool).toBe(true);
		expect(engine().description('memberPassTrigger').usableAsTool).toBeUndefined();
	});
});
