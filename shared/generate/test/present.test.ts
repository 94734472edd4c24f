import { present } from '../src/present.ts';

it.each([0, '', false])('%j is there', (value) => {
	expect(present(value, 'value')).toBe(value);
});

it.each([null, undefined])('%j is not, and the error says what is missing', (value) => {
	expect(() => present(value, 'blueprint for Make')).toThrow('There is no blueprint for Make.');
});
