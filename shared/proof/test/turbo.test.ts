import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { tasks } = JSON.parse(readFileSync(join(__dirname, '../../../turbo.json'), 'utf8')) as {
	tasks: Record<string, { inputs?: readonly string[]; env?: readonly string[] }>;
};

// An entry for one workspace replaces the general one whole: what it leaves out would no longer run the tests.
it.each(Object.keys(tasks).filter((task) => /(^|#)test$/.test(task)))(
	'%s runs again after a change of what every test may rest on',
	(task) => {
		expect(tasks[task]?.inputs).toEqual(
			expect.arrayContaining([
				'$TURBO_DEFAULT$',
				'$TURBO_ROOT$/shared/*/src/**',
				'$TURBO_ROOT$/shared/testing/vectors/**',
				'$TURBO_ROOT$/fixtures/**',
				'$TURBO_ROOT$/packages/sandbox/src/**',
			]),
		);
		expect(tasks[task]?.env).toEqual(expect.arrayContaining(['TZ', 'LC_ALL', 'LANG']));
	},
);
