import { expectedCounts } from '@memberpass/testing';

import { script } from './script.ts';

describe('invoke', () => {
	it('switches a trigger on, delivers its event and prints the run', async () => {
		const { code, stdout, stderr } = await script('invoke', 'member_joined');
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ type: 'member.joined' })]);
		expect(stderr).toMatch(/switched on: .*\n.*signed\n.*switched off/s);
	});

	it('runs everything against the sandbox: each gives what its sample promises, each trigger shows what it delivered', async () => {
		const { code, stdout } = await script('invoke', '--all');
		expect([code, stdout.match(/^FAIL.*$/gm)]).toEqual([0, null]);
		const all = expectedCounts.events + expectedCounts.actions + expectedCounts.searches;
		expect(stdout.match(/^ok /gm)).toHaveLength(all);
		expect(stdout).toContain(`\n${all} of ${all} are as promised\n`);
	}, 600_000);

	it('tells every step that is not as promised when it runs everything', async () => {
		const { code, stdout } = await script('test/tools/doctored');
		expect(code).toBe(4);
		expect(stdout.split('\n')).toEqual([
			'FAIL triggers member_joined: the editor shows another event',
			'ok   triggers member_kicked',
			'FAIL creates create_plan: lacks project_id, name, price, currency, billing_cycle, active, created_at',
			'FAIL creates create_resource: broken on purpose',
			'FAIL searches list_roles: no result',
			'1 of 5 are as promised',
			'',
		]);
	});

	it.each([
		['create_resource', { id: expect.stringMatching(/^rsc_/) }],
		['connection', { team_name: expect.any(String), environment: 'test' }],
	])('chooses the inputs of %s from their lists and prints the result', async (key, expected) => {
		const { code, stdout } = await script('invoke', key);
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject(expected);
	});

	it.each([
		[['nope'], /has no "nope"/],
		[[], /Name one key/],
		[['list_members', '--input', '{}'], /'Project' is required/],
		[['list_members', '--input', '[1]'], /must be a JSON object/],
		[['list_roles', '--all'], /takes no key/],
		[['create_resource', '--list'], /is no trigger/],
		[['list_roles', '--origin', 'https://127.0.0.1:1'], /Give the token/],
		[['list_roles', '--origin', 'http://10.0.0.1', '--token', 'x'], /must start with https/],
	])('%j fails with 1 and says why', async (args, words) => {
		const { code, stdout, stderr } = await script('invoke', ...args);
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(words);
	});
});
