import {
	type EventEntry,
	events,
	familyOf,
	type OperationEntry,
	operations,
	zapierTriggerKey,
} from '@memberpass/catalogue';

import app from '../../../../packages/zapier/src/index.ts';
import {
	type Released,
	surfaceOf,
	unannouncedBreaks,
} from '../../../../packages/zapier/src/surface.ts';
import released from '../../../../packages/zapier/surface.released.json' with { type: 'json' };
import { isSent } from '../../../../packages/zapier/src/triggers.ts';
import type { EmittedFile, Emitter } from '../emit.ts';
import { formatter } from './n8n/literal.ts';
import { table } from './readme.ts';

const code = (text: string): string => `\`${text}\``;

/** How the event of each trigger is made to happen, for the live Zap that Zapier asks for. */
function triggerTable(): string {
	const causes = (event: EventEntry): string =>
		operations
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
				[event.ability, ...(event.alsoNeeds ?? [])].map(code).join(', '),
			];
		}),
	);
}

const losses = {
	no: 'nothing',
	reversible: 'can be undone',
	irreversible: 'cannot be undone: use something made for it',
} as const;

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
				(entry.input.required ?? [])
					.map((name) => entry.input.properties[name]?.title ?? name)
					.join(', '),
				entry.ability === null
					? 'owner of the token'
					: [entry.ability, ...entry.alsoNeeds].map(code).join(', '),
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

/** The generated parts of the publishing sheet. */
function publishing(): EmittedFile[] {
	const block = (name: string, content: string): EmittedFile => ({
		path: 'packages/zapier/PUBLISHING.md',
		block: name,
		content,
	});
	return [
		block('visible', counts()),
		block('triggers', triggerTable()),
		block('actions', operationTable('action')),
		block('searches', operationTable('search')),
	];
}

/**
 * The committed report of what saved Zaps depend on. Zapier itself loads the catalogue, so nothing else is emitted.
 *
 * @throws Error if something is gone that the published version has, and the version does not say so: neither
 * `npm run generate` nor `npm run check` passes then.
 */
export const zapierSurface: Emitter = {
	name: 'zapier',
	summary: 'packages/zapier: surface.json, and the tables of PUBLISHING.md',
	async emit(root) {
		const path = 'packages/zapier/surface.json';
		const surface = surfaceOf(app);
		const lost = unannouncedBreaks(released as Released, surface, app.version);
		if (lost.length > 0) {
			throw new Error(
				`Saved Zaps would break:\n${lost.map((line) => `  ${line}`).join('\n')}\nKeep what is gone (hide it, give the new one another key), or raise the first number of the version in packages/zapier/package.json.`,
			);
		}
		const format = await formatter(root);
		return [
			{ path, content: await format(JSON.stringify(surface), path), block: null },
			...publishing(),
		];
	},
};
