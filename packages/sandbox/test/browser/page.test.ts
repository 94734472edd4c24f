import { overhang, tabTo, until } from '../../../../shared/testing/src/browser.ts';
import { expectedCounts } from '../../../../shared/testing/src/counts.ts';
import { startSandbox, VirtualClock } from '../../src/index.ts';
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
		await page.getByRole('button', { name: 'Copy the token' }).click();
		await page.locator('#note:visible', { hasText: 'Selected. Press Ctrl+C to copy.' }).waitFor();
		expect(await page.evaluate('getSelection().toString()')).toBe(sandbox.token);
		await page.locator('#announcer', { hasText: 'Selected. Press Ctrl+C to copy.' }).waitFor();
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
			/^Project Bot Connected\. Triggers when /,
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
		await page.reload();
		await page.locator('.event').first().waitFor();
		expect(await page.evaluate('scrollY')).toBe(0);
		await page.locator('#event-search').fill('role updated');
		await page.locator('#event-search').fill('');
		const [below, above] = await page.evaluate<[number, number]>(`(() => {
			const list = document.querySelector('#event-list').getBoundingClientRect();
			const row = document.querySelector('.event:has(:checked)').getBoundingClientRect();
			return [row.top - list.top, list.bottom - row.bottom];
		})()`);
		expect(Math.min(below, above)).toBeGreaterThan(0);
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

describe('An endpoint', () => {
	it('can be added without having a receiver, and its secret is seen once', async () => {
		const { page, sandbox } = await visit();
		// What to do first stands out.
		await page.getByText('Nothing is listening yet.').waitFor();
		const show = page.locator('#show-add');
		expect(await show.getAttribute('class')).toBe('primary');
		await show.click();
		await page.locator('#add-url:focus').waitFor();
		expect(await show.getAttribute('aria-expanded')).toBe('true');
		await show.click();
		expect(await page.locator('#add-form').isVisible()).toBe(false);
		expect(await show.getAttribute('aria-expanded')).toBe('false');

		await show.click();
		const inbox = await page.locator('#add-url').inputValue();
		await page.locator('#add-url').fill('nowhere');
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.locator('#add-url[aria-invalid]:focus').waitFor();
		await page.locator('#add-url').fill(inbox);
		await page.locator('#add-events').selectOption('chosen');
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.locator('#secret-text', { hasText: /^mps_sandbox_[0-9a-f]{32}$/ }).waitFor();
		expect(await page.locator('#add-form').isVisible()).toBe(false);
		await page.locator('#show-add:focus').waitFor();
		expect(await page.locator('#add-problem').textContent()).toBe('');
		expect(await page.locator('#add-url').getAttribute('aria-invalid')).toBeNull();
		expect(sandbox.engine.listEndpoints()).toMatchObject([
			{ name: 'Inbox', events: ['subscription.created'] },
		]);
		await page.locator('.endpoint', { hasText: 'subscription.created' }).waitFor();
		expect(await page.locator('#no-endpoints').isVisible()).toBe(false);
		expect(await show.getAttribute('class')).toBe('');
		await page.locator('#fire-button').click();
		await page.locator('.delivery[data-status=delivered] .answer', { hasText: '200' }).waitFor();
		expect(sandbox.engine.listEndpoints().map(({ url }) => url)).toEqual([
			`${sandbox.url}/_sandbox/page/inbox`,
		]);
		// As the skip link leaves the address, which names no view.
		await page.evaluate("location.hash = 'main'");
		await page.reload();
		await page.locator('.endpoint').waitFor();
		expect(await page.locator('#secret').isVisible()).toBe(false);
		expect(await page.title()).toBe('Webhooks · MemberPass sandbox');
	});
});

describe('The endpoints', () => {
	const opened = useVisit();
	const add = (name: string, events: string[], more: object = {}): void => {
		const { sandbox, receiver } = opened();
		sandbox.engine.addEndpoint({
			name,
			url: receiver.url,
			events,
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
			...more,
		});
	};

	it('say what they hear of and how they fare', async () => {
		const { page, sandbox, receiver } = opened();
		const { seeded, state } = sandbox;
		const [other] = [...state.teams.values()].filter(({ id }) => id !== seeded.team.id);
		add('One', ['role.created'], { projectId: seeded.project.id });
		add('Three', ['role.created', 'role.deleted', 'group.created'], { isActive: false });
		add('Two failures', ['plan.deleted', 'a', 'b', 'c'], {});
		add('Twenty', ['member.banned'], { teamId: other?.id });
		receiver.answer = { status: 500 };
		for (let count = 0; count < 2; count++) sandbox.fire('plan.deleted');
		const kitchen = [...state.projects.values()].find((row) => row.team_id === other?.id);
		for (let count = 0; count < 20; count++) sandbox.fire('member.banned', {}, kitchen?.id);
		await page.locator('.endpoint .pill', { hasText: 'Switched off' }).waitFor();
		await page.locator('.endpoint .pill', { hasText: '2 failed' }).waitFor();
		const texts = async (name: string) => {
			const row = page.locator('.endpoint', { has: page.locator('strong', { hasText: name }) });
			return row.locator('.pill, .soft').allTextContents();
		};
		expect(await Promise.all(['One', 'Three', 'Two failures', 'Twenty'].map(texts))).toEqual([
			['✓ On', 'role.created, Research Premium'],
			['– Off', 'role.created, role.deleted, group.created, all projects of Research Collective'],
			['! On, 2 failed in a row', '4 events, all projects of Research Collective'],
			['✕ Switched off after 20 failures', 'member.banned, all projects of Quiet Kitchen'],
		]);
		expect(await page.locator('#endpoint-count').textContent()).toBe(
			String(sandbox.engine.listEndpoints().length),
		);
	});

	it('are switched, tested, rotated and deleted by their buttons, and say what came of it', async () => {
		const { page, sandbox, receiver } = opened();
		receiver.answer = { status: 200 };
		add('Mine', ['role.created']);
		const note = (text: string) => page.locator('#note', { hasText: text }).waitFor();
		const press = async (name: string): Promise<void> => {
			await page.getByRole('button', { name, exact: true }).click();
		};
		const find = () => sandbox.engine.listEndpoints().find(({ name }) => name === 'Mine');
		await press('Switch off: Mine');
		await note('Switched off.');
		expect(find()?.is_active).toBe(false);
		// The button that says the opposite now has the focus.
		await page.locator('button:focus', { hasText: 'Switch on' }).waitFor();
		await press('Switch on: Mine');
		await note('Switched on.');
		expect(find()?.is_active).toBe(true);

		await press('Send a test: Mine');
		await note('Test sent.');
		const test = page.locator('.delivery[data-status=delivered]', {
			hasText: 'subscription.created',
		});
		await test.waitFor();
		sandbox.fire('role.created');
		const fired = page.locator('.delivery[data-status=delivered]', { hasText: 'role.created' });
		await fired.getByRole('button', { name: 'Fire again' }).waitFor();

		await press('Rotate the secret: Mine');
		await page.locator('#secret-title', { hasText: 'New secret of Mine.' }).waitFor();
		await page.locator('#secret-text', { hasText: /^mps_sandbox_[0-9a-f]{32}$/ }).waitFor();
		await press('Hide it');
		expect(await page.locator('#secret').isVisible()).toBe(false);
		expect(await page.locator('#endpoints-title:focus').count()).toBe(1);

		await page.route('**/test', async (route) => {
			await route.fulfill({ status: 422, json: { error: { fields: { id: ['Not', 'now.'] } } } });
		});
		await press('Send a test: Mine');
		await note('Not now.');
		await press('Delete: Mine');
		await note('Deleted Mine.');
		await page.locator('.endpoint strong', { hasText: 'Mine' }).waitFor({ state: 'detached' });
		expect(await page.locator('#endpoints-title:focus').count()).toBe(1);
		expect(find()).toBeUndefined();
		await fired.locator('.target', { hasText: 'to deleted endpoint' }).waitFor();
	});

	it('keep their buttons, and a click that is under way, while nothing about them changes', async () => {
		const { page, sandbox } = opened();
		add('Calm', ['group.created']);
		await page.locator('.endpoint:last-child strong', { hasText: 'Calm' }).waitFor();
		await page.evaluate("document.querySelector('.endpoint:last-child button').id = 'pressed'");
		const [plan] = [...sandbox.state.plans.values()].filter(({ active }) => active);
		const before = Number(await page.locator('#tile-subscriptions').textContent());
		sandbox.act({ action: 'subscribe', plan_id: plan?.id ?? '' });
		await page
			.locator('#tile-subscriptions', { hasText: String(before + 1) })
			.waitFor({ state: 'attached' });
		expect(await page.locator('#pressed').count()).toBe(1);
	});
});

describe('A sandbox that was started anew', () => {
	it('is found by the page, which forgets the deliveries of the old one', async () => {
		const { page, sandbox, subscribe } = await visit();
		subscribe();
		sandbox.fire('member.joined');
		await page.locator('.delivery').waitFor();
		const question = '**/_sandbox/page/events';
		await page.route(question, async (route) => {
			await route.fulfill({ status: 422, json: { error: { message: 'No events now.' } } });
		});
		await page.reload();
		await page.locator('#note', { hasText: 'No events now.' }).waitFor();
		await page.locator('.delivery').waitFor();
		await page.unroute(question);
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await page.locator('.switch').first().waitFor();
		await sandbox.close();
		await page.locator('#live', { hasText: 'Reconnecting' }).waitFor();
		await page.getByRole('button', { name: 'Clear all' }).click();
		await page.locator('#note', { hasText: 'The sandbox does not answer.' }).waitFor();

		const next = await startSandbox({
			clock: new VirtualClock(),
			port: Number(new URL(sandbox.url).port),
			switches: { paging: 'last_page' },
		});
		try {
			await page.locator('#live', { hasText: 'Live' }).waitFor();
			await page.locator('.switch .pill', { hasText: 'changed' }).waitFor();
			await page.getByRole('link', { name: 'Webhooks' }).click();
			await page.locator('.event').first().waitFor();
			await page.locator('.delivery').waitFor({ state: 'detached' });
			await page.getByText('Nothing was delivered yet.').waitFor();
			expect(await page.locator('#delivery-count').textContent()).toBe('');
		} finally {
			await page.goto('about:blank');
			await next.close();
		}
	});
});

describe('With the keyboard alone', () => {
	it('an event is fired, and its delivery shows up live with its signature and the answer', async () => {
		const { page, receiver } = await visit({}, (sandbox, { url }) => {
			sandbox.engine.addEndpoint({
				name: 'Receiver',
				url,
				events: ['subscription.past_due'],
				projectId: null,
				allowedIps: null,
				isActive: true,
				teamId: sandbox.seeded.team.id,
			});
		});
		await page.locator('.endpoint').waitFor();
		await tabTo(page, '#event-search');
		await page.keyboard.type('past due');
		await page.keyboard.press('Enter');
		await page.locator('.delivery[data-status=delivered]').waitFor();
		await tabTo(page, '.delivery .row');
		await page.keyboard.press('Enter');
		const detail = page.locator('.delivery .detail');
		await detail.waitFor();

		expect(receiver.received).toHaveLength(1);
		const signature = receiver.received[0]?.headers['mp-signature'];
		expect(signature).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
		expect(await detail.locator('.signature dd').textContent()).toBe(signature);
		expect(await detail.locator('pre').allTextContents()).toEqual([
			JSON.stringify(JSON.parse(receiver.received[0]?.body ?? ''), null, 2),
			'thanks',
		]);
		await page
			.locator('#announcer', { hasText: 'subscription.past_due to Receiver: Delivered, 200.' })
			.waitFor();
	});

	it('one can choose an event with the arrows and leave the list with one press', async () => {
		const { page } = await visit();
		await tabTo(page, '.event input');
		await page.keyboard.press('ArrowDown');
		expect(await page.locator('#fire-button').textContent()).toBe('Fire subscription.downgraded');
		await page.keyboard.press('Tab');
		expect(await page.locator('#fire-project:focus').count()).toBe(1);
	});

	it('the focus is always visible and the first stop skips to the content', async () => {
		const { page, subscribe, sandbox } = await visit();
		subscribe();
		sandbox.fire('member.joined');
		await page.locator('.delivery').waitFor();
		const stops: string[] = [];
		const unseen: string[] = [];
		for (let presses = 0; presses < 35; presses++) {
			await page.keyboard.press('Tab');
			const [name, width] = await page.evaluate<[string, string]>(`(() => {
				const element = document.activeElement;
				if (element === document.body) return ['', ''];
				const marked = element.matches('.event input') ? element.parentElement : element;
				const { outlineStyle, outlineWidth } = getComputedStyle(marked);
				return [element.textContent.trim() || element.id || element.name, outlineStyle === 'none' ? '0px' : outlineWidth];
			})()`);
			if (name === '') break;
			stops.push(name);
			if (width === '0px') unseen.push(name);
		}
		expect(unseen).toEqual([]);
		expect(stops.slice(0, 4)).toEqual(['Skip to content', 'Webhooks', 'Account', 'Behaviour']);
		// Firing comes before the endpoints, and those before the deliveries, as on the screen.
		expect(stops.indexOf('event-search')).toBeLessThan(stops.indexOf('Add an endpoint'));
		expect(stops.indexOf('Add an endpoint')).toBeLessThan(stops.indexOf('Fire again'));
	});
});

describe('A delivery', () => {
	it('that failed is replayed with one click, and what was tried before stays to be seen', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		receiver.answer = { status: 500, body: 'out of order' };
		subscribe();
		sandbox.fire('payment.failed');
		await page.locator('.delivery[data-status=failed]').waitFor();
		receiver.answer = { status: 200, body: 'thanks' };
		await page.getByRole('button', { name: 'Replay: payment.failed' }).click();
		await page.locator('.delivery[data-status=delivered]').waitFor();
		// The button was gone for a moment; whoever pressed it is still at this delivery.
		expect(await page.locator('.delivery .row:focus').count()).toBe(1);
		await page.locator('.delivery .row').click();
		expect(await page.locator('.attempt .pill').allTextContents()).toEqual(['✕ 500', '✓ 200']);
		expect(receiver.received).toHaveLength(2);
	});

	it('is retried when time is moved, and shows each attempt', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		receiver.answer = { status: 503 };
		subscribe();
		sandbox.fire('payment.failed');
		await page.locator('.delivery[data-status=failed] .row').click();
		await page.locator('.next', { hasText: 'Next attempt at' }).waitFor();
		const now = await page.locator('#now').textContent();
		expect(now).not.toBe('');
		await page.getByRole('button', { name: '+ 1 minute' }).click();
		await page.locator('.attempt').nth(1).waitFor();
		expect(await page.locator('.attempt[open]').count()).toBe(1);
		await until(page, `document.querySelector('#now').textContent !== ${JSON.stringify(now)}`);
	});

	it('keeps the focus and what is open while others arrive', async () => {
		const { page, sandbox, subscribe } = await visit();
		subscribe();
		sandbox.fire('member.joined');
		await page.locator('.delivery .row').focus();
		await page.keyboard.press('Enter');
		for (let count = 0; count < 5; count++) sandbox.fire('payment.failed');
		await page.locator('.delivery[data-status=delivered]').nth(5).waitFor();
		const focused = page.locator('.row:focus');
		expect(await focused.locator('.type').textContent()).toBe('member.joined');
		expect(await focused.getAttribute('aria-expanded')).toBe('true');
		expect(await page.locator('.delivery').last().locator('.detail').isVisible()).toBe(true);
	});

	it('says how it fares, from the first attempt to the dead letter and the replay', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		subscribe();
		receiver.answer = { status: 500 };
		sandbox.fire('payment.failed');
		const item = page.locator('.delivery');
		await item.locator('.status', { hasText: '! Will retry' }).waitFor();
		expect(await item.locator('.answer').textContent()).toBe('500');
		await item.locator('.row').click();
		await item.locator('.next', { hasText: 'Next attempt at' }).waitFor();
		await sandbox.advance(10_000);
		await item.locator('.answer', { hasText: /^500 · 2 attempts$/ }).waitFor();
		expect(await item.locator('.signature').count()).toBe(2);
		await sandbox.advance(2 * 24 * 3_600_000);
		await item.locator('.status', { hasText: '✕ Dead' }).waitFor();
		expect(await item.locator('.next').textContent()).toBe('');
		const tried = await item.locator('.attempt').count();

		receiver.answer = { status: 200 };
		await item.getByRole('button', { name: 'Replay: payment.failed' }).click();
		await item.locator('.status', { hasText: '✓ Delivered' }).waitFor();
		expect(await item.locator('.divider').allTextContents()).toEqual(['Replayed']);
		expect(await item.locator('.attempt').count()).toBe(tried + 1);
		expect(await item.locator('.answer').textContent()).toBe('200');

		sandbox.engine.inject({ kind: 'reorder', times: 1 });
		sandbox.fire('member.joined');
		const held = page.locator('.delivery[data-status=pending]', { hasText: 'member.joined' });
		await held.locator('.status', { hasText: '○ Held back' }).waitFor();
		expect(await held.locator('.again').isVisible()).toBe(false);
		expect(await page.locator('#delivery-count').textContent()).toBe('2');
	});

	it('is fired again as a new event with the same data, and its body is copied as it was sent', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		subscribe();
		await page.evaluate(
			"Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })",
		);
		const project = [...sandbox.state.projects.values()].find(
			({ handle }) => handle === 'cafe-uber-klub',
		);
		sandbox.fire('payment.failed', { note: 'mine' }, project?.id);
		sandbox.fire('role.created');
		for (const [type, projectId] of [
			['payment.failed', project?.id],
			['role.created', null],
		] as const) {
			const item = page.locator('.delivery[data-status=delivered]', { hasText: type });
			await item.getByRole('button', { name: `Fire again: ${type}` }).click();
			await item.nth(1).waitFor();
			await sandbox.engine.settle();
			const [first, second, ...others] = receiver.received
				.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
				.filter((event) => event['type'] === type);
			expect(others).toEqual([]);
			expect(second).toEqual({ ...first, id: second?.['id'], created_at: second?.['created_at'] });
			expect(second?.['id']).not.toBe(first?.['id']);
			expect(second?.['project_id']).toBe(projectId);
			await item.first().locator('.row').click();
			const shown = await item.first().locator('.ids div').last().textContent();
			expect(shown).toBe(`Project${projectId ?? 'none (account event)'}`);
			await item.first().getByRole('button', { name: 'Copy the body as sent' }).click();
			await page.locator('#note', { hasText: 'Copied.' }).waitFor();
			const sent = receiver.received.map(({ body }) => body);
			expect(sent).toContain(await page.evaluate('window.copied'));
		}
		await page.route('**/_sandbox/events', async (route) => {
			await route.fulfill({ status: 422, json: { error: { message: 'Not now.' } } });
		});
		const last = page.locator('.delivery').last();
		await last.locator('.again').click();
		await last.locator('.problem:visible', { hasText: 'Not now.' }).waitFor();
		expect(await last.locator('.row').getAttribute('aria-expanded')).toBe('true');
	});

	it('without an answer says why', async () => {
		const { page, sandbox } = await visit();
		sandbox.engine.addEndpoint({
			name: 'Nobody',
			url: 'http://127.0.0.1:9/',
			events: ['member.joined'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		sandbox.fire('member.joined');
		await page.locator('.delivery[data-status=failed] .row').click();
		expect(await page.locator('.attempt .pill').textContent()).toBe('✕ No answer');
		expect(await page.locator('.no-answer').textContent()).not.toBe('');
	});

	it('is not set back by a list that it overtook', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		subscribe();
		sandbox.fire('member.joined');
		await page.locator('.delivery[data-status=delivered]').waitFor();
		receiver.answer = { status: 500 };
		const { id } = sandbox.fire('payment.failed');
		await page.locator('.delivery[data-status=failed]').waitFor();
		receiver.answer = { status: 200 };
		await page.route('**/_sandbox/deliveries?*', async (route) => {
			const list = await route.fetch();
			const late = sandbox.engine.listDeliveries({}).find(({ event }) => event.id === id);
			sandbox.engine.retryDelivery(late?.id ?? '');
			await page
				.locator('.delivery[data-status=delivered] .type', { hasText: 'payment.failed' })
				.waitFor();
			await route.fulfill({ response: list });
		});
		await page.reload();
		// What only the list tells of shows that it has come.
		await page.locator('.delivery .type', { hasText: 'member.joined' }).waitFor();
		expect(await page.locator('.delivery .status').allTextContents()).toEqual([
			'✓ Delivered',
			'✓ Delivered',
		]);
		await page.unroute('**/_sandbox/deliveries?*');
	});

	it('that is filtered out is hidden, not forgotten', async () => {
		const { page, sandbox, subscribe } = await visit();
		subscribe();
		sandbox.fire('member.joined');
		await page.locator('.delivery[data-status=delivered]').waitFor();
		await page.locator('#delivery-filter').selectOption('dead');
		await page.getByText('No delivery is in this state.').waitFor();
		await page.locator('#delivery-filter').selectOption('');
		expect(await page.locator('.delivery:visible').count()).toBe(1);
	});
});

describe('An event', () => {
	it('is not fired before the page knows its project and who listens', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		subscribe();
		const account = Promise.withResolvers<undefined>();
		const question = /\/page\/account(\?|$)/;
		await page.route(question, async (route) => {
			await account.promise;
			await route.continue();
		});
		await page.reload({ waitUntil: 'commit' });
		await page.locator('.event').first().waitFor();
		await page.locator('#event-search').press('Enter');
		expect(await page.locator('#fire-button').isDisabled()).toBe(true);
		account.resolve(undefined);
		await page.locator('#fire-button').click();
		await page.locator('#fire-result', { hasText: '1 endpoint is listening.' }).waitFor();
		await sandbox.engine.settle();
		expect(receiver.received).toHaveLength(1);
		await page.unroute(question);
	});

	it('carries the data that was changed for it', async () => {
		const { page, receiver, subscribe } = await visit();
		subscribe();
		await page.getByText('Change its data').click();
		await page.locator('#insert-example').click();
		await page.locator('#fire-data:focus').waitFor();
		expect(JSON.parse(await page.locator('#fire-data').inputValue())).toHaveProperty(
			'subscription_id',
		);
		await page.locator('#fire-data').fill('{"access_code":"masked_ABCDE"}');
		await page.locator('#fire-button').click();
		await page.locator('.delivery[data-status=delivered]').waitFor();
		expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
			type: 'subscription.created',
			data: { access_code: 'masked_ABCDE' },
		});
	});

	it('is not fired with data that is no JSON object', async () => {
		const { page, receiver, subscribe } = await visit();
		subscribe();
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
		await page.locator('.delivery[data-status=delivered]').waitFor();
		expect(await page.locator('#fire-problem').textContent()).toBe('');
		expect(await page.locator('#fire-data').getAttribute('aria-invalid')).toBeNull();
		expect(receiver.received).toHaveLength(1);
	});
});

describe('The account', () => {
	const opened = useVisit();

	it('changes on the page when a subscriber does something', async () => {
		const { page, sandbox } = opened();
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
		expect(await page.locator('#act-button').isDisabled()).toBe(true);
		await page.locator('#account-project').selectOption(first?.id ?? '');
		await page.locator('#act-button:enabled').waitFor();
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
			const { state, seeded, engine } = prepared;
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
			['Nora Lindqvist', 'nora@example.com', 'Research Collective', 'Owner'],
			['Sandbox', 'Research Collective', 'all'],
			['One project only', 'Research Collective', 'Research Premium'],
		]);
		expect(await page.locator('#codes .empty').textContent()).toBe('None.');
		expect(await page.locator('#account-project option').last().textContent()).toBe(
			'Quiet Kitchen Club (Quiet Kitchen), archived',
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

	it('of a switch is set on the page, marked as changed, and set back', async () => {
		const { page, sandbox } = opened();
		await page.getByRole('link', { name: 'Behaviour' }).click();
		const select = page.getByLabel('Which keys does a paged list have in meta?');
		await select.selectOption('next_cursor');
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
});

describe('A switch', () => {
	it('that cannot be set, or a fault that cannot be cleared, is told of', async () => {
		const { page } = await visit();
		await page.getByRole('link', { name: 'Behaviour' }).click();
		const select = page.getByLabel('Which keys does a paged list have in meta?');
		await select.waitFor();
		for (const name of ['faults', 'switches']) {
			await page.route(`**/_sandbox/${name}`, async (route) => {
				await route.fulfill({ status: 422, json: { error: { message: `No ${name} now.` } } });
			});
		}
		await page.getByRole('button', { name: 'Clear all' }).click();
		await page.locator('#announcer', { hasText: 'No faults now.' }).waitFor();
		await select.selectOption('next_cursor');
		await page.locator('#announcer', { hasText: 'No switches now.' }).waitFor();
	});

	it('that was chosen while a list of it was on its way stays chosen', async () => {
		const { page, sandbox } = await visit();
		const question = page.getByLabel('Which keys does a paged list have in meta?');
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await question.waitFor();
		await page.getByRole('link', { name: 'Account' }).click();
		const other = page.locator('#switch-missingKey');
		expect(await other.inputValue()).not.toBe('428');
		sandbox.switches.missingKey = '428';
		const chosen = Promise.withResolvers<undefined>();
		await page.route('**/_sandbox/switches', async (route) => {
			if (route.request().method() !== 'GET') {
				await route.continue();
				return;
			}
			const list = await route.fetch();
			await chosen.promise;
			await route.fulfill({ response: list });
		});
		await page.getByRole('link', { name: 'Behaviour' }).click();
		await question.selectOption('next_cursor');
		await page.locator('#announcer', { hasText: 'Set.' }).waitFor();
		chosen.resolve(undefined);
		// What only the list tells of shows that it has come.
		await until(page, "document.querySelector('#switch-missingKey').value === '428'");
		expect(await question.inputValue()).toBe('next_cursor');
		expect(sandbox.switches.paging).toBe('next_cursor');
		await page.unroute('**/_sandbox/switches');
	});
});
