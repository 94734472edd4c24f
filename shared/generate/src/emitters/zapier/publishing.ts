import {
	type EventEntry,
	events,
	familyOf,
	neededAbilities,
	type OperationEntry,
	operations,
	zapierTriggerKey,
} from '@memberpass/catalogue';

import { createOf } from '../../../../../packages/zapier/src/creates.ts';
import { searchOf } from '../../../../../packages/zapier/src/searches.ts';
import { isSent } from '../../../../../packages/zapier/src/triggers.ts';
import { code, codes, table } from '../../../../testing/src/markdown.ts';
import type { EmittedFile, Emitter } from '../../emit.ts';
import { present } from '../../present.ts';

/**
 * How the event of each trigger is made to happen, for the live Zap that Zapier asks for.
 *
 * @param entries All operations; those that Zapier has as actions are named where they cause an event.
 */
export function triggerTable(entries: readonly OperationEntry[]): string {
	const causes = (event: EventEntry): string =>
		entries
			.filter(({ kind, emits }) => kind === 'action' && emits.includes(event.type))
			.map(({ label }) => label)
			.join(', ');
	return table(
		['Trigger', 'Key', 'Make it happen', 'Or with the action', 'Abilities'],
		events.map((event) => {
			const { tier } = familyOf(event);
			const limits = event.caveats
				.filter(({ kind }) => kind === 'partial' || kind === 'not_firing')
				.map(({ text }) => text);
			return [
				isSent(event) ? event.label : `${event.label} (hidden)`,
				code(zapierTriggerKey(event.type)),
				[event.firesWhen, ...limits, ...(tier === null ? [] : [`${tier} tier and above.`])].join(
					' ',
				),
				causes(event),
				codes(neededAbilities(event)),
			];
		}),
	);
}

const losses = {
	no: 'nothing',
	reversible: 'can be undone',
	irreversible: 'cannot be undone: use a test object',
} as const;

/** What a form demands, as it calls it. */
function requiredInputs(entry: OperationEntry): string {
	const { operation } = entry.kind === 'action' ? createOf(entry) : searchOf(entry);
	return present(operation.inputFields, `form of ${entry.key}`)
		.flatMap((field) =>
			'required' in field && field.required ? [present(field.label, `label of ${field.key}`)] : [],
		)
		.join(', ');
}

/** What a live Zap of each action or search needs. */
function operationTable(kind: OperationEntry['kind']): string {
	const isAction = kind === 'action';
	return table(
		[
			isAction ? 'Action' : 'Search',
			'Key',
			'What it does',
			...(isAction ? ['What is lost'] : []),
			'Required inputs',
			'Abilities',
		],
		operations
			.filter((entry) => entry.kind === kind)
			.map((entry) => [
				entry.label,
				code(entry.key),
				entry.summary,
				...(isAction ? [losses[entry.destructive]] : []),
				requiredInputs(entry),
				codes(neededAbilities(entry)) || 'owner of the token',
			]),
	);
}

function counts(): string {
	const actions = operations.filter(({ kind }) => kind === 'action').length;
	const searches = operations.filter(({ kind }) => kind === 'search').length;
	const hidden = events.filter((event) => !isSent(event));
	const visible = events.length - hidden.length + actions + searches;
	return `${visible} operations are visible: ${events.length - hidden.length} triggers, ${actions} actions and ${searches} searches. ${hidden.length} triggers are hidden: ${hidden.map(({ label }) => label).join(' and ')}.`;
}

/**
 * The tables of the publishing sheet. Zapier itself loads the catalogue, so nothing else is emitted for it but the
 * report of what saved Zaps rely on (`surfaces.ts`).
 */
export const publishing: Emitter = {
	name: 'zapier',
	summary: 'the tables of packages/zapier/PUBLISHING.md',
	emit: () => {
		const block = (name: string, content: string): EmittedFile => ({
			path: 'packages/zapier/PUBLISHING.md',
			block: name,
			content,
		});
		return Promise.resolve([
			block('visible', counts()),
			block('triggers', triggerTable(operations)),
			block('actions', operationTable('action')),
			block('searches', operationTable('search')),
		]);
	},
};
