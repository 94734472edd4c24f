import { until } from '../../../shared/testing/src/in-tests.ts';
import { IdempotencyKeys } from '../src/idempotency.ts';
import { type Sandbox, type Switches, VirtualClock } from '../src/index.ts';
import { standardSwitches } from '../src/switches.ts';
import { hour, minute } from '../src/time.ts';
import { ask, idsOf, sandboxWith } from './support/sandbox.ts';

/** Ends of the waits that hold up a call: a test ends them when it has seen enough, however fast the machine is. */
const mockHeld: (() => void)[] = [];
jest.mock('node:timers/promises', () => ({
	setTimeout: () => new Promise<void>((resolve) => mockHeld.push(resolve)),
}));

const body = { name: 'A fine project' };
const other = { name: 'Another project' };
const projects = '/v1/projects';

describe('an idempotency key', () => {
	it('replays a 2xx with the same bytes and does nothing twice', async () => {
		const sandbox = await sandboxWith();
		const first = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		const count = sandbox.state.projects.size;
		const again = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		expect([again.status, again.text]).toEqual([201, first.text]);
		expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
		expect(sandbox.state.projects.size).toBe(count);
	});

	it('is the same request whatever the order of keys in the body', async () => {
		const sandbox = await sandboxWith();
		const first = await ask(sandbox, 'POST', projects, {
			raw: '{"name":"A fine project","metrics":true}',
			key: 'k1',
		});
		const again = await ask(sandbox, 'POST', projects, {
			raw: '{ "metrics": true, "name": "A fine project" }',
			key: 'k1',
		});
		expect(again.text).toBe(first.text);
	});

	it('replays a deletion instead of finding nothing', async () => {
		const sandbox = await sandboxWith();
		const { project } = idsOf(sandbox);
		const path = `${projects}/${project}`;
		const first = await ask(sandbox, 'DELETE', path, { key: 'k1' });
		const again = await ask(sandbox, 'DELETE', path, { key: 'k1' });
		const fresh = await ask(sandbox, 'DELETE', path, { key: 'k2' });
		expect([first.status, again.status, fresh.status]).toEqual([204, 204, 404]);
	});

	it('replays the secret of an endpoint that was deleted meanwhile', async () => {
		const sandbox = await sandboxWith();
		const endpoint = {
			name: 'Zap',
			url: 'https://hooks.example.com/zap',
			events: ['plan.created'],
		};
		const path = '/v1/webhook-subscriptions';
		const first = await ask(sandbox, 'POST', path, { body: endpoint, key: 'fixed' });
		await ask(sandbox, 'DELETE', `${path}/${String(first.data['id'])}`);
		const again = await ask(sandbox, 'POST', path, { body: endpoint, key: 'fixed' });
		expect(again.text).toBe(first.text);
		expect(sandbox.engine.listEndpoints()).toEqual([]);
	});

	it('is forgotten after 24 hours', async () => {
		const sandbox = await sandboxWith();
		const first = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		await sandbox.advance(24 * hour - minute);
		const before = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		await sandbox.advance(minute);
		const after = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		expect(before.text).toBe(first.text);
		expect(after.status).toBe(201);
		expect(after.data['id']).not.toBe(first.data['id']);
	});

	it('does not replay a failure: the call can be repeated under its key', async () => {
		const sandbox = await sandboxWith();
		const wrong = await ask(sandbox, 'POST', projects, { body: { name: 'abc' }, key: 'k1' });
		const right = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		expect([wrong.status, right.status]).toEqual([422, 201]);
	});

	it('is not needed on reads', async () => {
		const sandbox = await sandboxWith();
		expect((await ask(sandbox, 'GET', projects, { key: null })).status).toBe(200);
		expect((await ask(sandbox, 'HEAD', projects, { key: null })).status).toBe(200);
	});

	it('belongs to its token', async () => {
		const sandbox = await sandboxWith();
		const first = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		const { plain } = sandbox.mint();
		const second = await ask(sandbox, 'POST', projects, { body, key: 'k1', token: plain });
		expect([first.status, second.status]).toEqual([201, 201]);
		expect(second.data['id']).not.toBe(first.data['id']);
	});

	it('can belong to the team instead', async () => {
		const sandbox = await sandboxWith({ switches: { keyScope: 'team' } });
		const first = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		const { plain } = sandbox.mint();
		const second = await ask(sandbox, 'POST', projects, { body, key: 'k1', token: plain });
		expect(second.text).toBe(first.text);
	});
});

describe('a used key with another body', () => {
	it.each([
		['conflict', 409, 'IDEMPOTENCY_KEY_REUSED', false],
		['unprocessable', 422, 'IDEMPOTENCY_KEY_REUSED', false],
		['replay', 201, undefined, false],
		['execute', 201, undefined, true],
	] as const)('%s: %d', async (reusedKey, status, code, done) => {
		const sandbox = await sandboxWith({ switches: { reusedKey } });
		const first = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		const second = await ask(sandbox, 'POST', projects, { body: other, key: 'k1' });
		expect([second.status, second.at('error.code')]).toEqual([status, code]);
		const names = [...sandbox.state.projects.values()].map((row) => row.name);
		expect(names.includes('Another project')).toBe(done);
		if (reusedKey === 'replay') expect(second.text).toBe(first.text);
	});

	it('is refused on another route too', async () => {
		const sandbox = await sandboxWith();
		const { project } = idsOf(sandbox);
		await ask(sandbox, 'POST', `${projects}/${project}/archive`, { key: 'k1' });
		const second = await ask(sandbox, 'POST', `${projects}/${project}/restore`, {
			key: 'k1',
		});
		expect([second.status, second.at('error.code')]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
	});
});

describe('a key whose first call still runs', () => {
	/** Writes under the key and waits until the call is held up. */
	const begin = async (sandbox: Sandbox) => {
		const headers = { 'x-sandbox-fault': 'latency' };
		const answer = ask(sandbox, 'POST', projects, { body, key: 'k1', headers });
		await until(() => mockHeld.length > 0);
		return { answer, release: () => mockHeld.splice(0).forEach((end) => end()) };
	};

	it('is refused: 409', async () => {
		const sandbox = await sandboxWith();
		const first = await begin(sandbox);
		const second = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
		expect([second.status, second.at('error.code')]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
		first.release();
		expect((await first.answer).status).toBe(201);
	});

	it('waits for it, where so switched, and the write is done once', async () => {
		const sandbox = await sandboxWith({ switches: { concurrentKey: 'wait' } });
		const count = sandbox.state.projects.size;
		const first = await begin(sandbox);
		let answered = 0;
		const others = [1, 2].map(async () => {
			const { text } = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
			answered++;
			return text;
		});
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(answered).toBe(0);
		first.release();
		const { text } = await first.answer;
		expect(await Promise.all(others)).toEqual([text, text]);
		expect(sandbox.state.projects.size).toBe(count + 1);
	});
});

describe('a write without a key', () => {
	it.each([
		['400', 400, 'IDEMPOTENCY_KEY_REQUIRED'],
		['422', 422, 'VALIDATION_FAILED'],
		['428', 428, 'IDEMPOTENCY_KEY_REQUIRED'],
		['accept', 201, undefined],
	] as const)('switched to %s: %d', async (missingKey, status, code) => {
		const sandbox = await sandboxWith({ switches: { missingKey } });
		const reply = await ask(sandbox, 'POST', projects, { body, key: null });
		expect([reply.status, reply.at('error.code')]).toEqual([status, code]);
	});

	it('counts an empty key as none', async () => {
		const sandbox = await sandboxWith();
		const reply = await ask(sandbox, 'POST', projects, { body, key: ' ' });
		expect(reply.status).toBe(400);
	});
});

it('a replay is marked only where so switched', async () => {
	const sandbox = await sandboxWith();
	await ask(sandbox, 'POST', projects, { body, key: 'k1' });
	const plain = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
	sandbox.switches.replayHeader = 'idempotent_replayed';
	const marked = await ask(sandbox, 'POST', projects, { body, key: 'k1' });
	expect(plain.headers.get('idempotent-replayed')).toBeNull();
	expect(marked.headers.get('idempotent-replayed')).toBe('true');
});

describe('the keys that are kept', () => {
	const answer = { status: 201, contentType: null, body: '' };
	const keysWith = (change: Partial<Switches> = {}) => {
		const clock = new VirtualClock();
		const keys = new IdempotencyKeys(clock, { ...standardSwitches(), ...change });
		const write = async (key: string, print = 'print'): Promise<string> => {
			const opened = await keys.open('tok_1', key, print);
			if (opened.kind === 'fresh') opened.finish(answer);
			return opened.kind;
		};
		return { clock, keys, write };
	};

	it('are 50,000 at most, the newest', async () => {
		const { keys, write } = keysWith();
		for (let index = 0; index <= 50_001; index++) await write(`k${index}`);
		expect(await write('k50001')).toBe('replay');
		expect(keys.size).toBe(50_000);
		expect([await write('k2'), await write('k1')]).toEqual(['replay', 'fresh']);
	});

	it('are forgotten 24 hours after they were used, though an older one was used again since', async () => {
		const { clock, write } = keysWith({ reusedKey: 'execute' });
		await write('first');
		await clock.advance(hour);
		await write('second');
		await clock.advance(hour);
		expect(await write('first', 'another print')).toBe('fresh');
		await clock.advance(23 * hour);
		expect(await write('second')).toBe('fresh');
	});

	it('let one call run at a time, also where the first of several fails', async () => {
		const { keys } = keysWith({ concurrentKey: 'wait' });
		const open = async () => {
			const opened = await keys.open('tok_1', 'k1', 'print');
			order.push(opened.kind);
			return opened;
		};
		const order: string[] = [];
		const first = await open();
		const others = [open(), open()];
		if (first.kind === 'fresh') first.finish(null);
		const second = await Promise.race(others);
		await new Promise((resolve) => setImmediate(resolve));
		expect(order).toEqual(['fresh', 'fresh']);
		if (second.kind === 'fresh') second.finish(answer);
		await Promise.all(others);
		expect(order).toEqual(['fresh', 'fresh', 'replay']);
	});
});
