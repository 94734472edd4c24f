import { events, operation, type OperationEntry, operations } from '@memberpass/catalogue';
import { recipes } from '@memberpass/catalogue/recipes';
import { expectedCounts } from '@memberpass/testing';

import { readHash, writeHash } from '../src/abilities.ts';
import { readCommitted } from '../src/committed.ts';
import { actionNode, triggerNode } from '../src/n8n.ts';
import { makePages } from '../src/pages.ts';
import { afterImport, makePart } from '../src/page/make.ts';
import { readUses } from '../src/uses.ts';
import { repoRoot } from './support.ts';

const committed = readCommitted(repoRoot);
const pages = makePages(committed);
const page = (path: string): string => {
	const found = pages.find((one) => one.path === path);
	if (found === undefined) throw new Error(`There is no page ${path}.`);
	return found.body;
};

const folders = { action: 'actions', extra: 'actions', search: 'searches', read: 'reads' } as const;
const pageOf = ({ kind, key }: Pick<OperationEntry, 'kind' | 'key'>): string =>
	page(`${folders[kind]}/${key}`);

/** What stands below a heading of a page, or before the first one. */
const partOf = (path: string, heading: string | null): string => {
	const [head = '', ...parts] = page(path).split(/^## /m);
	if (heading === null) return head.trim();
	const part = parts.find((one) => one.startsWith(`${heading}\n`));
	if (part === undefined) throw new Error(`The page ${path} has no part "${heading}".`);
	return part.slice(heading.length).trim();
};

/** Files to copy or download, with what they are, in the order of the page. */
const offersIn = (body: string): readonly string[] =>
	[...body.matchAll(/<FileOffer path="([^"]+)" form="(\w+)"/g)].map(
		([, path = '', form = '']) => `${path} ${form}`,
	);

/** Undoes what keeps markup out of prose. */
const unescape = (text: string): string =>
	text
		.replace(/&#(\d+);/g, (_, sign: string) => String.fromCharCode(Number(sign)))
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&amp;', '&');

describe('the pages', () => {
	it('are one for each event and operation, and their lists', () => {
		const inFolder = (folder: string): number =>
			pages.filter(({ path }) => path.startsWith(`${folder}/`) && !path.endsWith('/index')).length;
		expect({
			events: inFolder('events'),
			actions: inFolder('actions'),
			searches: inFolder('searches'),
			reads: inFolder('reads'),
		}).toEqual({
			events: expectedCounts.events,
			actions: expectedCounts.actions + expectedCounts.extras,
			searches: expectedCounts.searches,
			reads: expectedCounts.reads,
		});
		expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
	});

	it.each([
		[
			'searches/list_members',
			'n8n reads it to the end. A search on Zapier returns the first page.',
		],
		[
			'searches/list_transactions',
			'n8n reads it to the end. A search on Zapier returns the first page.',
		],
		['searches/find_plan_by_name', 'n8n reads it to the end. So does the search on Zapier.'],
		['reads/list_plans', 'n8n reads it to the end. With curl,'],
	])('%s: says who reads how much of a list', (path, said) => {
		expect(page(path)).toContain(said);
	});

	it.each([
		['actions/test_webhook_endpoint', 'delivery_id'],
		['actions/create_webhook_endpoint', 'secret'],
		['actions/rotate_webhook_secret', 'secret'],
	])('%s: does not claim to know where %s stands, as no page shows it', (path, key) => {
		expect(page(path)).toContain(
			`No page shows whether \`${key}\` stands in \`data\` or beside it: look in both places.`,
		);
	});

	it.each(['searches/list_activity', 'reads/list_webhook_events'])(
		'%s: does not claim to know the order of its rows',
		(path) => {
			expect(page(path)).toContain('Their order is not documented');
			expect(page(path)).not.toMatch(/newest/i);
		},
	);

	it.each([
		[
			'actions/bulk_generate_access_codes',
			'Fill in: **Project**, **Plan**, **Quantity**, **Delivery**, **Deduplication Key**.',
		],
		['actions/create_resource', 'Fill in: **Project**, **Resource Title**.'],
	])('%s: names everything that the form on Zapier demands', (path, said) => {
		expect(page(path)).toContain(said);
	});

	it.each(events.map((entry) => [entry.type, entry] as const))(
		'%s: shows when it fires, every field, caveat, ability and source, and each payload as it is sent',
		(type, entry) => {
			const body = page(`events/${type}`);
			const text = unescape(body);
			const deliveries = committed.deliveries(entry);
			for (const said of [
				entry.firesWhen,
				...entry.caveats.map((caveat) => caveat.text),
				...entry.decisions.map(({ because }) => because),
				...entry.sources,
				...deliveries.map(({ note }) => note),
			]) {
				expect(text).toContain(said);
			}
			for (const { text: caveat } of entry.caveats) {
				expect(text.split(caveat)).toHaveLength(2);
			}
			for (const ability of [entry.ability, ...entry.alsoNeeds, 'webhook-endpoint:manage']) {
				expect(body).toContain(`\`${ability}\``);
			}
			for (const name of Object.keys(entry.data.properties)) {
				expect(body).toContain(`<code>data.${name}</code>`);
			}
			for (const { body: sent } of deliveries) {
				expect(body).toContain(JSON.stringify(JSON.parse(sent), null, 2));
			}
		},
	);

	const keysOn = (path: string): readonly string[] =>
		Array.from(page(path).matchAll(/`([\w.]+)`<br>/g), ([, key = '']) => key);
	const keysOf = (...kinds: readonly string[]): readonly string[] =>
		operations.filter(({ kind }) => kinds.includes(kind)).map(({ key }) => key);

	it.each([
		['events', events.map(({ type }) => type)],
		['actions', keysOf('action', 'extra')],
		['searches', keysOf('search')],
		['reads', keysOf('read')],
	])('the list of %s has each of them once', (folder, keys) => {
		expect(keysOn(`${folder}/index`).toSorted()).toEqual(keys.toSorted());
		// No heading without a row below it.
		expect(page(`${folder}/index`)).not.toMatch(/^## .*\n\n(?:## |$)/m);
	});

	it.each([
		['events', 'Events', '71 events start a Zap, a workflow or a scenario.'],
		['actions', 'Actions', '24 actions change something:'],
		['searches', 'Searches', '35 searches look something up.'],
		['reads', 'Other reads', '6 reads fill pick lists, samples and the connection test.'],
	])('the list of %s is called %s and begins with "%s"', (folder, title, lead) => {
		expect(pages.find(({ path }) => path === `${folder}/index`)?.title).toBe(title);
		expect(page(`${folder}/index`)).toMatch(new RegExp(`^<p class="lead">${lead}`));
	});

	it.each([
		['actions/delete_plan', ['danger Cannot be undone'], false],
		['actions/archive_project', ['warning Changes what people can use'], true],
		['actions/create_plan', [], true],
	])('%s: says beforehand what is lost: %j', (path, boxes, hasAnswer) => {
		const seen = page(path).matchAll(/^::: ((?:danger|warning) .*)$/gm);
		expect(Array.from(seen, ([, box]) => box)).toEqual(boxes);
		expect(page(path).includes('### Example')).toBe(hasAnswer);
		expect(page(path).includes('No data: a success status')).toBe(!hasAnswer);
	});

	it('an event says of each file for Make whether it checks the signature', () => {
		const files = page('events/plan.created').matchAll(
			/\*\*(With.*?)\*\*[^]*?<FileOffer path="(.*?)"/g,
		);
		expect(Array.from(files, ([, what, file]) => [what, file])).toEqual([
			['With the signature checked.', '/make/blueprints/events/plan.created.verified.json'],
			['Without a check.', '/make/blueprints/events/plan.created.light.json'],
		]);
	});

	it('warns of an event that is not sent yet, and of no other; whatever else is to be known stands below', () => {
		const warned = events.filter(({ type }) => page(`events/${type}`).includes('Not sent yet'));
		expect(warned.map(({ type }) => type)).toEqual(['subscription.refunded', 'payment.refunded']);
		for (const { type, caveats } of warned) {
			const [warning = '', ...others] = caveats.map(({ text }) => text);
			const [, box = '', rest = ''] = page(`events/${type}`).split('::: warning Not sent yet');
			expect([box, rest]).toEqual([expect.stringContaining(warning), '']);
			const [inside = '', below = ''] = box.split('\n:::\n');
			for (const text of others) {
				expect(inside).not.toContain(text);
				expect(below).toContain(text);
			}
			expect(below.split('## Zapier')[0]).not.toContain(warning);
		}
	});

	it.each([
		['payment.refunded', ['manifest']],
		['payment.succeeded', ['family']],
		['payment.failed', []],
	])('%s: shows each shape once, and besides the documented one only %j', (type, shapes) => {
		const seen = page(`events/${type}`).matchAll(/^::: details Also seen: the (\w*) shape/gm);
		expect(Array.from(seen, ([, shape]) => shape)).toEqual(shapes);
	});

	it.each(operations.map((entry) => [entry.key, entry] as const))(
		'%s: shows every input and output by name, every caveat once, and how it is refused',
		(_, entry) => {
			const body = pageOf(entry);
			const text = unescape(body);
			for (const name of Object.keys(entry.input.properties))
				expect(body).toContain(`<code>${name}</code>`);
			if (entry.output.shape !== 'nothing') {
				for (const name of Object.keys(entry.output.schema.properties)) {
					expect(body).toContain(`<code>${name}</code>`);
				}
			}
			for (const caveat of entry.caveats) expect(text.split(caveat)).toHaveLength(2);
			if (entry.method !== 'GET') expect(text).toContain(entry.repeat.note);
			const everywhere = ['AUTHENTICATION_REQUIRED', 'TOKEN_MISSING_ABILITY', 'RATE_LIMITED'];
			for (const name of [...entry.errors, ...everywhere, 'VALIDATION_FAILED'])
				expect(body).toContain(`\`${name}\``);
			if (entry.ability !== null) expect(body).toContain(`\`${entry.ability}\``);
			expect(body).toContain(`curl -sS`);
		},
	);

	it.each(events.map((entry) => [entry.type, entry] as const))(
		'%s: says for each platform what to pick, paste or import',
		(type, entry) => {
			const body = page(`events/${type}`);
			const isHidden = ['subscription.refunded', 'payment.refunded'].includes(type);
			expect(body).toContain(
				isHidden
					? `The trigger **${entry.label}** is hidden`
					: `Choose **${entry.label}** as the trigger event.`,
			);
			expect(body).toContain(JSON.stringify(triggerNode(entry), null, 2));
			expect(offersIn(body)).toEqual([
				`/make/blueprints/events/${type}.verified.json blueprint`,
				`/make/blueprints/events/${type}.light.json blueprint`,
			]);
			expect(body).toContain(`"events": [\n    "${type}"\n  ]`);
		},
	);

	it.each(operations.map((entry) => [entry.key, entry] as const))(
		'%s: says for each platform what to pick, paste or import',
		(key, entry) => {
			const body = pageOf(entry);
			const folder = folders[entry.kind];
			const isStep = entry.kind === 'action' || entry.kind === 'search';
			const said = isStep ? `Choose **${entry.label}**` : '## Zapier\n\nNot a step';
			expect(body).toContain(said);
			expect(body).toContain(`the operation **${entry.n8n.name}**`);
			const { input } = committed.success(entry);
			expect(body).toContain(
				JSON.stringify(actionNode(entry, committed.n8n(entry), input), null, 2),
			);
			expect(offersIn(body)).toEqual(
				isStep
					? [
							`/make/clipboard/${folder}/${key}.json clipboard`,
							`/make/blueprints/${folder}/${key}.json blueprint`,
						]
					: [],
			);
			if (!isStep) expect(body).toContain('Add **HTTP, Make a request** and fill in the call');
		},
	);

	it.each([
		['welcome-flow', [''], ['']],
		['churn-saver', [''], ['']],
		['failed-payment-escalation', [''], ['.1-report', '.2-look-again']],
		['gift-code-campaign', ['.1-order', '.2-hand-over'], ['.1-order', '.2-hand-over']],
		['weekly-digest', [''], ['']],
		['trial-nudge', [''], ['']],
		['audit-trail', [''], ['']],
	])('%s: offers its workflow, its blueprint and the steps of its Zap', (key, n8n, make) => {
		const body = page(`recipes/${key}`);
		expect(offersIn(body)).toEqual([
			...n8n.map((part) => `/n8n/${key}${part}.json clipboard`),
			...make.map((part) => `/make/recipes/${key}${part}.json blueprint`),
		]);
		expect(body).toMatch(/^## On Zapier$/m);
		expect(body).toMatch(/^\*\*1\. /m);
	});

	it('name the keys that only a later list has, and where they come from', () => {
		expect(page('events/subscription.cancelled')).toContain(
			'A later list of keys, of the successor Subscriby, also has `data.paypal_event` and `data.reason`.',
		);
		expect(page('events/billing.invoice_paid')).toContain('also has `data.attempt_count`.');
		// `data.plan_id` is a field of the page, found by other means.
		expect(page('events/plan.created')).toContain(
			'also has `data.duplicated_from_plan_id`, `data.kind` and `data.plan_name`.',
		);
		expect(page('events/member.banned')).not.toContain('A later list of keys');
	});

	it('write the name of a field as it is, where sources contradict', () => {
		expect(page('actions/create_plan')).toContain('- billing&#95;cycle: days');
		expect(page('actions/create_plan')).toContain('- Unit of the price: Decimal');
	});

	it('fail to be made where a fixture is missing', () => {
		expect(() => committed.deliveries({ type: 'no.such' })).toThrow(
			'no.such needs one canonical delivery in fixtures/events.',
		);
	});

	it('fail to be made where a recording, a step of Zapier or an operation of n8n is missing, and offer nothing that is not there', () => {
		const [entry] = operations;
		if (entry === undefined) throw new Error('The catalogue is empty.');
		expect(() => committed.success({ key: 'no_such' })).toThrow(
			'no_such needs a recording that succeeds in fixtures/api.',
		);
		expect(() => committed.zapier('creates', 'no_such')).toThrow(
			'The Zapier app has no step creates.no_such.',
		);
		expect(() => committed.n8n({ ...entry, resource: 'noSuch' })).toThrow(
			`The n8n node has no operation for ${entry.key}.`,
		);
		const none = operation('get_plan');
		expect(() => actionNode(none, committed.n8n(none), { no_such: 1 })).toThrow(
			'The n8n node has no input "no_such" of get_plan.',
		);
		expect(committed.make('no.such')).toEqual([]);
	});
});

const jumps = 'Use it in [Zapier](#zapier), [n8n](#n8n), [Make](#make) or with [curl](#curl).';

describe('a part of a page, as it reads', () => {
	it.each<[page: string, heading: string | null, ...paragraphs: string[]]>([
		[
			'events/role.created',
			null,
			'<p class="lead">Triggers when a custom role is created in a team.</p>',
			'`role.created` · Role event · Growth tier and above',
			jumps,
		],
		[
			'events/plan.created',
			null,
			'<p class="lead">Triggers when a subscription plan is created in a project.</p>',
			'`plan.created` · Plan event',
			jumps,
		],
		[
			'events/team.member.role_changed',
			'When it fires',
			"A collaborator's role in the team changes: a promotion, a demotion, or a move between custom roles.",
			'- **Not in every case.** This event was never sent before 31 August 2026, and it is not known whether MemberPass sends it now. Change a role once to find out.\n' +
				'- **Good to know.** Changing a role for a group of projects sends this event as well, and nothing in it tells the two apart.\n' +
				'- **Good to know.** The event does not include the abilities of the role. Look up the role to get them.',
			'Related: [Role Updated](/events/role.updated.html), [Team Member Joined](/events/team.member.joined.html).',
		],
		[
			'events/plan.created',
			'When it fires',
			'A creator creates a subscription plan in a project. It can be bought at once if it was created active.',
			'- **Order.** The plan may not exist at the payment providers yet. Plan Sync Completed is sent when it does.\n' +
				'- **Order.** A later change of the trial sends Plan Updated.',
			'Related: [Plan Sync Completed](/events/plan.sync_completed.html), [Plan Updated](/events/plan.updated.html).',
		],
		[
			'events/team.member.role_changed',
			'Ability',
			'The token needs `webhook-endpoint:manage` to receive events, and `team:view-any` for this one. Another page names `team-member:invite` too; tick it if deliveries are refused.',
			'[Add it in the token helper](/token.html#for=zapier&events=team.member.role_changed)',
		],
		[
			'events/plan.created',
			'Zapier',
			'1. Add a trigger step and choose **MemberPass**.\n' +
				'2. Choose **New Plan** as the trigger event.\n' +
				'3. Choose a project, or leave the field empty for all projects.\n' +
				'4. Test it: Zapier shows your recent events, with the keys that live runs have.',
		],
		...(
			[
				['project.created', 'New Project'],
				['role.created', 'New Role'],
			] as const
		).map(([type, label]): [string, string, string] => [
			`events/${type}`,
			'Zapier',
			'1. Add a trigger step and choose **MemberPass**.\n' +
				`2. Choose **${label}** as the trigger event.\n` +
				'3. Test it: Zapier shows your recent events, with the keys that live runs have.',
		]),
		[
			'events/payment.refunded',
			'Zapier',
			'The trigger **Payment Refunded** is hidden in the Zapier editor until MemberPass sends the event.',
		],
		[
			'events/role.created',
			'Evidence',
			'**documented.** A page or package of MemberPass states it.',
			'- <https://docs.memberpass.net/webhooks/events/role/created>',
			'Where sources contradict:',
			"- Keys of data: The event's own page is held to be canonical. The later manifest lists the same facts as flat keys; the missing ones are added on both sides.",
		],
		[
			'events/index',
			'Team',
			'Growth tier and above.',
			'- [New Team](/events/team.created.html) `team.created`<br>Triggers when a team is created.\n' +
				'- [Team Deleted](/events/team.deleted.html) `team.deleted`<br>Triggers when a team is deleted.',
		],
		[
			'events/index',
			'Access Code',
			'- [Access Code Expired](/events/access_code.expired.html) `access_code.expired`<br>Triggers when an access code expires without being redeemed.\n' +
				'- [Access Code Generated](/events/access_code.generated.html) `access_code.generated`<br>Triggers when a batch of access codes is ready to be redeemed.\n' +
				'- [Access Code Redeemed](/events/access_code.redeemed.html) `access_code.redeemed`<br>Triggers when a subscriber redeems an access code.',
		],
		[
			'actions/ban_member',
			null,
			'<p class="lead">Bans a member from a project.</p>',
			'`POST /v1/projects/{project}/members/{member}/ban` · Member action · `ban_member`',
			jumps,
			'::: warning Changes what people can use\nIt can be undone by another call.\n:::',
		],
		[
			'actions/ban_member',
			'Before you use it',
			'- Active subscriptions of the member are cancelled. Unban Member does not bring them back.\n' +
				'- The Telegram bot removes the member a little later.\n' +
				'- **If it is sent twice.** Banning a banned member changes nothing. With the same `Idempotency-Key`, the first answer is returned again for 24 hours.',
		],
		[
			'searches/preview_access_codes',
			'Before you use it',
			'- Nothing is generated. A single batch can hold 1,000 codes at most.',
		],
		[
			'searches/preview_access_codes',
			'Ability',
			'The token needs `project-access-code:create`. Sources differ: another one names `project-access-code:view-any`; tick both.',
			'[Add it in the token helper](/token.html#for=zapier&does=preview_access_codes)',
		],
		[
			'searches/list_tokens',
			'Ability',
			'MemberPass asks for no ability here. A token reaches only the API tokens of its own owner.',
			'[Add it in the token helper](/token.html#for=zapier&does=list_tokens)',
		],
		['searches/list_tokens', 'Input', 'None.'],
		[
			'actions/ban_member',
			'Events it causes',
			'- [Member Banned](/events/member.banned.html)\n- [Subscription Cancelled](/events/subscription.cancelled.html)',
		],
		[
			'actions/bulk_generate_access_codes',
			'Zapier',
			'1. Add an action step and choose **MemberPass**.\n' +
				'2. Choose **Bulk Generate Access Codes** as the action event.\n' +
				'3. Fill in: **Project**, **Plan**, **Quantity**, **Delivery**, **Deduplication Key**.\n' +
				'4. If you need them: **Expiry**, **Custom Expiry Amount**, **Custom Expiry Unit**, **Expires in Days**.',
		],
		[
			'searches/list_tokens',
			'Zapier',
			'1. Add an action step and choose **MemberPass**.\n2. Choose **Find API Tokens** (a search) as the action event.',
		],
		[
			'reads/get_current_team',
			'Zapier',
			'Not a step of its own: the Zapier app uses it for lists, samples and the connection test.',
		],
		[
			'actions/retry_webhook_delivery',
			'Zapier',
			"Not a step: it is not in MemberPass's own list of actions. Use the call below.",
		],
		[
			'reads/get_current_team',
			'Evidence',
			'**documented.** A page or package of MemberPass states it. The answer is inferred: no page shows it for the REST API.',
			'- npm n8n-nodes-memberpass 1.4.0\n- github.com/envigoinnovations/subscriby-n8n scripts/data/api-endpoints.json (later era)',
			'Where sources contradict:',
			'- Answer: No page shows one; taken to be what reading one team shows.',
		],
		[
			'searches/list_tokens',
			'curl',
			"```sh\ncurl -sS 'https://api.memberpass.net/v1/tokens' \\\n" +
				'  -H "Authorization: Bearer $MEMBERPASS_TOKEN" \\\n' +
				"  -H 'Accept: application/json'\n```",
		],
		[
			'searches/list_tokens',
			'When it is refused',
			'| Code | What it means | What to do |\n| --- | --- | --- |\n' +
				'| `AUTHENTICATION_REQUIRED` 401 | The API token is missing, wrong, revoked, or belongs to another environment. | Create a new token in MemberPass and reconnect with it. |\n' +
				'| `TOKEN_MISSING_ABILITY` 403 | The API token is not allowed to do this. | In MemberPass, create a token that has the missing ability, and use that one instead. |\n' +
				'| `VALIDATION_FAILED` 422 | MemberPass did not accept one or more values. | Correct the fields that the error names. |\n' +
				'| `RATE_LIMITED` 429 | The token has sent too many requests. It may send 300 a minute and 10,000 an hour; some calls have smaller limits. | Wait as long as MemberPass says, then try again. |',
		],
	])('%s: %s', (path, heading, ...paragraphs) => {
		expect(partOf(path, heading).split('\n\n')).toEqual(paragraphs);
	});

	it.each([
		['events/plan.created', 'n8n', 'tick **Plan — Created** under **Trigger On**'],
		[
			'actions/bulk_generate_access_codes',
			'Input',
			'Set only one of `expiry_preset` and `expires_in_days`.',
		],
		[
			'actions/create_plan',
			'Input',
			'Set only one of `newcomers_only`, `customers_only` and `churned_only`.',
		],
		['reads/get_current_team', 'Answer', 'One object below `data`:\n'],
		['searches/list_tokens', 'Answer', 'A list of rows below `data`. Each row:\n'],
		[
			'actions/ban_member',
			'Answer',
			'### Example\n\n```json\n{\n  "data": {\n    "id": "usr_01JV9K3PZM4T8QX6WBNRH2C5DJ",',
		],
		[
			'actions/ban_member',
			'Input',
			'id="in-reason"><dt><code>reason</code><span class="mark">string</span><span class="mark">optional</span>',
		],
		[
			'actions/ban_member',
			'Answer',
			'id="out-status"><dt><code>status</code><span class="mark">string</span></dt>',
		],
		[
			'actions/ban_member',
			'curl',
			'run only the second command again: with the same key it is a retry, not another write.\n\n```sh\nKEY=$(openssl rand -hex 16)\ncurl -sS -X POST ',
		],
		// Which status it comes with is not known.
		['actions/cancel_subscription', 'When it is refused', '\n| `SUBSCRIPTION_ALREADY_ACTIVE` | '],
		[
			'recipes/weekly-digest',
			null,
			'<p class="lead">Posts the figures of the last seven days to the founders each Monday at nine.</p>\n\nGet it for [Zapier](#on-zapier), [n8n](#on-n8n) or [Make](#on-make).\n\n',
		],
		[
			'recipes/index',
			null,
			'ready automations for Zapier, n8n and Make. Each says what it cannot do, and does nothing twice for one event.</p>\n',
		],
		[
			'recipes/gift-code-campaign',
			null,
			'Made of [Access Code Generated](/events/access_code.generated.html), [Bulk Generate Access Codes](/actions/bulk_generate_access_codes.html), [Find Deep Link](/searches/get_deep_link.html), [Find Access Codes](/searches/list_access_codes.html). [See the abilities for all of it](/token.html#for=zapier&events=access_code.generated&does=bulk_generate_access_codes,get_deep_link,list_access_codes).',
		],
		[
			'recipes/weekly-digest',
			'On Make',
			'name="Post the weekly digest, Make blueprint" />\n\nAfter the import:\n\n1. Schedule the scenario for each Monday at 9:00.\n',
		],
		[
			'recipes/weekly-digest',
			null,
			'[See the abilities for all of it](/token.html#for=zapier&does=get_dashboard_analytics,get_transaction_breakdown).',
		],
	])('%s: %s holds "%s"', (path, heading, said) => {
		expect(partOf(path, heading)).toContain(said);
	});

	it('of an event lists what all have, beside what it alone has', () => {
		const fields = partOf('events/role.deleted', 'What arrives').matchAll(/ id="([a-z]+-[\w-]+)"/g);
		expect(Array.from(fields, ([, id]) => id)).toEqual([
			'field-data-team_id',
			'field-data-role_id',
			'field-data-role',
			'field-data-role-id',
			'field-data-role-code',
			'envelope-id',
			'envelope-type',
			'envelope-created_at',
			'envelope-api_version',
			'envelope-project_id',
		]);
	});

	it('leads to the token helper with what it is about, and nothing that the helper does not know', () => {
		const uses = readUses();
		const hashes = pages.flatMap(({ body }) =>
			Array.from(body.matchAll(/\(\/token\.html#([^)]*)\)/g), ([, hash = '']) => hash),
		);
		const { events: ofEvents, operations: ofOperations } = expectedCounts;
		expect(hashes.length).toBeGreaterThan(ofEvents + ofOperations);
		const nothing = { platform: 'code', events: [], operations: [] } as const;
		// The helper lists them in the order of the catalogue, a page in its own.
		const named = (hash: string) => hash.split(/[&=,]/).sort();
		expect(hashes.map((hash) => named(writeHash(readHash(uses, hash) ?? nothing)))).toEqual(
			hashes.map(named),
		);
	});

	it('in the gallery leads to each recipe, and says what it does', () => {
		for (const { key, title, summary } of recipes) {
			expect(page('recipes/index')).toContain(`- [${title}](/recipes/${key}.html)<br>${summary}`);
		}
	});

	it('of a recipe repeats no title', () => {
		for (const { path, body } of pages.filter((one) => one.path.startsWith('recipes/'))) {
			expect([path, body]).toEqual([path, expect.not.stringMatching(/^# /m)]);
		}
	});
});

describe('what Make needs', () => {
	const file = {
		kind: 'action',
		label: 'Create Plan',
		form: 'clipboard',
		path: 'clipboard/a.json',
		operations: 1,
		after: 'After import or paste: module 1: choose a key. Plans cost money. The token needs a:b.',
	} as const;

	it('is a file with its cost, and what is left to do: once for several that say the same', () => {
		const scenario = { ...file, form: 'blueprint', path: 'a.json', operations: 2 } as const;
		expect(makePart([file, scenario], 'operation', ['Plans cost money.']).split('\n\n')).toEqual([
			'## Make',
			'**Modules to paste.** Copy, click an empty spot of your scenario, and press Ctrl+V or ⌘V. Make may renumber the modules; their names stay. A run uses 1 Make operation.',
			'<FileOffer path="/make/clipboard/a.json" form="clipboard" name="Create Plan, Make modules" />',
			'**As a scenario of its own.** Download, and choose **⋯, Import Blueprint** in a new scenario. A run uses 2 Make operations.',
			'<FileOffer path="/make/a.json" form="blueprint" name="Create Plan, Make blueprint" />',
			'After import or paste:',
			'- Module 1: choose a key.\n- The token needs a:b.',
			'[Connect Make](/guides/connect-make.html) shows how.',
		]);
	});

	it('is told of each file where files differ in it', () => {
		const other = { ...file, path: 'b.json', after: 'After import: do nothing.' };
		const said = makePart([file, other], 'operation', []).matchAll(/^After [a-z ]+:\n\n- (.*)$/gm);
		expect(Array.from(said, ([, first]) => first)).toEqual([
			'Module 1: choose a key.',
			'Do nothing.',
		]);
	});

	it.each([
		['where nothing is left to do', 'Takes the plan.', []],
		[
			'where the page has said it all',
			'After import: plans cost money. Codes too.',
			['plans cost money.', 'Codes too.'],
		],
	])('says nothing of what comes after %s', (_, text, said) => {
		expect(afterImport(text, said)).toBe('');
	});

	it.each([
		[
			'event',
			'Start a scenario with **Webhooks, Custom webhook**, and have the events sent to its address.',
		],
		['operation', 'Add **HTTP, Make a request** and fill in the call below.'],
	] as const)('without a file for an %s is a module that Make has', (what, said) => {
		expect(makePart([], what, [])).toBe(
			`## Make\n\n${said} [Connect Make](/guides/connect-make.html) shows how.`,
		);
	});
});
