// Written by embed.ts from the files in client/. Change those, then run: node packages/sandbox/src/page/embed.ts

export const assets: Readonly<Record<string, string>> = {
	'account.js': `/* global HTMLElement, HTMLFormElement, HTMLSelectElement */

/** @import { Account, Shortened } from '../wire.ts' */
/** @import { Child } from './dom.js' */

import { call, reason } from './api.js';
import { announce, box, byId, fill, h, moment, setOptions, setText, statusPill } from './dom.js';

/**
 * @template T
 * @typedef {readonly [heading: string, cell: (row: T) => Child | Child[]]} Column
 */

/**
 * @template T
 * @param {string} id
 * @param {string} title
 * @param {Shortened<T>} list
 * @param {readonly Column<T>[]} columns
 */
function table(id, title, list, columns) {
	const shortened = list.total > list.rows.length;
	return h(
		'section',
		{ class: 'card', id, 'aria-labelledby': \`\${id}-title\` },
		h(
			'div',
			{ class: 'card-head' },
			h(
				'h3',
				{ id: \`\${id}-title\`, tabindex: '-1' },
				title,
				' ',
				h('span', { class: 'count' }, list.total),
			),
			shortened && h('p', { class: 'hint' }, \`The newest \${list.rows.length} are shown.\`),
		),
		list.total === 0
			? h('p', { class: 'empty' }, 'None.')
			: h(
					'div',
					{
						class: 'scroll',
						tabindex: '0',
						role: 'group',
						'aria-label': \`\${title}, table\`,
						'data-table': id,
					},
					h(
						'table',
						{},
						h(
							'thead',
							{},
							h(
								'tr',
								{},
								columns.map(([heading]) => h('th', { scope: 'col' }, heading)),
							),
						),
						h(
							'tbody',
							{},
							list.rows.map((row) =>
								h(
									'tr',
									{},
									columns.map(([, cell]) => h('td', {}, cell(row))),
								),
							),
						),
					),
				),
	);
}

/** @param {{ readonly id: string }} row */
const idCell = (row) => h('code', {}, row.id);

/** @param {string | null} text */
const orDash = (text) => text ?? h('span', { class: 'soft' }, '–');

/** What a table holds last time it was drawn; drawing it again would lose the reader's place. */
let drawn = '';

/** @param {Account} account */
function showTables(account) {
	const { plans, members, subscriptions, accessCodes, payments, resources } = account;
	const { teamMembers, tokens, projects } = account;
	const tables = box('tables');
	const all = { plans, members, subscriptions, accessCodes, payments, resources };
	const content = JSON.stringify([all, teamMembers, tokens, projects]);
	if (content === drawn) return;
	drawn = content;
	const focused = tables.querySelector(':focus')?.getAttribute('data-table');
	fill(
		tables,
		table('plans', 'Plans', plans, [
			['Name', (row) => h('strong', {}, row.name)],
			['Price', (row) => \`\${row.price}, \${row.cycle}\`],
			['Trial', (row) => (row.trialDays === 0 ? orDash(null) : \`\${row.trialDays} days\`)],
			['Status', (row) => statusPill(row.active ? 'published' : 'draft')],
			['ID', idCell],
		]),
		table('members', 'Members', members, [
			['Name', (row) => h('strong', {}, orDash(row.name))],
			['Status', (row) => statusPill(row.status)],
			['E-mail', (row) => orDash(row.email)],
			['Telegram ID', (row) => orDash(row.telegramId)],
			['Joined', (row) => moment(row.joinedAt)],
			['ID', idCell],
		]),
		table('subscriptions', 'Subscriptions', subscriptions, [
			['Member', (row) => h('strong', {}, row.member)],
			['Plan', (row) => row.plan],
			[
				'Status',
				(row) => [
					statusPill(row.status),
					row.cancelQueued && h('span', { class: 'soft' }, ' cancellation queued'),
				],
			],
			['Ends', (row) => moment(row.endsAt)],
			['Provider', (row) => row.provider],
			['ID', idCell],
		]),
		table('codes', 'Access codes', accessCodes, [
			['Code', (row) => h('code', {}, row.code)],
			['Plan', (row) => row.plan],
			['Status', (row) => statusPill(row.status)],
			['Expires', (row) => moment(row.expiresAt)],
			['ID', idCell],
		]),
		table('payments', 'Payments', payments, [
			['Amount', (row) => h('strong', {}, row.amount)],
			['Plan', (row) => row.plan],
			['Status', (row) => statusPill(row.status)],
			['Provider', (row) => row.provider],
			['When', (row) => moment(row.at)],
			['ID', idCell],
		]),
		table('resources', 'Resources', resources, [
			['Title', (row) => h('strong', {}, row.title)],
			['Type', (row) => row.type],
			['Status', (row) => statusPill(row.active ? 'active' : 'archived')],
			['ID', idCell],
		]),
		table('projects', 'Projects', projects, [
			['Name', (row) => h('strong', {}, row.name)],
			['Handle', (row) => row.handle],
			['Team', (row) => row.team],
			['Status', (row) => statusPill(row.active ? 'active' : 'archived')],
			['ID', idCell],
		]),
		table('people', 'Team members', teamMembers, [
			['Name', (row) => h('strong', {}, row.name)],
			['E-mail', (row) => row.email],
			['Team', (row) => row.team],
			['Role', (row) => row.role],
			['ID', idCell],
		]),
		table('tokens', 'Tokens', tokens, [
			['Name', (row) => h('strong', {}, row.name)],
			['Team', (row) => row.team],
			['Projects', (row) => (row.projects.length === 0 ? 'all' : row.projects.join(', '))],
			['Abilities', (row) => row.abilities],
			['Last used', (row) => moment(row.lastUsedAt)],
			['Expires', (row) => moment(row.expiresAt)],
			['ID', idCell],
		]),
	);
	for (const area of tables.querySelectorAll('.scroll')) {
		if (area instanceof HTMLElement && area.dataset['table'] === focused) area.focus();
	}
}

/** @param {Account} account */
function showTiles(account) {
	/** @type {readonly (readonly [string, string, number])[]} */
	const tiles = [
		['plans', 'Plans', account.plans.total],
		['members', 'Members', account.members.total],
		['subscriptions', 'Subscriptions', account.subscriptions.total],
		['codes', 'Access codes', account.accessCodes.total],
		['payments', 'Payments', account.payments.total],
		['resources', 'Resources', account.resources.total],
		['projects', 'Projects', account.projects.total],
		['people', 'Team members', account.teamMembers.total],
		['tokens', 'Tokens', account.tokens.total],
	];
	const list = box('tiles');
	if (list.children.length === 0) {
		fill(
			list,
			tiles.map(([id, label]) =>
				h(
					'li',
					{},
					h(
						'button',
						{
							type: 'button',
							class: 'tile',
							click: () => {
								const title = box(\`\${id}-title\`);
								title.scrollIntoView({ block: 'start' });
								title.focus({ preventScroll: true });
							},
						},
						h('span', { class: 'tile-number', id: \`tile-\${id}\` }),
						h('span', {}, label),
					),
				),
			),
		);
	}
	for (const [id, , total] of tiles) setText(box(\`tile-\${id}\`), total.toLocaleString());
}

/** What each action is about. */
const targets = /** @type {const} */ ({
	subscribe: ['plan_id', 'Plan'],
	redeem: ['access_code_id', 'Access code'],
	renew: ['subscription_id', 'Subscription'],
	fail_payment: ['subscription_id', 'Subscription'],
	convert_trial: ['subscription_id', 'Subscription'],
	end_period: ['subscription_id', 'Subscription'],
	expire: ['subscription_id', 'Subscription'],
});

/** @type {Account | null} */
let latest = null;

const chosenAction = () => byId('act-action', HTMLSelectElement).value;

/** @param {string} name */
const targetOf = (name) =>
	Object.hasOwn(targets, name)
		? targets[/** @type {keyof typeof targets} */ (name)]
		: targets.renew;

/** @param {Account} account @returns {[string, string][]} */
function targetRows(account) {
	const name = chosenAction();
	switch (targetOf(name)[0]) {
		case 'plan_id':
			return account.plans.rows
				.filter((row) => row.active)
				.map((row) => [row.id, \`\${row.name}, \${row.price}\`]);
		case 'access_code_id':
			return account.accessCodes.rows
				.filter((row) => row.status === 'open')
				.map((row) => [row.id, \`\${row.code}, \${row.plan}\`]);
		default:
			return account.subscriptions.rows
				.filter((row) => name !== 'convert_trial' || row.status === 'trialing')
				.map((row) => [row.id, \`\${row.member}, \${row.plan}, \${row.status.replaceAll('_', ' ')}\`]);
	}
}

/** @type {Readonly<Record<string, string>>} */
let meanings = {};

function showTargets() {
	if (latest === null) return;
	const name = chosenAction();
	const rows = targetRows(latest);
	setText(box('act-target-label'), targetOf(name)[1]);
	setOptions(
		byId('act-target', HTMLSelectElement),
		rows.length === 0 ? [['', 'There is none for this']] : rows,
	);
	setText(
		box('act-hint'),
		\`\${meanings[name]?.replace(/ \\(.*$/, '.').replace('..', '.') ?? ''} All events of it are sent.\`,
	);
}

/** @param {() => void} reload */
async function act(reload) {
	const name = chosenAction();
	const target = byId('act-target', HTMLSelectElement).value;
	const problem = box('act-problem');
	setText(problem, '');
	try {
		await call('POST', '/actions', { action: name, [targetOf(name)[0]]: target });
		announce('Done.');
		reload();
	} catch (error) {
		setText(problem, reason(error));
	}
}

/** @param {Account} account */
export function showAccount(account) {
	latest = account;
	const select = byId('account-project', HTMLSelectElement);
	setOptions(
		select,
		account.projects.rows.map((row) => [
			row.id,
			\`\${row.name} (\${row.team})\${row.active ? '' : ', archived'}\`,
		]),
	);
	if (account.project !== null) select.value = account.project;
	showTiles(account);
	showTables(account);
	showTargets();
}

/** @param {string} text */
const readable = (text) => {
	const words = text.replaceAll('_', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @param {(project: string) => void} reload */
export async function startAccount(reload) {
	const project = byId('account-project', HTMLSelectElement);
	project.addEventListener('change', () => reload(project.value));
	meanings = await call('GET', '/actions');
	setOptions(
		byId('act-action', HTMLSelectElement),
		Object.keys(meanings)
			.filter((name) => Object.hasOwn(targets, name))
			.map((name) => [name, readable(name)]),
	);
	byId('act-action', HTMLSelectElement).addEventListener('change', showTargets);
	byId('act-form', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void act(() => reload(project.value));
	});
	showTargets();
}
`,
	'api.js': `/* global fetch, location, EventSource */

/** @import { Account, Change } from '../wire.ts' */

/** An answer that says no, in words a person can use. */
export class Refusal extends Error {}

/**
 * Calls the sandbox's own side.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path Below \`/_sandbox\`.
 * @param {object} [body]
 * @returns {Promise<any>} What is under \`data\`.
 * @throws {Refusal}
 */
export async function call(method, path, body) {
	let response;
	try {
		response = await fetch(\`/_sandbox\${path}\`, {
			method,
			...(body === undefined
				? {}
				: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
		});
	} catch {
		throw new Refusal('The sandbox does not answer. Is it still running?');
	}
	const answer = await response.json().catch(() => null);
	if (response.ok) return answer?.data;
	const fields = Object.values(answer?.error?.fields ?? {}).flat();
	throw new Refusal(
		fields.length > 0
			? fields.join(' ')
			: [answer?.error?.message, answer?.error?.remediation].filter(Boolean).join(' ') ||
					\`The sandbox answered \${response.status}.\`,
	);
}

/** @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {string} project Id, or empty for the first.
 * @returns {Promise<Account>}
 */
export const readAccount = (project) =>
	call('GET', \`/page/account\${project === '' ? '' : \`?project=\${encodeURIComponent(project)}\`}\`);

/**
 * Listens to what changes; the browser connects again by itself when the line breaks.
 *
 * @param {(change: Change) => void} onChange
 * @param {(live: boolean) => void} onLine
 */
export function listen(onChange, onLine) {
	const source = new EventSource('/_sandbox/deliveries/stream');
	for (const kind of ['event', 'delivery', 'endpoint', 'endpoint_removed']) {
		source.addEventListener(kind, (message) => onChange(JSON.parse(message.data)));
	}
	source.addEventListener('open', () => onLine(true));
	source.addEventListener('error', () => onLine(false));
}

export const origin = () => location.origin;
`,
	'behaviour.js': `/* global HTMLButtonElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement */

/** @import { FaultList, SwitchRow } from '../wire.ts' */

import { call, reason } from './api.js';
import { announce, box, byId, fill, h, pill, setOptions, setText } from './dom.js';

/** @type {Readonly<Record<string, string>>} */
const deliveryFaults = {
	duplicate_delivery: 'A delivery is sent twice.',
	reorder_delivery: 'A delivery is held back until the next one has overtaken it.',
};

/** @type {Map<string, { readonly definition: SwitchRow, readonly select: HTMLSelectElement, readonly mark: HTMLElement }>} */
const shown = new Map();

/** @param {string} name */
const readable = (name) => {
	const words = name.replaceAll('_', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @param {string} name */
function markSwitch(name) {
	const row = shown.get(name);
	if (row === undefined) return;
	const changed = row.select.value !== String(row.definition.standard);
	fill(row.mark, changed ? pill('warn', 'changed') : null);
}

/** @param {Readonly<Record<string, string | number>>} changes */
async function set(changes) {
	const problem = await call('POST', '/switches', changes).then(
		() => null,
		(error) => reason(error),
	);
	if (problem !== null) {
		announce(problem);
		await loadSwitches();
		return;
	}
	for (const name of Object.keys(changes)) markSwitch(name);
	announce('Set.');
}

/** @param {SwitchRow} row */
function switchElement(row) {
	const id = \`switch-\${row.name}\`;
	const select = h(
		'select',
		{
			id,
			'aria-describedby': \`\${id}-why\`,
			change: () => {
				const chosen = row.values.find(({ value }) => String(value) === select.value);
				if (chosen !== undefined) void set({ [row.name]: chosen.value });
			},
		},
		row.values.map(({ value, effect }) => h('option', { value }, effect)),
	);
	select.value = String(row.value);
	const mark = h('span', {});
	shown.set(row.name, { definition: row, select, mark });
	markSwitch(row.name);
	return h(
		'li',
		{ class: 'switch' },
		h(
			'div',
			{},
			h('label', { for: id }, row.question),
			' ',
			mark,
			h('p', { class: 'soft', id: \`\${id}-why\` }, 'Default: ', row.because),
			h('p', { class: 'source' }, h('code', {}, row.name), ' ', row.source),
		),
		select,
	);
}

async function loadSwitches() {
	/** @type {SwitchRow[]} */
	const rows = await call('GET', '/switches');
	if (shown.size === 0) {
		fill(box('switches'), rows.map(switchElement));
		return;
	}
	for (const row of rows) {
		const known = shown.get(row.name);
		if (known !== undefined) known.select.value = String(row.value);
		markSwitch(row.name);
	}
}

async function loadFaults() {
	/** @type {FaultList} */
	const { kinds, deliveries, waiting } = await call('GET', '/faults');
	const select = byId('fault-kind', HTMLSelectElement);
	setOptions(
		select,
		[...Object.keys(kinds), ...deliveries].map((kind) => [kind, readable(kind)]),
	);
	const explain = () => {
		const text = kinds[select.value] ?? deliveryFaults[select.value] ?? '';
		// What is in brackets is for those who write JSON.
		setText(box('fault-hint'), text.replace(/ \\([^)]*\\)/g, ''));
	};
	select.onchange = explain;
	explain();
	fill(
		box('faults'),
		waiting.map(({ kind, left }) => h('li', {}, pill('warn', readable(kind)), \` \${left} to come\`)),
	);
}

async function addFault() {
	const times = byId('fault-times', HTMLInputElement);
	const problem = box('fault-problem');
	setText(problem, '');
	try {
		await call('POST', '/faults', {
			kind: byId('fault-kind', HTMLSelectElement).value,
			times: times.valueAsNumber || 0,
		});
		announce('Set. It waits for the next call.');
		await loadFaults();
	} catch (error) {
		setText(problem, reason(error));
		times.focus();
	}
}

export async function showBehaviour() {
	await Promise.all([loadSwitches(), loadFaults()]);
}

export function startBehaviour() {
	byId('fault-form', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void addFault();
	});
	byId('clear-faults', HTMLButtonElement).addEventListener('click', () => {
		void call('DELETE', '/faults').then(() => {
			announce('Cleared.');
			return loadFaults();
		});
	});
	byId('reset-switches', HTMLButtonElement).addEventListener('click', () => {
		const rows = [...shown.values()];
		for (const { definition, select } of rows) select.value = String(definition.standard);
		void set(
			Object.fromEntries(rows.map(({ definition }) => [definition.name, definition.standard])),
		);
	});
}
`,
	'deliveries.js': `/* global HTMLSelectElement */

/** @import { DeliveryRow, EndpointRow } from '../wire.ts' */
/** @import { Tone } from './dom.js' */

import { call, reason } from './api.js';
import { announce, box, byId, clockTime, codeBlock, copy, fill, h, pill, setText } from './dom.js';

/** More rows than anyone scrolls through; the rest is at /_sandbox/deliveries. */
const mostRows = 100;

/** @typedef {DeliveryRow['attempts'][number]} Attempt */

/**
 * A delivery on the page. Its elements are made once and then changed, so that neither focus nor what somebody opened
 * is lost when news arrive.
 *
 * @typedef {object} Shown
 * @property {DeliveryRow} delivery
 * @property {HTMLLIElement} item
 * @property {HTMLElement} status
 * @property {HTMLElement} target
 * @property {HTMLElement} answer
 * @property {HTMLButtonElement} again
 * @property {HTMLElement} next
 * @property {HTMLElement} attempts
 * @property {HTMLElement} problem
 * @property {number} written Attempts of the running round that are on the page.
 */

/** @type {Map<string, Shown>} */
const shown = new Map();

/** @type {ReadonlyMap<string, EndpointRow>} */
let endpoints = new Map();

/** @param {DeliveryRow} delivery @returns {readonly [Tone, string]} */
function statusOf({ status, nextAttemptAt }) {
	switch (status) {
		case 'delivered':
			return ['good', 'Delivered'];
		case 'failed':
			return ['warn', nextAttemptAt === null ? 'Failed' : 'Will retry'];
		case 'dead':
			return ['bad', 'Dead'];
		default:
			return ['wait', nextAttemptAt === null ? 'Sending' : 'Held back'];
	}
}

/** @param {Attempt | undefined} attempt */
function answerText(attempt) {
	if (attempt === undefined) return '';
	return attempt.response === null ? 'no answer' : \`\${attempt.response.status}\`;
}

/** @param {DeliveryRow} delivery */
const targetName = (delivery) => endpoints.get(delivery.endpointId)?.name ?? 'deleted endpoint';

/** @param {Readonly<Record<string, string>>} headers @param {string} label */
function headerList(headers, label) {
	const rows = Object.entries(headers);
	if (rows.length === 0) return h('p', { class: 'soft' }, 'none');
	return h(
		'dl',
		{ class: 'headers', 'aria-label': label },
		rows.map(([name, value]) =>
			h(
				'div',
				{ class: name === 'MP-Signature' ? 'signature' : null },
				h('dt', {}, name),
				h('dd', {}, value),
			),
		),
	);
}

/** @param {Attempt} attempt @param {boolean} open */
function attemptElement(attempt, open) {
	const { number, at, request, response, error, durationMs } = attempt;
	const good = response !== null && response.status >= 200 && response.status < 300;
	const which = \`attempt \${number}\`;
	return h(
		'details',
		{ class: 'attempt', open },
		h(
			'summary',
			{},
			h('span', { class: 'attempt-name' }, \`Attempt \${number}\`),
			pill(good ? 'good' : 'bad', response === null ? 'No answer' : \`\${response.status}\`),
			h('span', { class: 'soft' }, \`\${durationMs} ms\`),
			clockTime(at),
		),
		h(
			'div',
			{ class: 'exchange' },
			h(
				'section',
				{},
				h('h3', {}, 'Sent'),
				h('p', { class: 'request-line' }, 'POST ', request.url),
				headerList(request.headers, \`Headers of \${which}\`),
				codeBlock(request.body, \`Body of \${which}\`),
			),
			h(
				'section',
				{},
				h('h3', {}, 'The receiver’s answer'),
				response === null
					? h('p', { class: 'no-answer' }, error ?? 'No answer came.')
					: [
							h('p', { class: 'request-line' }, \`HTTP \${response.status}\`),
							headerList(response.headers, \`Headers of the answer to \${which}\`),
							codeBlock(response.body, \`Body of the answer to \${which}\`),
						],
			),
		),
	);
}

/** @param {Shown} row */
async function sendAgain(row) {
	const { delivery } = row;
	const { event } = delivery;
	setText(row.problem, '');
	try {
		if (delivery.status === 'delivered') {
			await call('POST', '/events', {
				type: event.type,
				data: event.data,
				...(event.project_id === null ? {} : { project_id: event.project_id }),
			});
			announce(\`Fired \${event.type} again.\`);
		} else {
			await call('POST', \`/deliveries/\${encodeURIComponent(delivery.id)}/replay\`);
			announce(\`Replaying \${event.type}.\`);
		}
	} catch (error) {
		setText(row.problem, reason(error));
		open(row);
	}
}

/** @param {Shown} row */
function open(row) {
	const [toggle, detail] = [row.item.querySelector('.row'), row.item.querySelector('.detail')];
	toggle?.setAttribute('aria-expanded', 'true');
	detail?.removeAttribute('hidden');
}

/** @param {DeliveryRow} delivery @returns {Shown} */
function create(delivery) {
	const { id, event } = delivery;
	const detailId = \`detail-\${id}\`;
	const status = h('span', { class: 'status' });
	const target = h('span', { class: 'target' });
	const answer = h('span', { class: 'answer' });
	const next = h('p', { class: 'next' });
	const attempts = h('div', { class: 'attempts' });
	const problem = h('p', { class: 'problem', role: 'alert' });
	const detail = h(
		'div',
		{ class: 'detail', id: detailId, hidden: true },
		h(
			'dl',
			{ class: 'ids' },
			h('div', {}, h('dt', {}, 'Event'), h('dd', {}, h('code', {}, event.id))),
			h('div', {}, h('dt', {}, 'Delivery'), h('dd', {}, h('code', {}, id))),
			h(
				'div',
				{},
				h('dt', {}, 'Project'),
				h(
					'dd',
					{},
					event.project_id === null ? 'none, it is the account’s' : h('code', {}, event.project_id),
				),
			),
		),
		problem,
		next,
		attempts,
	);
	const toggle = h(
		'button',
		{
			type: 'button',
			class: 'row',
			'aria-expanded': 'false',
			'aria-controls': detailId,
			click: () => {
				detail.hidden = !detail.hidden;
				toggle.setAttribute('aria-expanded', String(!detail.hidden));
			},
		},
		status,
		h('span', { class: 'what' }, h('span', { class: 'type' }, event.type), target),
		answer,
		h('span', { class: 'when' }, clockTime(delivery.createdAt)),
	);
	const again = h('button', {
		type: 'button',
		class: 'small again',
		click: () => void sendAgain(row),
	});
	const copyBody = h(
		'button',
		{
			type: 'button',
			class: 'small',
			click: () => {
				const body = row.delivery.attempts.at(-1)?.request.body ?? '';
				void copy(body, attempts);
			},
		},
		'Copy the body as sent',
	);
	detail.append(h('p', { class: 'detail-foot' }, copyBody));
	const item = h(
		'li',
		{ class: 'delivery' },
		h('div', { class: 'delivery-head' }, toggle, again),
		detail,
	);
	/** @type {Shown} */
	const row = {
		delivery,
		item,
		status,
		target,
		answer,
		again,
		next,
		attempts,
		problem,
		written: 0,
	};
	return row;
}

/** @param {Shown} row @param {DeliveryRow} delivery */
function update(row, delivery) {
	row.delivery = delivery;
	const { attempts, event, nextAttemptAt, status } = delivery;
	const [tone, text] = statusOf(delivery);
	const last = attempts.at(-1);
	row.item.dataset['status'] = status;
	fill(row.status, pill(tone, text));
	setText(row.target, \`to \${targetName(delivery)}\`);
	setText(
		row.answer,
		[answerText(last), attempts.length > 1 ? \`\${attempts.length} attempts\` : '']
			.filter((part) => part !== '')
			.join(' · '),
	);
	const replays = status === 'failed' || status === 'dead';
	row.again.hidden = status === 'pending';
	setText(row.again, replays ? 'Replay' : 'Fire again');
	row.again.setAttribute(
		'aria-label',
		replays ? \`Replay: \${event.type}\` : \`Fire again: \${event.type}, as a new event\`,
	);
	fill(
		row.next,
		...(nextAttemptAt === null ? [] : ['Next attempt at ', clockTime(nextAttemptAt), '.']),
	);
	// A replay starts over: what was tried before stays on the page, above.
	if (attempts.length < row.written) {
		row.written = 0;
		row.attempts.append(h('p', { class: 'divider' }, 'Replayed'));
	}
	const fresh = attempts.slice(row.written);
	if (fresh.length > 0) {
		for (const old of row.attempts.querySelectorAll('details')) old.removeAttribute('open');
	}
	row.attempts.append(
		...fresh.map((attempt, index) => attemptElement(attempt, index === fresh.length - 1)),
	);
	row.written = attempts.length;
}

/** @param {Shown} row */
function applyFilter(row) {
	const wanted = byId('delivery-filter', HTMLSelectElement).value;
	row.item.hidden = wanted !== '' && row.delivery.status !== wanted;
}

function count() {
	const rows = [...shown.values()];
	const visible = rows.filter((row) => !row.item.hidden).length;
	setText(box('delivery-count'), rows.length === 0 ? '' : String(visible));
	const empty = box('no-deliveries');
	empty.hidden = visible > 0;
	setText(
		empty,
		rows.length === 0
			? 'Nothing was delivered yet. Fire an event: it shows up here while it happens.'
			: 'No delivery is in this state.',
	);
}

/**
 * Shows a delivery, or what is new about it.
 *
 * @param {DeliveryRow} delivery
 * @param {boolean} isNews False while the page loads.
 */
export function showDelivery(delivery, isNews) {
	let row = shown.get(delivery.id);
	const before = row?.delivery.status;
	if (row === undefined) {
		row = create(delivery);
		shown.set(delivery.id, row);
		if (isNews) row.item.classList.add('fresh');
		box('deliveries').prepend(row.item);
		const [oldest] = shown;
		if (shown.size > mostRows && oldest !== undefined) {
			oldest[1].item.remove();
			shown.delete(oldest[0]);
		}
	}
	update(row, delivery);
	applyFilter(row);
	count();
	if (!isNews || delivery.status === before || delivery.status === 'pending') return;
	const answer = answerText(delivery.attempts.at(-1));
	const [, text] = statusOf(delivery);
	announce(\`\${delivery.event.type} to \${targetName(delivery)}: \${text}, \${answer}.\`);
}

/** @param {ReadonlyMap<string, EndpointRow>} rows */
export function nameTargets(rows) {
	endpoints = rows;
	for (const row of shown.values()) setText(row.target, \`to \${targetName(row.delivery)}\`);
}

export async function loadDeliveries() {
	/** @type {DeliveryRow[]} */
	const rows = await call('GET', \`/deliveries?limit=\${mostRows}\`);
	for (const row of rows.reverse()) showDelivery(row, false);
	count();
}

export function startDeliveries() {
	byId('delivery-filter', HTMLSelectElement).addEventListener('change', () => {
		for (const row of shown.values()) applyFilter(row);
		count();
	});
	count();
}
`,
	'dom.js': `/* global document, navigator, getSelection, setTimeout, HTMLElement */

/**
 * Everything is built from elements and texts. There is no way from a text to HTML in this page, so a project called
 * "<img onerror=…>" is a project with an odd name.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Readonly<Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>>} [attributes]
 *   A function listens for the event of that name; null and false leave the attribute out.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false) continue;
		if (typeof value === 'function') element.addEventListener(name, value);
		else element.setAttribute(name, value === true ? '' : String(value));
	}
	fill(element, ...children);
	return element;
}

/**
 * Replaces what is in an element.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
	element.replaceChildren(
		...children
			.flat()
			.filter((child) => child !== null && child !== undefined && child !== false)
			.map((child) => (typeof child === 'number' ? String(child) : child)),
	);
}

/**
 * The element with an id, as the kind it is.
 *
 * @template {typeof Element} T
 * @param {string} id
 * @param {T} kind
 * @returns {InstanceType<T>}
 */
export function byId(id, kind) {
	const element = document.getElementById(id);
	if (!(element instanceof kind)) throw new Error(\`The page has no \${kind.name} #\${id}.\`);
	return /** @type {InstanceType<T>} */ (element);
}

/** @param {string} id */
export const box = (id) => byId(id, HTMLElement);

/**
 * Writes a text only where it differs: a live region that is written again is read out again.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/**
 * The options of a select; the choice is kept where it is still there.
 *
 * @param {HTMLSelectElement} select
 * @param {readonly (readonly [value: string, label: string])[]} options
 */
export function setOptions(select, options) {
	const before = select.value;
	const same =
		select.options.length === options.length &&
		options.every(
			([value, label], index) =>
				select.options[index]?.value === value && select.options[index].text === label,
		);
	if (same) return;
	fill(
		select,
		options.map(([value, label]) => h('option', { value }, label)),
	);
	if (options.some(([value]) => value === before)) select.value = before;
}

/** @type {string[]} */
let saying = [];

/**
 * Tells those who do not see the page. What comes within a moment is one message, so that a hundred deliveries do not
 * talk for minutes.
 *
 * @param {string} text
 */
export function announce(text) {
	if (text === '') return;
	saying.push(text);
	if (saying.length > 1) return;
	setTimeout(() => {
		const last = saying.at(-1) ?? '';
		const more = saying.length - 2;
		box('announcer').textContent = more > 0 ? \`\${last} And \${more + 1} more.\` : saying.join(' ');
		saying = [];
	}, 300);
}

/** Status words with their tone and sign; colour never says it alone. */
const tones = /** @type {const} */ ({
	good: '✓',
	bad: '✕',
	warn: '!',
	wait: '○',
	plain: '–',
});

/** @typedef {keyof typeof tones} Tone */

/**
 * @param {Tone} tone
 * @param {string} text
 */
export function pill(tone, text) {
	return h(
		'span',
		{ class: 'pill', 'data-tone': tone },
		h('span', { 'aria-hidden': 'true' }, tones[tone]),
		' ',
		text,
	);
}

/** @type {Readonly<Record<string, Tone>>} */
const statusTones = {
	active: 'good',
	customer: 'good',
	succeeded: 'good',
	paid: 'good',
	successful: 'good',
	open: 'good',
	on: 'good',
	published: 'good',
	trialing: 'wait',
	pending: 'wait',
	lead: 'wait',
	past_due: 'warn',
	paused: 'warn',
	refunded: 'warn',
	canceled: 'plain',
	cancelled: 'plain',
	archived: 'plain',
	redeemed: 'plain',
	churned: 'plain',
	draft: 'plain',
	expired: 'plain',
	failed: 'bad',
	banned: 'bad',
	off: 'bad',
};

/** @param {string} status As the API spells it. */
export const statusPill = (status) =>
	pill(statusTones[status] ?? 'plain', status.replaceAll('_', ' '));

/** @param {string | null} iso */
export function moment(iso) {
	if (iso === null) return h('span', { class: 'soft' }, '–');
	const date = new Date(iso);
	return h(
		'time',
		{ datetime: iso, title: iso },
		date.toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' }),
	);
}

/** @param {string} iso */
export function clockTime(iso) {
	return h('time', { datetime: iso, title: iso }, new Date(iso).toLocaleTimeString());
}

const token =
	/("(?:\\\\.|[^"\\\\])*")(\\s*:)?|\\b(?:true|false|null)\\b|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?/g;

/**
 * A text as code; JSON is indented and coloured.
 *
 * @param {string} text
 * @param {string} label What it is, for those who meet it by keyboard.
 */
export function codeBlock(text, label) {
	const block = h('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': label });
	const pretty = indented(text);
	if (pretty === null) {
		fill(block, text === '' ? h('span', { class: 'soft' }, 'no body') : text);
		return block;
	}
	/** @type {Child[]} */
	const parts = [];
	let end = 0;
	for (const match of pretty.matchAll(token)) {
		parts.push(pretty.slice(end, match.index));
		const [whole, string, colon] = match;
		const kind =
			string === undefined ? 'json-value' : colon === undefined ? 'json-text' : 'json-key';
		parts.push(h('span', { class: kind }, string ?? whole), colon ?? '');
		end = match.index + whole.length;
	}
	fill(block, ...parts, pretty.slice(end));
	return block;
}

/**
 * @param {string} text
 * @returns {string | null} Null where it is no JSON.
 */
function indented(text) {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return null;
	}
}

/**
 * @param {string} text
 * @param {Element} near Its text is marked where the browser gives no clipboard (plain http from another machine).
 */
export async function copy(text, near) {
	try {
		await navigator.clipboard.writeText(text);
		announce('Copied.');
	} catch {
		getSelection()?.selectAllChildren(near);
		announce('Marked. Press Ctrl+C to copy.');
	}
}
`,
	'endpoints.js': `/* global HTMLButtonElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement */

/** @import { EndpointRow } from '../wire.ts' */

import { call, origin, reason } from './api.js';
import { announce, box, byId, fill, h, pill, setText } from './dom.js';
import { chosenEvent } from './fire.js';

/** @param {EndpointRow} row */
const path = (row) => \`/page/endpoints/\${encodeURIComponent(row.id)}\`;

/** @param {string} title @param {string} secret */
function showSecret(title, secret) {
	setText(box('secret-title'), \`\${title}.\`);
	setText(box('secret-text'), secret);
	box('secret').hidden = false;
	announce(\`\${title}. It is shown once, below the form.\`);
}

/** @param {EndpointRow} row */
function stateOf(row) {
	if (row.is_active) {
		return row.consecutive_failures === 0
			? pill('good', 'On')
			: pill('warn', \`On, \${row.consecutive_failures} failed in a row\`);
	}
	return row.disabled_at === null
		? pill('plain', 'Off')
		: pill('bad', \`Switched off after \${row.consecutive_failures} failures\`);
}

/** @param {EndpointRow} row @returns {string} */
function eventsText(row) {
	const [first = '', ...others] = row.events;
	return others.length === 0
		? first
		: others.length < 3
			? row.events.join(', ')
			: \`\${row.events.length} events\`;
}

/** @param {EndpointRow} row @param {string} label @param {string} what @param {() => Promise<string>} run */
function action(row, label, what, run) {
	return h(
		'button',
		{
			type: 'button',
			class: 'small',
			'data-key': \`\${row.id} \${what}\`,
			'aria-label': \`\${label}: \${row.name}\`,
			click: () => {
				run().then(announce, (error) => {
					setText(box('add-problem'), reason(error));
					announce(reason(error));
				});
			},
		},
		label,
	);
}

/** @param {EndpointRow} row @param {string} project */
function endpointElement(row, project) {
	return h(
		'li',
		{ class: 'endpoint' },
		h(
			'div',
			{ class: 'endpoint-text' },
			h('p', { class: 'endpoint-name' }, h('strong', {}, row.name), ' ', stateOf(row)),
			h('p', { class: 'url' }, row.url),
			h('p', { class: 'soft' }, \`\${eventsText(row)}, \${project}\`),
		),
		h(
			'div',
			{ class: 'inline' },
			action(row, 'Send a test', 'test', async () => {
				await call('POST', \`\${path(row)}/test\`);
				return 'Test sent.';
			}),
			row.is_active
				? action(row, 'Switch off', 'switch', async () => {
						await call('POST', path(row), { is_active: false });
						return 'Switched off.';
					})
				: action(row, 'Switch on', 'switch', async () => {
						await call('POST', path(row), { is_active: true });
						return 'Switched on.';
					}),
			action(row, 'Rotate the secret', 'rotate', async () => {
				const { secret } = await call('POST', \`/endpoints/\${encodeURIComponent(row.id)}/rotate\`);
				showSecret(\`New secret of \${row.name}; the old one signs too for 24 hours\`, secret);
				return '';
			}),
			action(row, 'Delete', 'delete', async () => {
				await call('DELETE', path(row));
				box('endpoints-title').focus();
				return \`Deleted \${row.name}.\`;
			}),
		),
	);
}

/**
 * @param {readonly EndpointRow[]} rows
 * @param {(id: string) => string} projectName
 */
export function showEndpoints(rows, projectName) {
	const list = box('endpoints');
	// Built anew each time; the focus goes back to the same button.
	const focused = list.querySelector(':focus')?.getAttribute('data-key');
	fill(
		list,
		rows.map((row) =>
			endpointElement(row, row.project_id === null ? 'all projects' : projectName(row.project_id)),
		),
	);
	if (focused !== undefined && focused !== null) {
		for (const button of list.querySelectorAll('button')) {
			if (button.dataset['key'] === focused) button.focus();
		}
	}
	setText(box('endpoint-count'), rows.length === 0 ? '' : String(rows.length));
	box('no-endpoints').hidden = rows.length > 0;
	// The first thing to do stands out as long as it is the first thing to do.
	box('show-add').classList.toggle('primary', rows.length === 0);
}

async function add() {
	const url = byId('add-url', HTMLInputElement);
	const problem = box('add-problem');
	const only = byId('add-events', HTMLSelectElement).value === 'chosen' ? chosenEvent() : null;
	setText(problem, '');
	url.removeAttribute('aria-invalid');
	try {
		const { endpoint, secret } = await call('POST', '/page/endpoints', {
			url: url.value.trim(),
			name: byId('add-name', HTMLInputElement).value,
			...(only === null ? {} : { events: [only] }),
		});
		toggle(false);
		byId('show-add', HTMLButtonElement).focus();
		showSecret(\`Signing secret of \${endpoint.name}\`, secret);
	} catch (error) {
		setText(problem, reason(error));
		url.setAttribute('aria-invalid', 'true');
		url.focus();
	}
}

/** @param {boolean} open */
function toggle(open) {
	byId('add-form', HTMLFormElement).hidden = !open;
	byId('show-add', HTMLButtonElement).setAttribute('aria-expanded', String(open));
}

export function startEndpoints() {
	const form = byId('add-form', HTMLFormElement);
	const url = byId('add-url', HTMLInputElement);
	url.value = \`\${origin()}/_sandbox/page/inbox\`;
	byId('add-name', HTMLInputElement).value = 'Inbox';
	byId('show-add', HTMLButtonElement).addEventListener('click', () => {
		toggle(form.hidden);
		if (!form.hidden) url.focus();
	});
	byId('hide-secret', HTMLButtonElement).addEventListener('click', () => {
		box('secret').hidden = true;
		box('endpoints-title').focus();
	});
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		void add();
	});
}
`,
	'fire.js': `/* global HTMLButtonElement, HTMLDetailsElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement, URLSearchParams */

/** @import { Account, EndpointRow, EventFamily, FireableEvent } from '../wire.ts' */

import { call, reason } from './api.js';
import { announce, box, byId, fill, h, setOptions, setText } from './dom.js';

/**
 * The events are radio buttons in a form: one stop for the Tab key, arrows to move, Enter to fire.
 *
 * @typedef {object} Choice
 * @property {FireableEvent} event
 * @property {'project' | 'account'} scope
 * @property {HTMLElement} row
 * @property {HTMLInputElement} radio
 * @property {string} words
 */

/** @type {Choice[]} */
let choices = [];

/** @type {readonly EndpointRow[]} */
let endpoints = [];

/** Type of the chosen event. */
export const chosenEvent = () => choices.find(({ radio }) => radio.checked)?.event.type ?? null;

/** @param {EventFamily} family @returns {HTMLElement} */
function familyElement(family) {
	const rows = family.events.map((event) => {
		const radio = h('input', {
			type: 'radio',
			name: 'event',
			value: event.type,
			change: showChosen,
		});
		const row = h('label', { class: 'event' }, radio, h('span', { class: 'type' }, event.type));
		const words = \`\${event.type} \${event.type.replaceAll(/[._]/g, ' ')} \${event.label} \${family.label}\`;
		choices.push({ event, scope: family.scope, row, radio, words: words.toLowerCase() });
		return row;
	});
	return h('fieldset', {}, h('legend', {}, family.label), rows);
}

function showChosen() {
	const choice = choices.find(({ radio }) => radio.checked);
	const button = byId('fire-button', HTMLButtonElement);
	button.disabled = choice === undefined;
	setText(button, choice === undefined ? 'Fire' : \`Fire \${choice.event.type}\`);
	fill(
		box('chosen'),
		...(choice === undefined
			? ['No event matches the search.']
			: [
					h('strong', {}, \`\${choice.event.label}.\`),
					\` \${choice.event.summary}\`,
					...(choice.scope === 'account' ? [' It belongs to no project.'] : []),
					...choice.event.caveats.map((text) => h('span', { class: 'caveat' }, text)),
				]),
	);
}

function search() {
	const words = byId('event-search', HTMLInputElement).value.toLowerCase().split(/\\s+/);
	const matches = choices.filter((choice) => words.every((word) => choice.words.includes(word)));
	for (const choice of choices) choice.row.hidden = !matches.includes(choice);
	for (const group of box('event-list').querySelectorAll('fieldset')) {
		group.hidden = group.querySelector('label:not([hidden])') === null;
	}
	setText(
		box('event-count'),
		\`\${matches.length} of \${choices.length} events. Arrow keys choose, Enter fires.\`,
	);
	// What is fired is always something one sees.
	if (!matches.some(({ radio }) => radio.checked)) {
		for (const { radio } of choices) radio.checked = false;
		const [first] = matches;
		if (first !== undefined) first.radio.checked = true;
	}
	showChosen();
	choices.find(({ radio }) => radio.checked)?.row.scrollIntoView({ block: 'nearest' });
}

/** @returns {Record<string, unknown> | null} Null where there is none. @throws {Error} for anything but an object. */
function readOverride() {
	const text = byId('fire-data', HTMLTextAreaElement).value.trim();
	if (text === '' || !byId('override', HTMLDetailsElement).open) return null;
	let value;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Error(\`This is no JSON. \${reason(error)}\`);
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Error('The data must be a JSON object: { … }.');
	}
	return value;
}

/** @param {string} type @param {string | null} project */
function listeners(type, project) {
	return endpoints.filter(
		(row) =>
			row.is_active &&
			row.events.includes(type) &&
			(row.project_id === null || row.project_id === project),
	).length;
}

async function fire() {
	const type = chosenEvent();
	const problem = box('fire-problem');
	const data = byId('fire-data', HTMLTextAreaElement);
	setText(problem, '');
	setText(box('fire-result'), '');
	data.removeAttribute('aria-invalid');
	if (type === null) return;
	let override;
	try {
		override = readOverride();
	} catch (error) {
		setText(problem, reason(error));
		data.setAttribute('aria-invalid', 'true');
		data.focus();
		return;
	}
	try {
		const event = await call('POST', '/events', {
			type,
			project_id: byId('fire-project', HTMLSelectElement).value,
			...(override === null ? {} : { data: override }),
		});
		const heard = listeners(type, event.project_id);
		const text =
			heard === 0
				? \`Fired \${type}. No active endpoint listens for it.\`
				: \`Fired \${type}. \${heard === 1 ? '1 endpoint listens' : \`\${heard} endpoints listen\`}.\`;
		setText(box('fire-result'), text);
		announce(text);
	} catch (error) {
		setText(problem, reason(error));
	}
}

async function insertExample() {
	const type = chosenEvent();
	if (type === null) return;
	const query = new URLSearchParams({
		type,
		project_id: byId('fire-project', HTMLSelectElement).value,
	});
	try {
		const example = await call('GET', \`/page/example?\${query.toString()}\`);
		const data = byId('fire-data', HTMLTextAreaElement);
		data.value = JSON.stringify(example, null, 2);
		data.focus();
	} catch (error) {
		setText(box('fire-problem'), reason(error));
	}
}

/** @param {Account} account */
export function showProjectsToFire(account) {
	endpoints = account.endpoints;
	setOptions(
		byId('fire-project', HTMLSelectElement),
		account.projects.rows.map((row) => [row.id, \`\${row.name} (\${row.team})\`]),
	);
}

export async function startFire() {
	/** @type {EventFamily[]} */
	const families = await call('GET', '/page/events');
	choices = [];
	fill(box('event-list'), ...families.map(familyElement));
	const first = choices.find(({ event }) => event.type === 'subscription.created') ?? choices[0];
	if (first !== undefined) first.radio.checked = true;
	search();
	byId('event-search', HTMLInputElement).addEventListener('input', search);
	byId('insert-example', HTMLButtonElement).addEventListener('click', () => void insertExample());
	byId('fire-form', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void fire();
	});
}
`,
	'icon.svg': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
	<rect width="32" height="32" rx="9" fill="#3f4fd0" />
	<path d="M9 22V10.5l7 7 7-7V22" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
</svg>
`,
	'index.html': `<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<meta name="viewport" content="width=device-width, initial-scale=1" />
		<meta name="color-scheme" content="light dark" />
		<title>MemberPass sandbox</title>
		<link rel="icon" href="/_sandbox/page/icon.svg" type="image/svg+xml" />
		<link rel="stylesheet" href="/_sandbox/page/page.css" />
		<script type="module" src="/_sandbox/page/main.js"></script>
	</head>
	<body>
		<a class="skip" href="#main">Skip to content</a>
		<header class="top">
			<div class="top-inner">
				<h1 class="brand">
					<img src="/_sandbox/page/icon.svg" alt="" width="26" height="26" />
					<span>MemberPass <span class="brand-soft">sandbox</span></span>
				</h1>
				<nav aria-label="Views">
					<a href="#webhooks">Webhooks</a>
					<a href="#account">Account</a>
					<a href="#behaviour">Behaviour</a>
				</nav>
				<p class="pill" id="live" data-tone="wait">
					<span aria-hidden="true">○</span> <span id="live-text">Connecting</span>
				</p>
			</div>
		</header>
		<p class="visually-hidden" role="status" aria-live="polite" id="announcer"></p>
		<noscript
			><p class="notice">This page needs JavaScript. The same is at /_sandbox as JSON.</p></noscript
		>
		<main id="main" tabindex="-1">
			<section class="card connect" aria-labelledby="connect-title">
				<h2 id="connect-title" class="visually-hidden">Connect</h2>
				<dl class="connect-values">
					<div>
						<dt>Base URL</dt>
						<dd>
							<code id="base-url">…</code>
							<button
								type="button"
								class="small"
								data-copy="base-url"
								aria-label="Copy the base URL"
							>
								Copy
							</button>
						</dd>
					</div>
					<div class="grow">
						<dt>Token</dt>
						<dd>
							<code id="token">…</code>
							<button type="button" class="small" data-copy="token" aria-label="Copy the token">
								Copy
							</button>
						</dd>
					</div>
				</dl>
				<details class="how">
					<summary>How to use them</summary>
					<p>
						Enter both in the credential of your automation, or send the token as a bearer token. It
						may do everything; it is made up, and good for this sandbox only.
					</p>
					<div class="code-line">
						<pre id="curl" tabindex="0" role="group" aria-label="Example call"></pre>
						<button type="button" class="small" data-copy="curl" aria-label="Copy the example call">
							Copy
						</button>
					</div>
					<p>
						Writes also want a header <code>Idempotency-Key</code> with a value of your own. The
						whole surface is in <a href="/openapi.json">openapi.json</a>.
					</p>
				</details>
			</section>

			<div class="view" id="view-webhooks" data-title="Webhooks">
				<section class="card fire" aria-labelledby="fire-title">
					<h2 id="fire-title" tabindex="-1">Fire an event</h2>
					<form id="fire-form" novalidate>
						<label for="event-search">Search events</label>
						<input
							id="event-search"
							type="search"
							autocomplete="off"
							spellcheck="false"
							placeholder="past due, code, kicked …"
							aria-describedby="event-count"
						/>
						<p class="hint" id="event-count"></p>
						<div class="event-list" id="event-list"></div>
						<div class="composer">
							<p class="chosen" id="chosen"></p>
							<label for="fire-project">Project</label>
							<select id="fire-project"></select>
							<details id="override">
								<summary>Change its data</summary>
								<label for="fire-data">JSON object; its keys replace those of the example</label>
								<textarea
									id="fire-data"
									rows="5"
									spellcheck="false"
									autocomplete="off"
									aria-describedby="fire-problem"
								></textarea>
								<button type="button" class="small" id="insert-example">Insert the example</button>
							</details>
						</div>
						<div class="composer-foot">
							<p class="problem" id="fire-problem" role="alert"></p>
							<button type="submit" class="primary wide" id="fire-button">Fire</button>
							<p class="hint" id="fire-result"></p>
						</div>
					</form>
				</section>
				<div class="stack">
					<section class="card" aria-labelledby="endpoints-title">
						<div class="card-head">
							<h2 id="endpoints-title" tabindex="-1">
								Endpoints <span class="count" id="endpoint-count"></span>
							</h2>
							<button type="button" id="show-add" aria-expanded="false" aria-controls="add-form">
								Add an endpoint
							</button>
						</div>
						<form id="add-form" class="add" novalidate hidden>
							<div class="field grow">
								<label for="add-url">Address that receives deliveries</label>
								<input
									id="add-url"
									type="url"
									autocomplete="off"
									spellcheck="false"
									aria-describedby="add-hint add-problem"
								/>
								<p class="hint" id="add-hint">
									This sandbox's own inbox answers 200. Put ?status=503 at its end to watch retries.
								</p>
							</div>
							<div class="field">
								<label for="add-name">Name</label>
								<input id="add-name" type="text" autocomplete="off" />
							</div>
							<div class="field">
								<label for="add-events">Listens for</label>
								<select id="add-events">
									<option value="all">All 71 events</option>
									<option value="chosen">Only the chosen event</option>
								</select>
							</div>
							<p class="problem" id="add-problem" role="alert"></p>
							<button type="submit" class="primary">Add</button>
						</form>
						<div id="secret" class="secret" hidden>
							<p>
								<strong id="secret-title">Signing secret</strong> Shown once; receivers check
								MP-Signature with it.
							</p>
							<p>
								<code id="secret-text"></code>
								<button
									type="button"
									class="small"
									data-copy="secret-text"
									aria-label="Copy the signing secret"
								>
									Copy
								</button>
								<button type="button" class="small" id="hide-secret">Hide it</button>
							</p>
						</div>
						<ul class="endpoints" id="endpoints"></ul>
						<p class="empty" id="no-endpoints" hidden>
							Nobody listens yet. Add an endpoint, then fire an event at it.
						</p>
					</section>
					<section class="card" aria-labelledby="deliveries-title">
						<div class="card-head">
							<h2 id="deliveries-title" tabindex="-1">
								Deliveries <span class="count" id="delivery-count"></span>
							</h2>
							<div class="inline">
								<label for="delivery-filter">Show</label>
								<select id="delivery-filter">
									<option value="">all</option>
									<option value="delivered">delivered</option>
									<option value="failed">failed, will retry</option>
									<option value="dead">dead</option>
									<option value="pending">under way</option>
								</select>
							</div>
						</div>
						<div class="time-bar" id="time-bar" hidden>
							<p>Sandbox time <time id="now"></time></p>
							<div class="inline" role="group" aria-label="Move time forward">
								<button type="button" class="small" data-advance="1m">+ 1 minute</button>
								<button type="button" class="small" data-advance="1h">+ 1 hour</button>
								<button type="button" class="small" data-advance="1d">+ 1 day</button>
							</div>
						</div>
						<ol class="deliveries" id="deliveries"></ol>
						<p class="empty" id="no-deliveries">Nothing was delivered yet.</p>
					</section>
				</div>
			</div>

			<div class="view" id="view-account" data-title="Account" hidden>
				<section class="card" aria-labelledby="account-title">
					<div class="card-head">
						<h2 id="account-title" tabindex="-1">What is in the account</h2>
						<div class="inline">
							<label for="account-project">Project</label>
							<select id="account-project"></select>
						</div>
					</div>
					<ul class="tiles" id="tiles"></ul>
				</section>
				<section class="card" aria-labelledby="act-title">
					<h2 id="act-title">Do what a subscriber would do</h2>
					<form id="act-form" class="add" novalidate>
						<div class="field">
							<label for="act-action">Action</label>
							<select id="act-action"></select>
						</div>
						<div class="field grow">
							<label for="act-target" id="act-target-label">Plan</label>
							<select id="act-target"></select>
						</div>
						<button type="submit" class="primary">Do it</button>
						<p class="hint" id="act-hint"></p>
						<p class="problem" id="act-problem" role="alert"></p>
					</form>
				</section>
				<div id="tables"></div>
			</div>

			<div class="view" id="view-behaviour" data-title="Behaviour" hidden>
				<section class="card" aria-labelledby="faults-title">
					<div class="card-head">
						<h2 id="faults-title">Faults</h2>
						<button type="button" id="clear-faults">Clear all</button>
					</div>
					<p class="lead">What the next calls of the API, or the next deliveries, shall suffer.</p>
					<form id="fault-form" class="add" novalidate>
						<div class="field grow">
							<label for="fault-kind">Fault</label>
							<select id="fault-kind"></select>
						</div>
						<div class="field narrow">
							<label for="fault-times">How often</label>
							<input id="fault-times" type="number" min="1" value="1" inputmode="numeric" />
						</div>
						<button type="submit" class="primary">Set</button>
						<p class="hint" id="fault-hint"></p>
						<p class="problem" id="fault-problem" role="alert"></p>
					</form>
					<ul class="waiting" id="faults"></ul>
				</section>
				<section class="card" aria-labelledby="switches-title">
					<div class="card-head">
						<h2 id="switches-title" tabindex="-1">Switches</h2>
						<button type="button" id="reset-switches">Back to the defaults</button>
					</div>
					<p class="lead">
						What no source settles about MemberPass. Try your automation under each answer.
					</p>
					<ul class="switches" id="switches"></ul>
				</section>
			</div>
		</main>
		<footer class="foot">
			<p>
				Everything here is made up, kept in memory, and gone when the sandbox stops. For machines:
				<a href="/openapi.json">openapi.json</a>,
				<a href="/webhook-events.json">webhook-events.json</a>,
				<a href="/abilities.json">abilities.json</a>,
				<a href="/error-codes.json">error-codes.json</a>.
			</p>
		</footer>
	</body>
</html>
`,
	'main.js': `/* global addEventListener, document, location, scrollTo, setTimeout */

/** @import { Account, Change } from '../wire.ts' */

import { showAccount, startAccount } from './account.js';
import { call, listen, origin, readAccount, reason } from './api.js';
import { showBehaviour, startBehaviour } from './behaviour.js';
import { loadDeliveries, nameTargets, showDelivery, startDeliveries } from './deliveries.js';
import { announce, box, copy, setText } from './dom.js';
import { showEndpoints, startEndpoints } from './endpoints.js';
import { showProjectsToFire, startFire } from './fire.js';

const views = ['webhooks', 'account', 'behaviour'];

/** Id of the project whose rows are shown; empty for the first. */
let project = '';

/** @param {Account} account */
function show(account) {
	const base = origin() + account.apiPath;
	setText(box('base-url'), base);
	setText(box('token'), account.token);
	setText(box('curl'), \`curl -s \${base}/projects -H 'Authorization: Bearer \${account.token}'\`);
	box('time-bar').hidden = account.time !== 'virtual';
	setText(box('now'), new Date(account.now).toLocaleString());
	const names = new Map(account.projects.rows.map((row) => [row.id, row.name]));
	nameTargets(new Map(account.endpoints.map((row) => [row.id, row])));
	showProjectsToFire(account);
	showEndpoints(account.endpoints, (id) => names.get(id) ?? id);
	showAccount(account);
}

let isDue = false;
let isReading = false;

/** Reads the account again, soon; a hundred changes in a moment are one reading. */
function reload() {
	if (isDue) return;
	isDue = true;
	setTimeout(() => void readNow(), 80);
}

async function readNow() {
	// The answers of two readings may come in the wrong order, so there is one at a time.
	if (isReading) {
		setTimeout(() => void readNow(), 80);
		return;
	}
	isDue = false;
	isReading = true;
	try {
		show(await readAccount(project));
	} catch {
		// The line says that the sandbox is gone; the next change or the next connection reads again.
	} finally {
		isReading = false;
	}
}

/** @param {Change} change */
function hear(change) {
	if (change.kind === 'delivery') showDelivery(change.delivery, true);
	else reload();
}

/** @param {boolean} live */
function showLine(live) {
	const pill = box('live');
	pill.dataset['tone'] = live ? 'good' : 'warn';
	setText(/** @type {Element} */ (pill.firstElementChild), live ? '●' : '!');
	setText(box('live-text'), live ? 'Live' : 'Reconnecting');
	if (!live) return;
	reload();
	void loadDeliveries().catch(() => undefined);
}

/** @param {boolean} byPerson */
function showView(byPerson) {
	const wanted = location.hash.slice(1);
	// The skip link points at the main part, which is no view.
	if (wanted === 'main') return;
	const name = views.includes(wanted) ? wanted : 'webhooks';
	for (const view of views) box(\`view-\${view}\`).hidden = view !== name;
	for (const link of document.querySelectorAll('nav a')) {
		if (link.getAttribute('href') === \`#\${name}\`) link.setAttribute('aria-current', 'page');
		else link.removeAttribute('aria-current');
	}
	document.title = \`\${box(\`view-\${name}\`).dataset['title']} · MemberPass sandbox\`;
	if (name === 'behaviour') void showBehaviour().catch((error) => announce(reason(error)));
	else reload();
	if (byPerson) scrollTo(0, 0);
}

for (const button of document.querySelectorAll('button[data-copy]')) {
	button.addEventListener('click', () => {
		const source = box(button.getAttribute('data-copy') ?? '');
		void copy(source.textContent ?? '', source);
	});
}
for (const button of document.querySelectorAll('button[data-advance]')) {
	button.addEventListener('click', () => {
		call('POST', '/time', { advance: button.getAttribute('data-advance') }).then(
			({ now }) => {
				reload();
				announce(\`It is now \${new Date(now).toLocaleString()}.\`);
			},
			(error) => announce(reason(error)),
		);
	});
}

addEventListener('hashchange', () => showView(true));
// Calls of the API change rows without an event now and then; whoever comes back to the page sees them.
addEventListener('focus', reload);
startDeliveries();
startEndpoints();
startBehaviour();
showView(false);
listen(hear, showLine);
Promise.all([
	startFire(),
	startAccount((id) => {
		project = id;
		reload();
	}),
]).catch((error) => announce(reason(error)));
`,
	'page.css': `:root {
	color-scheme: light dark;
	--ground: light-dark(#f4f5f8, #0e1116);
	--surface: light-dark(#ffffff, #161a21);
	--sunken: light-dark(#f3f5f8, #0f1319);
	--hover: light-dark(#f7f8fb, #1b2029);
	--line: light-dark(#e2e5eb, #272e39);
	--line-strong: light-dark(#8a93a3, #667082);
	--ink: light-dark(#161a22, #e9ecf1);
	--soft: light-dark(#566072, #a0aaba);
	--accent: light-dark(#3a49c6, #a3afff);
	--accent-hover: light-dark(#2c39a6, #bcc5ff);
	--on-accent: light-dark(#ffffff, #10131d);
	--accent-wash: light-dark(#eceffe, #1d2340);
	--good: light-dark(#12653a, #6bd8a0);
	--good-wash: light-dark(#e3f4ea, #11301f);
	--bad: light-dark(#a8231c, #ff9f98);
	--bad-wash: light-dark(#fce9e7, #3a1816);
	--warn: light-dark(#7d4b00, #f0c26c);
	--warn-wash: light-dark(#fcf0da, #33270e);
	--wait: light-dark(#2a54a8, #94bbff);
	--wait-wash: light-dark(#e8effc, #15243f);
	--radius: 12px;
	--mono:
		ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono',
		monospace;
	font:
		15px/1.5 Inter,
		-apple-system,
		'Segoe UI',
		Roboto,
		'Helvetica Neue',
		Arial,
		sans-serif;
}

*,
*::before,
*::after {
	box-sizing: border-box;
}

[hidden] {
	display: none !important;
}

html {
	scroll-padding-top: 76px;
	-webkit-text-size-adjust: 100%;
	text-size-adjust: 100%;
}

body {
	margin: 0;
	background: var(--ground);
	color: var(--ink);
	-webkit-font-smoothing: antialiased;
}

h1,
h2,
h3,
p,
ul,
ol,
dl,
dd,
pre,
fieldset {
	margin: 0;
	padding: 0;
}

ul,
ol {
	list-style: none;
}

fieldset {
	border: 0;
	min-inline-size: 0;
}

a {
	color: var(--accent);
	text-underline-offset: 0.2em;
}

h2,
h3 {
	font-size: 1.067rem;
	font-weight: 650;
	letter-spacing: -0.008em;
	line-height: 1.35;
}

h2:focus,
h3:focus,
main:focus {
	outline: none;
}

code,
pre,
.type,
textarea {
	font-family: var(--mono);
	font-size: 0.867rem;
}

:focus-visible {
	outline: 2px solid var(--accent);
	outline-offset: 2px;
}

h2:focus-visible,
h3:focus-visible {
	outline: 2px solid var(--accent);
	outline-offset: 4px;
	border-radius: 4px;
}

.visually-hidden {
	position: absolute;
	width: 1px;
	height: 1px;
	overflow: hidden;
	clip-path: inset(50%);
	white-space: nowrap;
}

.skip {
	position: absolute;
	left: 16px;
	top: -60px;
	z-index: 10;
	padding: 8px 14px;
	border-radius: 8px;
	background: var(--accent);
	color: var(--on-accent);
}

.skip:focus {
	top: 12px;
}

.soft,
.hint,
.lead {
	color: var(--soft);
}

.hint,
.source {
	font-size: 0.867rem;
}

/* Header */

.top {
	position: sticky;
	top: 0;
	z-index: 5;
	background: var(--surface);
	border-bottom: 1px solid var(--line);
}

.top-inner {
	display: flex;
	align-items: center;
	gap: 8px 28px;
	max-width: 1320px;
	margin: 0 auto;
	padding: 0 24px;
	min-height: 60px;
}

.brand {
	display: flex;
	align-items: center;
	gap: 10px;
	font-size: 1.067rem;
	font-weight: 650;
	letter-spacing: -0.01em;
	white-space: nowrap;
}

.brand-soft {
	color: var(--soft);
	font-weight: 450;
}

nav {
	display: flex;
	gap: 4px;
	align-self: stretch;
	flex: 1;
}

nav a {
	display: flex;
	align-items: center;
	padding: 0 12px;
	color: var(--soft);
	text-decoration: none;
	font-weight: 550;
	box-shadow: inset 0 -2px transparent;
}

nav a:hover {
	color: var(--ink);
}

nav a[aria-current] {
	color: var(--ink);
	box-shadow: inset 0 -2px var(--accent);
}

nav a:focus-visible {
	outline-offset: -4px;
	border-radius: 10px;
}

/* Frame */

main {
	max-width: 1320px;
	margin: 0 auto;
	padding: 20px 24px 40px;
}

main,
.stack,
.view,
#tables {
	display: grid;
	gap: 20px;
	grid-template-columns: minmax(0, 1fr);
	align-items: start;
}

#view-webhooks {
	grid-template-columns: minmax(320px, 380px) minmax(0, 1fr);
}

.card {
	background: var(--surface);
	border: 1px solid var(--line);
	border-radius: var(--radius);
	padding: 20px;
	box-shadow: 0 1px 2px light-dark(rgb(20 26 40 / 4%), transparent);
}

.card-head {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	justify-content: space-between;
	gap: 8px 16px;
	min-height: 36px;
	margin-bottom: 12px;
}

.count {
	margin-left: 4px;
	color: var(--soft);
	font-weight: 450;
	font-variant-numeric: tabular-nums;
}

.inline {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	gap: 8px;
	min-width: 0;
	max-width: 100%;
}

.empty {
	padding: 28px 16px;
	border-radius: 8px;
	background: var(--sunken);
	color: var(--soft);
	text-align: center;
}

.notice {
	padding: 16px 24px;
	background: var(--warn-wash);
	color: var(--warn);
}

.foot {
	max-width: 1320px;
	margin: 0 auto;
	padding: 0 24px 40px;
	color: var(--soft);
	font-size: 0.867rem;
}

/* Controls */

button,
input,
select,
textarea {
	font: inherit;
	color: inherit;
}

button {
	min-height: 36px;
	padding: 6px 14px;
	border: 1px solid var(--line-strong);
	border-radius: 8px;
	background: var(--surface);
	font-weight: 550;
	cursor: pointer;
}

button:hover {
	background: var(--hover);
}

button:disabled {
	opacity: 0.6;
	cursor: default;
}

button.small {
	min-height: 28px;
	padding: 2px 10px;
	font-size: 0.867rem;
	border-color: var(--line);
}

button.small:hover {
	border-color: var(--line-strong);
}

button.primary {
	border-color: transparent;
	background: var(--accent);
	color: var(--on-accent);
	overflow-wrap: anywhere;
}

button.primary:hover:not(:disabled) {
	background: var(--accent-hover);
}

button.wide {
	width: 100%;
	min-height: 42px;
}

input[type='search'],
input[type='text'],
input[type='url'],
input[type='number'],
select,
textarea {
	width: 100%;
	min-height: 38px;
	padding: 6px 10px;
	border: 1px solid var(--line-strong);
	border-radius: 8px;
	background: var(--surface);
}

select {
	text-overflow: ellipsis;
	padding-right: 6px;
}

textarea {
	display: block;
	resize: vertical;
	margin: 4px 0 8px;
	line-height: 1.45;
}

input::placeholder {
	color: var(--soft);
	opacity: 1;
}

input[aria-invalid],
textarea[aria-invalid] {
	border-color: var(--bad);
}

label {
	font-weight: 550;
	font-size: 0.933rem;
}

.inline label {
	color: var(--soft);
	font-weight: 450;
}

.inline select {
	width: auto;
	max-width: 100%;
	min-height: 34px;
}

summary {
	cursor: pointer;
	border-radius: 6px;
}

.problem {
	color: var(--bad);
	font-weight: 550;
}

.problem:empty,
.hint:empty,
.next:empty,
.answer:empty,
.waiting:empty {
	display: none;
}

.pill {
	display: inline-flex;
	align-items: center;
	gap: 5px;
	padding: 1px 9px;
	border-radius: 99px;
	background: var(--sunken);
	color: var(--soft);
	font-size: 0.8rem;
	font-weight: 600;
	line-height: 1.6;
	white-space: nowrap;
}

.pill[data-tone='good'] {
	background: var(--good-wash);
	color: var(--good);
}

.pill[data-tone='bad'] {
	background: var(--bad-wash);
	color: var(--bad);
}

.pill[data-tone='warn'] {
	background: var(--warn-wash);
	color: var(--warn);
}

.pill[data-tone='wait'] {
	background: var(--wait-wash);
	color: var(--wait);
}

/* Connect */

.connect {
	padding: 14px 20px;
}

.connect-values {
	display: flex;
	flex-wrap: wrap;
	gap: 10px 32px;
}

.connect-values > div {
	display: flex;
	align-items: baseline;
	gap: 10px;
	min-width: 0;
}

.grow {
	flex: 1 1 320px;
}

.connect-values dt {
	color: var(--soft);
	white-space: nowrap;
}

.connect-values dd {
	display: flex;
	align-items: baseline;
	gap: 10px;
	min-width: 0;
}

.connect-values code {
	overflow-wrap: anywhere;
}

.how {
	margin-top: 8px;
}

.how > summary {
	color: var(--accent);
	font-weight: 550;
	width: fit-content;
}

.how p {
	max-width: 75ch;
	margin: 8px 0;
	color: var(--soft);
}

.code-line {
	display: flex;
	align-items: start;
	gap: 10px;
}

.code-line pre {
	flex: 1;
	min-width: 0;
	padding: 10px 12px;
	border-radius: 8px;
	background: var(--sunken);
	white-space: pre-wrap;
	overflow-wrap: anywhere;
}

/* Fire */

.fire {
	position: sticky;
	top: 80px;
	display: flex;
	flex-direction: column;
	height: calc(100vh - 214px);
	min-height: 540px;
}

.fire form {
	display: flex;
	flex-direction: column;
	gap: 6px;
	flex: 1;
	min-height: 0;
	margin-top: 10px;
}

.event-list {
	flex: 1 1 0;
	min-height: 120px;
	overflow-y: auto;
	margin: 4px -8px 0;
	padding: 0 4px 4px;
	border-block: 1px solid var(--line);
	scrollbar-width: thin;
	overscroll-behavior: contain;
}

.event-list legend {
	position: sticky;
	top: 0;
	width: 100%;
	padding: 10px 6px 4px;
	background: var(--surface);
	color: var(--soft);
	font-size: 0.8rem;
	font-weight: 650;
	letter-spacing: 0.01em;
}

.event {
	display: flex;
	align-items: baseline;
	gap: 10px;
	padding: 5px 8px;
	border-radius: 8px;
	font-weight: 400;
	cursor: pointer;
	scroll-margin-block: 40px 8px;
}

.event:hover {
	background: var(--hover);
}

.event:has(input:checked) {
	background: var(--accent-wash);
}

.event:has(input:focus-visible) {
	outline: 2px solid var(--accent);
	outline-offset: -2px;
}

.event input {
	accent-color: var(--accent);
	margin: 0;
	translate: 0 1px;
	outline: none;
}

.event .type {
	overflow-wrap: anywhere;
}

.composer {
	display: flex;
	flex-direction: column;
	gap: 6px;
	padding-top: 8px;
	overflow-y: auto;
	flex: 0 1 auto;
	min-height: 0;
	/* Room for focus rings inside the scrolled box. */
	margin: 0 -4px -4px;
	padding-inline: 4px;
	padding-bottom: 4px;
}

.composer-foot {
	display: flex;
	flex-direction: column;
	gap: 6px;
	padding-top: 4px;
}

.chosen strong {
	color: var(--ink);
}

.chosen {
	color: var(--soft);
	font-size: 0.933rem;
}

.caveat {
	display: block;
	margin-top: 4px;
	padding-left: 10px;
	border-left: 2px solid var(--warn);
	color: var(--warn);
}

.composer details {
	margin: 2px 0 4px;
}

.composer summary {
	color: var(--accent);
	font-weight: 550;
	width: fit-content;
}

.composer details label {
	display: block;
	margin-top: 8px;
	color: var(--soft);
	font-weight: 450;
}

/* Endpoints */

.add {
	display: flex;
	flex-wrap: wrap;
	align-items: end;
	gap: 12px;
	margin-top: 12px;
}

#add-form {
	margin: 0 0 16px;
	padding: 16px;
	border-radius: 8px;
	background: var(--sunken);
	align-items: start;
}

#add-form > .primary {
	margin-top: 25px;
}

.field {
	min-width: 150px;
}

.field.narrow {
	min-width: 0;
	width: 110px;
}

.field .hint {
	margin-top: 4px;
}

.add > .problem,
.add > .hint {
	flex-basis: 100%;
}

.secret {
	margin-bottom: 16px;
	padding: 14px 16px;
	border-radius: 8px;
	background: var(--good-wash);
	color: var(--good);
}

.secret code {
	overflow-wrap: anywhere;
}

.secret p {
	display: flex;
	flex-wrap: wrap;
	align-items: baseline;
	gap: 4px 8px;
}

.secret button {
	color: var(--ink);
}

.endpoint {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	justify-content: space-between;
	gap: 10px 20px;
	padding: 14px 0;
	border-top: 1px solid var(--line);
}

.endpoint:last-child {
	padding-bottom: 0;
}

.endpoint-text {
	min-width: 0;
	flex: 1 1 260px;
}

.endpoint-name {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	gap: 4px 10px;
	overflow-wrap: anywhere;
}

.url {
	font-family: var(--mono);
	font-size: 0.867rem;
	overflow-wrap: anywhere;
}

.endpoint .soft {
	font-size: 0.867rem;
}

/* Deliveries */

.time-bar {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	justify-content: space-between;
	gap: 8px 16px;
	margin-bottom: 12px;
	padding: 8px 12px;
	border-radius: 8px;
	background: var(--wait-wash);
	color: var(--wait);
	font-variant-numeric: tabular-nums;
}

.time-bar button {
	color: var(--ink);
}

.deliveries:has(> li:not([hidden])) {
	margin: 0 -20px -20px;
}

.delivery {
	border-top: 1px solid var(--line);
}

.delivery-head {
	display: flex;
	align-items: center;
	padding-right: 20px;
}

.delivery-head:hover {
	background: var(--hover);
}

.delivery:last-child .delivery-head:last-child,
.delivery:last-child {
	border-radius: 0 0 var(--radius) var(--radius);
}

button.row {
	flex: 1;
	display: grid;
	grid-template-columns: 104px minmax(0, 1fr) auto auto;
	align-items: center;
	gap: 4px 16px;
	min-width: 0;
	padding: 10px 16px 10px 20px;
	border: 0;
	border-radius: 0;
	background: none;
	font-weight: 400;
	text-align: left;
}

button.row:focus-visible {
	outline-offset: -3px;
	border-radius: 8px;
}

.what {
	display: flex;
	flex-direction: column;
	min-width: 0;
}

.what .type {
	font-weight: 600;
	overflow-wrap: anywhere;
}

.target {
	color: var(--soft);
	font-size: 0.867rem;
	overflow-wrap: anywhere;
}

.answer,
.when {
	color: var(--soft);
	font-size: 0.867rem;
	font-variant-numeric: tabular-nums;
	white-space: nowrap;
}

.again {
	min-width: 84px;
}

.delivery[data-status='pending'] .delivery-head {
	padding-right: 104px;
}

.delivery[data-status='dead'] .again,
.delivery[data-status='failed'] .again {
	border-color: var(--accent);
	color: var(--accent);
}

.detail {
	padding: 4px 20px 18px;
}

.ids {
	display: flex;
	flex-wrap: wrap;
	gap: 2px 24px;
	margin-bottom: 10px;
	font-size: 0.867rem;
}

.ids div {
	display: flex;
	gap: 8px;
	align-items: baseline;
	min-width: 0;
}

.ids dt,
.headers dt {
	color: var(--soft);
}

.ids code {
	overflow-wrap: anywhere;
}

.next {
	margin-bottom: 10px;
	color: var(--warn);
	font-weight: 550;
}

.attempts {
	display: grid;
	gap: 8px;
}

.attempt {
	border: 1px solid var(--line);
	border-radius: 10px;
	background: var(--surface);
}

.attempt > summary {
	display: flex;
	flex-wrap: wrap;
	align-items: center;
	gap: 4px 12px;
	padding: 8px 14px;
	font-size: 0.867rem;
	font-variant-numeric: tabular-nums;
	list-style: none;
}

.attempt > summary::-webkit-details-marker {
	display: none;
}

.attempt > summary::before {
	content: '';
	width: 6px;
	height: 6px;
	border: solid var(--soft);
	border-width: 0 1.5px 1.5px 0;
	rotate: -45deg;
}

.attempt[open] > summary::before {
	rotate: 45deg;
}

.attempt > summary time {
	margin-left: auto;
	color: var(--soft);
}

.attempt-name {
	font-weight: 600;
}

.exchange {
	display: grid;
	grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
	gap: 16px;
	padding: 6px 14px 14px;
}

.exchange section {
	min-width: 0;
}

.exchange h3 {
	margin-bottom: 4px;
	font-size: 0.867rem;
	font-weight: 650;
}

.request-line {
	margin-bottom: 6px;
	font-family: var(--mono);
	font-size: 0.8rem;
	overflow-wrap: anywhere;
}

.headers {
	margin-bottom: 8px;
	font-family: var(--mono);
	font-size: 0.8rem;
}

.headers div {
	display: grid;
	grid-template-columns: minmax(104px, auto) minmax(0, 1fr);
	gap: 0 12px;
	padding: 2px 0;
}

.headers .signature {
	margin: 2px -8px;
	padding: 3px 8px;
	border-radius: 6px;
	background: var(--accent-wash);
}

.headers dd {
	overflow-wrap: anywhere;
}

.code {
	max-height: 340px;
	overflow: auto;
	padding: 10px 12px;
	border-radius: 8px;
	background: var(--sunken);
	font-size: 0.8rem;
	line-height: 1.55;
	white-space: pre-wrap;
	overflow-wrap: anywhere;
	scrollbar-width: thin;
}

.json-key {
	color: var(--accent);
}

.json-text {
	color: var(--good);
}

.json-value {
	color: var(--warn);
}

.no-answer {
	color: var(--bad);
}

.divider {
	display: flex;
	align-items: center;
	gap: 12px;
	color: var(--soft);
	font-size: 0.867rem;
}

.divider::before,
.divider::after {
	content: '';
	flex: 1;
	border-top: 1px solid var(--line);
}

.detail-foot {
	margin-top: 10px;
}

@keyframes arrive {
	from {
		background: var(--accent-wash);
	}
}

.fresh .delivery-head {
	animation: arrive 1.6s ease-out;
}

@media (prefers-reduced-motion: reduce) {
	.fresh .delivery-head {
		animation: none;
	}
}

/* Account */

.tiles {
	display: grid;
	grid-template-columns: repeat(auto-fit, minmax(104px, 1fr));
	gap: 10px;
}

.tile {
	display: flex;
	flex-direction: column;
	width: 100%;
	height: 100%;
	padding: 10px 14px;
	border-color: var(--line);
	color: var(--soft);
	font-weight: 450;
	font-size: 0.867rem;
	text-align: left;
}

.tile-number {
	color: var(--ink);
	font-size: 1.4rem;
	font-weight: 650;
	letter-spacing: -0.02em;
	line-height: 1.3;
	font-variant-numeric: tabular-nums;
}

.scroll {
	max-height: 420px;
	overflow: auto;
	margin: 0 -20px -20px;
	border-top: 1px solid var(--line);
	border-radius: 0 0 var(--radius) var(--radius);
	scrollbar-width: thin;
}

.scroll:focus-visible {
	outline-offset: -2px;
}

table {
	width: 100%;
	border-collapse: collapse;
	font-size: 0.933rem;
}

th,
td {
	padding: 8px 12px;
	text-align: left;
	white-space: nowrap;
	vertical-align: baseline;
}

td:nth-child(-n + 2) {
	max-width: 36ch;
	overflow: hidden;
	text-overflow: ellipsis;
}

th:first-child,
td:first-child {
	padding-left: 20px;
}

th {
	position: sticky;
	top: 0;
	background: var(--surface);
	box-shadow: inset 0 -1px var(--line);
	color: var(--soft);
	font-size: 0.8rem;
	font-weight: 600;
}

tbody tr + tr td {
	border-top: 1px solid var(--line);
}

tbody tr:hover {
	background: var(--hover);
}

td strong {
	font-weight: 600;
}

td code {
	color: var(--soft);
	font-size: 0.8rem;
}

/* Behaviour */

.lead {
	margin: -6px 0 8px;
}

.waiting {
	display: flex;
	flex-wrap: wrap;
	gap: 8px 16px;
	margin-top: 12px;
}

.switch {
	display: grid;
	grid-template-columns: minmax(0, 1fr) minmax(0, 380px);
	gap: 8px 24px;
	align-items: center;
	padding: 14px 0;
	border-top: 1px solid var(--line);
}

.switch:last-child {
	padding-bottom: 0;
}

.switch .soft,
.source {
	font-size: 0.867rem;
	overflow-wrap: anywhere;
}

.source {
	color: var(--soft);
}

.source code {
	font-size: 0.8rem;
	padding: 0 5px;
	border-radius: 4px;
	background: var(--sunken);
}

/* Small screens */

@media (width < 900px) {
	#view-webhooks {
		grid-template-columns: minmax(0, 1fr);
	}

	.fire {
		position: static;
		height: auto;
		min-height: 0;
	}

	.event-list {
		flex: none;
		max-height: 260px;
	}
}

@media (width < 640px) {
	.top {
		position: static;
	}

	html {
		scroll-padding-top: 16px;
	}

	.top-inner {
		flex-wrap: wrap;
		justify-content: space-between;
		padding: 10px 16px 0;
	}

	nav {
		order: 1;
		flex-basis: 100%;
		margin: 0 -12px;
	}

	nav a {
		min-height: 44px;
	}

	main {
		padding: 12px 12px 32px;
	}

	main,
	.stack,
	.view,
	#tables {
		gap: 12px;
	}

	.card {
		padding: 16px;
	}

	.connect-values > div {
		flex-direction: column;
		gap: 0;
	}

	.foot {
		padding: 0 16px 32px;
	}

	.deliveries:has(> li:not([hidden])),
	.scroll {
		margin: 0 -16px -16px;
	}

	button.small {
		min-height: 34px;
	}

	.event {
		padding-block: 9px;
	}

	/* Phones zoom in on a field with smaller letters. */
	input[type='search'],
	input[type='text'],
	input[type='url'],
	input[type='number'],
	select,
	textarea {
		font-size: 16px;
	}

	button.row {
		grid-template-columns: minmax(0, 1fr) auto;
		padding-left: 16px;
	}

	.delivery-head {
		padding-right: 16px;
	}

	.delivery[data-status='pending'] .delivery-head {
		padding-right: 16px;
	}

	.what {
		order: -1;
		grid-column: 1 / -1;
	}

	.when {
		display: none;
	}

	.detail {
		padding: 4px 16px 16px;
	}

	.headers div {
		grid-template-columns: minmax(0, 1fr);
		padding: 3px 0;
	}

	.exchange {
		padding: 6px 10px 12px;
	}

	.switch {
		grid-template-columns: minmax(0, 1fr);
	}

	.add {
		flex-direction: column;
		align-items: stretch;
	}

	.add .field,
	.field.narrow {
		width: 100%;
		flex: none;
	}

	#add-form > .primary {
		margin-top: 0;
	}
}
`,
};
