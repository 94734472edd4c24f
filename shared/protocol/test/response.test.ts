import { isEmptyAnswer, matchingRows, readOne, readRows } from '../src/index.ts';

describe('the result of an operation', () => {
	it.each([
		['data', { data: { id: 1 } }, { id: 1 }],
		[
			'data with a one-time secret beside it',
			{ data: { id: 1 }, secret: 's' },
			{ id: 1, secret: 's' },
		],
		['a secret inside data', { data: { id: 1, secret: 's' } }, { id: 1, secret: 's' }],
		['a bare object', { id: 1, secret: 's' }, { id: 1, secret: 's' }],
		['only what belongs to it', { data: { id: 1 }, meta: { x: 1 } }, { id: 1 }],
		['a one-time secret beside nothing', { data: [], secret: 's' }, { secret: 's' }],
		['a list of one', { data: [{ id: 1 }], secret: 's' }, { id: 1, secret: 's' }],
		['a bare list of one', [{ id: 1 }], { id: 1 }],
		['null for a list of several', { data: [{ id: 1 }, { id: 2 }] }, null],
		['null for a list of one text', { data: ['x'] }, null],
		['null for an empty list', { data: [] }, null],
		['null for text', 'x', null],
		['null for nothing', null, null],
	])('is %s', (_, json, expected) => {
		expect(readOne({ beside: ['secret'] }, json)).toEqual(expected);
	});

	it.each([
		[null, true],
		[undefined, true],
		[{}, true],
		[{ data: null }, true],
		[{ data: null, message: 'Done.' }, true],
		[{ data: null, secret: 's' }, false],
		[{ data: {} }, true],
		[{ data: [] }, true],
		[[], true],
		[{ message: 'Done.' }, false],
		[{ data: { id: 1 } }, false],
		[{ data: [null] }, false],
		[{ data: '' }, false],
		[[0], false],
		['', false],
		[0, false],
		[false, false],
	])('%j is empty: %s', (json, expected) => {
		expect(isEmptyAnswer({ beside: ['note', 'secret'] }, json)).toBe(expected);
	});

	it.each([
		[{ data: [{ id: 1 }] }, [{ id: 1 }]],
		[[{ id: 1 }], [{ id: 1 }]],
		[{ data: {} }, null],
		[{ data: [null] }, null],
		[null, null],
	])('%j has the rows %j', (json, expected) => {
		expect(readRows(json)).toEqual(expected);
	});

	it('matches numbers and texts alike, and never a missing field', () => {
		const rows = [{ chat_id: 123 }, { chat_id: '123' }, { chat_id: null }, {}, { chat_id: '1234' }];
		expect(matchingRows(rows, 'chat_id', '123')).toEqual([{ chat_id: 123 }, { chat_id: '123' }]);
		expect(matchingRows(rows, 'chat_id', 'null')).toEqual([]);
		expect(matchingRows(rows, 'chat_id', ' 1234 ')).toEqual([{ chat_id: '1234' }]);
	});

	it('matches composed and decomposed spellings of one name', () => {
		expect(matchingRows([{ name: 'Zoe\u0308' }], 'name', 'Zo\u00eb')).toHaveLength(1);
		expect(matchingRows([{ name: 'Zo\u00eb' }], 'name', 'Zoe\u0308')).toHaveLength(1);
	});
});
