import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import type { RunRequest } from '../../../shared/testing/src/n8n-harness.ts';
import { origin, token, useEngine } from './support.mts';

/** What the tests of the action node share. */

/** The action node in the real engine. Call it at the top of a file. */
export function useAction() {
	const engine = useEngine();
	return {
		engine,
		run: async (parameters: INodeParameters, more: Partial<Omit<RunRequest, 'parameters'>> = {}) =>
			await engine().run({ node: 'memberPass', typeVersion: 2, parameters, ...more }),
	};
}

export const api = () => nock(origin, { reqheaders: { authorization: `Bearer ${token}` } });
export const items = (...values: object[]) =>
	values.map((json) => ({ json: json as { id: string } }));
export const refused = { error: { code: 'RESOURCE_NOT_FOUND', message: 'There is no such plan.' } };

export const getPlan: INodeParameters = {
	resource: 'plan',
	operation: 'get',
	projectId: 'prj_1',
	planId: '={{ $json.id }}',
};
export const listPlans: INodeParameters = {
	resource: 'plan',
	operation: 'list',
	projectId: 'prj_1',
};
/** A plan with everything that one needs; its resources come from the test. */
export const createPlan: INodeParameters = {
	resource: 'plan',
	operation: 'create',
	projectId: 'prj_1',
	name: 'Premium Monthly',
	price: 29,
	currencyId: 'cur_1',
	billingCycle: 'months',
};
export const firstPage = { limit: '100', page: '1', per_page: '100' };

/** Answers one request, and gives the bodies that came. */
export function bodiesOf(
	method: 'POST' | 'PATCH',
	path: string | RegExp,
	answer: object = { data: { id: 'x' } },
): readonly unknown[] {
	const bodies: unknown[] = [];
	api()
		.intercept(path, method, (body) => bodies.push(body) > 0)
		.reply(method === 'POST' ? 201 : 200, answer);
	return bodies;
}

/** Publishes every plan but the second, which gets this status. Gives the ids that were asked for; clean nock after. */
export function refuseSecond(status: number): readonly string[] {
	const asked: string[] = [];
	api()
		.persist()
		.post(/publish$/)
		.reply((request: Request) => {
			asked.push(request.url.split('/').at(-2) ?? '');
			return asked.length === 2 ? [status, refused] : [200, { data: { id: 'a' } }];
		});
	return asked;
}
