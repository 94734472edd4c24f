import {
	type Change,
	compareDescriptions,
	type Description,
	driftText,
	type Key,
	type KeySet,
	likeness,
	routeName,
} from '../src/drift.ts';

const key = (type: string, required = true, more: Partial<Key> = {}): Key => ({
	types: [type],
	required,
	...more,
});
const set = (keys: Readonly<Record<string, Key>>, more: Partial<KeySet> = {}): KeySet => ({
	keys: new Map(Object.entries(keys)),
	depth: 'deep',
	exact: true,
	...more,
});
const nothing: Description = { events: null, routes: null, abilities: null, errorCodes: null };
const line = ({ what, change, subject, detail, breaking }: Change): string =>
	`${breaking ? '! ' : ''}${what} ${change} ${subject}${detail === '' ? '' : ` (${detail})`}`;
const lines = (ours: Partial<Description>, host: Partial<Description>): readonly string[] =>
	compareDescriptions({ ...nothing, ...ours }, { ...nothing, ...host }).map(line);

const eventsOf = (types: Readonly<Record<string, KeySet | null>>, ability = 'project:view') => ({
	events: new Map(
		Object.entries(types).map(([type, data]) => [type, { abilities: [ability], data }]),
	),
});
const routeOf = (
	inputs: Readonly<Record<string, Key>>,
	ability: readonly string[] = ['project:view'],
) => ({
	routes: new Map([
		[
			'POST /plans',
			{ abilities: ability, inputs: set(inputs, { depth: 'top' as const }), answer: null },
		],
	]),
});

describe('drift is told by name, and breaking where something stops working', () => {
	it.each<[string, Partial<Description>, Partial<Description>, readonly string[]]>([
		['nothing', eventsOf({ 'plan.created': null }), eventsOf({ 'plan.created': null }), []],
		['a side that says nothing', eventsOf({ 'plan.created': null }), {}, []],
		[
			'an event more',
			eventsOf({}),
			eventsOf({ 'plan.created': null }),
			['event added plan.created'],
		],
		[
			'an event less',
			eventsOf({ 'plan.created': null }),
			eventsOf({}),
			['! event removed plan.created'],
		],
		[
			'an event of another name',
			eventsOf({ 'subscription.cancelled': null }),
			eventsOf({ 'subscription.canceled': null }),
			['! event renamed subscription.cancelled (looks renamed to subscription.canceled)'],
		],
		[
			'an event that looks like two: the closer name is the new one',
			eventsOf({ 'subscription.cancelled': null }),
			eventsOf({ 'subscription.autocancelled': null, 'subscription.canceled': null }),
			[
				'! event renamed subscription.cancelled (looks renamed to subscription.canceled)',
				'event added subscription.autocancelled',
			],
		],
		[
			'two events that look like one: it took the place of the closer one',
			eventsOf({ 'subscription.autocancelled': null, 'subscription.cancelled': null }),
			eventsOf({ 'subscription.canceled': null }),
			[
				'! event renamed subscription.cancelled (looks renamed to subscription.canceled)',
				'! event removed subscription.autocancelled',
			],
		],
		[
			'an event of another ability',
			eventsOf({ 'plan.created': null }),
			eventsOf({ 'plan.created': null }, 'plan:view'),
			['! event changed plan.created (ability project:view is plan:view)'],
		],
		[
			'an event for which nothing is needed now',
			eventsOf({ 'plan.created': null }),
			{ events: new Map([['plan.created', { abilities: [], data: null }]]) },
			['! event changed plan.created (ability project:view is none)'],
		],
		[
			'a route that needs what only some need',
			{
				routes: new Map([
					[
						'GET /plans',
						{ abilities: ['plan:view'], mayNeed: ['team:view'], inputs: null, answer: null },
					],
				]),
			},
			{
				routes: new Map([
					[
						'GET /plans',
						{ abilities: ['plan:view', 'team:view'], inputs: set({}), answer: set({}) },
					],
				]),
			},
			[],
		],
		[
			'a payload key more',
			eventsOf({ 'plan.created': set({}) }),
			eventsOf({ 'plan.created': set({ kind: key('string') }) }),
			['payload key added plan.created: kind'],
		],
		[
			'a payload key less, with what is inside it',
			eventsOf({ 'plan.created': set({ plan: key('object'), 'plan.id': key('string') }) }),
			eventsOf({ 'plan.created': set({}) }),
			['! payload key removed plan.created: plan'],
		],
		[
			'a payload key less inside an object that stays',
			eventsOf({ 'plan.created': set({ plan: key('object'), 'plan.id': key('string') }) }),
			eventsOf({ 'plan.created': set({ plan: key('object') }) }),
			['! payload key removed plan.created: plan.id'],
		],
		[
			'a payload key with a word less in its name',
			eventsOf({
				'plan.created': set({ plan: key('object'), 'plan.payment_provider': key('string') }),
			}),
			eventsOf({ 'plan.created': set({ plan: key('object'), 'plan.provider': key('string') }) }),
			[
				'! payload key renamed plan.created: plan.payment_provider (looks renamed to plan.provider)',
			],
		],
		[
			'a payload key with a word more in its name',
			eventsOf({ 'plan.created': set({ provider: key('string') }) }),
			eventsOf({ 'plan.created': set({ payment_provider: key('string') }) }),
			['! payload key renamed plan.created: provider (looks renamed to payment_provider)'],
		],
		[
			'a payload key with two words more, which is another',
			eventsOf({ 'plan.created': set({ name: key('string') }) }),
			eventsOf({ 'plan.created': set({ plan_owner_name: key('string') }) }),
			[
				'! payload key removed plan.created: name',
				'payload key added plan.created: plan_owner_name',
			],
		],
		[
			'a payload key that shares but one of its words, which is another',
			eventsOf({ 'plan.created': set({ plan_name: key('string') }) }),
			eventsOf({ 'plan.created': set({ plan_old_title: key('string') }) }),
			[
				'! payload key removed plan.created: plan_name',
				'payload key added plan.created: plan_old_title',
			],
		],
		[
			'a payload key of a name alike, but of another type, which is another',
			eventsOf({ 'plan.created': set({ plan_id: key('string') }) }),
			eventsOf({ 'plan.created': set({ plan_ids: key('array') }) }),
			['! payload key removed plan.created: plan_id', 'payload key added plan.created: plan_ids'],
		],
		[
			'a payload key of the same name in another object, which is another',
			eventsOf({
				'plan.created': set({ a: key('object'), b: key('object'), 'a.title': key('string') }),
			}),
			eventsOf({
				'plan.created': set({ a: key('object'), b: key('object'), 'b.title': key('string') }),
			}),
			['! payload key removed plan.created: a.title', 'payload key added plan.created: b.title'],
		],
		[
			'a payload key that is in the envelope',
			eventsOf({
				'plan.created': set({ project_id: key('string', true, { alsoAt: ['^project_id'] }) }),
			}),
			eventsOf({ 'plan.created': set({}) }),
			[
				'payload key changed plan.created: project_id (is at ^project_id, where it is looked for as well)',
			],
		],
		[
			'a payload key elsewhere',
			eventsOf({ 'plan.created': set({ plan_id: key('string', true, { alsoAt: ['plan.id'] }) }) }),
			eventsOf({ 'plan.created': set({ plan: key('object'), 'plan.id': key('string') }) }),
			[
				'payload key added plan.created: plan',
				'payload key changed plan.created: plan_id (is at plan.id, where it is looked for as well)',
			],
		],
		[
			'a payload key of another type',
			eventsOf({ 'plan.created': set({ price: key('string') }) }),
			eventsOf({ 'plan.created': set({ price: key('number') }) }),
			['! payload key changed plan.created: price (type string is number)'],
		],
		[
			'a payload key of a name alike that may be null, which is another',
			eventsOf({ 'plan.created': set({ plan_id: key('string') }) }),
			eventsOf({
				'plan.created': set({ plan_ids: { types: ['string', 'null'], required: true } }),
			}),
			['! payload key removed plan.created: plan_id', 'payload key added plan.created: plan_ids'],
		],
		[
			'a payload key that may be absent now, and one that may not',
			eventsOf({ 'plan.created': set({ a: key('string'), b: key('string', false) }) }),
			eventsOf({ 'plan.created': set({ a: key('string', false), b: key('string') }) }),
			['payload key changed plan.created: a (may be absent now)'],
		],
		[
			'a payload key that a sample shows, whether it is required or not',
			eventsOf({ 'plan.created': set({ a: key('string') }) }),
			eventsOf({ 'plan.created': set({ a: key('string', false) }, { exact: false }) }),
			[],
		],
		[
			'other values of a payload key, which are no closed set',
			eventsOf({ 'plan.created': set({ kind: key('string', true, { values: ['a'] }) }) }),
			eventsOf({ 'plan.created': set({ kind: key('string', true, { values: ['b'] }) }) }),
			[],
		],
		[
			'a type that is not null any more',
			eventsOf({ 'plan.created': set({ n: { types: ['string', 'null'], required: true } }) }),
			eventsOf({ 'plan.created': set({ n: key('string') }) }),
			['payload key changed plan.created: n (type string or null is string)'],
		],
		[
			'a narrower type',
			eventsOf({ 'plan.created': set({ n: { types: ['number', 'null'], required: true } }) }),
			eventsOf({ 'plan.created': set({ n: key('integer') }) }),
			['payload key changed plan.created: n (type number or null is integer)'],
		],
		[
			'an optional key that a sample does not show',
			eventsOf({ 'plan.created': set({ note: key('string', false) }) }),
			eventsOf({ 'plan.created': set({}, { exact: false }) }),
			['payload key removed plan.created: note'],
		],
		[
			'a required key that a sample does not show',
			eventsOf({ 'plan.created': set({ note: key('string') }) }),
			eventsOf({ 'plan.created': set({}, { exact: false }) }),
			['! payload key removed plan.created: note'],
		],
		[
			'a key that only a variant has',
			eventsOf({ 'plan.created': set({}, { others: new Set(['kind']) }) }),
			eventsOf({ 'plan.created': set({ kind: key('string') }) }),
			[],
		],
		[
			'a list of top-level keys says nothing of those inside',
			eventsOf({ 'plan.created': set({ plan: key('object'), 'plan.id': key('string') }) }),
			eventsOf({
				'plan.created': set(
					{ plan: { types: [], required: false } },
					{ depth: 'top', exact: false },
				),
			}),
			[],
		],
		['a route less', routeOf({}), { routes: new Map() }, ['! route removed POST /plans']],
		[
			'a route that needs an ability now',
			routeOf({}, []),
			routeOf({}, ['plan:create']),
			['! route changed POST /plans (ability none is plan:create)'],
		],
		[
			'an input more',
			routeOf({}),
			routeOf({ note: key('string', false) }),
			['input added POST /plans: note'],
		],
		[
			'a required input more',
			routeOf({}),
			routeOf({ kind: key('string') }),
			['! input added POST /plans: kind (required)'],
		],
		[
			'an input less',
			routeOf({ note: key('string', false) }),
			routeOf({}),
			['! input removed POST /plans: note'],
		],
		[
			'an input that is required now',
			routeOf({ note: key('string', false) }),
			routeOf({ note: key('string') }),
			['! input changed POST /plans: note (is required now)'],
		],
		[
			'an input that is optional now',
			routeOf({ note: key('string') }),
			routeOf({ note: key('string', false) }),
			['input changed POST /plans: note (is optional now)'],
		],
		[
			'a value less and one more',
			routeOf({ cycle: key('string', true, { values: ['days', 'weeks'] }) }),
			routeOf({ cycle: key('string', true, { values: ['days', 'years'] }) }),
			[
				'! input changed POST /plans: cycle (no longer takes weeks)',
				'input changed POST /plans: cycle (takes years as well)',
			],
		],
		[
			'an input whose values one side does not list',
			routeOf({ a: key('string', true, { values: ['x'] }), b: key('string') }),
			routeOf({ a: key('string'), b: key('string', true, { values: ['x'] }) }),
			[],
		],
		[
			'an input that takes more types',
			routeOf({ price: key('integer') }),
			routeOf({ price: { types: ['number', 'string'], required: true } }),
			[],
		],
		['paging is no input', routeOf({}), routeOf({ per_page: key('integer', false) }), []],
		[
			'an ability that is known by documents is gone',
			{ abilities: new Set(['team:view']) },
			{ abilities: new Set() },
			['! ability removed team:view'],
		],
		[
			'an ability that was only inferred is not there',
			{ abilities: new Set(['group:delete']) },
			{ abilities: new Set() },
			['ability removed group:delete'],
		],
		[
			'an ability that was only inferred, and that an event needs, is not there',
			{
				abilities: new Set(['group:delete']),
				...eventsOf({ 'plan.created': null }, 'group:delete'),
			},
			{ abilities: new Set() },
			['! ability removed group:delete'],
		],
		[
			'a code more, one less, one of another status',
			{
				errorCodes: new Map([
					['RATE_LIMITED', { status: 429 }],
					['GONE_CODE', { status: null }],
				]),
			},
			{
				errorCodes: new Map([
					['RATE_LIMITED', { status: 503 }],
					['NEW_ONE', { status: 400 }],
				]),
			},
			[
				'! error code removed GONE_CODE',
				'error code added NEW_ONE',
				'! error code changed RATE_LIMITED (status 429 is 503)',
			],
		],
		[
			'codes of another status, breaking where another try begins or ends to make sense',
			{
				errorCodes: new Map([
					['ONE', { status: 404 }],
					['TWO', { status: 404 }],
					['THREE', { status: 500 }],
					['FOUR', { status: null }],
					['FIVE', { status: 404 }],
				]),
			},
			{
				errorCodes: new Map([
					['ONE', { status: 410 }],
					['TWO', { status: 500 }],
					['THREE', { status: 503 }],
					['FOUR', { status: 503 }],
					['FIVE', { status: null }],
				]),
			},
			[
				'error code changed ONE (status 404 is 410)',
				'! error code changed TWO (status 404 is 500)',
				'error code changed THREE (status 500 is 503)',
				'error code changed FOUR (status unknown is 503)',
			],
		],
		[
			'codes that the sandbox made up',
			{ errorCodes: new Map() },
			{ errorCodes: new Map([['IDEMPOTENCY_KEY_REUSED', { status: 409 }]]) },
			[],
		],
	])('%s', (_, ours, host, expected) => {
		expect(lines(ours, host)).toEqual(expected);
	});
});

it.each([
	['get', '/v1/projects/{project}/plans', 'GET /projects/{}/plans'],
	['POST', '/projects/:id/plans/', 'POST /projects/{}/plans'],
])('%s %s is the route %s', (method, path, expected) => {
	expect(routeName(method, path, '/v1')).toBe(expected);
});

it('names are alike or not', () => {
	expect(likeness('subscription.cancelled', 'subscription.canceled')).toBeGreaterThan(0.9);
	expect(likeness('plan.created', 'team.deleted')).toBeLessThan(0.6);
	// Each pair of letters counts once for each time that both have it.
	expect(likeness('aaaa', 'aa')).toBe(0.5);
	expect(likeness('a', 'a')).toBe(1);
	expect(likeness('a', 'b')).toBe(0);
});

describe('a comparison as text', () => {
	it('of which nothing came', () => {
		expect(driftText([], ['abilities.json', 'openapi.json'], [])).toBe(
			'Compared with abilities.json, openapi.json.\nNo drift.',
		);
	});

	it('with what breaks first, and what was not compared', () => {
		const change = (subject: string, breaking: boolean): Change => ({
			what: 'event',
			change: 'removed',
			subject,
			detail: '',
			breaking,
		});
		expect(
			driftText(
				[change('plan.a', false), change('plan.b', true), change('plan.c', false)],
				['openapi.json'],
				['abilities.json: status 404'],
			),
		).toBe(
			[
				'Compared with openapi.json.',
				'Not compared: abilities.json: status 404',
				'3 changes, 1 of them breaking.',
				'',
				'breaking  what   change   of      detail',
				'--------  -----  -------  ------  ------',
				'yes       event  removed  plan.b',
				'          event  removed  plan.a',
				'          event  removed  plan.c',
			].join('\n'),
		);
	});
});
