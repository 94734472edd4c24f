import { eventSidebar, operationSidebar } from '../src/navigation.ts';

const count = (groups: readonly { readonly items: readonly unknown[] }[]): number =>
	groups.reduce((sum, { items }) => sum + items.length, 0);

describe('the sidebar', () => {
	it('lists each event once, with its family', () => {
		const groups = eventSidebar();
		expect([groups.length, count(groups)]).toEqual([12, 71]);
		expect(groups.find(({ text }) => text === 'Payment')?.items).toEqual([
			{ text: 'Payment Failed', link: '/events/payment.failed.html' },
			{ text: 'Payment Pending', link: '/events/payment.pending.html' },
			{ text: 'Payment Refunded', link: '/events/payment.refunded.html' },
			{ text: 'Payment Succeeded', link: '/events/payment.succeeded.html' },
		]);
	});

	it('lists operations of the kinds that a section is about, without resources that have none', () => {
		const searches = operationSidebar('search');
		expect([count(operationSidebar('action')), count(searches)]).toEqual([24, 35]);
		expect(count(operationSidebar('action', 'extra'))).toBe(26);
		expect(
			[...operationSidebar('action'), ...searches].filter(({ items }) => items.length === 0),
		).toEqual([]);
		expect(searches.find(({ text }) => text === 'Bot')?.items).toEqual([
			{ text: 'Find Bot Status', link: '/searches/get_bot_status.html' },
		]);
	});
});
