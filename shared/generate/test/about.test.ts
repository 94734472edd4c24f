import { about } from '../src/about.ts';

const fail = (error: unknown) => () => {
	throw error;
};

it('what is made of an entry comes back as it is', () => {
	expect(about('recipe a on n8n', () => 'workflow')).toBe('workflow');
});

it('an error gets the name of the entry', () => {
	expect(() => about('recipe a on n8n', fail(new Error('No day.')))).toThrow(
		'recipe a on n8n: No day.',
	);
});

it.each([new TypeError('x is not a function'), 'odd'])('%s stays as it was thrown', (error) => {
	let caught: unknown;
	try {
		about('recipe a on n8n', fail(error));
	} catch (thrown) {
		caught = thrown;
	}
	expect(caught).toBe(error);
});
