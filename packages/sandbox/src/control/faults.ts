import { wrongField } from '../errors.ts';
import {
	faultKinds,
	type FaultRule,
	type Faults,
	readFaultRule,
	retryAfterForms,
	strangeKeys,
} from '../faults.ts';
import type { WebhookEngine } from '../webhooks/engine.ts';
import type { DeliveryFault } from '../webhooks/types.ts';
import type { World } from '../world.ts';
import { type AddRoute, answer, optionalText, type Raw } from './router.ts';

export function addFaultRoutes(route: AddRoute, { engine }: World, faults: Faults): void {
	route('GET', '/faults', () => ({
		kinds: faultKinds,
		retry_after: Object.keys(retryAfterForms),
		deliveries: ['duplicate_delivery', 'reorder_delivery'],
		waiting: waitingFaults(faults, engine),
	}));
	route('POST', '/faults', ({ body }, reply) => {
		const { kind } = body;
		if (kind === 'duplicate_delivery' || kind === 'reorder_delivery') {
			const fault = readDeliveryFault(
				kind === 'duplicate_delivery' ? 'duplicate' : 'reorder',
				body,
				engine,
			);
			engine.inject(fault);
			return answer(reply, { kind, times: fault.times }, 201);
		}
		const rule = readFaultRule(body);
		if (!rule.ok) throw wrongField('fault', rule.problem);
		faults.add(rule.value);
		return answer(reply, rule.value, 201);
	});
	route('DELETE', '/faults', () => {
		faults.clear();
		engine.clearFaults();
		return { waiting: [] };
	});
}

type Waiting = (FaultRule | DeliveryFaultRow) & { readonly left: number };

interface DeliveryFaultRow {
	readonly kind: `${DeliveryFault['kind']}_delivery`;
	readonly times: number;
	readonly endpoint_id?: string;
}

/** Faults of calls and of deliveries that are still to come. */
export function waitingFaults(faults: Faults, engine: WebhookEngine): readonly Waiting[] {
	const ofDeliveries = engine.listFaults().map(({ kind, times, left, endpointId }): Waiting => ({
		kind: `${kind}_delivery`,
		times,
		left,
		...(endpointId === undefined ? {} : { endpoint_id: endpointId }),
	}));
	return [...faults.list(), ...ofDeliveries];
}

/** @throws ApiError for what cannot be. */
function readDeliveryFault(
	kind: DeliveryFault['kind'],
	body: Raw,
	engine: WebhookEngine,
): DeliveryFault {
	const problem = strangeKeys(body, ['kind', 'times', 'endpoint_id']);
	if (problem !== null) throw wrongField('fault', problem);
	const { times = 1 } = body;
	if (!Number.isInteger(times) || Number(times) < 1) {
		throw wrongField('times', 'Must be a whole number above 0.');
	}
	const endpointId = optionalText(body, 'endpoint_id');
	if (endpointId !== undefined && !engine.listEndpoints().some(({ id }) => id === endpointId)) {
		throw wrongField('endpoint_id', 'There is no such endpoint.');
	}
	return { kind, times: Number(times), ...(endpointId === undefined ? {} : { endpointId }) };
}
