import type { Page } from 'playwright-core';

import { overhang, until } from '../../../../shared/testing/src/browser.ts';
import { expectedCounts } from '../../../../shared/testing/src/counts.ts';
import { useVisits } from './visits.ts';

const { visit, useVisit } = useVisits();

/** Runs where a text becomes HTML. */
const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

describe('Whoever opens the page', () => {
	const opened = useVisit();

	it('finds the base URL and the token, and an example call made of both', async () => {
		const { page, sandbox } = opened();
		await page.locator('#base-url', { hasText: sandbox.apiUrl }).waitFor();
		expect(await page.locator('#token').textContent()).toBe(sandbox.token);
		await page.getByText('How to use them').click();
		expect(await page.locator('#curl').textContent()).toBe(
			`curl -s ${sandbox.apiUrl}/projects -H 'Authorization: Bearer ${sandbox.token}'`,
		);
	});

	it('sees what came of a click: without a clipboard, what to copy is selected', async () => {
		const { page, sandbox } = opened();
		await page.locator('#token', { hasText: sandbox.token }).waitFor();
		await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
		await page.evaluate(`(() => {
			const usual = setTimeout;
			window.setTimeout = (run, wait) => (wait === 8000 ? (window.endNote = run) && 0 : usual(run, wait));
		})()`);
		await page.getByRole('button', { name: 'Copy the token' }).click();
		await page.locator('#note:visible', { hasText: 'Selected. Press Ctrl+C to copy.' }).waitFor();
		expect(await page.evaluate('getSelection().toString()')).toBe(sandbox.token);
		await page.locator('#announcer', { hasText: 'Selected. Press Ctrl+C to copy.' }).waitFor();
		await page.evaluate('endNote()');
		expect(await page.locator('#note').textContent()).toBe('');
	});

	it('is offered every event, by family, and finds one by any of its words', async () => {
		const { page } = opened();
		expect(await page.locator('.event').count()).toBe(expectedCounts.events);
		expect(await page.locator('#event-list legend').count()).toBe(expectedCounts.families);
		await page.locator('#event-search').fill('bot connected');
		expect(await page.locator('.event:visible').allTextContents()).toEqual([
			'project.bot.connected',
			'project.bot.disconnected',
		]);
		expect(await page.locator('#event-list legend:visible').allTextContents()).toEqual(['Project']);
		// The first that matches is chosen: what is fired is always something one sees.
		expect(await page.locator('#fire-button').textContent()).toBe('Fire project.bot.connected');
		expect(await page.locator('#chosen').textContent()).toMatch(
			/^Project Bot Connected\. Triggers when [^.]*\.(?! It belongs)/,
		);
		await page.locator('#event-search').fill('invoice paid');
		expect(await page.locator('#chosen').textContent()).toContain('It belongs to no project.');
		await page.locator('#event-search').fill('no such thing');
		expect(await page.locator('#fire-button').isDisabled()).toBe(true);
		expect(await page.locator('#chosen').textContent()).toBe('No event matches the search.');
		expect(await page.locator('#event-count').textContent()).toMatch(/^0 of 71 events\. /);
		await page.locator('#event-search').fill('');
	});

	it('sees its beginning, and of the list the event that is chosen, however small the window', async () => {
		const { page } = opened();
		await page.setViewportSize({ width: 640, height: 320 });
		await page.evaluate('scrollTo(0, 0)');
		// The line breaks at once, and comes back later.
		const back = Promise.withResolvers<undefined>();
		const lines: unknown[] = [];
		await page.route('**/deliveries/stream', async (route) => {
			if (lines.push(route) === 1) {
				await route.fulfill({ contentType: 'text/event-stream', body: 'retry: 1\n\n' });
				return;
			}
			await back.promise;
			await route.continue();
		});
		await page.reload();
		await page.locator('.event').first().waitFor();
		expect(await page.evaluate('scrollY')).toBe(0);
		expect(await page.locator('#fire-button').textContent()).toBe('Fire subscription.created');
		expect(await page.locator('#event-count').textContent()).toBe(
			'71 of 71 events. Arrow keys choose, Enter fires.',
		);
		await page.locator('#live[data-tone=warn]', { hasText: '! Reconnecting' }).waitFor();
		await page.locator('#event-search').fill('role updated');
		await page.locator('#event-search').fill('');
		const [below, above] = await page.evaluate<[number, number]>(`(() => {
			const list = document.querySelector('#event-list').getBoundingClientRect();
			const row = document.querySelector('.event:has(:checked)').getBoundingClientRect();
			return [row.top - list.top, list.bottom - row.bottom];
		})()`);
		expect(Math.min(below, above)).toBeGreaterThan(0);
		const actions = page.waitForResponse('**/_sandbox/actions');
		back.resolve(undefined);
		await page.locator('#live[data-tone=good]', { hasText: '● Live' }).waitFor();
		await actions;
		expect(await page.locator('#fire-button').textContent()).toBe('Fire role.updated');
		await page.unrouteAll();
	});

	it('finds nothing beside the window, at twice the size either', async () => {
		const { page } = opened();
		for (const width of [640, 720, 800]) {
			await page.setViewportSize({ width, height: 450 });
			await page.evaluate("document.querySelector('#live-text').textContent = 'Reconnecting'");
			expect([width, await overhang(page)]).toEqual([width, 0]);
		}
	});

	it('is told that nobody listens for an event', async () => {
		const { page } = opened();
		await page.locator('#fire-button').click();
		await page
			.locator('#fire-result', { hasText: 'No active endpoint is listening for it.' })
			.waitFor();
		await page
			.locator('#announcer', { hasText: /^Fired \S+\. No active endpoint is listening for it\.$/ })
			.waitFor();
	});

	it('is told what is wrong with an address, at the field', async () => {
		const { page } = opened();
		await page.getByRole('button', { name: 'Add an endpoint' }).click();
		await page.locator('#add-url').fill('http://example.com/hook');
		await page.keyboard.press('Enter');
		await page.locator('#add-problem', { hasText: 'https://' }).waitFor();
		expect(await page.locator('#add-url:focus').getAttribute('aria-invalid')).toBe('true');
	});

	it('can change the data of an event without anything of the form being cut off', async () => {
		const { page } = opened();
		await page.setViewportSize({ width: 1280, height: 800 });
		await page.getByText('Change its data').click();
		const cutOff = await page.evaluate(`(() => {
			const composer = document.querySelector('.composer');
			return composer.scrollHeight - composer.clientHeight;
		})()`);
		expect(cutOff).toBe(0);
		await page.getByText('Change its data').click();
	});
});

describe('An event', () => {
	const opened = useVisit();
	beforeAll(() => opened().subscribe());

	it('is not fired before the page knows its project and who listens', async () => {
		const { page, sandbox, receiver } = opened();
		sandbox.fire('member.joined');
		await sandbox.engine.settle();
		const before = receiver.received.length;
		const account = Promise.withResolvers<undefined>();
		let asked = 0;
		const question = /\/page\/account(\?|$)/;
		await page.route(question, async (route) => {
			asked += 1;
			await account.promise;
			await route.continue();
		});
		await page.reload({ waitUntil: 'commit' });
		await page.locator('.event').first().waitFor();
		await page.locator('#event-search').press('Enter');
		expect(await page.locator('#fire-button').isDisabled()).toBe(true);
		await page.locator('.target', { hasText: 'to …' }).first().waitFor();
		// News call for another reading, which waits for the answer to this one: it would be overtaken.
		sandbox.fire('role.created');
		await page.locator('#announcer', { hasText: 'role.created' }).waitFor();
		expect(asked).toBe(1);
		account.resolve(undefined);
		await page.locator('.target', { hasText: 'to Receiver' }).first().waitFor();
		expect(await page.locator('.again').first().isVisible()).toBe(true);
		await page.locator('#fire-button').click();
		await page.locator('#fire-result', { hasText: '1 endpoint is listening.' }).waitFor();
		await sandbox.engine.settle();
		expect(receiver.received).toHaveLength(before + 2);
		await page.unroute(question);
	});

	it('carries the data that was changed for it', async () => {
		const { page, sandbox, receiver } = opened();
		await page.getByText('Change its data').click();
		await page.locator('#insert-example').click();
		await page.locator('#fire-data:focus').waitFor();
		expect(JSON.parse(await page.locator('#fire-data').inputValue())).toHaveProperty(
			'subscription_id',
		);
		await page.locator('#fire-data').fill('{"access_code":"masked_ABCDE"}');
		await page.locator('#fire-button').click();
		await page.locator('#fire-result', { hasText: 'Fired' }).waitFor();
		await sandbox.engine.settle();
		expect(JSON.parse(receiver.received.at(-1)?.body ?? '')).toMatchObject({
			type: 'subscription.created',
			data: { access_code: 'masked_ABCDE' },
		});
		await page.getByText('Change its data').click();
	});

	it('is not fired with data that is no JSON object', async () => {
		const { page, sandbox, receiver } = opened();
		const before = receiver.received.length;
		await page.getByText('Change its data').click();
		for (const text of ['{"broken"', '[1]', '"text"', 'null']) {
			await page.locator('#fire-data').fill(text);
			await page.locator('#fire-button').click();
			await page.locator('#fire-problem', { hasText: 'JSON' }).waitFor();
			expect(await page.locator('#fire-data:focus').getAttribute('aria-invalid')).toBe('true');
		}
		// What nobody sees is not sent.
		await page.getByText('Change its data').click();
		await page.locator('#fire-button').click();
		await page.locator('#fire-result', { hasText: 'Fired' }).waitFor();
		expect(await page.locator('#fire-problem').textContent()).toBe('');
		expect(await page.locator('#fire-data').getAttribute('aria-invalid')).toBeNull();
		await sandbox.engine.settle();
		expect(receiver.received).toHaveLength(before + 1);
	});

	it('that is refused is told of, and that several endpoints listen', async () => {
		const { page, sandbox, subscribe } = opened();
		subscribe('Another');
		await page.locator('#fire-button').click();
		await page.locator('#fire-result', { hasText: '2 endpoints are listening.' }).waitFor();
		const another = sandbox.engine.listEndpoints().find(({ name }) => name === 'Another');
		sandbox.engine.removeEndpoint(another?.id ?? '');

		await page.getByText('Change its data').click();
		await page.route('**/_sandbox/page/example?*', (route) =>
			route.fulfill({ status: 422, json: { error: { message: 'No example.' } } }),
		);
		await page.route('**/_sandbox/events', (route) =>
			route.fulfill({ status: 422, json: { error: { message: 'No event.' } } }),
		);
		await page.locator('#insert-example').click();
		await page.locator('#fire-problem', { hasText: 'No example.' }).waitFor();
		await page.getByText('Change its data').click();
		await page.locator('#fire-button').click();
		await page.locator('#fire-problem', { hasText: 'No event.' }).waitFor();
		expect(await page.locator('#fire-result').textContent()).toBe('');
		await page.unrouteAll();
	});
});

describe('The account', () => {
	const opened = useVisit();

	it('changes on the page when a subscriber does something', async () => {
		const { page, sandbox, subscribe } = opened();
		await page.getByRole('link', { name: 'Account' }).click();
		const before = Number(await page.locator('#tile-subscriptions').textContent());
		// What can be done comes in an answer of its own, which may be the later one.
		await page.locator('#act-action option').first().waitFor({ state: 'attached' });
		await page.locator('#act-target option').first().waitFor({ state: 'attached' });
		await page.locator('#act-action').selectOption('subscribe');
		await page.getByRole('button', { name: 'Do it' }).click();
		await page.locator('#tile-subscriptions', { hasText: String(before + 1) }).waitFor();
		expect(await page.locator('#subscriptions tbody tr').count()).toBe(before + 1);
		await page.locator('#note', { hasText: 'Done.' }).waitFor();
		await page.route('**/_sandbox/actions', async (route) => {
			await route.fulfill({
				status: 422,
				json: { error: { message: 'No', remediation: 'more.' } },
			});
		});
		await page.getByRole('button', { name: 'Do it' }).click();
		await page.locator('#act-problem', { hasText: 'No more.' }).waitFor();
		await page.unroute('**/_sandbox/actions');

		// A table that is drawn again keeps the focus of whoever scrolls it.
		await page.locator('#subscriptions .scroll').focus();
		const plan_id = await page.locator('#act-target').inputValue();
		sandbox.act({ action: 'subscribe', plan_id });
		await page.locator('#tile-subscriptions', { hasText: String(before + 2) }).waitFor();
		expect(await page.locator('#subscriptions .scroll:focus').count()).toBe(1);
		await page.getByRole('button', { name: 'Do it' }).click();
		await page.locator('#tile-subscriptions', { hasText: String(before + 3) }).waitFor();
		expect(await page.locator('#act-problem').textContent()).toBe('');

		// What was chosen stays chosen while others come.
		await page.locator('#act-action').selectOption('fail_payment');
		const offered = page.locator('#act-target option');
		const count = await offered.count();
		await page.locator('#act-target').selectOption({ index: 1 });
		const chosen = await page.locator('#act-target').inputValue();
		sandbox.act({ action: 'subscribe', plan_id });
		await offered.nth(count).waitFor({ state: 'attached' });
		expect(await page.locator('#act-target').inputValue()).toBe(chosen);

		// What did not change is not drawn again, under whoever reads it.
		await page.evaluate(
			"document.querySelector('#members').id = 'kept', document.querySelector('.tile').classList.add('kept')",
		);
		subscribe();
		await page.locator('.endpoint').waitFor({ state: 'attached' });
		expect(await page.locator('#kept, .kept').count()).toBe(2);
		await page.evaluate("document.querySelector('#kept').id = 'members'");
	});

	it('shows the rows of the chosen project', async () => {
		const { page, sandbox } = opened();
		const [first, second] = [...sandbox.state.projects.values()];
		await page.getByRole('link', { name: 'Account' }).click();
		await page.locator('#members tbody tr').first().waitFor();
		expect(await page.locator('#account-project').inputValue()).toBe(first?.id);
		await page.locator('#account-project').selectOption(second?.id ?? '');
		const wanted = [...sandbox.state.plans.values()].filter((row) => row.project_id === second?.id);
		await page.locator('#tile-plans', { hasText: new RegExp(`^${wanted.length}$`) }).waitFor();
		expect((await page.locator('#plans tbody strong').allTextContents()).sort()).toEqual(
			wanted.map(({ name }) => name).sort(),
		);
		await page.locator('#account-project').selectOption(first?.id ?? '');
		// The other tests find the page with the rows of the first.
		const back = [...sandbox.state.plans.values()].find((row) => row.project_id === first?.id);
		await page.locator('#plans tbody code', { hasText: back?.id ?? 'none' }).waitFor();
	});

	it('offers nothing to do where there is nobody it could happen to', async () => {
		const { page, sandbox } = opened();
		const projects = [...sandbox.state.projects.values()];
		const [first] = projects;
		const empty = projects.find(({ handle }) => handle === 'drafts-no-bot');
		await page.getByRole('link', { name: 'Account' }).click();
		await page.locator('#act-action option').first().waitFor({ state: 'attached' });
		await page.locator('#act-action').selectOption('renew');
		await page.locator('#account-project').selectOption(empty?.id ?? '');
		await page.locator('#act-target', { hasText: 'Nothing to choose from' }).waitFor();
		expect(await page.locator('#act-hint').textContent()).toMatch(
			/^[^(]+\. All of its events are sent\.$/,
		);
		expect(await page.locator('#act-button').isDisabled()).toBe(true);
		await page.locator('#account-project').selectOption(first?.id ?? '');
		await page.locator('#act-button:enabled').waitFor();
		await page.locator('#act-action').selectOption('redeem');
		expect(await page.locator('#act-target-label').textContent()).toBe('Access code');
		const open = page.locator('#codes tr', { hasText: 'open' });
		expect(await page.locator('#act-target option').count()).toBe(await open.count());
	});

	it.each([
		['convert_trial', ['trialing']],
		['renew', ['active', 'past due']],
		['fail_payment', ['active', 'past due', 'trialing']],
		['end_period', ['active', 'canceled', 'past due', 'trialing']],
		['expire', ['active', 'canceled', 'past due', 'trialing']],
	])('offers %s for those it can happen to', async (action, statuses) => {
		const { page } = opened();
		await page.getByRole('link', { name: 'Account' }).click();
		await page.locator('#act-action option').first().waitFor({ state: 'attached' });
		await page.locator('#act-target option').first().waitFor({ state: 'attached' });
		await page.locator('#act-action').selectOption(action);
		const offered = await page.locator('#act-target option').allTextContents();
		expect([...new Set(offered.map((text) => text.split(', ').at(-1)))].sort()).toEqual(statuses);
	});
});

describe('What the account has', () => {
	it('shows hostile names and answers as the text they are', async () => {
		const { page, sandbox } = await visit({}, (prepared, receiver) => {
			const { state, seeded, engine, switches } = prepared;
			switches.paging = 'last_page';
			for (const project of state.projects.values()) project.name = hostile;
			for (const plan of state.plans.values()) plan.name = hostile;
			for (const member of state.members.values()) member.name = hostile;
			for (const resource of state.resources.values()) resource.title = hostile;
			for (const token of state.tokens.values()) token.name = hostile;
			receiver.answer = { status: 500, headers: { 'X-Odd': hostile }, body: hostile };
			engine.addEndpoint({
				name: hostile,
				url: `${receiver.url}?${encodeURIComponent(hostile)}`,
				events: ['member.joined'],
				projectId: null,
				allowedIps: null,
				isActive: true,
				teamId: seeded.team.id,
			});
		});
		sandbox.fire('member.joined', { subscriber: hostile, [hostile]: hostile });
		await page.locator('.delivery[data-status=failed] .row').click();
		expect(await page.locator('.endpoint strong').textContent()).toBe(hostile);
		expect(await page.locator('.delivery pre').last().textContent()).toBe(hostile);
		await page.getByRole('link', { name: 'Account' }).click();
		for (const table of ['plans', 'members', 'resources', 'projects', 'tokens']) {
			expect(await page.locator(`#${table} tbody strong`).first().textContent()).toBe(hostile);
		}
		// A switch that was set before somebody looks is shown as it is.
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await page.locator('.switch .pill', { hasText: 'changed' }).waitFor();
		expect(await page.locator('#switch-paging').inputValue()).toBe('last_page');
		// The page's own images and scripts are one each; a dialog or a violation fails the test by itself.
		expect(await page.locator('img').count()).toBe(1);
		expect(await page.locator('script').count()).toBe(1);
	});

	it('is in tables for whoever looks at them, and at once', async () => {
		const { page, sandbox } = await visit({}, ({ state }) => {
			const [payment] = state.payments.values();
			if (payment === undefined) throw new Error('The seeded account has no payments.');
			for (let count = 0; count < 100; count++) {
				state.payments.set(`pay_${count}`, { ...payment, id: `pay_${count}` });
			}
			for (const row of state.subscriptions.values()) row.cancelQueued = true;
			for (const row of state.resources.values()) row.active = false;
			for (const row of state.projects.values()) row.active = row.handle !== 'quiet-kitchen';
			state.accessCodes.clear();
		});
		await page.locator('#tile-members', { hasText: /\d/ }).waitFor({ state: 'attached' });
		expect(await page.locator('#tables > *').count()).toBe(0);
		// The account is not answered for once more.
		await page.route('**/page/account', () => undefined);
		await page.getByRole('link', { name: 'Account' }).click();
		const projects = [...sandbox.state.projects.values()].map(({ name }) => name);
		expect((await page.locator('#projects tbody strong').allTextContents()).sort()).toEqual(
			projects.sort(),
		);
		const cells = async (table: string, row: string): Promise<string[]> => {
			const found = page.locator(`#${table} tbody tr`, { hasText: row }).first();
			return await found.locator('td:not(:has(time)):not(:has(code))').allTextContents();
		};
		const seen = [
			await cells('plans', 'Founders'),
			await cells('plans', 'Trial Monthly'),
			await cells('members', 'Mateo'),
			await cells('subscriptions', 'Mateo'),
			await cells('payments', '29.00'),
			await cells('resources', 'PDF'),
			await cells('projects', 'Quiet'),
			(await cells('projects', 'Research Premium')).slice(-1),
			await cells('people', 'Nora'),
			(await cells('tokens', 'Sandbox')).slice(0, 3),
			(await cells('tokens', 'One project')).slice(0, 3),
		];
		expect(seen).toEqual([
			['Founders Lifetime', '499.00 USD, once', '–', '– draft'],
			['Trial Monthly', '19.00 USD, every month', '14 days', '✓ published'],
			['Mateo García', '○ trialing', 'mateo@example.com', '700100003'],
			['Mateo García', 'Trial Monthly', '○ trialing cancellation queued', 'paypal'],
			['29.00 USD', 'Premium Monthly', '✓ successful', 'stripe'],
			['Onboarding PDF', 'manual', '– archived'],
			['Quiet Kitchen Club', 'quiet-kitchen', 'Quiet Kitchen', '– archived'],
			['✓ active'],
			['Nora Lindqvist', 'nora@example.com', 'Research Collective', 'Owner'],
			['Sandbox', 'Research Collective', 'all'],
			['One project only', 'Research Collective', 'Research Premium'],
		]);
		expect(await page.locator('#codes .empty').textContent()).toBe('None.');
		expect(await page.locator('#tables').textContent()).not.toContain('1970');
		expect(await page.locator('#account-project option').first().textContent()).toBe(
			'Research Premium (Research Collective)',
		);
		expect(await page.locator('#account-project option').last().textContent()).toBe(
			'Quiet Kitchen Club (Quiet Kitchen)\u200e, archived',
		);
		await page.getByRole('button', { name: /Tokens$/ }).click();
		expect(await page.locator('#tokens-title:focus').count()).toBe(1);
		expect(await page.evaluate('scrollY')).toBeGreaterThan(0);
		expect(await page.locator('#tables .hint').allTextContents()).toEqual([
			'The newest 100 are shown.',
		]);
	});
});

describe('The behaviour', () => {
	const opened = useVisit();
	const questionOf = (page: Page) => page.getByLabel('Which keys does a paged list have in meta?');

	it('of a switch is set on the page, marked as changed, and set back', async () => {
		const { page, sandbox } = opened();
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await questionOf(page).selectOption('next_cursor');
		await page.locator('.switch .pill', { hasText: 'changed' }).waitFor();
		expect(sandbox.switches.paging).toBe('next_cursor');
		await page.getByRole('button', { name: 'Back to the defaults' }).click();
		// The page says "Set." already: what tells that it was set once more is the mark that goes.
		await page.locator('.switch .pill').waitFor({ state: 'detached' });
		expect(sandbox.switches.paging).toBe('has_more');
	});

	it('of the next call is made to fail, and the page itself is spared', async () => {
		const { page, sandbox } = opened();
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await page.locator('#fault-kind').selectOption('duplicate_delivery');
		await page.locator('#fault-hint', { hasText: /^A delivery is sent twice\.$/ }).waitFor();
		await page.locator('#fault-times').fill('');
		await page.getByRole('button', { name: 'Set', exact: true }).click();
		await page.locator('#fault-problem', { hasText: 'whole number' }).waitFor();
		await page.locator('#fault-times:focus').fill('1');
		await page.getByRole('button', { name: 'Set', exact: true }).click();
		await page.locator('#faults', { hasText: '1 to come' }).waitFor();
		expect(await page.locator('#fault-problem').textContent()).toBe('');
		await page.locator('#note', { hasText: 'Fault set.' }).waitFor();
		await page.getByRole('button', { name: 'Clear all' }).click();
		await page.locator('#faults li').waitFor({ state: 'detached' });
		await page.locator('#note', { hasText: 'Cleared.' }).waitFor();

		await page.locator('#fault-kind').selectOption('error');
		await page.getByRole('button', { name: 'Set', exact: true }).click();
		await page.locator('#faults', { hasText: '1 to come' }).waitFor();
		await page.getByRole('link', { name: 'Account' }).click();
		await page.locator('#members tbody tr').first().waitFor();
		const call = () =>
			fetch(`${sandbox.apiUrl}/projects`, {
				headers: { authorization: `Bearer ${sandbox.token}` },
			});
		await page.getByRole('link', { name: 'Behaviour' }).click();
		expect((await call()).status).toBe(503);
		expect((await call()).status).toBe(200);
		// Whoever made the call elsewhere comes back to the page.
		await page.evaluate("dispatchEvent(new Event('focus'))");
		await page.locator('#faults li').waitFor({ state: 'detached' });
	});

	it('that cannot be changed is told of, and shown as it is', async () => {
		const { page } = opened();
		await page.getByRole('link', { name: 'Behaviour' }).click();
		const question = questionOf(page);
		await question.waitFor();
		let isRead = false;
		for (const name of ['faults', 'switches']) {
			await page.route(`**/_sandbox/${name}`, (route) =>
				isRead && route.request().method() === 'GET'
					? route.continue()
					: route.fulfill({ status: 422, json: { error: { message: `No ${name} now.` } } }),
			);
		}
		await page.getByRole('button', { name: 'Clear all' }).click();
		await page.locator('#note', { hasText: 'No faults now.' }).waitFor();
		await question.selectOption('next_cursor');
		await page.locator('#note', { hasText: 'No switches now.' }).waitFor();
		isRead = true;
		await question.selectOption('last_page');
		await until(page, "document.querySelector('#switch-paging').value === 'has_more'");
		expect(await page.locator('#note').textContent()).toBe('No switches now.');
		await page.unrouteAll();
	});

	it('that was chosen while a list of it was on its way stays chosen', async () => {
		const { page, sandbox } = opened();
		const question = questionOf(page);
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await question.waitFor();
		const other = page.locator('#switch-missingKey');
		expect(await other.inputValue()).not.toBe('428');
		sandbox.switches.missingKey = '428';
		const listed = Promise.withResolvers<undefined>();
		const chosen = Promise.withResolvers<undefined>();
		const set = Promise.withResolvers<undefined>();
		await page.route('**/_sandbox/switches', async (route) => {
			if (route.request().method() !== 'GET') {
				await set.promise;
				await route.continue();
				return;
			}
			const list = await route.fetch();
			listed.resolve(undefined);
			await chosen.promise;
			await route.fulfill({ response: list });
		});
		// One is being set when the list is asked for, one is set after that.
		await page.locator('#switch-deadLetter').selectOption('after_72_hours');
		await page.evaluate("dispatchEvent(new Event('focus'))");
		await listed.promise;
		set.resolve(undefined);
		await question.selectOption('next_cursor');
		await page.locator('.switch .pill', { hasText: 'changed' }).nth(1).waitFor();
		chosen.resolve(undefined);
		// What only the list tells of shows that it has come.
		await until(page, "document.querySelector('#switch-missingKey').value === '428'");
		expect(await question.inputValue()).toBe('next_cursor');
		expect(sandbox.switches.paging).toBe('next_cursor');
		expect(await page.locator('#switch-deadLetter').inputValue()).toBe('after_72_hours');
		await page.unroute('**/_sandbox/switches');
		await page.getByRole('button', { name: 'Back to the defaults' }).click();
		await page.locator('.switch .pill').first().waitFor({ state: 'detached' });
	});
});
