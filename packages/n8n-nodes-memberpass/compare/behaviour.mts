import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { signBody } from '../../../shared/protocol/src/signing.ts';
import type { Engine, RunResult } from '../../../shared/testing/src/n8n-harness.ts';
import { answer, type Bench, delivery, listPlans, pageOf, secret } from './bench.mts';

type Question = readonly [name: string, ask: (bench: Bench) => Promise<string>];

/** What a package does, one situation after the other. Every claim of the README about 1.4.0 is one of these. */
export const behaviour: readonly Question[] = [
	['Delivery without a signature', async (bench) => await received(bench, undefined)],
	['Delivery with a forged signature', async (bench) => await received(bench, sign('another'))],
	['Signed delivery, ten minutes old', async (bench) => await received(bench, sign(secret, 600))],
	[
		'Genuine delivery, but the secret is lost',
		async (bench) => await received(bench, sign(secret), { webhookId: 'whe_1' }),
	],
	[
		'Genuine delivery after a rotation in the dashboard',
		async (bench) => await received(bench, signBody(delivery, 'the new one', now(), secret)),
	],
	['Switched off and on again within a day', switchedOffAndOn],
	['Webhook endpoint deleted in MemberPass, n8n restarted', deletedMeanwhile],
	['Create a plan', createPlan],
	['Signing secret of a new endpoint', newSecret],
	['250 rows, paged as documented', paged],
	['Get Many with a Limit of 250', limited],
	['Find Plan by Name, if the filter is ignored', findByName],
	['Description emptied in Update Fields', cleared],
	['Requests for one refused token', refusedToken],
	['Answer 429, Retry-After 1', busyOnce],
	['Create an endpoint, answer lost, Retry On Fail', lostAnswer],
	["Delete the plan '..'", dotDot],
	['Item of a deletion answered with 204', deletedItem],
	['Redirect to another host', redirected],
	['Message of a missing ability', missingAbility],
	['Rows of three lists', pairing],
	['One of three items fails, Continue', continued],
	['Input items afterwards', untouched],
];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const now = (): number => Math.floor(Date.now() / 1_000);
const sign = (key: string, ageSeconds = 0): string => signBody(delivery, key, now() - ageSeconds);

async function received(
	bench: Bench,
	header: string | undefined,
	remembered: IDataObject = { webhookId: 'whe_1', secret },
): Promise<string> {
	const engine = await bench.engine('http://127.0.0.1:9/v1');
	const { started, answered, response } = await bench.trigger(engine, remembered).receive({
		headers: {
			'content-type': 'application/json',
			...(header === undefined ? {} : { 'mp-signature': header }),
		},
		body: delivery,
	});
	if (started !== null) return 'runs the workflow';
	if (response.workflowData !== undefined) return 'starts an empty run';
	return `${answered?.status ?? 200}, no run`;
}

const endpoints = (count: number): string =>
	count === 1 ? 'one webhook endpoint' : `${count === 0 ? 'no' : count} webhook endpoints`;

async function switchedOffAndOn(bench: Bench): Promise<string> {
	const { sandbox, engine } = await bench.sandbox();
	const trigger = bench.trigger(engine, {}, 'http://127.0.0.1:9');
	await trigger.create();
	await trigger.delete();
	if (!(await trigger.checkExists())) await trigger.create();
	return endpoints(sandbox.engine.listEndpoints().length);
}

async function deletedMeanwhile(bench: Bench): Promise<string> {
	const { sandbox, engine } = await bench.sandbox();
	const trigger = bench.trigger(engine, {}, 'http://127.0.0.1:9');
	await trigger.create();
	for (const { id } of sandbox.engine.listEndpoints()) sandbox.engine.removeEndpoint(id);
	if (!(await trigger.checkExists())) await trigger.create();
	return endpoints(sandbox.engine.listEndpoints().length);
}

async function createPlan(bench: Bench): Promise<string> {
	const { sandbox, engine } = await bench.sandbox();
	const project = sandbox.seeded.project.id;
	const plan = [...sandbox.state.plans.values()].find((one) => one.project_id === project);
	const resource = [...sandbox.state.resources.values()].find((one) => one.project_id === project);
	const { error } = await bench.run(engine, {
		resource: 'plan',
		operation: 'create',
		projectId: project,
		name: 'Compared Plan',
		price: 29,
		...(bench.typeVersion === 1
			? { currency: 'EUR', billingCycle: 'monthly' }
			: {
					currencyId: plan?.currency_id ?? '',
					billingCycle: 'months',
					resources: [resource?.id ?? ''],
				}),
	});
	return error === null ? 'created' : `refused (${error.httpCode ?? error.message})`;
}

async function createEndpoint(bench: Bench, engine: Engine): Promise<RunResult> {
	return await bench.run(
		engine,
		{
			resource: 'webhookEndpoint',
			operation: 'create',
			name: 'CRM sync',
			url: 'https://hooks.example.com/memberpass',
			events: bench.typeVersion === 1 ? 'plan.created' : ['plan.created'],
		},
		{ retryOnFail: true },
	);
}

async function newSecret(bench: Bench): Promise<string> {
	const { engine } = await bench.sandbox();
	const { items } = await createEndpoint(bench, engine);
	if (items.length !== 1) return 'refused';
	return typeof items[0]?.json['secret'] === 'string' ? 'in the result' : 'lost';
}

/** As docs.memberpass.net prints it: has_more, no last_page. */
async function paged(bench: Bench): Promise<string> {
	const url = await bench.serve((request, response) => {
		const { page, data } = pageOf(request.url, 250);
		answer(response, 200, { data, meta: { page, limit: 100, total: 250, has_more: page < 3 } });
	});
	const { items } = await bench.run(await bench.engine(url), listPlans);
	return `${items.length} rows`;
}

async function limited(bench: Bench): Promise<string> {
	const url = await bench.serve((request, response) => {
		const { page, data } = pageOf(request.url, 300);
		answer(response, 200, { data, meta: { current_page: page, last_page: 3, per_page: 100 } });
	});
	const { items } = await bench.run(await bench.engine(url), {
		resource: 'subscription',
		operation: 'list',
		...(bench.typeVersion === 1 ? { subscriptionListFilters: { limit: 250 } } : { limit: 250 }),
	});
	return `${items.length} rows`;
}

async function findByName(bench: Bench): Promise<string> {
	const url = await bench.serve((_, response) => {
		const data = ['Basic', 'Premium', 'Gold'].map((name) => ({ id: name, name }));
		answer(response, 200, { data, meta: { current_page: 1, last_page: 1 } });
	});
	const { items } = await bench.run(await bench.engine(url), {
		resource: 'plan',
		operation: 'findByName',
		projectId: 'prj_1',
		planName: 'Premium',
	});
	return items.map((item) => textOf(item.json['name'])).join(', ');
}

async function cleared(bench: Bench): Promise<string> {
	const bodies: string[] = [];
	const url = await bench.serve((request, response) => {
		void text(request).then((body) => {
			bodies.push(body);
			answer(response, 200, { data: { id: 'pln_1' } });
		});
	});
	await bench.run(await bench.engine(url), {
		resource: 'plan',
		operation: 'update',
		projectId: 'prj_1',
		planId: 'pln_1',
		updateFields: { description: '', name: 'Premium' },
	});
	const sent = JSON.parse(bodies[0] ?? '{}') as IDataObject;
	return sent['description'] === '' ? 'cleared' : 'left as it was';
}

const getProject: INodeParameters = {
	resource: 'project',
	operation: 'get',
	projectId: 'prj_1',
};

async function refusedToken(bench: Bench): Promise<string> {
	const seen = { requests: 0 };
	const url = await bench.serve((_, response) => {
		seen.requests++;
		answer(response, 401, { error: { code: 'AUTHENTICATION_REQUIRED', message: 'Who are you?' } });
	});
	await bench.run(await bench.engine(url), getProject);
	return String(seen.requests);
}

const done = ({ error }: RunResult): string => (error === null ? 'done' : 'failed');

async function busyOnce(bench: Bench): Promise<string> {
	const seen = { requests: 0 };
	const url = await bench.serve((_, response) => {
		if (seen.requests++ > 0) {
			answer(response, 200, { data: { id: 'prj_1' } });
			return;
		}
		const error = { code: 'RATE_LIMITED', message: 'Too many requests.' };
		answer(response, 429, { error }, { 'Retry-After': '1' });
	});
	return done(await bench.run(await bench.engine(url), getProject));
}

async function lostAnswer(bench: Bench): Promise<string> {
	const { sandbox, engine } = await bench.sandbox();
	const operation = 'create_webhook_endpoint';
	sandbox.faults.add({ kind: 'error_after_write', operation, times: 1 });
	const { error } = await createEndpoint(bench, engine);
	const made = sandbox.engine.listEndpoints().length;
	if (error !== null) return 'failed';
	return made === 1 ? 'made once' : `made ${made} times`;
}

async function dotDot(bench: Bench): Promise<string> {
	const calls: string[] = [];
	const url = await bench.serve((request, response) => {
		calls.push(`${request.method} ${request.url}`);
		answer(response, 200, {});
	});
	await bench.run(await bench.engine(url), {
		resource: 'plan',
		operation: 'delete',
		projectId: 'prj_1',
		planId: '..',
	});
	return calls.length === 0 ? 'nothing sent' : calls.join(', ');
}

async function deletedItem(bench: Bench): Promise<string> {
	const url = await bench.serve((_, response) => {
		response.writeHead(204).end();
	});
	const { items } = await bench.run(await bench.engine(url), {
		resource: 'plan',
		operation: 'delete',
		projectId: 'prj_1',
		planId: 'pln_1',
	});
	return items.map((item) => JSON.stringify(item.json)).join(', ');
}

async function redirected(bench: Bench): Promise<string> {
	const seen: IncomingHttpHeaders[] = [];
	const other = await bench.serve((request, response) => {
		seen.push(request.headers);
		answer(response, 200, { data: { id: 'prj_1' } });
	});
	const url = await bench.serve((_, response) => {
		response.writeHead(302, { Location: `${other.replace('127.0.0.1', 'localhost')}/x` }).end();
	});
	await bench.run(await bench.engine(url), getProject);
	if (seen.length === 0) return 'not followed';
	return seen[0]?.authorization === undefined ? 'followed without the token' : 'gets the token';
}

async function missingAbility(bench: Bench): Promise<string> {
	const url = await bench.serve((_, response) => {
		answer(response, 403, {
			error: {
				code: 'TOKEN_MISSING_ABILITY',
				message: 'This token is missing a required ability.',
				context: { required_ability: 'project:view' },
			},
		});
	});
	const { error } = await bench.run(await bench.engine(url), getProject);
	const words = `${error?.message} ${error?.description ?? ''}`;
	const isNamed = words.includes('project:view');
	const isTold = words.includes('missing a required ability');
	return `${isTold ? "MemberPass's words" : 'other words'}, ability ${isNamed ? 'named' : 'not named'}`;
}

async function pairing(bench: Bench): Promise<string> {
	const url = await bench.serve((request, response) => {
		const project = request.url?.split('/')[3] ?? '';
		const data = ['x', 'y'].map((id) => ({ id: `${project}-${id}` }));
		answer(response, 200, { data, meta: { current_page: 1, last_page: 1 } });
	});
	const { items } = await bench.run(
		await bench.engine(url),
		{ ...listPlans, projectId: '={{ $json.id }}' },
		{ items: ['p0', 'p1', 'p2'].map((id) => ({ json: { id } })) },
	);
	const linked = items.filter(({ json, pairedItem }) => {
		const item = typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : -1;
		return textOf(json['id']).startsWith(`p${item}-`);
	});
	return `${linked.length} of ${items.length} linked to their item`;
}

const three = () => ['a', 'b', 'c'].map((id) => ({ json: { id } }));

async function continued(bench: Bench): Promise<string> {
	const url = await bench.serve((request, response) => {
		const id = request.url?.split('/').at(-1) ?? '';
		if (id === 'b') answer(response, 404, { error: { code: 'X', message: 'No such project.' } });
		else answer(response, 200, { data: { id } });
	});
	const { items } = await bench.run(
		await bench.engine(url),
		{ ...getProject, projectId: '={{ $json.id }}' },
		{ items: three(), onError: 'continueRegularOutput' },
	);
	const [, failed] = items;
	const kept = items.filter((item) => item.json['error'] === undefined).length;
	return `${kept} go on, one says "${textOf(failed?.json['error']).slice(0, 60)}"`;
}

async function untouched(bench: Bench): Promise<string> {
	const url = await bench.serve((_, response) => {
		answer(response, 200, { data: { id: 'other' } });
	});
	const items = three();
	const before = JSON.stringify(items);
	await bench.run(await bench.engine(url), getProject, { items });
	return JSON.stringify(items) === before ? 'as they were' : 'changed';
}
