import { until } from '../../../../shared/testing/src/browser.ts';
import { type Answer, useVisits } from './visits.ts';

const { visit, useVisit } = useVisits();

describe('Of several deliveries', () => {
	const opened = useVisit();
	beforeAll(() => opened().subscribe());

	it('one that failed is replayed with one click, and what was tried before stays to be seen', async () => {
		const { page, sandbox, receiver } = opened();
		const answer = Promise.withResolvers<Answer>();
		receiver.answer = answer.promise;
		sandbox.fire('subscription.past_due');
		const item = page.locator('.delivery', { hasText: 'subscription.past_due' });
		await item.locator('.status', { hasText: '○ Sending' }).waitFor();
		answer.resolve({ status: 500, body: 'out of order' });
		await item.locator('.status', { hasText: 'Will retry' }).waitFor();
		expect(await item.locator('.again').textContent()).toBe('Replay');
		const next = Promise.withResolvers<Answer>();
		receiver.answer = next.promise;
		await item.getByRole('button', { name: 'Replay: subscription.past_due' }).click();
		await page.locator('#announcer', { hasText: 'Replaying subscription.past_due.' }).waitFor();
		next.resolve({ status: 200, body: 'thanks' });
		await item.locator('.status', { hasText: 'Delivered' }).waitFor();
		// The button was gone for a moment; whoever pressed it is still at this delivery.
		expect(await item.locator('.row:focus').count()).toBe(1);
		expect(await item.locator('.again').textContent()).toBe('Fire again');
		await item.locator('.row').click();
		expect(await item.locator('.attempt .pill').allTextContents()).toEqual(['✕ 500', '✓ 200']);
		const tried = receiver.received.filter(({ body }) => body.includes('subscription.past_due'));
		expect(tried).toHaveLength(2);
	});

	it('one is retried when time is moved, and shows each attempt', async () => {
		const { page, sandbox, receiver } = opened();
		receiver.answer = { status: 503 };
		sandbox.fire('payment.failed');
		const item = page.locator('.delivery', { hasText: 'payment.failed' });
		await item.locator('.status', { hasText: 'Will retry' }).waitFor();
		await item.locator('.row').click();
		await item.locator('.next', { hasText: 'Next attempt at' }).waitFor();
		const now = await page.locator('#now').textContent();
		expect(now).not.toBe('');
		receiver.answer = { status: 200 };
		await page.getByRole('button', { name: '+ 1 minute' }).click();
		await item.locator('.attempt').nth(1).waitFor();
		expect(await item.locator('.attempt[open]').count()).toBe(1);
		expect(await item.locator('pre').nth(1).textContent()).toBe('no body');
		await until(page, `document.querySelector('#now').textContent !== ${JSON.stringify(now)}`);
	});

	it('one keeps the focus and what is open while others arrive', async () => {
		const { page, sandbox, receiver } = opened();
		receiver.answer = { status: 200 };
		sandbox.fire('role.created');
		await page.locator('.delivery .row', { hasText: 'role.created' }).focus();
		await page.keyboard.press('Enter');
		for (let count = 0; count < 5; count++) sandbox.fire('member.joined');
		const others = page.locator('.delivery[data-status=delivered]', { hasText: 'member.joined' });
		await others.nth(4).waitFor();
		await page.locator('#announcer', { hasText: /: Delivered, 200\. And \d+ more\.$/ }).waitFor();
		const focused = page.locator('.row:focus');
		expect(await focused.locator('.type').textContent()).toBe('role.created');
		expect(await focused.getAttribute('aria-expanded')).toBe('true');
		const detail = page.locator('.delivery', { hasText: 'role.created' }).locator('.detail');
		expect(await detail.isVisible()).toBe(true);
	});

	it('one without an answer says why, to a new endpoint too', async () => {
		const { page, sandbox } = opened();
		// The account, in which all endpoints are, comes later.
		const account = Promise.withResolvers<undefined>();
		await page.route('**/page/account*', async (route) => {
			await account.promise;
			await route.continue();
		});
		sandbox.engine.addEndpoint({
			name: 'Nobody',
			url: 'http://127.0.0.1:9/',
			events: ['plan.deleted'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		sandbox.fire('plan.deleted');
		const item = page.locator('.delivery[data-status=failed]', { hasText: 'plan.deleted' });
		await item.locator('.row').click();
		expect(await item.locator('.target').textContent()).toBe('to Nobody');
		expect(await item.locator('.attempt .pill').textContent()).toBe('✕ No answer');
		expect(await item.locator('.no-answer').textContent()).not.toBe('');
		account.resolve(undefined);
		await page.locator('.endpoint', { hasText: 'Nobody' }).waitFor();
		await page.unrouteAll();
	});

	it('one that is filtered out is hidden, not forgotten, a long one is shown, and every value as it was spelt', async () => {
		const { page, sandbox, receiver } = opened();
		receiver.answer = { status: 200, body: '{"n":12345678901234567890,"list":[1.0],"none":{ }}' };
		sandbox.fire('subscription.created', { many: Array.from({ length: 60_000 }, () => 0) });
		const item = page.locator('.delivery[data-status=delivered]', {
			hasText: 'subscription.created',
		});
		await item.waitFor();
		expect(await item.locator('pre').first().textContent()).toContain('"many":[0,0,');
		expect(await item.locator('pre').nth(1).textContent()).toBe(
			'{\n  "n": 12345678901234567890,\n  "list": [\n    1.0\n  ],\n  "none": {}\n}',
		);
		const all = await page.locator('.delivery').count();
		await page.locator('#delivery-filter').selectOption('dead');
		await page.getByText('No delivery is in this state.').waitFor();
		sandbox.fire('subscription.created');
		await item.nth(1).waitFor({ state: 'attached' });
		expect(await page.locator('.delivery:visible').count()).toBe(0);
		await page.locator('#delivery-filter').selectOption('');
		expect(await page.locator('.delivery:visible').count()).toBe(all + 1);
		expect(await page.locator('#no-deliveries').isVisible()).toBe(false);
	});
});

describe('A delivery', () => {
	it('says how it fares, from the first attempt to the dead letter and the replay', async () => {
		const { page, sandbox, receiver, subscribe } = await visit();
		subscribe();
		sandbox.switches.deadLetter = 'after_72_hours';
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
		await item.locator('.status', { hasText: '! Failed' }).waitFor();
		await sandbox.advance(3 * 24 * 3_600_000);
		await item.locator('.status', { hasText: '✕ Dead' }).waitFor();
		expect(await item.locator('.attempt[open]').count()).toBe(1);
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
		await held.locator('.row').click();
		await held.getByRole('button', { name: 'Copy the body as sent' }).click();
		await page.locator('#note', { hasText: 'Nothing was sent yet.' }).waitFor();
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
		await page.evaluate('delete navigator.clipboard.writeText');
		const first = page.locator('.delivery').first();
		await first.getByRole('button', { name: 'Copy the body as sent' }).click();
		await page.locator('#note', { hasText: 'Selected. Press Ctrl+C to copy.' }).waitFor();
		expect(await page.evaluate('getSelection().toString()')).toBe(
			await first.locator('pre').first().textContent(),
		);
		await page.route('**/_sandbox/events', async (route) => {
			await route.fulfill({ status: 422, json: { error: { message: 'Not now.' } } });
		});
		const last = page.locator('.delivery').last();
		await last.locator('.again').click();
		await last.locator('.problem:visible', { hasText: 'Not now.' }).waitFor();
		expect(await last.locator('.row').getAttribute('aria-expanded')).toBe('true');
		await page.unroute('**/_sandbox/events');
		const answer = Promise.withResolvers<Answer>();
		receiver.answer = answer.promise;
		await last.locator('.again').click();
		await page.locator('#announcer', { hasText: 'Fired payment.failed again.' }).waitFor();
		answer.resolve({ status: 200 });
		expect(await last.locator('.problem').textContent()).toBe('');
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
			const { data } = (await list.json()) as { data: { id: string }[] };
			// As many as the page shows.
			while (data.length < 100) data.push({ ...data[1], id: `whd_00${200 - data.length}` });
			const late = sandbox.engine.listDeliveries({}).find(({ event }) => event.id === id);
			sandbox.engine.retryDelivery(late?.id ?? '');
			await page
				.locator('.delivery[data-status=delivered] .type', { hasText: 'payment.failed' })
				.waitFor();
			await route.fulfill({ response: list, json: { data } });
		});
		await page.reload();
		// What only the list tells of shows that it has come.
		await page.locator('.delivery .type', { hasText: 'member.joined' }).nth(98).waitFor();
		const texts = await page.locator('.delivery .status').allTextContents();
		expect([...new Set(texts)]).toEqual(['✓ Delivered']);
		expect(texts).toHaveLength(100);
		expect(await page.locator('.delivery .type').first().textContent()).toBe('payment.failed');
		sandbox.fire('role.created');
		// Of what came with the list nobody is told.
		await page.locator('#announcer', { hasText: 'role.created' }).waitFor();
		expect(await page.locator('#announcer').textContent()).not.toContain('more');
		expect(await page.locator('.delivery').count()).toBe(100);
		expect(await page.locator('#whd_00101').count()).toBe(0);
		await page.unroute('**/_sandbox/deliveries?*');
	});
});
