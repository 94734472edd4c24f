import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import {
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	chromium,
	type Page,
} from 'playwright-core';

import { ensureProgram, programs } from './programs.ts';

/** A real browser for tests and figures. Not part of the index: only who needs a browser loads one. */

/**
 * Starts the browser.
 *
 * @param flags beside those without which it would not run here as in any other place.
 * @throws Error where it is not there and cannot be installed.
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
	return await chromium.launch({
		executablePath: ensureProgram(programs.chromium),
		// The first start on a busy machine reads 300 MB from the disk.
		timeout: 180_000,
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			...flags,
		],
	});
}

/** What counts as a complaint of a page, beside an exception and a dialog. */
export interface TabsSetup {
	/** Whether an error or a warning in the console is one. Each is where absent. */
	readonly isComplaint?: (text: string) => boolean;
	/** What is wrong with a request of a page, or null. Nothing is where absent. */
	readonly judgeRequest?: (url: URL) => string | null;
}

export interface Tabs {
	/** An empty page with these options. It is taken back after the test. */
	readonly tab: (options?: BrowserContextOptions) => Promise<Page>;
	/** The same, kept until the function beside it is called: for a page that several tests look at. */
	readonly lend: (
		options?: BrowserContextOptions,
	) => Promise<readonly [page: Page, takeBack: () => Promise<void>]>;
	/** Fails the present test, as a complaint of its page does. */
	readonly complain: (complaint: string) => void;
}

/**
 * Pages of different origins share one process, and the browser draws in its own. Tests visit a fresh server each, and
 * to start a process for it takes a sixth of their processor time. No page lives long enough to earn back what it takes
 * to optimise its scripts, and axe is new to each: that is another seventh. Figures are measured without these.
 */
const frugal = [
	'--renderer-process-limit=1',
	'--in-process-gpu',
	'--js-flags=--no-opt --no-maglev',
];

/** A context, and the pages of it that no test has. */
interface Pool {
	/** What a tab can be given later is not of the context: its size, its colours, what it may do. */
	readonly context: Promise<BrowserContext>;
	readonly idle: Page[];
}

/**
 * The browser of a test file, and tabs in it. Call it at the top of the file. A test fails where a page of it wrote an
 * error or a warning, threw, or opened a dialog.
 *
 * To make a context and its first page takes the browser a second of processor time, more than most tests do with it.
 * So a tab is given to test after test, emptied in between: what was open, what its origin stored, and how it looked.
 */
export function useTabs({
	isComplaint = () => true,
	judgeRequest = () => null,
}: TabsSetup = {}): Tabs {
	// A page is judged by what it shows, not by how busy the machine is.
	jest.setTimeout(180_000);
	let browser: Browser | null = null;
	const pools = new Map<string, Pool>();
	const borrowed: (() => Promise<void>)[] = [];
	const complaints: string[] = [];

	beforeAll(async () => {
		browser = await launchChromium(frugal);
	}, 300_000);
	afterAll(() => browser?.close());
	afterEach(async () => {
		for (const takeBack of borrowed.splice(0)) await takeBack();
		expect(complaints.splice(0)).toEqual([]);
	});

	const poolOf = ({
		viewport: _viewport,
		colorScheme: _colorScheme,
		permissions: _permissions,
		...options
	}: BrowserContextOptions): Pool => {
		const key = JSON.stringify(options);
		const known = pools.get(key);
		if (known !== undefined) return known;
		if (browser === null) throw new Error('The browser is not there yet.');
		const made = { context: browser.newContext(options), idle: [] };
		pools.set(key, made);
		return made;
	};

	const makePage = async (context: BrowserContext): Promise<Page> => {
		const page = await context.newPage();
		// Generous: on two cores the browser shares its time with other tests.
		page.setDefaultTimeout(60_000);
		page.on('console', (message) => {
			const isWrong = message.type() === 'error' || message.type() === 'warning';
			if (isWrong && isComplaint(message.text())) {
				complaints.push(`${message.type()}: ${message.text()}`);
			}
		});
		page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
		page.on('dialog', (dialog) => {
			complaints.push(`dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		page.on('request', (request) => {
			const wrong = judgeRequest(new URL(request.url()));
			if (wrong !== null) complaints.push(wrong);
		});
		return page;
	};

	const lend: Tabs['lend'] = async (given = {}) => {
		const options = { ...usual, ...given };
		const { context, idle } = poolOf(options);
		const page = idle.pop() ?? (await makePage(await context));
		await page.setViewportSize(options.viewport ?? usual.viewport);
		await page.emulateMedia({ colorScheme: options.colorScheme ?? 'light' });
		if (options.permissions !== undefined) {
			await page.context().grantPermissions(options.permissions);
		}
		return [
			page,
			async () => {
				await empty(page);
				idle.push(page);
			},
		];
	};
	return {
		lend,
		async tab(options) {
			const [page, takeBack] = await lend(options);
			borrowed.push(takeBack);
			return page;
		},
		complain: (complaint) => complaints.push(complaint),
	};
}

const usual = {
	viewport: { width: 1360, height: 900 },
	reducedMotion: 'reduce',
	locale: 'en-GB',
} as const satisfies BrowserContextOptions;

/** Leaves nothing of what a test did in a tab to the next one. */
async function empty(page: Page): Promise<void> {
	// A page that was never opened has no origin, and no storage.
	if (page.url().startsWith('http')) {
		await page.evaluate('localStorage.clear(), sessionStorage.clear()');
	}
	await page.goto('about:blank');
	await page.mouse.move(0, 0);
	await page.unrouteAll();
	await page.context().clearCookies();
	await page.context().clearPermissions();
}

/**
 * Waits until an expression is true in a page. Where a page forbids "eval", as ours do, waitForFunction fails unless it
 * is true at once.
 *
 * @throws Error after a minute.
 */
export async function until(page: Page, expression: string): Promise<void> {
	const deadline = performance.now() + 60_000;
	while (!(await page.evaluate<boolean>(expression))) {
		if (performance.now() > deadline)
			throw new Error(`For a minute this was not so: ${expression}`);
		await wait(20);
	}
}

/** What runs in a page: less than half of what Node would load, of which it needs none. The workspace under test has axe. */
const axeSource = (): string =>
	readFileSync(createRequire(join(process.cwd(), '_')).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of axe that judge colours: all that a dark page does not share with the light one, nor a small with a large. */
const colourRules = ['color-contrast', 'link-in-text-block'];
/** What of axe judges this. */
const judgesOf = {
	everything: {},
	colours: { runOnly: colourRules },
	structure: { rules: Object.fromEntries(colourRules.map((rule) => [rule, { enabled: false }])) },
} as const;

/**
 * What axe finds, in a form that says what to repair.
 *
 * @param what is judged: everything, or the colours alone, or all but them, where the rest was judged before.
 * @param except a selector of what is not.
 */
export async function violations(
	page: Page,
	what: keyof typeof judgesOf = 'everything',
	except: string | null = null,
): Promise<string[]> {
	// Half a megabyte that the page has already is not sent again.
	if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) {
		await page.evaluate(axeSource());
	}
	const options = {
		// Without the details of what is in order, which take longer to collect than to judge.
		resultTypes: ['violations'],
		...judgesOf[what],
	};
	const where = except === null ? 'document' : JSON.stringify({ exclude: [[except]] });
	return await page.evaluate(`axe.run(${where}, ${JSON.stringify(options)}).then(({ violations }) =>
		violations.flatMap(({ id, impact, nodes }) =>
			nodes.map(({ target }) => (impact ?? 'unknown') + ' ' + id + ': ' + target.join(' '))))`);
}

/**
 * Takes screenshots for whoever wants to look at what a person sees. They take a fifth of the time of the tests, so that
 * these take them only where MEMBERPASS_SCREENSHOTS is set.
 *
 * @param folder is made, and told to git as one to ignore.
 */
export function screenshotsIn(
	folder: string,
	isWanted = process.env['MEMBERPASS_SCREENSHOTS'] !== undefined,
): (page: Page, name: string) => Promise<void> {
	return async (page, name) => {
		if (!isWanted) return;
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, '.gitignore'), '*\n');
		await page.screenshot({ path: join(folder, `${name}.png`) });
	};
}

/** Presses Tab until an element has the focus. @throws Error where the keyboard does not reach it. */
export async function tabTo(page: Page, selector: string, most = 40): Promise<void> {
	for (let presses = 0; presses < most; presses++) {
		await page.keyboard.press('Tab');
		if ((await page.locator(`${selector}:focus`).count()) > 0) return;
	}
	throw new Error(`${most} presses of Tab did not reach ${selector}.`);
}

/** How many pixels the page is wider than the window. */
export async function overhang(page: Page): Promise<number> {
	return Number(
		await page.evaluate(
			'document.documentElement.scrollWidth - document.documentElement.clientWidth',
		),
	);
}
