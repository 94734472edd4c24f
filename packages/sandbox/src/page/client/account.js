/* global HTMLButtonElement, HTMLElement, HTMLFormElement, HTMLSelectElement */

/** @import { Account, Shortened, SubscriptionRow } from '../wire.ts' */
/** @import { Child } from './dom.js' */

import { call, reason } from './api.js';
import {
	box,
	byId,
	fill,
	h,
	listed,
	moment,
	readable,
	say,
	setOptions,
	setText,
	statusPill,
} from './dom.js';

/**
 * @template T
 * @typedef {readonly [heading: string, cell: (row: T) => Child | Child[]]} Column
 */

/**
 * A table of the account, and the tile that leads to it.
 *
 * @typedef {object} Section
 * @property {string} id
 * @property {string} title
 * @property {number} total
 * @property {() => HTMLElement} draw The table.
 */

/**
 * @template T
 * @param {string} id
 * @param {string} title
 * @param {Shortened<T>} list
 * @param {readonly Column<T>[]} columns
 * @returns {Section}
 */
function section(id, title, list, columns) {
	const shortened = list.total > list.rows.length;
	const draw = () =>
		h(
			'section',
			{ class: 'card', id, 'aria-labelledby': `${id}-title` },
			h(
				'div',
				{ class: 'card-head' },
				h(
					'h3',
					{ id: `${id}-title`, tabindex: '-1' },
					title,
					' ',
					h('span', { class: 'count' }, list.total),
				),
				shortened && h('p', { class: 'hint' }, `The newest ${list.rows.length} are shown.`),
			),
			list.total === 0
				? h('p', { class: 'empty' }, 'None.')
				: h(
						'div',
						{
							class: 'scroll',
							tabindex: '0',
							role: 'group',
							'aria-label': `${title}, table`,
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
	return { id, title, total: list.total, draw };
}

/** @param {{ readonly id: string }} row */
const idCell = (row) => h('code', {}, row.id);

/** @param {string | null} text */
const orDash = (text) => text ?? h('span', { class: 'soft' }, '–');

/** @param {Account} account */
const sectionsOf = (account) => [
	section('plans', 'Plans', account.plans, [
		['Name', (row) => h('strong', {}, row.name)],
		['Price', (row) => `${row.price}, ${row.cycle}`],
		['Trial', (row) => (row.trialDays === 0 ? orDash(null) : `${row.trialDays} days`)],
		['Status', (row) => statusPill(row.active ? 'published' : 'draft')],
		['ID', idCell],
	]),
	section('members', 'Members', account.members, [
		['Name', (row) => h('strong', {}, orDash(row.name))],
		['Status', (row) => statusPill(row.status)],
		['Email', (row) => orDash(row.email)],
		['Telegram ID', (row) => orDash(row.telegramId)],
		['Joined', (row) => moment(row.joinedAt)],
		['ID', idCell],
	]),
	section('subscriptions', 'Subscriptions', account.subscriptions, [
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
	section('codes', 'Access codes', account.accessCodes, [
		['Code', (row) => h('code', {}, row.code)],
		['Plan', (row) => row.plan],
		['Status', (row) => statusPill(row.status)],
		['Expires', (row) => moment(row.expiresAt)],
		['ID', idCell],
	]),
	section('payments', 'Payments', account.payments, [
		['Amount', (row) => h('strong', {}, row.amount)],
		['Plan', (row) => row.plan],
		['Status', (row) => statusPill(row.status)],
		['Provider', (row) => row.provider],
		['When', (row) => moment(row.at)],
		['ID', idCell],
	]),
	section('resources', 'Resources', account.resources, [
		['Title', (row) => h('strong', {}, row.title)],
		['Type', (row) => row.type],
		['Status', (row) => statusPill(row.active ? 'active' : 'archived')],
		['ID', idCell],
	]),
	section('projects', 'Projects', account.projects, [
		['Name', (row) => h('strong', {}, row.name)],
		['Handle', (row) => row.handle],
		['Team', (row) => row.team],
		['Status', (row) => statusPill(row.active ? 'active' : 'archived')],
		['ID', idCell],
	]),
	section('people', 'Team members', account.teamMembers, [
		['Name', (row) => h('strong', {}, row.name)],
		['Email', (row) => row.email],
		['Team', (row) => row.team],
		['Role', (row) => row.role],
		['ID', idCell],
	]),
	section('tokens', 'Tokens', account.tokens, [
		['Name', (row) => h('strong', {}, row.name)],
		['Team', (row) => row.team],
		['Projects', (row) => (row.projects.length === 0 ? 'all' : row.projects.join(', '))],
		['Abilities', (row) => row.abilities],
		['Last used', (row) => moment(row.lastUsedAt)],
		['Expires', (row) => moment(row.expiresAt)],
		['ID', idCell],
	]),
];

/** What the tables held last time they were drawn; drawing them again would lose the reader's place. */
let drawn = '';

/**
 * Draws the tables where somebody sees them: nine of them with every event that is fired would be work for nobody.
 *
 * @param {Account} account
 * @param {readonly Section[]} sections
 */
function showTables(account, sections) {
	if (box('view-account').hidden) return;
	const content = JSON.stringify({ ...account, now: '', endpoints: [] });
	if (content === drawn) return;
	drawn = content;
	const tables = box('tables');
	const focused = tables.querySelector(':focus')?.getAttribute('data-table');
	fill(
		tables,
		sections.map(({ draw }) => draw()),
	);
	for (const area of tables.querySelectorAll('.scroll')) {
		if (area instanceof HTMLElement && area.dataset['table'] === focused) area.focus();
	}
}

/** @param {readonly Section[]} sections */
function showTiles(sections) {
	const list = box('tiles');
	if (list.children.length === 0) {
		fill(
			list,
			sections.map(({ id, title }) =>
				h(
					'li',
					{},
					h(
						'button',
						{
							type: 'button',
							class: 'tile',
							click: () => {
								const heading = box(`${id}-title`);
								heading.scrollIntoView({ block: 'start' });
								heading.focus({ preventScroll: true });
							},
						},
						h('span', { class: 'tile-number', id: `tile-${id}` }),
						h('span', {}, title),
					),
				),
			),
		);
	}
	for (const { id, total } of sections) setText(box(`tile-${id}`), total.toLocaleString());
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

/**
 * What is refused anyway is not offered.
 *
 * @param {string} name Of the action.
 * @param {SubscriptionRow} row
 */
function mayHappen(name, { status, endsAt }) {
	switch (name) {
		case 'convert_trial':
			return status === 'trialing';
		case 'renew':
			return !['trialing', 'canceled', 'expired'].includes(status) && endsAt !== null;
		case 'fail_payment':
			return !['canceled', 'expired'].includes(status) && endsAt !== null;
		case 'end_period':
			return status !== 'expired' && endsAt !== null;
		default:
			return status !== 'expired';
	}
}

/** @param {Account} account @returns {[string, string][]} */
function targetRows(account) {
	const name = chosenAction();
	switch (targetOf(name)[0]) {
		case 'plan_id':
			return account.plans.rows
				.filter((row) => row.active)
				.map((row) => [row.id, listed(row.name, row.price)]);
		case 'access_code_id':
			return account.accessCodes.rows
				.filter((row) => row.status === 'open')
				.map((row) => [row.id, listed(row.code, row.plan)]);
		default:
			return account.subscriptions.rows
				.filter((row) => mayHappen(name, row))
				.map((row) => [row.id, listed(row.member, row.plan, row.status.replaceAll('_', ' '))]);
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
		rows.length === 0 ? [['', 'Nothing to choose from']] : rows,
	);
	byId('act-button', HTMLButtonElement).disabled = rows.length === 0;
	setText(
		box('act-hint'),
		`${meanings[name]?.replace(/ \(.*$/, '.').replace('..', '.') ?? ''} All of its events are sent.`,
	);
}

async function act() {
	const name = chosenAction();
	const target = byId('act-target', HTMLSelectElement).value;
	const problem = box('act-problem');
	setText(problem, '');
	try {
		await call('POST', '/actions', { action: name, [targetOf(name)[0]]: target });
		say('Done.');
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
			listed(`${row.name} (${row.team})`, ...(row.active ? [] : ['archived'])),
		]),
	);
	if (account.project !== null) select.value = account.project;
	const sections = sectionsOf(account);
	showTiles(sections);
	showTables(account, sections);
	showTargets();
}

/** Draws what came while another view was open. */
export function showHidden() {
	if (latest !== null) showTables(latest, sectionsOf(latest));
}

/** Asks for what subscribers can do. */
export async function loadActions() {
	meanings = await call('GET', '/actions');
	setOptions(
		byId('act-action', HTMLSelectElement),
		Object.keys(meanings)
			.filter((name) => Object.hasOwn(targets, name))
			.map((name) => [name, readable(name)]),
	);
	showTargets();
}

/** @param {(project: string) => void} reload */
export function startAccount(reload) {
	const project = byId('account-project', HTMLSelectElement);
	project.addEventListener('change', () => reload(project.value));
	byId('act-action', HTMLSelectElement).addEventListener('change', showTargets);
	byId('act-form', HTMLFormElement).addEventListener('submit', (event) => {
		event.preventDefault();
		void act();
	});
}
