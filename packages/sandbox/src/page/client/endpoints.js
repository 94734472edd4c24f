/* global HTMLButtonElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement, location */

/** @import { Account, EndpointRow } from '../wire.ts' */

import { call, reason } from './api.js';
import { announce, box, byId, fill, h, pill, say, setText } from './dom.js';
import { chosenEvent } from './fire.js';

/** @param {EndpointRow} row */
const path = (row) => `/page/endpoints/${encodeURIComponent(row.id)}`;

/** @param {string} title @param {string} secret */
function showSecret(title, secret) {
	setText(box('secret-title'), `${title}.`);
	setText(box('secret-text'), secret);
	box('secret').hidden = false;
	// It is above the endpoints, and who does not see it now never will.
	box('secret').scrollIntoView({ block: 'nearest' });
	announce(`${title}. It is shown once, below the form.`);
}

/** @param {EndpointRow} row */
function stateOf(row) {
	if (row.is_active) {
		return row.consecutive_failures === 0
			? pill('good', 'On')
			: pill('warn', `On, ${row.consecutive_failures} failed in a row`);
	}
	return row.disabled_at === null
		? pill('plain', 'Off')
		: pill('bad', `Switched off after ${row.consecutive_failures} failures`);
}

/** @param {EndpointRow} row @returns {string} */
function eventsText(row) {
	return row.events.length < 4 ? row.events.join(', ') : `${row.events.length} events`;
}

/** @param {EndpointRow} row @param {string} label @param {string} what @param {() => Promise<string>} run */
function action(row, label, what, run) {
	return h(
		'button',
		{
			type: 'button',
			class: 'small',
			'data-key': `${row.id} ${what}`,
			'aria-label': `${label}: ${row.name}`,
			click: () => void run().then(say, (error) => say(reason(error))),
		},
		label,
	);
}

/** @param {EndpointRow} row @param {string} scope Whose events it hears of. */
function endpointElement(row, scope) {
	return h(
		'li',
		{ class: 'endpoint' },
		h(
			'div',
			{ class: 'endpoint-text' },
			h('p', { class: 'endpoint-name' }, h('strong', {}, row.name), ' ', stateOf(row)),
			h('p', { class: 'url' }, row.url),
			h('p', { class: 'soft' }, `${eventsText(row)}, ${scope}`),
		),
		h(
			'div',
			{ class: 'inline' },
			action(row, 'Send a test', 'test', async () => {
				await call('POST', `${path(row)}/test`);
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
				const { secret } = await call('POST', `/endpoints/${encodeURIComponent(row.id)}/rotate`);
				showSecret(
					`New secret of ${row.name}. Deliveries are signed with the old one too for 24 hours`,
					secret,
				);
				return '';
			}),
			action(row, 'Delete', 'delete', async () => {
				await call('DELETE', path(row));
				box('endpoints-title').focus();
				return `Deleted ${row.name}.`;
			}),
		),
	);
}

/** What the list was drawn from. Drawn again while a button is pressed down, it would lose the click. */
let drawn = '';

/** @param {Account} account */
export function showEndpoints({ endpoints: rows, projects }) {
	const names = new Map(projects.rows.map((row) => [row.id, row.name]));
	const scopes = rows.map(({ project_id: id, team }) =>
		id === null ? `all projects of ${team}` : (names.get(id) ?? id),
	);
	const content = JSON.stringify([rows, scopes]);
	if (content === drawn) return;
	drawn = content;
	const list = box('endpoints');
	// Built anew; the focus goes back to the same button.
	const focused = list.querySelector(':focus')?.getAttribute('data-key');
	fill(
		list,
		rows.map((row, index) => endpointElement(row, scopes[index] ?? '')),
	);
	for (const button of list.querySelectorAll('button')) {
		if (button.dataset['key'] === focused) button.focus();
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
		showSecret(`Signing secret of ${endpoint.name}`, secret);
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
	url.value = `${location.origin}/_sandbox/page/inbox`;
	byId('add-name', HTMLInputElement).value = 'Inbox';
	byId('show-add', HTMLButtonElement).addEventListener('click', () => {
		toggle(form.hidden !== false);
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
