import { startSandbox, VirtualClock } from '../../src/index.ts';
import { useVisits } from './visits.ts';

const { visit, useVisit } = useVisits();

describe('An endpoint', () => {
	it('can be added without having a receiver, and its secret is seen once', async () => {
		const { page, sandbox } = await visit();
		// What to do first stands out.
		await page.getByText('Nothing is listening yet.').waitFor();
		const show = page.locator('#show-add');
		expect(await show.getAttribute('class')).toBe('primary');
		expect(await page.locator('#endpoint-count').textContent()).toBe('');
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
		await page
			.locator('#announcer', {
				hasText: 'Signing secret of Inbox. It is shown once, below the form.',
			})
			.waitFor();
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

		// The project of a test is made up: nothing can be fired for it.
		expect(await test.locator('.again').isVisible()).toBe(false);

		// The secret is above the endpoints, out of a small window.
		await page.setViewportSize({ width: 1360, height: 240 });
		await press('Rotate the secret: Mine');
		await page.locator('#secret-title', { hasText: 'New secret of Mine.' }).waitFor();
		await page.locator('#secret-text', { hasText: /^mps_sandbox_[0-9a-f]{32}$/ }).waitFor();
		expect(
			await page.evaluate("document.querySelector('#secret').getBoundingClientRect().top"),
		).toBeGreaterThanOrEqual(0);
		await page.setViewportSize({ width: 1360, height: 900 });
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
			await page.getByText('Nothing was delivered yet. Fire an event').waitFor();
			expect(await page.locator('#delivery-count').textContent()).toBe('');
		} finally {
			await page.goto('about:blank');
			await next.close();
		}
	});
});
