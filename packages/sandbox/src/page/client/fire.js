/* global HTMLButtonElement, HTMLDetailsElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement, URLSearchParams */

/** @import { Account, EventFamily, FireableEvent } from '../wire.ts' */

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

/** Whether the account has come: for which projects something can be fired. */
let isAccountKnown = false;

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
		const words = `${event.type} ${event.type.replaceAll(/[._]/g, ' ')} ${event.label} ${family.label}`;
		choices.push({ event, scope: family.scope, row, radio, words: words.toLowerCase() });
		return row;
	});
	return h('fieldset', {}, h('legend', {}, family.label), rows);
}

function enable() {
	const isPossible = isAccountKnown && chosenEvent() !== null;
	for (const id of ['fire-button', 'insert-example']) {
		byId(id, HTMLButtonElement).disabled = !isPossible;
	}
}

function showChosen() {
	enable();
	const choice = choices.find(({ radio }) => radio.checked);
	setText(
		byId('fire-button', HTMLButtonElement),
		choice === undefined ? 'Fire' : `Fire ${choice.event.type}`,
	);
	fill(
		box('chosen'),
		...(choice === undefined
			? ['No event matches the search.']
			: [
					h('strong', {}, `${choice.event.label}.`),
					` ${choice.event.summary}`,
					...(choice.scope === 'account' ? [' It belongs to no project.'] : []),
					...choice.event.caveats.map((text) => h('span', { class: 'caveat' }, text)),
				]),
	);
}

function search() {
	const words = byId('event-search', HTMLInputElement).value.toLowerCase().split(/\s+/);
	const matches = choices.filter((choice) => words.every((word) => choice.words.includes(word)));
	for (const choice of choices) choice.row.hidden = !matches.includes(choice);
	for (const group of box('event-list').querySelectorAll('fieldset')) {
		group.hidden = group.querySelector('label:not([hidden])') === null;
	}
	setText(
		box('event-count'),
		`${matches.length} of ${choices.length} events. Arrow keys choose, Enter fires.`,
	);
	// What is fired is always something one sees.
	if (!matches.some(({ radio }) => radio.checked)) {
		for (const { radio } of choices) radio.checked = false;
		const [first] = matches;
		if (first !== undefined) first.radio.checked = true;
	}
	showChosen();
	bringIntoView();
}

/** Moves the list to the chosen event; scrollIntoView would move the page as well, which nobody asked to. */
function bringIntoView() {
	const row = choices.find(({ radio }) => radio.checked)?.row;
	if (row === undefined) return;
	const list = box('event-list');
	const below = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
	list.scrollTop += below - list.clientHeight / 2;
}

/** @returns {Record<string, unknown> | null} Null where there is none. @throws {Error} for anything but an object. */
function readOverride() {
	const text = byId('fire-data', HTMLTextAreaElement).value.trim();
	if (text === '' || !byId('override', HTMLDetailsElement).open) return null;
	let value;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Error(`This is not valid JSON. ${reason(error)}`);
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Error('The data must be a JSON object: { … }.');
	}
	return value;
}

async function fire() {
	const type = chosenEvent();
	const problem = box('fire-problem');
	const data = byId('fire-data', HTMLTextAreaElement);
	setText(problem, '');
	setText(box('fire-result'), '');
	data.removeAttribute('aria-invalid');
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
		const { listening } = await call('POST', '/events', {
			type,
			project_id: byId('fire-project', HTMLSelectElement).value,
			...(override === null ? {} : { data: override }),
		});
		const text =
			listening === 0
				? `Fired ${type}. No active endpoint is listening for it.`
				: `Fired ${type}. ${listening === 1 ? '1 endpoint is listening' : `${listening} endpoints are listening`}.`;
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
		const example = await call('GET', `/page/example?${query.toString()}`);
		const data = byId('fire-data', HTMLTextAreaElement);
		data.value = JSON.stringify(example, null, 2);
		data.focus();
	} catch (error) {
		setText(box('fire-problem'), reason(error));
	}
}

/** @param {Account} account */
export function showProjectsToFire(account) {
	setOptions(
		byId('fire-project', HTMLSelectElement),
		account.projects.rows.map((row) => [row.id, `${row.name} (${row.team})`]),
	);
	isAccountKnown = true;
	enable();
}

/** Asks for the events, unless they are there. */
export async function loadEvents() {
	if (choices.length > 0) return;
	/** @type {EventFamily[]} */
	const families = await call('GET', '/page/events');
	choices = [];
	fill(box('event-list'), ...families.map(familyElement));
	const first = choices.find(({ event }) => event.type === 'subscription.created') ?? choices[0];
	if (first !== undefined) first.radio.checked = true;
	search();
}

export function startFire() {
	byId('event-search', HTMLInputElement).addEventListener('input', search);
	byId('insert-example', HTMLButtonElement).addEventListener('click', () => void insertExample());
	byId('fire-form', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void fire();
	});
}
