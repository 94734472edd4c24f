import { expectedCounts } from '@memberpass/testing';

import type { Ran } from '../../../../shared/testing/src/child.ts';
import { script, scripts } from './script.ts';

describe('invoke', () => {
	const all = ['invoke', '--all'];
	const doctored = ['test/tools/doctored'];
	const chosen: [string, object][] = [
		['create_resource', { id: expect.stringMatching(/^rsc_/) }],
		['connection', { team_name: expect.any(String), environment: 'test' }],
	];
	const failures: [string[], RegExp][] = [
		[['list_members', '--input', '{}'], /'Project' is required/],
		[['list_members', '--input', '[1]'], /must be a JSON object/],
		[['list_roles', '--all'], /takes no key/],
		[['create_resource', '--list'], /is no trigger/],
		[['list_roles', '--origin', 'https://127.0.0.1:1'], /Give the token/],
		[['list_roles', '--origin', 'http://10.0.0.1', '--token', 'x'], /must start with https/],
	];

	// Each loads what takes longer than what it does. What ends the process, and what a shell sees, has one of its own.
	const runs = new Map<string, Ran>();
	const ran = (...words: string[]): Ran => {
		const found = runs.get(words.join(' '));
		if (found === undefined) throw new Error(`${words.join(' ')} was not run.`);
		return found;
	};
	beforeAll(async () => {
		const keys = chosen.map(([key]) => ['invoke', key]);
		// The last two are silent about the way, as are those that come after them.
		const words = [...keys, ...failures.map(([args]) => ['invoke', ...args]), all, doctored];
		const told = await scripts(words);
		for (const [index, one] of told.entries()) runs.set(words[index]?.join(' ') ?? '', one);
	}, 600_000);

	it('switches a trigger on, delivers its event and prints the run', async () => {
		const { code, stdout, stderr } = await script('invoke', 'member_joined');
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ type: 'member.joined' })]);
		expect(stderr).toMatch(/switched on: .*\n.*signed\n.*switched off/s);
	});

	it('runs everything against the sandbox: each gives what its sample promises, each trigger shows what it delivered', () => {
		const { code, stdout } = ran(...all);
		expect([code, stdout.match(/^FAIL.*$/gm)]).toEqual([0, null]);
		const count = expectedCounts.events + expectedCounts.actions + expectedCounts.searches;
		expect(stdout.match(/^ok /gm)).toHaveLength(count);
		expect(stdout).toContain(`\n${count} of ${count} are as promised\n`);
	});

	it('tells every step that is not as promised when it runs everything', () => {
		const { code, stdout } = ran(...doctored);
		expect(code).toBe(5);
		expect(stdout.split('\n')).toEqual([
			'FAIL triggers member_joined: the editor shows another event',
			'ok   triggers member_kicked',
			'FAIL triggers member_banned: stays on',
			'FAIL creates create_plan: lacks project_id, name, price, currency, billing_cycle, active, created_at',
			'FAIL creates create_resource: broken on purpose',
			'FAIL searches list_roles: no result',
			'1 of 6 are as promised',
			'',
		]);
	});

	it.each(chosen)(
		'chooses the inputs of %s from their lists and prints the result',
		(key, expected) => {
			const { code, stdout } = ran('invoke', key);
			expect(code).toBe(0);
			expect(JSON.parse(stdout)).toMatchObject(expected);
		},
	);

	it.each(failures)('%j fails with 1 and says why', (args, words) => {
		const { code, stdout, stderr } = ran('invoke', ...args);
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(words);
	});

	it.each([
		[['nope'], /has no "nope"/],
		[[], /Name one key/],
	])('a process of its own for %j ends with 1 and says why', async (args, words) => {
		const { code, stdout, stderr } = await script('invoke', ...args);
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(words);
	});
});
