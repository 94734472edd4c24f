import { type Definition, readDefinition } from './house-lint/definition.ts';
import { rules } from './house-lint/rules.ts';

let definition: Definition;
beforeAll(async () => {
	definition = await readDefinition();
});

const copyOf = (value: Definition): Definition => JSON.parse(JSON.stringify(value)) as Definition;

describe.each(rules.map((rule) => [rule.code, rule.says, rule] as const))(
	'%s: %s',
	(_, __, rule) => {
		it('holds everywhere', () => {
			expect(rule.find(definition)).toEqual([]);
		});

		it('is noticed when it is broken', () => {
			const broken = copyOf(definition);
			rule.broken(broken);
			expect(rule.find(broken).length).toBeGreaterThan(0);
		});
	},
);

it('every check that a definition can show has a rule', () => {
	const checked = new Set(rules.flatMap(({ code }) => code.split('/')));
	const offline =
		'D001 D002 D003 D004 D005 D006 D007 D008 D009 D010 D011 D012 D013 D014 D015 D016 D017 D018 D021 D022 D023 D024 D025 D026 D027 D028';
	expect(offline.split(' ').filter((code) => !checked.has(code))).toEqual([]);
});

it('rules read hidden operations', () => {
	expect(definition.triggers['payment_refunded']?.display.hidden).toBe(true);
});
