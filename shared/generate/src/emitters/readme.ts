import {
	events,
	families,
	neededAbilities,
	operations,
	platform,
	resources,
} from '@memberpass/catalogue';

import { code, codes, table } from '../../../testing/src/markdown.ts';
import type { Emitter } from '../emit.ts';

const kinds = [
	['Events', events],
	['Actions', operations.filter((entry) => entry.kind === 'action')],
	['Searches', operations.filter((entry) => entry.kind === 'search')],
	[
		'Reads for pickers, samples and connection tests',
		operations.filter((entry) => entry.kind === 'read'),
	],
	[
		"Writes beyond MemberPass's own packages, in n8n only",
		operations.filter((entry) => entry.kind === 'extra'),
	],
] as const;

/** How much is known, and how well. */
function counts(): string {
	const entries = table(
		['', 'in all', 'documented', 'inferred', 'recorded live'],
		kinds.map(([name, entries]) => [
			name,
			entries.length,
			...(['documented', 'inferred', 'recorded'] as const).map(
				(evidence) => entries.filter((entry) => entry.evidence === evidence).length,
			),
		]),
	);
	const answers = operations.filter((entry) => entry.output.evidence === 'documented').length;
	return `${entries}\n\nOf the ${operations.length} answers to operations, ${answers} are documented for REST and ${operations.length - answers} are concluded from the MCP tools that do the same job, or from similar answers.`;
}

function eventTable(): string {
	return families
		.map((family) => {
			const rows = events
				.filter((entry) => entry.family === family.key)
				.map((entry) => [
					code(entry.type),
					entry.label,
					entry.firesWhen,
					codes(neededAbilities(entry)),
					entry.caveats.some((caveat) => caveat.kind === 'not_firing')
						? 'not sent yet'
						: entry.caveats.some((caveat) => caveat.kind === 'partial')
							? 'not in every case'
							: '',
				]);
			const tier = family.tier === null ? '' : ` (${family.tier} tier and above)`;
			return `### ${family.label}${tier}\n\n${table(['Event', 'Label', 'Fires when', 'Ability', ''], rows)}`;
		})
		.join('\n\n');
}

function operationTable(): string {
	return resources
		.map((resource) => {
			const rows = operations
				.filter((entry) => entry.resource === resource.key)
				.map((entry) => [
					code(entry.key),
					entry.kind,
					code(`${entry.method} ${platform.apiBasePath}${entry.path}`),
					entry.summary,
					codes(neededAbilities(entry)) || 'token owner',
				]);
			return `### ${resource.label}\n\n${table(['Operation', 'Kind', 'Route', 'What it does', 'Ability'], rows)}`;
		})
		.join('\n\n');
}

const block = (path: string, name: string, content: string) => ({ path, block: name, content });

export const readme: Emitter = {
	name: 'readme',
	summary: 'the tables in README.md and shared/catalogue/README.md',
	emit: () =>
		Promise.resolve([
			block('README.md', 'counts', counts()),
			block('shared/catalogue/README.md', 'counts', counts()),
			block('shared/catalogue/README.md', 'events', eventTable()),
			block('shared/catalogue/README.md', 'operations', operationTable()),
		]),
};
