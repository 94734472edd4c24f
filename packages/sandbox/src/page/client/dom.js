/* global clearTimeout, document, navigator, getSelection, setTimeout, HTMLElement */

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
	if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`);
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

/**
 * One text of several. After a name in Arabic or Hebrew the mark has the next part read from left to right again; a
 * price would stand in the middle of the name otherwise.
 *
 * @param {...string} parts
 */
export const listed = (...parts) => parts.join('\u200e, ');

/**
 * "Fail payment" for `fail_payment`.
 *
 * @param {string} name
 */
export function readable(name) {
	const words = name.replaceAll('_', ' ').replace(/^html$/, 'HTML');
	return words.charAt(0).toUpperCase() + words.slice(1);
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
		box('announcer').textContent = more > 0 ? `${last} And ${more + 1} more.` : saying.join(' ');
		saying = [];
	}, 300);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let noteEnds;

/**
 * Tells everybody what came of what they did, where nothing else on the page shows it.
 *
 * @param {string} text
 */
export function say(text) {
	announce(text);
	setText(box('note'), text);
	clearTimeout(noteEnds);
	noteEnds = setTimeout(() => setText(box('note'), ''), 8_000);
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
	successful: 'good',
	open: 'good',
	published: 'good',
	trialing: 'wait',
	lead: 'wait',
	past_due: 'warn',
	paused: 'warn',
	refunded: 'warn',
	canceled: 'plain',
	archived: 'plain',
	redeemed: 'plain',
	churned: 'plain',
	draft: 'plain',
	expired: 'plain',
	failed: 'bad',
	banned: 'bad',
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
	/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A longer text is shown as it came: the spans of a megabyte are more than a browser takes at once. */
const mostColoured = 50_000;

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
 * Every value stays as it was spelt. Parsed and written again, a number of twenty digits would be another one.
 *
 * @param {string} text
 * @returns {string | null} Null where it is no JSON, or too long.
 */
function indented(text) {
	if (text.length > mostColoured) return null;
	try {
		JSON.parse(text);
	} catch {
		return null;
	}
	let line = '\n';
	return text.replace(
		/"(?:\\.|[^"\\])*"|([[{])\s*([\]}])|[[{\]},:]|\s+/g,
		(part, /** @type {string | undefined} */ opening, /** @type {string} */ closing) => {
			if (opening !== undefined) return opening + closing;
			switch (part) {
				case '[':
				case '{':
					line += '  ';
					return part + line;
				case ']':
				case '}':
					line = line.slice(0, -2);
					return line + part;
				case ',':
					return part + line;
				case ':':
					return ': ';
				default:
					return part.trim();
			}
		},
	);
}

/**
 * @param {string} text
 * @param {Element} near Its text is marked where the browser gives no clipboard (plain http from another machine).
 */
export async function copy(text, near) {
	try {
		await navigator.clipboard.writeText(text);
		say('Copied.');
	} catch {
		getSelection()?.selectAllChildren(near);
		say('Selected. Press Ctrl+C to copy.');
	}
}
