/* global HTMLButtonElement, HTMLFormElement, HTMLInputElement, HTMLSelectElement */

/** @import { FaultList, SwitchRow } from '../wire.ts' */

import { call, reason } from './api.js';
import { box, byId, fill, h, pill, readable, say, setOptions, setText } from './dom.js';

/** @type {Readonly<Record<string, string>>} */
const deliveryFaults = {
	duplicate_delivery: 'A delivery is sent twice.',
	reorder_delivery: 'A delivery is held back until the next one has overtaken it.',
};

/** @type {Map<string, { readonly definition: SwitchRow, readonly select: HTMLSelectElement, readonly mark: HTMLElement }>} */
const shown = new Map();

/**
 * For each list of switches that is on its way, the names that were set since it was asked for, or were being set.
 *
 * @type {Set<Set<string>>}
 */
const lists = new Set();

/**
 * Names that are being set; one that is set twice is here twice.
 *
 * @type {string[]}
 */
const underWay = [];

/** @param {string} name */
function markSwitch(name) {
	const row = shown.get(name);
	if (row === undefined) return;
	const changed = row.select.value !== row.definition.standard;
	fill(row.mark, changed ? pill('warn', 'changed') : null);
}

/** @param {Readonly<Record<string, string>>} changes */
async function set(changes) {
	const names = Object.keys(changes);
	for (const list of lists) for (const name of names) list.add(name);
	underWay.push(...names);
	const problem = await call('POST', '/switches', changes).then(
		() => null,
		(error) => reason(error),
	);
	for (const name of names) underWay.splice(underWay.indexOf(name), 1);
	if (problem !== null) {
		say(problem);
		// What was chosen does not count. Where even that cannot be read, it has just been said why.
		await loadSwitches().catch(() => undefined);
		return;
	}
	for (const name of names) markSwitch(name);
	say('Set.');
}

/** @param {SwitchRow} row */
function switchElement(row) {
	const id = `switch-${row.name}`;
	const select = h(
		'select',
		{
			id,
			'aria-describedby': `${id}-why`,
			change: () => void set({ [row.name]: select.value }),
		},
		row.values.map(({ value, effect }) => h('option', { value }, effect)),
	);
	select.value = row.value;
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
			h('p', { class: 'soft', id: `${id}-why` }, 'Why this default: ', row.because),
			h('p', { class: 'source' }, h('code', {}, row.name), ' ', row.source),
		),
		select,
	);
}

async function loadSwitches() {
	const list = new Set(underWay);
	lists.add(list);
	/** @type {SwitchRow[]} */
	const rows = await call('GET', '/switches').finally(() => lists.delete(list));
	if (shown.size === 0) {
		fill(box('switches'), rows.map(switchElement));
		return;
	}
	for (const row of rows) {
		// The list may be older than what was chosen meanwhile.
		if (list.has(row.name)) continue;
		const known = shown.get(row.name);
		if (known !== undefined) known.select.value = row.value;
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
		setText(box('fault-hint'), text.replace(/ \([^)]*\)/g, ''));
	};
	select.onchange = explain;
	explain();
	fill(
		box('faults'),
		waiting.map(({ kind, left }) => h('li', {}, pill('warn', readable(kind)), ` ${left} to come`)),
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
		say('Fault set. It applies to the next call or delivery that it fits.');
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
		call('DELETE', '/faults')
			.then(() => {
				say('Cleared.');
				return loadFaults();
			})
			.catch((error) => say(reason(error)));
	});
	byId('reset-switches', HTMLButtonElement).addEventListener('click', () => {
		const rows = [...shown.values()];
		for (const { definition, select } of rows) select.value = definition.standard;
		void set(
			Object.fromEntries(rows.map(({ definition }) => [definition.name, definition.standard])),
		);
	});
}
