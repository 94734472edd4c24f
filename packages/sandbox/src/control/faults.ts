import { wrongField } from '../errors.ts';
import { faultKinds, type Faults, readFaultRule, retryAfterForms } from '../faults.ts';
import type { World } from '../world.ts';
import { type AddRoute, answer, optionalText } from './router.ts';

export function addFaultRoutes(route: AddRoute, { engine }: World, faults: Faults): void {
	route('GET', '/faults', () => ({
		kinds: faultKinds,
		retry_after: Object.keys(retryAfterForms),
		deliveries: ['duplicate_delivery', 'reorder_delivery'],
		waiting: faults.list(),
	}));
	route('POST', '/faults', ({ body }, reply) => {
		const { kind, times = 1 } = body;
		if (kind === 'duplicate_delivery' || kind === 'reorder_delivery') {
			if (!Number.isInteger(times) || Number(times) < 1) {
				throw wrongField('times', 'Must be a whole number above 0.');
			}
			const endpointId = optionalText(body, 'endpoint_id');
			if (endpointId !== undefined && !engine.listEndpoints().some(({ id }) => id === endpointId)) {
				throw wrongField('endpoint_id', 'There is no such endpoint.');
			}
			engine.inject({
				kind: kind === 'duplicate_delivery' ? 'duplicate' : 'reorder',
				times: Number(times),
				...(endpointId === undefined ? {} : { endpointId }),
			});
			return answer(reply, { kind, times }, 201);
		}
		const rule = readFaultRule(body);
		if (!rule.ok) throw wrongField('fault', rule.problem);
		faults.add(rule.value);
		return answer(reply, rule.value, 201);
	});
	route('DELETE', '/faults', () => {
		faults.clear();
		return { waiting: [] };
	});
}
