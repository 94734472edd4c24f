import {
	errorCodes,
	eventByType,
	type KnownErrorCode,
	limits,
	type OperationEntry,
	platform,
	resources,
	titleCase,
} from '@memberpass/catalogue';

import type { Committed } from '../committed.ts';
import { curlCommand } from '../curl.ts';
import { fieldList, fieldRows, wordsOf } from '../fields.ts';
import { blocks, bullets, code, fence, json, link, prose, steps, table } from '../markdown.ts';
import { actionNode } from '../n8n.ts';
import { evidencePart } from './evidence.ts';
import { makePart } from './make.ts';
import { eventPath, hrefOf, jumps, operationPath, type Page, tokenHelper } from './page.ts';

const kindWords = { action: 'Action', search: 'Search', read: 'Read', extra: 'Action' } as const;

/** Codes that every call can meet. */
const everywhere: readonly KnownErrorCode[] = [
	'AUTHENTICATION_REQUIRED',
	'TOKEN_MISSING_ABILITY',
	'VALIDATION_FAILED',
	'RATE_LIMITED',
];

/** The page of an operation. */
export function operationPage(entry: OperationEntry, committed: Committed): Page {
	const resource = resources.find(({ key }) => key === entry.resource)?.label ?? entry.resource;
	const recording = committed.success(entry);
	return {
		path: operationPath(entry),
		title: entry.label,
		description: entry.summary,
		found: {
			kind: kindWords[entry.kind],
			name: entry.key,
			words: [
				resource,
				entry.noun,
				entry.n8n.name,
				entry.n8n.action,
				`${entry.method} ${entry.path}`,
			].join(' '),
			fields: wordsOf(fieldRows(entry.input), fieldRows(entry.output.schema)),
		},
		body: blocks(
			`<p class="lead">${prose(entry.summary)}</p>`,
			`${code(`${entry.method} ${platform.apiBasePath}${entry.path}`)} · ${prose(resource)} ${kindWords[entry.kind].toLowerCase()} · ${code(entry.key)}`,
			jumps,
			lost(entry),
			before(entry),
			abilityPart(entry),
			inputPart(entry),
			answerPart(entry, recording.exchanges.at(-1)?.response.body),
			causes(entry),
			'## Zapier',
			zapierPart(entry, committed),
			'## n8n',
			`Add the **${platform.name}** node, choose the resource **${prose(resource)}** and the operation **${prose(entry.n8n.name)}**. Or copy this node, paste it onto the canvas, choose your credential and put your own values in:`,
			json(actionNode(entry, committed.n8n(entry), recording.input)),
			makePart(committed.make(entry.key), 'operation', entry.caveats),
			'## curl',
			curlPart(entry, recording.input),
			errorPart(entry),
			evidencePart(
				entry,
				[
					entry.output.evidence === entry.evidence
						? ''
						: `The answer is ${entry.output.evidence}: ${entry.output.evidence === 'inferred' ? 'no page shows it for the REST API' : 'a page shows it'}.`,
				].filter(Boolean),
			),
		),
	};
}

function lost(entry: OperationEntry): string | null {
	if (entry.destructive === 'no') return null;
	return entry.destructive === 'irreversible'
		? '::: danger Cannot be undone\nTry it in a test project, or against the sandbox, first.\n:::'
		: '::: warning Changes what people can use\nIt can be undone by another call.\n:::';
}

function before(entry: OperationEntry): string | null {
	const again =
		entry.method === 'GET'
			? []
			: [
					`**If it is sent twice.** ${prose(entry.repeat.note)} With the same ${code(platform.headers.idempotency)}, the first answer is returned again for ${limits.idempotentReplayHours} hours.`,
				];
	const notes = [...entry.caveats.map(prose), ...again];
	return notes.length === 0 ? null : blocks('## Before you use it', bullets(notes));
}

function abilityPart(entry: OperationEntry): string {
	const needs =
		entry.ability === null
			? `${platform.name} asks for no ability here. A token reaches only the API tokens of its own owner.`
			: `The token needs ${code(entry.ability)}.`;
	const also = entry.alsoNeeds.map(
		(ability) => ` Sources differ: another one names ${code(ability)}; tick both.`,
	);
	return blocks(
		'## Ability',
		`${needs}${also.join('')}`,
		`[Add it in the token helper](${tokenHelper({ operations: [entry.key] })})`,
	);
}

function inputPart(entry: OperationEntry): string {
	const rows = fieldRows(entry.input);
	const exclusive = entry.exclusive.map(
		(group) =>
			`Set only one of ${group.slice(0, -1).map(code).join(', ')} and ${code(group.at(-1) ?? '')}.`,
	);
	return blocks(
		'## Input',
		rows.length === 0 ? 'None.' : fieldList(rows, 'in', 'input'),
		bullets(exclusive),
	);
}

function pagingWords({ kind, match, output }: OperationEntry): string | null {
	// A Zap works on the first row, so a search of its own reads one page; one that looks for a certain row reads all.
	const zapier =
		kind !== 'search'
			? ''
			: match === null
				? ' A search on Zapier returns the first page.'
				: ' So does the search on Zapier.';
	const start = `The list comes in pages. n8n reads it to the end.${zapier} With curl,`;
	switch (output.paging) {
		case 'none':
			return null;
		case 'pages':
			return `${start} ask for \`page=2\` and so on until a page is empty or \`meta\` says it is the last.`;
		case 'cursor':
			return `${start} send \`meta.next_cursor\` of the answer as \`cursor\`.`;
		case 'limit':
			return '`limit` sets the largest number of rows. Their order is not documented, and there is no next page.';
	}
}

function answerPart(entry: OperationEntry, body: unknown): string {
	if (entry.output.shape === 'nothing') {
		return blocks('## Answer', 'No data: a success status is the whole answer.');
	}
	const shape =
		entry.output.shape === 'many'
			? 'A list of rows below `data`. Each row:'
			: 'One object below `data`:';
	const beside = entry.output.beside.map(
		(key) =>
			`No page shows whether ${code(key)} stands in ${code('data')} or beside it: look in both places.`,
	);
	return blocks(
		'## Answer',
		[shape, ...beside].join(' '),
		fieldList(fieldRows(entry.output.schema), 'out', 'output'),
		pagingWords(entry),
		'### Example',
		json(body),
	);
}

function causes(entry: OperationEntry): string | null {
	const links = entry.emits.map((type) =>
		link(eventByType(type)?.label ?? type, hrefOf(eventPath(type))),
	);
	return links.length === 0 ? null : blocks('## Events it causes', bullets(links));
}

function zapierPart(entry: OperationEntry, committed: Committed): string {
	if (entry.kind === 'extra') {
		return `Not a step: it is not in ${platform.name}'s own list of actions. Use the call below.`;
	}
	if (entry.kind === 'read') {
		return 'Not a step of its own: the Zapier app uses it for lists, samples and the connection test.';
	}
	const step = committed.zapier(entry.kind === 'action' ? 'creates' : 'searches', entry.key);
	const rows = fieldRows(entry.input);
	const inputs = new Set(rows.flatMap(({ path }) => [path, `${path}_id`]));
	// What the app asks for beyond the catalogue, such as the key that tells two runs apart.
	const own = step.demands.filter((key) => !inputs.has(key)).map((key) => titleCase(key));
	const titlesOf = (wanted: boolean): string[] =>
		rows.filter(({ required }) => required === wanted).map(({ title }) => title);
	return steps([
		`Add an action step and choose **${platform.name}**.`,
		`Choose **${prose(step.label)}**${entry.kind === 'search' ? ' (a search)' : ''} as the action event.`,
		...named('Fill in', [...titlesOf(true), ...own]),
		...named('If you need them', titlesOf(false)),
	]);
}

function named(verb: string, titles: readonly string[]): string[] {
	const shown = titles.map((title) => `**${prose(title)}**`);
	return shown.length === 0 ? [] : [`${verb}: ${shown.join(', ')}.`];
}

function curlPart(entry: OperationEntry, input: Readonly<Record<string, unknown>>): string {
	return blocks(
		entry.method === 'GET'
			? null
			: 'The first line generates an idempotency key. If the answer gets lost, run only the second command again: with the same key it is a retry, not another write.',
		fence('sh', curlCommand(entry, input)),
	);
}

function errorPart(entry: OperationEntry): string {
	const codes = [...new Set([...entry.errors, ...everywhere])];
	return blocks(
		'## When it is refused',
		table(
			['Code', 'What it means', 'What to do'],
			codes.map((name) => {
				const { status, meaning, remedy } = errorCodes[name];
				return [
					`${code(name)}${status === null ? '' : ` ${status}`}`,
					prose(meaning),
					prose(remedy),
				];
			}),
		),
	);
}
