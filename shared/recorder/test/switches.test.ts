import { routes } from '@memberpass/catalogue';

import type { Sandbox } from '../../../packages/sandbox/src/index.ts';
import type { Report } from '../src/report.ts';
import type { Switches } from '../../../packages/sandbox/src/switches.ts';
import { differencesOf, everything, run, sandboxWith, tidyUp } from './support.ts';

afterEach(tidyUp);

/** Everything but the files: what they hold is record.test.ts's business, the report is that of a run which writes them. */
const reportOn = (sandbox: Sandbox): Promise<Report> =>
	run({ ...everything(sandbox, '/nowhere/fixtures'), dryRun: true });

const pagedLists = routes
	.filter(({ output }) => output.paging === 'pages')
	.map(({ key }) => key)
	.sort();
const statusIs = (key: string, expected: number, seen: number): string =>
	`other status | ${key} | success | ${expected} | ${seen}`;
const invalidIs400 = (key: string): string =>
	`other status | ${key} | VALIDATION_FAILED | 422 | 400`;
const shapeIs = (type: string, seen: string): string =>
	`event shape | ${type} | data | flat | ${seen}`;

describe('a sandbox with other switches is found to differ in exactly those', () => {
	it.each<[string, Partial<Switches>, readonly string[]]>([
		[
			'paging as Laravel has it',
			{ paging: 'last_page' },
			pagedLists.map((key) => `paging | ${key} | meta | has_more or total | last_page`),
		],
		[
			'paging by cursor',
			{ paging: 'next_cursor' },
			pagedLists.map((key) => `paging | ${key} | meta | has_more or total | next_cursor`),
		],
		[
			'another status of refused input',
			{ validationStatus: '400' },
			['create_resource', 'get_bot_link', 'get_deep_link', 'list_webhook_events'].map(invalidIs400),
		],
		[
			'one status for all writes, and a body where none was',
			{ writeStatus: '200', emptyBody: 'message' },
			[
				statusIs('bulk_generate_access_codes', 202, 200),
				statusIs('create_plan', 201, 200),
				statusIs('create_resource', 201, 200),
				statusIs('create_webhook_endpoint', 201, 200),
				statusIs('create_webhook_subscription', 201, 200),
				statusIs('delete_access_code', 204, 200),
				statusIs('delete_plan', 204, 200),
				statusIs('delete_webhook_endpoint', 204, 200),
				statusIs('delete_webhook_subscription', 204, 200),
				statusIs('test_webhook_endpoint', 202, 200),
				'other type | delete_access_code |  | nothing | object',
				'other type | delete_plan |  | nothing | object',
				'other type | delete_webhook_endpoint |  | nothing | object',
				'other type | delete_webhook_subscription |  | nothing | object',
			],
		],
		[
			'nested events',
			{ eventShape: 'nested' },
			[shapeIs('member.joined', 'nested'), shapeIs('subscription.created', 'nested')],
		],
		[
			'events of the later manifest',
			{ eventShape: 'manifest' },
			[
				shapeIs('access_code.generated', 'manifest'),
				shapeIs('project.resource.deleted', 'manifest'),
			],
		],
		[
			'filters that are ignored',
			{ listFilters: 'ignored' },
			[
				'filter | find_plan_by_name | name | honoured | ignored',
				'filter | find_project_by_handle | handle | honoured | ignored',
				'filter | find_subscriber_by_telegram_id | telegram_id | honoured | ignored',
			],
		],
		[
			'headers that count requests',
			{ rateLimitHeaders: 'x_ratelimit' },
			[
				'header | every call | x-ratelimit-limit | absent | present',
				'header | every call | x-ratelimit-remaining | absent | present',
			],
		],
	])('%s', async (_, switches, expected) => {
		const sandbox = await sandboxWith(switches);
		const report = await reportOn(sandbox);
		expect(differencesOf(report)).toEqual(expected);
	});

	it.each<[Partial<Switches>, string, string, string]>([
		[{ missingKey: '428' }, 'idempotency key', 'missing', '428 IDEMPOTENCY_KEY_REQUIRED'],
		[{ missingKey: 'accept' }, 'idempotency key', 'missing', '201, done'],
		[{ reusedKey: 'execute' }, 'idempotency key', 'with another body', '201, done'],
		[
			{ replayHeader: 'idempotent_replayed' },
			'idempotency key',
			'mark of a replay',
			'idempotent-replayed',
		],
		[
			{ eventIdHeader: 'without_prefix' },
			'event id header',
			'MP-Event-Id',
			'id without its prefix',
		],
	])('what contradicts nothing is told apart: %j', async (switches, topic, subject, seen) => {
		const sandbox = await sandboxWith(switches);
		const report = await reportOn(sandbox);
		expect(report.observations).toContainEqual({ topic, subject, seen });
		expect(
			differencesOf(report).filter((line) => !line.includes('| idempotent-replayed |')),
		).toEqual([]);
	});

	it('creations that answer nothing are taken back all the same', async () => {
		const sandbox = await sandboxWith({ writeStatus: '204' });
		const before = [...sandbox.state.resources.keys()];
		await reportOn(sandbox);
		expect([...sandbox.state.resources.keys()]).toEqual(before);
	});
});
