import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { events, isOfSuccessor, operation, operations } from '@memberpass/catalogue';
import { expectedCounts } from '@memberpass/testing';

import { readCommitted } from '../src/committed.ts';
import { fieldList, fieldRows } from '../src/fields.ts';
import { blocks, code, fence, prose } from '../src/markdown.ts';
import { actionNode, triggerNode } from '../src/n8n.ts';
import { makePages } from '../src/pages.ts';
import { eventPage } from '../src/page/event.ts';
import { dayInWords, readFacts, waitInWords } from '../src/facts.ts';
import { addPolicy, addWayBack, readBase, styleWithoutScript } from '../src/html.ts';
import { repoRoot } from './support.ts';

const committed = readCommitted(repoRoot);
const pages = makePages(committed);
const page = (path: string): string => {
	const found = pages.find((one) => one.path === path);
	if (found === undefined) throw new Error(`There is no page ${path}.`);
	return found.body;
};

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
		'%s: shows when it fires, every caveat, ability, source and the payload as it is sent',
		(type, entry) => {
			const body = page(`events/${type}`);
			const text = body.replace(/&#(\d+);/g, (_, sign: string) =>
				String.fromCharCode(Number(sign)),
			);
			for (const said of [
				entry.firesWhen,
				...entry.caveats.map((caveat) => caveat.text),
				...entry.decisions.map(({ because }) => because),
			]) {
				expect(unescape(text)).toContain(said);
			}
			for (const ability of [entry.ability, ...entry.alsoNeeds, 'webhook-endpoint:manage']) {
				expect(body).toContain(`\`${ability}\``);
			}
			for (const source of entry.sources) expect(unescape(text)).toContain(source);
			for (const { body: sent } of committed.deliveries(entry)) {
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
		'%s: shows every input and output by name, every caveat, and how it is refused',
		(key, entry) => {
			const folder = { action: 'actions', extra: 'actions', search: 'searches', read: 'reads' }[
				entry.kind
			];
			const body = page(`${folder}/${key}`);
			const text = unescape(
				body.replace(/&#(\d+);/g, (_, sign: string) => String.fromCharCode(Number(sign))),
			);
			for (const name of Object.keys(entry.input.properties))
				expect(body).toContain(`<code>${name}</code>`);
			if (entry.output.shape !== 'nothing') {
				for (const name of Object.keys(entry.output.schema.properties)) {
					expect(body).toContain(`<code>${name}</code>`);
				}
			}
			for (const caveat of entry.caveats) expect(text).toContain(caveat);
			for (const name of [...entry.errors, 'TOKEN_MISSING_ABILITY'])
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
			const { action, search, read } = { action: 'actions', search: 'searches', read: 'reads' };
			const folder = { action, search, read, extra: action }[entry.kind];
			const body = page(`${folder}/${key}`);
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

	it('say plainly what is not sent yet, and that Zapier hides it', () => {
		const body = page('events/payment.refunded');
		expect(body).toContain('::: warning Not sent yet');
		expect(body).toContain('is hidden in the Zapier editor');
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
		const [entry] = events;
		if (entry === undefined) throw new Error('The catalogue is empty.');
		expect(() => eventPage({ ...entry, type: 'no.such' }, committed)).toThrow(
			'no.such needs one canonical delivery in fixtures/events.',
		);
	});

	it('fail to be made where a recording or an operation of n8n is missing, and offer nothing that is not there', () => {
		const [entry] = operations;
		if (entry === undefined) throw new Error('The catalogue is empty.');
		expect(() => committed.success({ key: 'no_such' })).toThrow(
			'no_such needs a recording that succeeds in fixtures/api.',
		);
		expect(() => committed.n8n({ ...entry, resource: 'noSuch' })).toThrow(
			`The n8n node has no operation for ${entry.key}.`,
		);
		const none = operation('get_plan');
		expect(() => actionNode(none, committed.n8n(none), { no_such: 1 })).toThrow(
			'The n8n node has no input "no_such" of get_plan.',
		);
		expect(committed.zapier('creates', 'no_such')).toBeNull();
		expect(committed.make('no.such')).toEqual([]);
	});
});

/** Files to copy or download, with what they are, in the order of the page. */
const offersIn = (body: string): readonly string[] =>
	[...body.matchAll(/<FileOffer path="([^"]+)" form="(\w+)"/g)].map(
		([, path = '', form = '']) => `${path} ${form}`,
	);

/** Undoes what keeps markup out of prose. */
const unescape = (text: string): string =>
	text
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&amp;', '&');

describe('texts in Markdown', () => {
	it.each([
		['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
		['a_b *c* `d` [e](f)', 'a&#95;b &#42;c&#42; &#96;d&#96; &#91;e&#93;(f)'],
		['# a | ~b~ \\c', '&#35; a &#124; &#126;b&#126; &#92;c'],
		['{{ 7 * 7 }}', '<span v-pre>{{ 7 &#42; 7 }}</span>'],
	])('%s is prose', (text, wanted) => {
		expect(prose(text)).toBe(wanted);
	});

	it('code and blocks hold back-ticks', () => {
		expect(code('a`b')).toBe('`` a`b ``');
		expect(fence('sh', 'echo ```')).toBe('````sh\necho ```\n````');
		expect(fence('sh', 'echo')).toBe('```sh\necho\n```');
		expect(code('a')).toBe('`a`');
	});

	it('parts that say nothing leave no gap', () => {
		expect(blocks('a', '', null, 'b')).toBe('a\n\nb');
	});
});

describe('a field', () => {
	it('says type, null, presence, values, limits and example', () => {
		const rows = fieldRows({
			required: ['plan'],
			properties: {
				plan: {
					type: 'object',
					properties: {
						id: {
							type: ['string', 'null'],
							title: 'Plan ID',
							description: 'Which <one>.',
							examples: ['pln_1'],
						},
					},
				},
				tags: {
					type: 'array',
					items: { type: 'string', enum: ['a', 'b'] },
					minItems: 1,
					'x-labels': { a: 'First' },
				},
			},
		});
		expect(fieldList(rows, 'x', 'output')).toBe(
			[
				'<dl class="fields" v-pre>',
				'<div class="field" id="x-plan"><dt><code>plan</code><span class="mark">object</span></dt><dd><p><strong>Plan.</strong> </p></dd></div>',
				'<div class="field" id="x-plan-id"><dt><code>plan.id</code><span class="mark">string or null</span><span class="mark">may be absent</span></dt><dd><p><strong>Plan ID.</strong> Which &lt;one&gt;.</p><p>Example: <code>&quot;pln_1&quot;</code></p></dd></div>',
				'<div class="field" id="x-tags"><dt><code>tags</code><span class="mark">list of strings</span><span class="mark">may be absent</span></dt><dd><p><strong>Tags.</strong> </p><p>One of: <code>a</code> First, <code>b</code>.</p><p>Limits: at least 1.</p><p>Example: <code>[&quot;a&quot;]</code></p></dd></div>',
				'</dl>',
			].join('\n'),
		);
	});
});

it('every field of every event and operation has an example, or holds fields that have', () => {
	const rows = [
		...events.flatMap(({ type, data }) => fieldRows(data, `${type} `)),
		...operations.flatMap(({ key, input, output }) => [
			...fieldRows(input, `${key} `),
			...fieldRows(output.schema, `${key} `),
		]),
	];
	const bare = rows
		.filter(({ example, type }) => example === null && type !== 'object, any keys')
		.map(({ path }) => path);
	const holds = (path: string): boolean =>
		rows.some((row) => row.path.startsWith(`${path}.`) || row.path.startsWith(`${path}[].`));
	expect(rows.length).toBeGreaterThan(900);
	expect(bare.filter((path) => !holds(path))).toEqual([]);
});

describe('facts in words', () => {
	it.each([
		[10, '10 seconds'],
		[120, '2 minutes'],
		[3600, '1 hour'],
		[86_400, '24 hours'],
	])('%d is %s', (seconds, words) => {
		expect(waitInWords(seconds)).toBe(words);
	});

	it('the attempts of a delivery go on for 31 hours, the sum of the documented waits', () => {
		// 10 s + 30 s + 2 min + 10 min + 1 h + 6 h + 24 h.
		expect(readFacts().retryTime).toBe('about 31 hours');
	});

	it('the numbers of what there is are those of the catalogue', () => {
		expect(readFacts().counts).toEqual({ events: 71, actions: 24, searches: 35 });
	});

	it('a date is a day in any time zone', () => {
		expect(dayInWords('2027-08-14')).toBe('14 August 2027');
	});
});

describe('the guides', () => {
	const guide = (name: string): string =>
		readFileSync(join(repoRoot, 'packages/site/pages/guides', `${name}.md`), 'utf8');

	it('promise nobody more attempts than the waits add up to', () => {
		expect(guide('rotate-a-secret')).toContain('sent again for {{ facts.retryTime }}');
		expect(guide('rotate-a-secret')).not.toMatch(/days/);
	});

	it('on the successor link every entry that warns of it', () => {
		const hit = [
			...events
				.filter(({ caveats }) => caveats.some(({ text }) => isOfSuccessor(text)))
				.map(({ type }) => `/events/${type}.md`),
			...operations
				.filter(({ caveats }) => caveats.some(isOfSuccessor))
				.map(({ key, kind }) => `/${kind === 'search' ? 'searches' : 'actions'}/${key}.md`),
		];
		expect(hit).toHaveLength(9);
		for (const link of hit) expect(guide('successor-host')).toContain(`](${link})`);
	});

	it('on the successor do not promise that the bridge hides what changed', () => {
		expect(guide('successor-host')).toContain('It is not known whether the bridge hides');
		expect(guide('successor-host')).not.toContain('Nothing has to change');
	});
});

describe('the policy of a page', () => {
	const policyOf = (page: string): string =>
		/Content-Security-Policy" content="([^"]*)"/.exec(addPolicy(page))?.[1] ?? '';

	it('allows the scripts that are in it, by their hash and once each, and no others', () => {
		// printf 'alert(1)' | openssl dgst -sha256 -binary | base64
		const hash = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
		const scripts =
			'<script>alert(1)</script><script type="module">alert(1)</script><script async src="/a.js"></script>';
		expect(policyOf(`<head>${scripts}</head>`)).toBe(
			`default-src 'none'; script-src 'self' ${hash}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`,
		);
		expect(policyOf('<head></head>')).toContain("; script-src 'self'; style-src");
	});

	it('is not left out without a word where a page has no head', () => {
		expect(() => addPolicy('<html><body></body></html>')).toThrow('has no <head>');
	});
});

describe('the page for what is not there', () => {
	it('has a way back without JavaScript, from below any folder', () => {
		expect(
			addWayBack('<body><div id="app"></div></body>', '/a/b/', [{ text: 'Q & A', link: '/q&a/' }]),
		).toBe(
			'<body><div id="app"></div>\n    <noscript><main class="vp-doc not-found"><h1>Page not found</h1><ul><li><a href="/a/b/">To the first page</a></li><li><a href="/a/b/q&amp;a/">Q &amp; A</a></li></ul></main></noscript></body>',
		);
	});
});

describe('the place of the site on its host', () => {
	it.each(['/', '/memberpass-integrations/', '/a/b/'])('may be %s', (base) => {
		expect(readBase(base)).toBe(base);
	});

	it.each([
		'',
		'docs',
		'/docs',
		'//evil.example/',
		'https://example.com/',
		'/a b/',
		'/"><script>/',
	])('cannot be "%s"', (base) => {
		expect(() => readBase(base)).toThrow('SITE_BASE must be a path');
	});
});

describe('readers without JavaScript', () => {
	it('get the dark colours of the theme from their system', () => {
		expect(styleWithoutScript('.dark {\n\t--a: #000;\n}\n')).toContain(
			'@media (prefers-color-scheme:dark){:root{color-scheme:dark;--a: #000;}',
		);
	});

	it('are not forgotten when the theme changes', () => {
		expect(() => styleWithoutScript(':root {}')).toThrow('".dark { … }"');
	});
});
