import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { eventByType, events, operations } from '@memberpass/catalogue';
import { expectedCounts } from '@memberpass/testing';

import type { BlueprintModule } from '../src/blueprint.ts';
import { validateFile } from '../src/validate.ts';
import {
	everyModule,
	fileOf,
	indexEntries,
	packageRoot,
	readBlueprint,
	readClipboard,
	requestEntries,
} from './support.ts';

const filesIn = (folder: string): readonly string[] =>
	readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
		.map((name) => posix.join(folder, name.replaceAll('\\', '/')))
		.filter((name) => name.endsWith('.json'))
		.sort();

const blueprints = filesIn('blueprints');
const clipboards = filesIn('clipboard');
const recipes = filesIn('recipes');
const index = indexEntries();
/** Without the recipes, whose descriptions are lists of steps. */
const templates = index.filter(({ kind }) => kind !== 'recipe');

const text = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

/** What a module asks of the token: its request, or the event that is let pass in front of it. */
function abilitiesOf({ module, mapper, filter }: BlueprintModule): readonly string[] {
	if (module === 'gateway:CustomWebHook') return ['webhook-endpoint:manage'];
	const [, type = ''] = /^Only (\S+)$/.exec(filter?.name ?? '') ?? [];
	const event = eventByType(type);
	if (event !== undefined) return [event.ability];
	if (module !== 'http:MakeRequest') return [];
	const { method, url } = mapper as { readonly method: string; readonly url: string };
	const [path] = url.replaceAll(/\{\{.*?\}\}/g, '{}').split('?');
	const operation = operations.find(
		(one) =>
			one.method === method.toUpperCase() &&
			`https://api.memberpass.net/v1${one.path.replaceAll(/\{\w+\}/g, '{}')}` === path,
	);
	if (operation === undefined) throw new Error(`No operation is at ${url}.`);
	return operation.ability === null ? [] : [operation.ability];
}

describe('the files of this package', () => {
	it.each([...blueprints, ...clipboards, ...recipes])('%s keeps every rule', (path) => {
		expect(validateFile(JSON.parse(text(path)))).toEqual([]);
	});

	it('are one set-up, two for each event, one blueprint and one copy for each action and search, and recipes', () => {
		const counts: Record<string, number> = {};
		for (const { kind } of index) counts[kind] = (counts[kind] ?? 0) + 1;
		expect(counts).toEqual({
			'set-up': 1,
			'event, verified': expectedCounts.events,
			'event, light': expectedCounts.events,
			action: expectedCounts.actions,
			search: expectedCounts.searches,
			// Seven, two of them in two parts.
			recipe: 9,
		});
		expect(clipboards).toHaveLength(expectedCounts.actions + expectedCounts.searches);
	});

	it('are all in the index, once, with the modules they use', () => {
		expect(index.map((entry) => entry.blueprint).sort()).toEqual(
			[...blueprints, ...recipes].sort(),
		);
		const copies = index.flatMap(({ clipboard }) => (clipboard === null ? [] : [clipboard]));
		expect(copies.sort()).toEqual(clipboards);
		for (const entry of index) {
			const { flow } = readBlueprint(entry.blueprint);
			const used = new Set(everyModule(flow).map(({ module }) => module));
			expect([entry.key, entry.modules]).toEqual([entry.key, [...used].sort()]);
			// Where nothing branches, each module is one.
			const isStraight = flow.every(({ routes }) => routes === undefined);
			if (isStraight) expect([entry.key, entry.operations]).toEqual([entry.key, flow.length]);
		}
	});

	it.each(
		index
			.filter(({ kind }) => ['action', 'search', 'recipe'].includes(kind))
			.map(({ blueprint }) => blueprint),
	)('%s says in its description what to do after the import', (path) => {
		// Its error handler, Break, keeps nothing without.
		expect(readBlueprint(path).description).toMatch(
			/ After import(?: or paste)?: .+"Store incomplete executions"/,
		);
	});

	it.each(events.map((event) => [event.type, event] as const))(
		'of %s say how to connect each of the two, what to map, and what the event does not do',
		(type, { caveats }) => {
			const words = (kind: string): string =>
				readBlueprint(`blueprints/events/${type}.${kind}.json`).description;
			expect(words('verified')).toMatch(
				/create a webhook with "Get request headers" and "JSON pass-through" switched on, .+ \(the set-up blueprint does that\)\. .*\("Paste the signing secret"\): enter the signing secret as "secret"\. Until that is done, nothing passes\. /,
			);
			expect(words('light')).toMatch(
				/ Does NOT check the signature or the age: whoever learns the address .+ create a webhook with "JSON pass-through" switched off, .+ \(the set-up blueprint does that\)\. /,
			);
			for (const kind of ['verified', 'light']) {
				expect(words(kind)).toMatch(/ Map the fields of module \d+ \("[^"]+: fields"\), /);
				expect(words(kind)).toContain(' The same event can arrive twice, with the same event_id.');
				for (const { text: caveat } of caveats) expect(words(kind)).toContain(caveat);
			}
			const isLate =
				'a delivery that waits in Make for more than 5 minutes is refused as too old, and is not sent again.';
			expect([words('verified').includes(isLate), words('light').includes(isLate)]).toEqual([
				true,
				false,
			]);
		},
	);

	it.each(requestEntries.map((entry) => [entry.key, entry] as const))(
		'of %s say which keychain it takes, what to fill in, where the answer is, and what to know',
		(_, entry) => {
			const { caveats, match, output } = entry;
			const { description, flow } = readBlueprint(fileOf(entry));
			expect(description).toContain(
				': choose the API key keychain of your MemberPass token, or create it (Key: the word Bearer, a space and the token; placement: In the header; parameter name: Authorization). ',
			);
			const isFilledIn = flow.some(({ metadata }) =>
				metadata.designer.name?.startsWith('Fill in: '),
			);
			const fill =
				': replace the placeholders( \\(map an ID from an event or a Find template\\))?\\. Optional ones can be left as they are or emptied: they are then not sent\\. ';
			expect(new RegExp(fill).test(description)).toBe(isFilledIn);
			const answer = {
				nothing: null,
				one: ' The answer is in data.data of module ',
				many: ' gives one bundle for each row. ',
			}[output.shape];
			if (answer !== null) expect(description).toContain(answer);
			const further = {
				pages: 'add Flow Control › Repeater in front',
				cursor: 'To read the next one, fill in "cursor".',
				limit: null,
				none: null,
			}[output.paging];
			if (match !== null) expect(description).toContain('Only rows that match are passed on');
			if (further !== null) expect(description).toContain(further);
			for (const caveat of caveats) expect(description).toContain(caveat);
		},
	);

	it('that sets a webhook up says where to put the secret, and to delete what shows it', () => {
		const { description, flow } = readBlueprint('blueprints/set-up.json');
		expect(description).toMatch(
			/open the output of module \d+ \("Copy the signing secret now"\), and paste the secret into the module "Paste the signing secret" .+ Then delete this scenario and its run history: they contain the secret\. /,
		);
		expect(flow.at(-1)?.metadata.designer.name).toBe('Copy the signing secret now');
	});

	it('say to switch on what waits for an event or a time', () => {
		const waiting = index.filter(({ kind }) => kind === 'recipe' || kind.startsWith('event'));
		expect(
			waiting.filter(
				({ blueprint }) => !/switch the scenario on\b/.test(readBlueprint(blueprint).description),
			),
		).toEqual([]);
	});

	it('say that a delivery must not wait, where its age is judged: Make judges it when the scenario runs', () => {
		const judging = index.filter(({ modules }) => modules.includes('gateway:CustomWebHook'));
		const silent = judging.filter(({ blueprint }) => {
			const { description, flow } = readBlueprint(blueprint);
			const judges = JSON.stringify(flow).includes('{{timestamp');
			const warns = /"Immediately as data arrives" and "Sequential processing" off/.test(
				description,
			);
			return judges !== warns;
		});
		expect(judging.length).toBeGreaterThan(0);
		expect(silent).toEqual([]);
	});

	it('name each module they speak of by its caption too, because a paste gives it another number', () => {
		for (const { blueprint } of templates) {
			const { description, flow } = readBlueprint(blueprint);
			const captions = new Map(flow.map((one) => [one.id, one.metadata.designer.name]));
			const spoken = [...description.matchAll(/\b[Mm]odule (\d+)(?: \("([^"]+)"\))?/g)];
			expect(spoken.length).toBeGreaterThan(0);
			for (const [, id, caption] of spoken) {
				expect([blueprint, id, caption]).toEqual([blueprint, id, captions.get(Number(id))]);
			}
		}
	});

	it('name what the token has to have in the description', () => {
		for (const { blueprint, abilities } of templates) {
			const { description } = readBlueprint(blueprint);
			const named = abilities.filter((ability) => description.includes(ability));
			expect([blueprint, named]).toEqual([blueprint, abilities]);
		}
	});

	it('name in the index what their requests and their events ask of the token, and nothing else', () => {
		/** Where MemberPass's own pages disagree, both are named. */
		const also: Readonly<Record<string, string>> = {
			preview_access_codes: 'project-access-code:view-any',
			list_transactions: 'dashboard:read',
			'team.member.invited': 'team-member:invite',
			'team.member.joined': 'team-member:invite',
			'team.member.removed': 'team-member:invite',
			'team.member.role_changed': 'team-member:invite',
			'audit-trail': 'team-member:invite',
		};
		for (const { blueprint, abilities, key } of index) {
			const asked = everyModule(readBlueprint(blueprint).flow).flatMap(abilitiesOf);
			const needed = new Set([...asked, ...(also[key] === undefined ? [] : [also[key]])]);
			expect([key, abilities.toSorted()]).toEqual([key, [...needed].sort()]);
		}
	});

	it('hold the same modules for import and for paste', () => {
		for (const { blueprint, clipboard } of index) {
			if (clipboard === null) continue;
			const [part] = readClipboard(clipboard).subflows;
			expect([clipboard, part?.flow]).toEqual([clipboard, readBlueprint(blueprint).flow]);
		}
	});

	it.each(clipboards)(
		'%s keeps every rule behind a webhook, where an error needs a handler',
		(path) => {
			const [part] = readClipboard(path).subflows;
			if (part === undefined) throw new Error('There is nothing to paste.');
			const event = readBlueprint('blueprints/events/plan.created.light.json');
			const flow = [{ ...event.flow[0], id: 900 }, ...part.flow];
			expect(validateFile({ ...event, flow })).toEqual([]);
		},
	);

	it('name no host but the API', () => {
		for (const path of [...blueprints, ...clipboards]) {
			const hosts = [...text(path).matchAll(/https?:\/\/[^/\s"\\{]+/g)].map(([host]) => host);
			expect([
				path,
				[...new Set(hosts)].filter((host) => host !== 'https://api.memberpass.net'),
			]).toEqual([path, []]);
		}
	});

	it('have names that Make takes, each of its own', () => {
		const names = index.map(({ blueprint }) => readBlueprint(blueprint).name);
		expect(new Set(names).size).toBe(names.length);
		expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(120);
	});

	it('show no module on top of another', () => {
		for (const path of [...blueprints, ...recipes]) {
			const places = everyModule(readBlueprint(path).flow).map(
				({ metadata: { designer } }) => `${designer.x},${designer.y}`,
			);
			expect([path, places.filter((place, at) => places.indexOf(place) !== at)]).toEqual([
				path,
				[],
			]);
		}
	});

	it('are small enough to be pasted: less than 30 KB', () => {
		for (const path of [...blueprints, ...clipboards]) {
			expect([path, text(path).length < 30_000]).toEqual([path, true]);
		}
	});
});

describe.each(['README.md', 'INDEX.md'])('%s', (path) => {
	it('links to nothing that is not there', () => {
		const links = [...text(path).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
			([, link = '']) => link,
		);
		const own = links.filter((link) => !/^https?:/.test(link));
		expect(own.length).toBeGreaterThan(0);
		expect(own.filter((link) => !existsSync(join(packageRoot, link)))).toEqual([]);
	});
});

it('README.md says what no file can hold: the keychain, and what to switch on', () => {
	const words = text('README.md').replace(/\s+/g, ' ');
	for (const said of [
		'**Key**: `Bearer`, a space, and your token.',
		'**API key placement**: In the header.',
		'**API key parameter name**: `Authorization`.',
		'switch on **Get request headers** and **JSON pass-through**',
		'| **Store incomplete executions**: on |',
		'| **Sequential processing**: off, with a signature-checked template |',
		'with the schedule **Immediately as data arrives**',
		'**The comparison is not constant-time.**',
		'**The secret is in a variable step**',
	]) {
		expect(words).toContain(said);
	}
});
