import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { installPackage } from './package.mts';
import type { Service } from './proxy.mts';
import { type Execution, type N8nRest, type SavedWorkflow, signIn } from './rest.mts';
import { freePort, type N8nOptions, type N8nProcess, startN8n, waitFor } from './server.mts';
import { startBalancer, startPostgres, startRedis } from './services.mts';
import {
	answersTo,
	credentialOf,
	exampleWorkflow,
	forge,
	given,
	openSandbox,
	type Stage,
	subscriptionsBelow,
	temporaryFolder,
} from './stage.mts';

const roles = {
	main: 'start',
	webhooks: 'webhook',
	workerA: 'worker',
	workerB: 'worker',
} as const satisfies Readonly<Record<string, NonNullable<N8nOptions['command']>>>;
type Role = keyof typeof roles;

/**
 * One main process, one webhook processor and two workers over Redis and PostgreSQL, each with a folder of its own, as
 * in containers. One story: each test goes on from where the last one ended.
 */
describe('in queue mode, the packed package', () => {
	const folder = temporaryFolder();
	const ports: Record<Role, number> = { main: 0, webhooks: 0, workerA: 0, workerB: 0 };
	const running = new Map<Role, N8nProcess>();
	const services: Service[] = [];
	let environment: Readonly<Record<string, string>>;
	let base: string;
	let sandbox: Stage;
	let rest: N8nRest;
	let credential: string;
	let welcome: SavedWorkflow;
	/** The delivery that finds the webhook processor killed. */
	let deliveriesToLive = Infinity;

	const start = async (role: Role): Promise<void> => {
		const health =
			roles[role] === 'worker'
				? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(ports[role]) }
				: {};
		const process_ = await startN8n({
			installation: given('n8n'),
			command: roles[role],
			userFolder: join(folder.path, role),
			port: ports[role],
			environment: { ...environment, ...health },
		});
		running.set(role, process_);
	};
	const stop = async (role: Role, signal?: NodeJS.Signals): Promise<void> => {
		await running.get(role)?.stop(signal);
		running.delete(role);
	};
	const logOf = (role: Role): string => running.get(role)?.log() ?? '';
	const own = () => subscriptionsBelow(sandbox, base);
	const ownIds = () => own().map((endpoint) => endpoint.id);
	const fire = (count: number): readonly string[] =>
		Array.from({ length: count }, () => sandbox.fire('subscription.created').id);
	const answered = (events: readonly string[]): number =>
		events.filter((event) => answersTo(sandbox, event).includes(200)).length;
	const summary = (executions: readonly Execution[]): string =>
		executions
			.map((one) => [one.id, one.mode, one.status, eventOf(one), one.error].join(' '))
			.join('\n');
	const eventOf = ({ output }: Execution): unknown => output['MemberPass Trigger']?.[0]?.['id'];
	/** Waits until each event was accepted, moving time on to the next attempt of those that were not. */
	const allAccepted = async (events: readonly string[]): Promise<void> =>
		await waitFor('every delivery', 180_000, async () => {
			await sandbox.engine.settle();
			if (answered(events) === events.length) return true;
			await sandbox.advance(31_000);
			return false;
		});
	const over = async (): Promise<number> => (await rest.executions(welcome)).length;
	/**
	 * Deliveries whose executions are all in the middle, until they are let go. More than the ten that one worker takes on
	 * at once, fewer than the twenty failures in a row that would switch the subscription off.
	 */
	const batch = 15;
	const hold = async () => {
		let events: readonly string[] = [];
		const letGo = await sandbox.holdAtMember(batch, () => (events = fire(batch)));
		await allAccepted(events);
		return { events, letGo };
	};
	/** Every event ran, to its end, and no more often than it was sent. */
	const ranAsSent = (executions: readonly Execution[], events: readonly string[]): void => {
		for (const event of events) {
			const runs = executions.filter((one) => eventOf(one) === event);
			const sent = answersTo(sandbox, event).length;
			assert.ok(runs.length >= 1, `${event} did not run:\n${summary(executions)}`);
			assert.ok(runs.length <= sent, `${event} ran ${runs.length} times, sent ${sent} times`);
			assert.deepEqual([...new Set(runs.map((one) => one.status))], ['success']);
			const worked = runs.filter((one) => one.output['Get the member'] !== undefined);
			assert.ok(worked.length >= 1, `${event} went no further than its trigger`);
		}
	};

	before(async () => {
		sandbox = await openSandbox();
		const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
		services.push(redis, postgres);
		for (const role of Object.keys(roles) as Role[]) {
			ports[role] = await freePort();
			mkdirSync(join(folder.path, role));
			installPackage(given('tarball'), join(folder.path, role));
		}
		const balancer = await startBalancer(
			() => ports.main,
			() => {
				if (--deliveriesToLive === 0) void stop('webhooks', 'SIGKILL');
				return ports.webhooks;
			},
		);
		services.push(balancer);
		base = `http://127.0.0.1:${balancer.port}`;
		environment = {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			WEBHOOK_URL: `${base}/`,
			// After a minute n8n gives up what a killed worker held, and forgets what had been done of it. On a slow machine
			// that would come before the worker is there again.
			QUEUE_WORKER_LOCK_DURATION: '900000',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
		};
		// The main process makes the tables; the others wait for nobody.
		await start('main');
		await Promise.all([start('webhooks'), start('workerA'), start('workerB')]);
		rest = await signIn(running.get('main')?.url ?? '');
		credential = await rest.createCredential('MemberPass account', credentialOf(sandbox));
	});
	after(async () => {
		for (const role of ['webhooks', 'workerA', 'workerB', 'main'] as const) await stop(role);
		for (const service of services.reverse()) await service.stop();
		await sandbox.close();
		folder.remove();
	});

	test('runs an example by hand, on a worker', async () => {
		const digest = await rest.importWorkflow(exampleWorkflow('weekly-digest', credential));
		const { status, error, output } = await rest.run(digest, 'Schedule Trigger');
		assert.deepEqual([status, error], ['success', null]);
		assert.equal(output['Split the earnings by provider']?.length, 1);
		// The execution is saved before the worker says so.
		await waitFor('a worker to have run it', 60_000, () =>
			(['workerA', 'workerB'] as const).some((role) => logOf(role).includes('finished execution')),
		);
	});

	test('subscribes once, to the address of the webhook processor', async () => {
		welcome = await rest.importWorkflow(exampleWorkflow('welcome-flow', credential));
		await rest.publish(welcome);
		assert.equal(own().length, 1);
		assert.ok(own()[0]?.url.startsWith(`${base}/webhook/`));
	});

	test('runs signed deliveries, and answers forged ones with 401 at the webhook processor', async () => {
		const first = fire(1);
		await allAccepted(first);
		ranAsSent(await rest.settled(welcome, 1), first);
		const url = own()[0]?.url ?? '';
		for (const change of [{}, { signedWith: 'a guess' }]) {
			assert.equal(await forge(url, change), '401 Unauthorized');
		}
		const next = fire(1);
		await allAccepted(next);
		const executions = await rest.settled(welcome, 2);
		ranAsSent(executions, next);
		assert.deepEqual(
			executions.filter((one) => ![...first, ...next].includes(String(eventOf(one)))),
			[],
		);
	});

	test('lets a worker that is restarted end what it has begun', async () => {
		const seen = await over();
		const { events, letGo } = await hold();
		const stopped = stop('workerA');
		await waitFor('it to be in no hurry', 60_000, () =>
			/Waiting for \d+ active executions/.test(logOf('workerA')),
		);
		letGo();
		await stopped;
		await start('workerA');
		ranAsSent(await rest.settled(welcome, seen + batch), events);
	});

	test('loses nothing where a worker is killed: what n8n shows as crashed goes on from there when retried', async () => {
		const seen = await over();
		const { events, letGo } = await hold();
		await stop('workerA', 'SIGKILL');
		letGo();
		await start('workerA');
		const crashed = (await rest.settled(welcome, seen + batch)).filter(
			(one) => one.status === 'crashed',
		);
		assert.ok(crashed.length > 0, 'the kill came too late to break anything off');
		for (const execution of crashed) await rest.retry(execution);
		const executions = await rest.settled(welcome, seen + batch + crashed.length);
		ranAsSent(
			executions.filter((one) => one.status !== 'crashed'),
			events,
		);
	});

	test('loses nothing where the webhook processor is killed in the middle of a batch', async () => {
		deliveriesToLive = 4;
		const events = fire(batch);
		await sandbox.engine.settle();
		await waitFor('its end', 60_000, () => !running.has('webhooks'));
		const missed = events.length - answered(events);
		await start('webhooks');
		await allAccepted(events);
		// One that it had noted but not yet queued stays "new" for hours; MemberPass got no answer and sent it again.
		let executions: readonly Execution[] = [];
		await waitFor('each event to have run', 180_000, async () => {
			executions = (await rest.executions(welcome)).filter((one) => one.status !== 'new');
			const ran = new Set(executions.map((one) => eventOf(one)));
			return (
				events.every((event) => ran.has(event)) &&
				executions.every((one) => one.status !== 'running')
			);
		});
		ranAsSent(executions, events);
		assert.ok(missed > 0, 'the kill came too late to try anything');
	});

	test('goes on receiving without the main process, which finds its subscription again', async () => {
		const before_ = ownIds();
		const seen = await over();
		await stop('main');
		const events = fire(5);
		await allAccepted(events);
		await start('main');
		rest = await signIn(running.get('main')?.url ?? '');
		ranAsSent(await rest.settled(welcome, seen + 5), events);
		assert.deepEqual(ownIds(), before_);
	});

	test('listens for a test event beside production, and takes only its own subscription away', async () => {
		const production = ownIds();
		await rest.listen(welcome, 'MemberPass Trigger');
		await waitFor('the second subscription', 60_000, () => own().length === 2);
		await allAccepted(fire(1));
		await waitFor('its end', 60_000, () => own().length === 1);
		assert.deepEqual(ownIds(), production);
	});

	test('leaves no subscription behind where the workflow is unpublished', async () => {
		await rest.unpublish(welcome);
		assert.deepEqual(own(), []);
	});
});
