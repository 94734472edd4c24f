import { type Report, reportText } from '../src/report.ts';

const nothing: Report = {
	recordedAt: '2026-11-27T12:00:00Z',
	origin: 'https://api.memberpass.net',
	apiVersion: '2026-05-01',
	requests: 3,
	operations: {},
	deliveries: [],
	differences: [],
	observations: [],
	gaps: [],
	written: [],
};

it('a report of nothing is short', () => {
	expect(reportText(nothing)).toBe(
		[
			'Recorded 0 operations (0 cases) and 0 deliveries with 3 requests; API version 2026-05-01.',
			'',
			'No file was written.',
			'',
			'0 differences from the catalogue',
			'',
			'None.',
			'',
		].join('\n'),
	);
});

it('a report names all that was found, in columns', () => {
	expect(
		reportText({
			...nothing,
			operations: { list_roles: ['success', 'empty list'], get_role: ['success'] },
			deliveries: ['plan.created'],
			written: ['api/role/list_roles.json', 'api/role/get_role.json'],
			differences: [
				{
					kind: 'new field',
					subject: 'list_roles',
					where: 'data[].tier',
					expected: 'absent',
					seen: 'string',
					count: 12,
				},
			],
			observations: [{ topic: 'paging', subject: 'list_roles', seen: 'total' }],
			gaps: [{ subject: 'ban_member', reason: 'it needs a person, and the project has none' }],
		}),
	).toBe(
		[
			'Recorded 2 operations (3 cases) and 1 deliveries with 3 requests; API version 2026-05-01.',
			'',
			'Wrote 2 files.',
			'',
			'1 differences from the catalogue',
			'',
			'what       operation or event  where        catalogue  seen    times',
			'---------  ------------------  -----------  ---------  ------  -----',
			'new field  list_roles          data[].tier  absent     string  12',
			'',
			'Seen, where the documentation leaves it open',
			'',
			'question  of          answer',
			'--------  ----------  ------',
			'paging    list_roles  total',
			'',
			'Not recorded',
			'',
			'what        why',
			'----------  -------------------------------------------',
			'ban_member  it needs a person, and the project has none',
			'',
		].join('\n'),
	);
});
