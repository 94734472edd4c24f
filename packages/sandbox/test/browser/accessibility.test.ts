import { overhang, tabTo, violations } from '../../../../shared/testing/src/browser.ts';
import { expectedCounts } from '../../../../shared/testing/src/counts.ts';
import { screenshot, useVisits } from './visits.ts';

const { visit, useVisit } = useVisits();

const views = ['webhooks', 'account', 'behaviour'] as const;

describe('In light and in dark colours', () => {
	it('axe finds nothing in any state of the page', async () => {
		// A row of each status: a hundred in the same colours take axe a second longer, twice.
		const { page, sandbox, receiver, subscribe } = await visit({}, ({ state }) => {
			for (const rows of [state.members, state.subscriptions, state.payments]) {
				const known = new Set<string>();
				for (const [id, { status }] of rows) {
					if (known.has(status)) rows.delete(id);
					known.add(status);
				}
			}
		});
		const found: Record<string, string[]> = {};
		const inspect = async (state: string): Promise<void> => {
			for (const [colorScheme, what] of [
				['light', 'everything'],
				['dark', 'colours'],
			] as const) {
				await page.emulateMedia({ colorScheme });
				found[`${state} ${colorScheme}`] = await violations(page, what);
				await screenshot(page, `desktop-${colorScheme}-${state.replace(' ', '-')}`);
			}
		};
		await inspect('empty');

		await page.getByText('How to use them').click();
		await page.getByRole('button', { name: 'Add an endpoint' }).click();
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.locator('#secret:visible').waitFor();
		expect(sandbox.engine.listEndpoints()[0]?.events).toHaveLength(expectedCounts.events);
		await page.getByRole('button', { name: 'Add an endpoint' }).click();
		await page.getByText('Change its data').click();
		await page.locator('#fire-data').fill('[');
		await page.locator('#fire-button').click();
		receiver.answer = { status: 503, body: '{"error":"out of order","tries":1}' };
		subscribe('A receiver in trouble');
		sandbox.fire('member.joined');
		await page.locator('.delivery[data-status=failed] .row').click();
		await page.locator('.delivery[data-status=delivered] .row').click();
		// Forms and deliveries at once: neither is another beside the other.
		await page.locator('#fire-problem', { hasText: 'JSON' }).waitFor();
		await page.locator('#secret').waitFor();
		await page.locator('#add-form').waitFor();
		await inspect('all open');

		await page.getByRole('link', { name: 'Account' }).click();
		await page.locator('#tokens tbody tr').first().waitFor();
		await inspect('account');

		await page.getByRole('link', { name: 'Behaviour' }).click();
		await page.locator('.switch select').first().selectOption('next_cursor');
		await page.locator('.switch .pill', { hasText: 'changed' }).waitFor();
		await inspect('behaviour');

		// In colours of the reader's own, where grounds and shadows are gone, too.
		await page.emulateMedia({ forcedColors: 'active' });
		expect(
			await page.evaluate(
				"[...document.querySelectorAll('nav a')].map((link) => parseInt(getComputedStyle(link).borderBottomWidth))",
			),
		).toEqual([0, 0, 3]);
		await page.evaluate("document.querySelector('#note').textContent = 'Done.'");
		expect(
			await page.evaluate("getComputedStyle(document.querySelector('#note')).borderTopWidth"),
		).toBe('1px');
		await page.emulateMedia({ forcedColors: 'none' });

		expect(found).toEqual({
			'empty light': [],
			'empty dark': [],
			'all open light': [],
			'all open dark': [],
			'account light': [],
			'account dark': [],
			'behaviour light': [],
			'behaviour dark': [],
		});
		await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
		expect(await violations(page)).toEqual([expect.stringContaining('critical button-name')]);
	});
});

describe('On a phone', () => {
	it('nothing sticks out to the side, whatever is open, and axe finds nothing', async () => {
		const { page, sandbox, receiver, subscribe } = await visit(
			{ viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
			({ state }) => {
				for (const project of state.projects.values()) project.name = 'Unbreakable'.repeat(12);
			},
		);
		receiver.answer = {
			status: 500,
			headers: { 'x-long': 'y'.repeat(300) },
			body: 'x'.repeat(500),
		};
		subscribe('Interminable'.repeat(10));
		sandbox.fire('member.joined');
		await page.locator('.delivery[data-status=failed] .row').click();
		await page.getByText('How to use them').click();
		await page.getByText('Change its data').click();
		await page.getByRole('button', { name: 'Add an endpoint' }).click();
		const found: Record<string, unknown> = {};
		for (const view of views) {
			await page.locator(`nav a[href="#${view}"]`).click();
			await page.locator(`#view-${view}`).waitFor();
			await page.locator('.tile').first().waitFor({ state: 'attached' });
			if (view === 'account') await page.locator('#members tbody tr').first().waitFor();
			if (view === 'behaviour') await page.locator('.switch').first().waitFor();
			found[view] = {
				overhang: await overhang(page),
				violations: await violations(page, 'structure'),
			};
			await screenshot(page, `phone-${view}`);
		}
		const clean = { overhang: 0, violations: [] };
		expect(found).toEqual({ webhooks: clean, account: clean, behaviour: clean });
	});
});

describe('With the keyboard alone', () => {
	const opened = useVisit();
	beforeAll(async () => {
		const { page, sandbox, receiver } = opened();
		sandbox.engine.addEndpoint({
			name: 'Receiver',
			url: receiver.url,
			events: ['subscription.past_due', 'member.joined'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		await page.locator('.endpoint').waitFor();
	});
	// Tab goes on from the top of the page.
	beforeEach(() =>
		opened().page.evaluate("document.body.setAttribute('tabindex', '-1'), document.body.focus()"),
	);

	it('an event is fired, and its delivery shows up live with its signature and the answer', async () => {
		const { page, receiver } = opened();
		await tabTo(page, '#event-search');
		await page.keyboard.type('past due');
		await page.keyboard.press('Enter');
		await page
			.locator('#announcer', { hasText: 'subscription.past_due to Receiver: Delivered, 200.' })
			.waitFor();
		await page.locator('#event-search').fill('');
		await tabTo(page, '.delivery:first-child .row');
		await page.keyboard.press('Enter');
		const detail = page.locator('.delivery:first-child .detail');
		await detail.waitFor();

		const received = receiver.received.at(-1);
		const signature = received?.headers['mp-signature'];
		expect(signature).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
		expect(await detail.locator('.signature dd').textContent()).toBe(signature);
		expect(await detail.locator('pre').allTextContents()).toEqual([
			JSON.stringify(JSON.parse(received?.body ?? ''), null, 2),
			'thanks',
		]);
		expect(await detail.locator('.json-key').first().textContent()).toBe('"id"');
		expect(await detail.locator('.json-text').first().textContent()).toMatch(/^"evt_/);
	});

	it('one can choose an event with the arrows and leave the list with one press', async () => {
		const { page } = opened();
		await page.locator('.event input[value="subscription.created"]').check();
		await tabTo(page, '.event input');
		await page.keyboard.press('ArrowDown');
		expect(await page.locator('#fire-button').textContent()).toBe('Fire subscription.downgraded');
		await page.keyboard.press('Tab');
		expect(await page.locator('#fire-project:focus').count()).toBe(1);
	});

	it('the focus is always visible and the first stop skips to the content', async () => {
		const { page, sandbox } = opened();
		sandbox.fire('member.joined');
		await page.locator('.delivery').first().waitFor();
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
