import { blocks, code, fence, prose } from '../src/markdown.ts';

describe('texts in Markdown', () => {
	it.each([
		['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
		['a_b *c* `d` [e](f)', 'a&#95;b &#42;c&#42; &#96;d&#96; &#91;e&#93;(f)'],
		['# a | ~b~ \\c', '&#35; a &#124; &#126;b&#126; &#92;c'],
		['{{ 7 * 7 }}', '<span v-pre>{{ 7 &#42; 7 }}</span>'],
	])('%s is prose', (text, wanted) => {
		expect(prose(text)).toBe(wanted);
	});

	it('code and blocks hold back-ticks', () => {
		expect(code('a`b')).toBe('`` a`b ``');
		expect(fence('sh', 'echo ```')).toBe('````sh\necho ```\n````');
		expect(fence('sh', 'echo')).toBe('```sh\necho\n```');
		expect(code('a')).toBe('`a`');
	});

	it('parts that say nothing leave no gap', () => {
		expect(blocks('a', '', null, 'b')).toBe('a\n\nb');
	});
});
