/* global addEventListener, document, location, scrollTo, setTimeout */

/** @import { Account, Change } from '../wire.ts' */

import { loadActions, showAccount, showHidden, startAccount } from './account.js';
import { call, listen, readAccount, reason } from './api.js';
import { showBehaviour, startBehaviour } from './behaviour.js';
import {
	loadDeliveries,
	nameTarget,
	nameTargets,
	showDelivery,
	startDeliveries,
} from './deliveries.js';
import { box, copy, say, setText } from './dom.js';
import { showEndpoints, startEndpoints } from './endpoints.js';
import { loadEvents, showProjectsToFire, startFire } from './fire.js';

const views = ['webhooks', 'account', 'behaviour'];

/** Id of the project whose rows are shown; empty for the first. */
let project = '';

/** @param {Account} account */
function show(account) {
	const base = location.origin + account.apiPath;
	setText(box('base-url'), base);
	setText(box('token'), account.token);
	setText(box('curl'), `curl -s ${base}/projects -H 'Authorization: Bearer ${account.token}'`);
	box('time-bar').hidden = account.time !== 'virtual';
	setText(box('now'), new Date(account.now).toLocaleString());
	nameTargets(account);
	showProjectsToFire(account);
	showEndpoints(account);
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
	if (change.kind === 'endpoint') nameTarget(change.endpoint);
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
	look();
	Promise.all([loadDeliveries(), loadEvents(), loadActions()]).catch((error) => say(reason(error)));
}

/** Asks again for what is in view. */
function look() {
	reload();
	if (box('view-behaviour').hidden) return;
	void showBehaviour().catch((error) => say(reason(error)));
}

/** @param {boolean} byPerson */
function showView(byPerson) {
	const wanted = location.hash.slice(1);
	// The skip link points at the main part, which is no view.
	if (byPerson && wanted === 'main') return;
	const name = views.includes(wanted) ? wanted : 'webhooks';
	for (const view of views) box(`view-${view}`).hidden = view !== name;
	for (const link of document.querySelectorAll('nav a')) {
		if (link.getAttribute('href') === `#${name}`) link.setAttribute('aria-current', 'page');
		else link.removeAttribute('aria-current');
	}
	document.title = `${box(`view-${name}`).dataset['title']} · MemberPass sandbox`;
	if (name === 'account') showHidden();
	look();
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
				say(`It is now ${new Date(now).toLocaleString()}.`);
			},
			(error) => say(reason(error)),
		);
	});
}

addEventListener('hashchange', () => showView(true));
// Calls of the API change rows and use up faults without an event; whoever comes back to the page sees it.
addEventListener('focus', look);
startFire();
startAccount((id) => {
	project = id;
	reload();
});
startDeliveries();
startEndpoints();
startBehaviour();
showView(false);
listen(hear, showLine);
