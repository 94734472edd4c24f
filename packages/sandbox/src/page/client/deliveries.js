/* global document, HTMLSelectElement */

/** @import { Account, DeliveryRow, EndpointRow } from '../wire.ts' */
/** @import { Tone } from './dom.js' */

import { call, reason } from './api.js';
import {
	announce,
	box,
	byId,
	clockTime,
	codeBlock,
	copy,
	fill,
	h,
	pill,
	say,
	setText,
} from './dom.js';

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
 * @property {HTMLButtonElement} toggle
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

/**
 * For each list that is on its way, the ids of what was heard meanwhile.
 *
 * @type {Set<Set<string>>}
 */
const lists = new Set();

/** Null until the account has come. @type {Map<string, EndpointRow> | null} */
let endpoints = null;

/** Ids of those that are there. @type {ReadonlySet<string>} */
let projects = new Set();

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
	return attempt.response === null ? 'no answer' : `${attempt.response.status}`;
}

/** @param {DeliveryRow} delivery */
const targetName = ({ endpointId }) =>
	endpoints === null ? '…' : (endpoints.get(endpointId)?.name ?? 'deleted endpoint');

/** @param {Readonly<Record<string, string>>} headers @param {string} label */
function headerList(headers, label) {
	const rows = Object.entries(headers);
	return h(
		'dl',
		{ class: 'headers', 'aria-label': label },
		rows.map(([name, value]) =>
			h(
				'div',
				{ class: /-signature$/i.test(name) ? 'signature' : null },
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
	const which = `attempt ${number}`;
	return h(
		'details',
		{ class: 'attempt', open },
		h(
			'summary',
			{},
			h('span', { class: 'attempt-name' }, `Attempt ${number}`),
			pill(good ? 'good' : 'bad', response === null ? 'No answer' : `${response.status}`),
			h('span', { class: 'soft' }, `${durationMs} ms`),
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
				headerList(request.headers, `Headers of ${which}`),
				codeBlock(request.body, `Body of ${which}`),
			),
			h(
				'section',
				{},
				h('h3', {}, 'The receiver’s answer'),
				response === null
					? h('p', { class: 'no-answer' }, error ?? 'No answer came.')
					: [
							h('p', { class: 'request-line' }, `HTTP ${response.status}`),
							headerList(response.headers, `Headers of the answer to ${which}`),
							codeBlock(response.body, `Body of the answer to ${which}`),
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
			announce(`Fired ${event.type} again.`);
		} else {
			await call('POST', `/deliveries/${encodeURIComponent(delivery.id)}/replay`);
			announce(`Replaying ${event.type}.`);
		}
	} catch (error) {
		setText(row.problem, reason(error));
		open(row);
	}
}

/** @param {Shown} row */
function open(row) {
	row.toggle.setAttribute('aria-expanded', 'true');
	row.item.querySelector('.detail')?.removeAttribute('hidden');
}

/**
 * @param {string} name
 * @param {string | null} id Null for the project of an event that belongs to the account.
 */
const idRow = (name, id) =>
	h(
		'div',
		{},
		h('dt', {}, name),
		h('dd', {}, id === null ? 'none (account event)' : h('code', {}, id)),
	);

/** @param {DeliveryRow} delivery @returns {Shown} */
function create(delivery) {
	const { id, event } = delivery;
	const detailId = `detail-${id}`;
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
			idRow('Event', event.id),
			idRow('Delivery', id),
			idRow('Project', event.project_id),
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
				const body = row.delivery.attempts.at(-1)?.request.body;
				if (body === undefined) say('Nothing was sent yet.');
				else void copy(body, attempts.querySelector('.attempt:last-child pre') ?? attempts);
			},
		},
		'Copy the body as sent',
	);
	detail.append(h('p', { class: 'detail-foot' }, copyBody));
	const item = h(
		'li',
		{ class: 'delivery', id },
		h('div', { class: 'delivery-head' }, toggle, again),
		detail,
	);
	/** @type {Shown} */
	const row = {
		delivery,
		item,
		toggle,
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
	setText(row.target, `to ${targetName(delivery)}`);
	setText(
		row.answer,
		[answerText(last), attempts.length > 1 ? `${attempts.length} attempts` : '']
			.filter((part) => part !== '')
			.join(' · '),
	);
	const replays = status === 'failed' || status === 'dead';
	offerAgain(row);
	setText(row.again, replays ? 'Replay' : 'Fire again');
	row.again.setAttribute(
		'aria-label',
		replays ? `Replay: ${event.type}` : `Fire again: ${event.type}, as a new event`,
	);
	fill(
		row.next,
		...(nextAttemptAt === null ? [] : ['Next attempt at ', clockTime(nextAttemptAt), '.']),
	);
	writeAttempts(row, attempts);
}

/**
 * Nothing is fired again for a project that is not there: of a test it is made up, and others may have been deleted.
 *
 * @param {Shown} row
 */
function offerAgain({ again, delivery, toggle }) {
	const { event, status } = delivery;
	const isKnown = event.project_id === null || projects.has(event.project_id);
	const isOffered = status === 'delivered' ? isKnown : status !== 'pending';
	// The focus of whoever pressed it would go to the top of the page.
	if (!isOffered && document.activeElement === again) toggle.focus();
	again.hidden = !isOffered;
}

/** @param {Shown} row @param {readonly Attempt[]} attempts Those of the running round. */
function writeAttempts(row, attempts) {
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
	if (isNews) for (const heard of lists) heard.add(delivery.id);
	let row = shown.get(delivery.id);
	const before = row?.delivery.status;
	if (row === undefined) {
		row = create(delivery);
		shown.set(delivery.id, row);
		if (isNews) row.item.classList.add('fresh');
		// What was heard while the list was on its way is newer than the list. The ids sort by time.
		const list = box('deliveries');
		const older = [...list.children].find(({ id }) => id < delivery.id);
		list.insertBefore(row.item, older ?? null);
		const oldest = list.lastElementChild;
		if (shown.size > mostRows && oldest !== null) {
			shown.delete(oldest.id);
			oldest.remove();
		}
	}
	update(row, delivery);
	applyFilter(row);
	count();
	if (!isNews || delivery.status === before || delivery.status === 'pending') return;
	const answer = answerText(delivery.attempts.at(-1));
	const [, text] = statusOf(delivery);
	announce(`${delivery.event.type} to ${targetName(delivery)}: ${text}, ${answer}.`);
}

/** @param {Account} account */
export function nameTargets(account) {
	endpoints = new Map(account.endpoints.map((row) => [row.id, row]));
	projects = new Set(account.projects.rows.map(({ id }) => id));
	for (const row of shown.values()) {
		setText(row.target, `to ${targetName(row.delivery)}`);
		offerAgain(row);
	}
}

/**
 * What is sent to a new endpoint is told of before the account can be read again.
 *
 * @param {EndpointRow} endpoint
 */
export function nameTarget(endpoint) {
	endpoints?.set(endpoint.id, endpoint);
}

export async function loadDeliveries() {
	/** @type {Set<string>} */
	const heard = new Set();
	lists.add(heard);
	try {
		/** @type {DeliveryRow[]} */
		const rows = await call('GET', `/deliveries?limit=${mostRows}`);
		// The list may be older than the news that overtook it; what was heard is right, and goes on being told.
		for (const row of rows.reverse()) if (!heard.has(row.id)) showDelivery(row, false);
		// The sandbox may have been started anew; what it does not know cannot be replayed either.
		const known = new Set([...heard, ...rows.map(({ id }) => id)]);
		for (const [id, { item }] of shown) {
			if (known.has(id)) continue;
			item.remove();
			shown.delete(id);
		}
	} finally {
		lists.delete(heard);
	}
	count();
}

export function startDeliveries() {
	byId('delivery-filter', HTMLSelectElement).addEventListener('change', () => {
		for (const row of shown.values()) applyFilter(row);
		count();
	});
	count();
}
