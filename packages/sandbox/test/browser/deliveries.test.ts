import { until } from '../../../../shared/testing/src/browser.ts';
import { useVisits } from './visits.ts';

const { visit } = useVisits();

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
