import type { INodeParameters } from 'n8n-workflow';

import { everySetting, startSandbox } from '../../sandbox/src/index.ts';
import { serve } from '../../../shared/testing/src/local-server.ts';
import type { TriggerRun } from '../../../shared/testing/src/n8n-harness.ts';
import { useEngine, useRealSockets } from './support.mts';

useRealSockets();
const engine = useEngine();

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

// What no source settles must not matter.
test.each(everySetting())(
	'with %s a trigger works from on to off, a write is done, and lists are read to their end',
	async (_, switches) => {
		const sandbox = await startSandbox({ rateLimits: false, switches });
		const credential = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
		const received: unknown[] = [];
		let trigger: TriggerRun | null = null;
		const n8n = await serve(async (request, response, body) => {
			const run = await trigger?.receive({ headers: request.headers, body });
			received.push(...(run?.started ?? []).map(({ json }) => json));
			response.writeHead(run?.answered?.status ?? 200).end();
		});
		try {
			trigger = engine().trigger({
				node: 'memberPassTrigger',
				parameters: { events: ['member.joined'] },
				staticData: {},
				webhookBaseUrl: n8n.origin,
				credential,
			});
			const own = () =>
				sandbox.engine.listEndpoints().filter((one) => one.url.startsWith(n8n.origin));
			if (switches.webhookUrls === 'https') {
				// The stand-in for n8n has no https; the refusal has to be readable instead.
				await expect(trigger.create()).rejects.toThrow(/url/i);
			} else {
				expect(await trigger.checkExists()).toBe(false);
				await trigger.create();
				expect(await trigger.checkExists()).toBe(true);
				expect(own()).toHaveLength(1);
				sandbox.fire('member.joined');
				await sandbox.engine.settle();
				expect(received).toEqual([
					expect.objectContaining({
						type: 'member.joined',
						data: expect.objectContaining({ subscription_id: expect.any(String) }),
					}),
				]);
				await trigger.delete();
			}
			expect(own()).toEqual([]);

			const projectId = byId(sandbox.seeded.project.id);
			const run = async (parameters: INodeParameters) => {
				const { error, items } = await engine().run({
					node: 'memberPass',
					typeVersion: 2,
					credential,
					parameters,
				});
				expect(error).toBeNull();
				return items.map(({ json }) => json);
			};
			const before = sandbox.state.resources.size;
			await run({ resource: 'resource', operation: 'create', projectId, title: 'Perks' });
			expect(sandbox.state.resources.size).toBe(before + 1);
			const { plans } = sandbox.state;
			const [plan] = plans.values();
			if (plan === undefined) throw new Error('The sandbox has no plan.');
			// More than a page of them.
			for (let more = 0; more < 120; more++) {
				const id = `pln_more_${more}`;
				plans.set(id, { ...plan, id, name: `More ${more}`, project_id: sandbox.seeded.project.id });
			}
			const expected = [...plans.values()].filter(
				(one) => one.project_id === sandbox.seeded.project.id,
			);
			const listed = await run({ resource: 'plan', operation: 'list', projectId, returnAll: true });
			expect(listed).toHaveLength(expected.length);
			expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
			await run({ resource: 'analytics', operation: 'getDashboard' });
			await run({
				resource: 'webhookDelivery',
				operation: 'list',
				type: 'member.joined',
				limit: 5,
			});
		} finally {
			await n8n.close();
			await sandbox.close();
		}
	},
);
