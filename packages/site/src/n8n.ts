import { createHash } from 'node:crypto';

import type { EventEntry, OperationEntry } from '@memberpass/catalogue';

import type { NodeOperation } from '../../n8n-nodes-memberpass/nodes/runtime/types.ts';

/** What n8n's canvas takes from the clipboard: one node without connections and without a credential. */
export interface PastedNodes {
	readonly nodes: readonly [PastedNode];
	readonly connections: Readonly<Record<string, never>>;
}

export interface PastedNode {
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly webhookId?: string;
}

/** Stable, so that a build gives the same bytes; n8n replaces ids that the workflow has already. */
function uuidOf(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		`8${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join('-');
}

const paste = (node: PastedNode): PastedNodes => ({ nodes: [node], connections: {} });

/** The trigger node, listening for one event. */
export function triggerNode(entry: Pick<EventEntry, 'type' | 'label'>): PastedNodes {
	return paste({
		parameters: { events: [entry.type] },
		id: uuidOf(`node ${entry.type}`),
		name: entry.label,
		type: 'n8n-nodes-memberpass.memberPassTrigger',
		typeVersion: 1,
		position: [0, 0],
		webhookId: uuidOf(`webhook ${entry.type}`),
	});
}

/**
 * The action node, filled in with an input.
 *
 * @param table the node's own row of the operation, so that parameter names cannot differ from the package's.
 */
export function actionNode(
	entry: OperationEntry,
	table: NodeOperation,
	input: Readonly<Record<string, unknown>>,
): PastedNodes {
	const top: Record<string, unknown> = {};
	const inside: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(input)) {
		const field = table.fields[name];
		if (field === undefined)
			throw new Error(`The n8n node has no input "${name}" of ${entry.key}.`);
		const filled = field.locator === true ? { __rl: true, mode: 'id', value } : value;
		(field.place === 'top' ? top : inside)[field.parameter] = filled;
	}
	return paste({
		parameters: {
			resource: entry.resource,
			operation: entry.n8n.operation,
			...top,
			...(Object.keys(inside).length === 0 || table.collection === undefined
				? {}
				: { [table.collection]: inside }),
		},
		id: uuidOf(`node ${entry.key}`),
		name: entry.label,
		type: 'n8n-nodes-memberpass.memberPass',
		typeVersion: 2,
		position: [0, 0],
	});
}
