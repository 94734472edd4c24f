import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import { serve } from '../../testing/src/local-server.ts';
import { hostFiles, type HostFile } from '../src/drift-read.ts';
import { runDrift } from '../src/drift-run.ts';
import { sandboxWith, newFolder, tidyUp } from './support.ts';

afterEach(tidyUp);

const environment = {
	env: { MEMBERPASS_ALLOW_LOOPBACK: '1' },
	resolve: (path: string) => path,
};
type Files = Record<HostFile, unknown>;

async function filesOf(url: string): Promise<Files> {
	const all = await Promise.all(
		hostFiles.map(async (name) => [name, await (await fetch(`${url}/${name}`)).json()] as const),
	);
	return Object.fromEntries(all) as Files;
}

async function driftOf(files: Partial<Files>, ...more: readonly string[]) {
	const folder = newFolder();
	for (const [name, file] of Object.entries(files)) {
		writeFileSync(join(folder, name), JSON.stringify(file));
	}
	const result = await runDrift(['--files', folder, ...more], environment, platform);
	if (result === null) throw new Error('Only help gives no result.');
	return result;
}

it("the sandbox's own files have not drifted", async () => {
	const sandbox = await sandboxWith();
	const notes: string[] = [];
	const note = (text: string) => notes.push(text);
	const result = await runDrift(['--origin', sandbox.url], { ...environment, note }, platform);
	expect(notes).toEqual(hostFiles.map((name) => `reading ${sandbox.url}/${name}`));
	expect(result).toMatchObject({ changes: [], exitCode: 0, read: [...hostFiles], unread: [] });
	expect(result?.output).toMatch(/No drift\.$/);
});

/** One place inside a parsed file. */
function at(file: unknown, ...path: readonly (string | number)[]): Record<string, unknown> {
	const found = path.reduce<unknown>(
		(value, key) => (value as Record<string | number, unknown>)[key],
		file,
	);
	return found as Record<string, unknown>;
}
const itemOf = (file: unknown, key: string, value: string): Record<string, unknown> => {
	const items = at(file, 'items') as unknown as Record<string, unknown>[];
	const item = items.find((one) => one[key] === value);
	if (item === undefined) throw new Error(`There is no ${value}.`);
	return item;
};
const without = (file: unknown, key: string, value: string): void => {
	const items = at(file, 'items') as unknown as Record<string, unknown>[];
	items.splice(items.indexOf(itemOf(file, key, value)), 1);
};

describe('an altered copy differs in exactly what was altered', () => {
	let whole: Files;
	beforeAll(async () => {
		whole = await filesOf((await sandboxWith()).url);
	});

	const plans = '/v1/projects/{project}/plans';
	it.each<[string, (files: Files) => void, readonly string[], 0 | 1]>([
		[
			'an event and a code more',
			(files) => {
				(at(files['webhook-events.json'], 'items') as unknown as unknown[]).push({
					type: 'connector.linked',
				});
				(at(files['error-codes.json'], 'items') as unknown as unknown[]).push({
					code: 'TEAPOT_ONLY',
					status: 418,
				});
			},
			['event added connector.linked', 'error code added TEAPOT_ONLY'],
			0,
		],
		[
			'an event and an ability less',
			(files) => {
				without(files['webhook-events.json'], 'type', 'project.bot.connected');
				without(files['abilities.json'], 'name', 'billing:read');
			},
			['event removed project.bot.connected', 'ability removed billing:read'],
			1,
		],
		[
			'an ability of an event',
			(files) => {
				itemOf(files['webhook-events.json'], 'type', 'plan.created')['required_ability'] =
					'project:view';
			},
			['event changed plan.created'],
			1,
		],
		[
			'a payload key',
			(files) => {
				const data = at(
					itemOf(files['webhook-events.json'], 'type', 'subscription.cancelled'),
					'data',
					'properties',
				);
				data['payment_provider'] = data['provider'];
				delete data['provider'];
				data['reason'] = { type: 'string' };
			},
			[
				'payload key renamed subscription.cancelled: provider',
				'payload key added subscription.cancelled: reason',
			],
			1,
		],
		[
			'a route less, and one of another path',
			(files) => {
				const paths = at(files['openapi.json'], 'paths');
				delete paths['/v1/projects/{project}/bot'];
				paths['/v1/subscription/{subscription}'] = paths['/v1/subscriptions/{subscription}'];
				delete paths['/v1/subscriptions/{subscription}'];
			},
			['route renamed GET /subscriptions/{}', 'route removed GET /projects/{}/bot'],
			1,
		],
		[
			'an ability of a route',
			(files) => {
				at(files['openapi.json'], 'paths', '/v1/roles', 'get')['x-required-scopes'] = ['role:read'];
			},
			['route changed GET /roles'],
			1,
		],
		[
			'a required input more',
			(files) => {
				const body = at(
					files['openapi.json'],
					'paths',
					plans,
					'post',
					'requestBody',
					'content',
					'application/json',
					'schema',
				);
				at(body, 'properties')['kind'] = { type: 'string' };
				(body['required'] as string[]).push('kind');
			},
			['input added POST /projects/{}/plans: kind'],
			1,
		],
		[
			'an optional input and an answer key more',
			(files) => {
				const post = at(files['openapi.json'], 'paths', plans, 'post');
				at(post, 'requestBody', 'content', 'application/json', 'schema', 'properties')['color'] = {
					type: 'string',
				};
				at(
					post,
					'responses',
					'201',
					'content',
					'application/json',
					'schema',
					'properties',
					'data',
					'properties',
				)['color'] = { type: 'string' };
			},
			[
				'input added POST /projects/{}/plans: color',
				'answer key added POST /projects/{}/plans: color',
			],
			0,
		],
		[
			'an answer key of another type',
			(files) => {
				at(
					files['openapi.json'],
					'paths',
					'/v1/teams/current',
					'get',
					'responses',
					'200',
					'content',
					'application/json',
					'schema',
					'properties',
					'data',
					'properties',
					'personal',
				)['type'] = 'string';
			},
			['answer key changed GET /teams/current: personal'],
			1,
		],
		[
			'the status of a code',
			(files) => {
				itemOf(files['error-codes.json'], 'code', 'TEAM_TIER_REQUIRED')['status'] = 402;
			},
			['error code changed TEAM_TIER_REQUIRED'],
			0,
		],
	])('%s', async (_, alter, expected, exitCode) => {
		const files = structuredClone(whole);
		alter(files);
		const result = await driftOf(files);
		expect(result.changes.map((one) => `${one.what} ${one.change} ${one.subject}`)).toEqual(
			expected,
		);
		expect(result.exitCode).toBe(exitCode);
	});
});

it('files that are not in the folder are told, files that say nothing fail', async () => {
	const sandbox = await sandboxWith();
	const files = await filesOf(sandbox.url);
	const one = await driftOf({ 'abilities.json': files['abilities.json'] }, '--json');
	expect(one).toMatchObject({ read: ['abilities.json'], exitCode: 0 });
	expect(JSON.parse(one.output)).toMatchObject({ read: ['abilities.json'], changes: [] });
	expect(one.unread).toHaveLength(3);
	const broken = await driftOf({ ...files, 'error-codes.json': { hello: 'world' } });
	expect(broken).toMatchObject({
		unread: ['error-codes.json: nothing in it can be recognised'],
		exitCode: 1,
	});
});

it('a file that is no JSON fails, in the folder as on the host', async () => {
	const sandbox = await sandboxWith();
	const files = await filesOf(sandbox.url);
	const folder = newFolder();
	writeFileSync(join(folder, 'abilities.json'), JSON.stringify(files['abilities.json']));
	writeFileSync(join(folder, 'openapi.json'), '<html>');
	const result = await runDrift(['--files', folder], environment, platform);
	expect(result).toMatchObject({ read: ['abilities.json'], exitCode: 1 });
	expect(result?.unread).toContain('openapi.json: not JSON');
});

it('what a host refuses, sends elsewhere or garbles is not compared, and fails', async () => {
	const sandbox = await sandboxWith();
	const files = await filesOf(sandbox.url);
	const answers: Readonly<Record<HostFile, readonly [number, string]>> = {
		'openapi.json': [404, JSON.stringify(files['openapi.json'])],
		'abilities.json': [200, JSON.stringify(files['abilities.json'])],
		'error-codes.json': [302, ''],
		'webhook-events.json': [200, '<html>'],
	};
	const host = await serve((request, response) => {
		const name = (request.url ?? '').slice(1) as HostFile;
		const [status, body] = answers[name];
		response.writeHead(status, { location: `${sandbox.url}/${name}` }).end(body);
	});
	const result = await runDrift(['--origin', host.origin], environment, platform);
	await host.close();
	expect(result).toMatchObject({ changes: [], read: ['abilities.json'], exitCode: 1 });
	expect(result?.unread.toSorted()).toEqual([
		'error-codes.json: status 302',
		'openapi.json: status 404',
		'webhook-events.json: not JSON',
	]);
});

it('a host that does not serve a file fails, because a check that checks nothing must not pass', async () => {
	const sandbox = await sandboxWith();
	await sandbox.close();
	await expect(runDrift(['--origin', sandbox.url], environment, platform)).rejects.toThrow(
		/^Nothing could be compared\.\n {2}openapi\.json: connect ECONNREFUSED 127\.0\.0\.1:\d+\n/,
	);
});
