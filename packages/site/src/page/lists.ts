import {
	events,
	families,
	operations,
	type OperationEntry,
	resources,
} from '@memberpass/catalogue';

import { blocks, bullets, code, link, prose } from '../markdown.ts';
import { eventPath, hrefOf, operationPath, type Page } from './page.ts';

/** The overview of all events, by family. */
export function eventsPage(): Page {
	return {
		path: 'events/index',
		title: 'Events',
		description: `The ${events.length} events that start a Zap, a workflow or a scenario.`,
		found: { kind: 'List', name: '', words: 'triggers webhooks families' },
		body: blocks(
			`<p class="lead">${events.length} events start a Zap, a workflow or a scenario. Each arrives as a signed webhook, within seconds.</p>`,
			...families.map((family) =>
				blocks(
					`## ${family.label}`,
					family.tier === null ? null : `${family.tier} tier and above.`,
					bullets(
						events
							.filter((entry) => entry.family === family.key)
							.map(
								(entry) =>
									`${link(entry.label, hrefOf(eventPath(entry.type)))} ${code(entry.type)}<br>${prose(entry.summary)}`,
							),
					),
				),
			),
		),
	};
}

const lists = [
	{
		kind: 'action',
		path: 'actions/index',
		title: 'Actions',
		words: 'creates writes change',
		lead: (count: number) =>
			`${count} actions change something: a step of a Zap, an operation of the n8n node, a module in Make, or one call.`,
	},
	{
		kind: 'search',
		path: 'searches/index',
		title: 'Searches',
		words: 'finds reads lists get',
		lead: (count: number) =>
			`${count} searches look something up. They change nothing, so you can try them freely.`,
	},
	{
		kind: 'read',
		path: 'reads/index',
		title: 'Other reads',
		words: 'lists pickers samples',
		lead: (count: number) =>
			`${count} reads fill pick lists, samples and the connection test. n8n offers them as operations too.`,
	},
] as const;

/** The overviews of actions, searches and other reads, by resource. */
export function operationLists(): readonly Page[] {
	return lists.map(({ kind, path, title, words, lead }) => {
		const entries = operations.filter((entry) => entry.kind === kind);
		return {
			path,
			title,
			description: lead(entries.length),
			found: { kind: 'List', name: '', words },
			body: blocks(
				`<p class="lead">${lead(entries.length)}</p>`,
				...resources.map(({ key, label }) => {
					const own = entries.filter(({ resource }) => resource === key);
					return own.length === 0 ? null : blocks(`## ${label}`, bullets(own.map(row)));
				}),
				kind === 'action' ? extras() : null,
			),
		};
	});
}

function extras(): string | null {
	const own = operations.filter((entry) => entry.kind === 'extra');
	if (own.length === 0) return null;
	return blocks(
		'## Only in n8n and with curl',
		'Documented calls that are not among the actions.',
		bullets(own.map(row)),
	);
}

const row = (entry: OperationEntry): string =>
	`${link(entry.label, hrefOf(operationPath(entry)))} ${code(entry.key)}<br>${prose(entry.summary)}`;
