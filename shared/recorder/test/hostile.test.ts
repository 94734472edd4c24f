import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import type { Sandbox } from '../../../packages/sandbox/src/index.ts';
import { type LocalServer, serve } from '../../testing/src/local-server.ts';
import { realTime } from '../src/client.ts';
import { runDrift } from '../src/drift-run.ts';
import type { RecordOptions } from '../src/options.ts';
import { record } from '../src/record.ts';
import { contentOf, optionsFor, repoRoot, run, sandboxWith, newFolder, tidyUp } from './support.ts';

const servers: LocalServer[] = [];

afterEach(async () => {
	await tidyUp();
	for (const server of servers.splice(0)) await server.close();
});

/** A host that answers what it likes; its origin. */
async function host(answer: RequestListener): Promise<string> {
	const server = await serve(answer);
	servers.push(server);
	return server.origin;
}

/** Answers without end, a megabyte at a time, and counts them. */
function endless(): { readonly answer: (response: ServerResponse) => void; sent: number } {
	const piece = Buffer.alloc(1024 * 1024, ' ');
	const flood = {
		sent: 0,
		answer: (response: ServerResponse): void => {
			response.writeHead(200, { 'content-type': 'application/json' });
			const more = (): void => {
				while (!response.destroyed && response.write(piece)) flood.sent++;
				flood.sent++;
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		},
	};
	return flood;
}

/** Answers reads with what a sandbox answers, under a content type of its own. */
const inFrontOf =
	(sandbox: Sandbox, type: string): RequestListener =>
	({ url = '', headers: { authorization = '' } }, response) => {
		void fetch(sandbox.url + url, { headers: { authorization } }).then(async (answer) => {
			response.writeHead(answer.status, { 'content-type': type });
			response.end(await answer.text());
		});
	};

const json =
	(status: number, body: (token: string) => unknown): RequestListener =>
	({ headers }, response) => {
		const token = (headers.authorization ?? '').slice('Bearer '.length);
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end(JSON.stringify(body(token)));
	};

/** Everything a recording said and wrote, and how it ended. */
async function recording(origin: string, change: Partial<RecordOptions> = {}) {
	const folder = newFolder();
	const said: string[] = [];
	const say = (text: string): void => {
		said.push(text);
	};
	const sandbox = await sandboxWith();
	const options: RecordOptions = {
		...optionsFor(sandbox, join(folder, 'fixtures')),
		origin,
		token,
		report: join(folder, 'report.json'),
		...change,
	};
	try {
		await record(options, {
			print: say,
			note: say,
			signal: new AbortController().signal,
			time: realTime,
			platform,
			repoRoot,
		});
	} catch (error) {
		say(String(error));
	}
	return { said: said.join('\n'), files: contentOf(folder) };
}

/** No form that a scan for tokens would know. */
const token = 'my+own/token.9f8e7d6c5b4a"\\';

const formsOf = (text: string): readonly string[] => [
	text,
	JSON.stringify(text).slice(1, -1),
	encodeURIComponent(text),
	Buffer.from(text).toString('hex'),
	Buffer.from(text).toString('base64url'),
];

describe('a host that says the token back', () => {
	const echoes: readonly (readonly [string, RequestListener])[] = [
		['as it refuses it', json(401, (one) => ({ error: { code: 'X', message: `No ${one}.` } }))],
		['in what it finds wrong', json(422, (one) => ({ error: { code: one, message: one } }))],
		[
			'as an ability',
			json(403, (one) => ({
				error: {
					code: 'TOKEN_MISSING_ABILITY',
					message: 'No.',
					context: { required_ability: one },
				},
			})),
		],
		[
			'in other forms, as it refuses it',
			json(401, (one) => ({ error: { code: 'X', message: `No ${formsOf(one).join(' ')}.` } })),
		],
		[
			'in other forms, in rows and keys',
			json(200, (one) => ({
				data: formsOf(one).map((form) => ({ id: form, status: form, [form]: 1 })),
				meta: { total: 1, ...Object.fromEntries(formsOf(one).map((form) => [form, form])) },
			})),
		],
		[
			'in rows and keys',
			json(200, (one) => ({
				data: [{ id: one, name: one, [one]: 1 }],
				meta: { total: 1, [one]: one },
			})),
		],
	];

	it.each(echoes)('%s, is not repeated in what the recorder says or writes', async (_, answer) => {
		const { said, files } = await recording(await host(answer));
		const all = said + JSON.stringify(files);
		expect(said).not.toBe('');
		for (const form of [...formsOf(token), token.slice(0, -2)]) {
			expect(all).not.toContain(form);
		}
	});
});

it('a host that says the secret of an endpoint back is not repeated either', async () => {
	// No form that a scan for secrets would know.
	const secret = 'our.very+own/secret';
	const rotated = 'the.next+one/of-ours';
	const answers: Readonly<Record<string, RequestListener>> = {
		'GET /v1/teams': json(200, () => ({ data: [], meta: { total: 0 } })),
		'POST /v1/webhook-endpoints': json(201, () => ({ data: { id: 'whe_1' }, secret })),
		'POST /v1/webhook-endpoints/whe_1/rotate-secret': json(200, () => ({
			data: { id: 'whe_1', secret: rotated },
		})),
		'POST /v1/webhook-subscriptions': json(422, () => ({
			error: { code: 'X', message: `Not ${secret}, nor ${rotated}.` },
		})),
	};
	const nothing = json(404, () => ({ error: { code: 'RESOURCE_NOT_FOUND', message: 'No.' } }));
	const origin = await host((request, response) => {
		const [path = ''] = (request.url ?? '').split('?');
		(answers[`${request.method ?? ''} ${path}`] ?? nothing)(request, response);
	});
	const { said, files } = await recording(origin, {
		tunnel: new URL('http://127.0.0.1:0'),
		waitMs: 1,
	});
	expect(said).toMatch(/The webhook endpoint could not be made: Not .+\./);
	for (const one of [secret, rotated]) {
		expect(said + JSON.stringify(files)).not.toContain(one);
	}
});

describe('the version of a host', () => {
	const description = (version: unknown) => json(200, () => ({ info: { version } }));
	it.each<[string, RequestListener, string]>([
		['is read of its description', description('2027-01-01'), '2027-01-01'],
		['is no sentence, which may be about anybody', description('of Jane Doe'), 'unknown'],
		['is no address', description('jane@gmail.com'), 'unknown'],
		['is no number', description(3), 'unknown'],
		[
			'is not asked of whoever it sends on to',
			(request, response) => {
				if (request.url === '/elsewhere') description('2027-01-01')(request, response);
				else response.writeHead(302, { location: '/elsewhere' }).end();
			},
			'unknown',
		],
	])('%s', async (_, answer, version) => {
		const nothing = json(404, () => ({ error: { code: 'RESOURCE_NOT_FOUND', message: 'No.' } }));
		const noTeams = json(200, () => ({ data: [], meta: { total: 0 } }));
		const origin = await host((request, response) => {
			const path = (request.url ?? '').split('?')[0];
			if (path === '/v1/teams') noTeams(request, response);
			else if (path === '/openapi.json' || path === '/elsewhere') answer(request, response);
			else nothing(request, response);
		});
		const { said } = await recording(origin, { dryRun: true });
		expect(said).toContain(`; API version ${version}.`);
	});
});

describe('a recording that is good for nothing fails', () => {
	it('after four calls in a row that failed, and asks no more', async () => {
		let asked = 0;
		const origin = await host((_request, response) => {
			asked++;
			response.end('Welcome!');
		});
		const { said, files } = await recording(origin, { rate: 1_000 });
		expect(said).toContain('4 calls in a row failed, the last one with: ');
		expect([asked, files]).toEqual([4, {}]);
	});

	it('where every call is sent elsewhere', async () => {
		const origin = await host((_request, response) => {
			response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
		});
		const { said, files } = await recording(origin);
		expect(said).toContain('Not one call was answered');
		expect(files).toEqual({});
	});

	it('before it asks anything, where what it finds cannot be written', async () => {
		const sandbox = await sandboxWith();
		const folder = newFolder();
		const notes: string[] = [];
		const start = (change: Partial<RecordOptions>) =>
			run(optionsFor(sandbox, join(folder, 'fixtures'), change), undefined, (text) =>
				notes.push(text),
			);
		mkdirSync(join(folder, 'taken'));
		writeFileSync(join(folder, 'file'), '');
		await expect(start({ report: join(folder, 'nowhere/report.json') })).rejects.toThrow(
			`--report: there is no folder ${join(folder, 'nowhere')}.`,
		);
		await expect(start({ report: join(folder, 'taken') })).rejects.toThrow(
			`--report: ${join(folder, 'taken')} is a folder.`,
		);
		await expect(start({ out: join(folder, 'file') })).rejects.toThrow(
			`--out: ${join(folder, 'file')} is no folder.`,
		);
		await expect(start({ out: join(folder, 'file/below') })).rejects.toThrow(
			`--out: ${join(folder, 'file')} is no folder.`,
		);
		// Where nobody can write, on Linux.
		if (existsSync('/sys')) {
			for (const change of [{ out: '/sys/fixtures' }, { report: '/sys/report.json' }]) {
				await expect(start(change)).rejects.toThrow(
					/: nothing can be written in \/sys \(E\w+\)\.$/,
				);
			}
		}
		expect(notes).toEqual([]);
		expect(contentOf(folder)).toEqual({ file: '' });
		expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
	});

	it('where what it found cannot be written, and the old fixtures stay', async () => {
		const sandbox = await sandboxWith();
		const folder = newFolder();
		const [out, report] = [join(folder, 'fixtures'), join(folder, 'report.json')];
		// Once everything is known, somebody makes a folder of the report.
		const recorded = run(optionsFor(sandbox, out, { report }), undefined, (text) => {
			if (text.includes('wrong token: 401')) mkdirSync(join(report, 'x'), { recursive: true });
		});
		await expect(recorded).rejects.toThrow(
			/^What was recorded could not be written to \S+fixtures or \S+report\.json: E\w+: .+\. Make room, or name another place, and record again\.$/,
		);
		expect(contentOf(folder)).toEqual({});
	});

	it('where the user stops it after the last answer', async () => {
		const sandbox = await sandboxWith();
		const folder = newFolder();
		const stop = new AbortController();
		const recorded = run(optionsFor(sandbox, join(folder, 'fixtures')), stop.signal, (text) => {
			if (text.includes('wrong token: 401')) stop.abort();
		});
		await expect(recorded).rejects.toThrow('Interrupted.');
		expect(existsSync(join(folder, 'fixtures'))).toBe(false);
	});
});

it('a private value where no scrubbing looks for one keeps everything from being written', async () => {
	const sandbox = await sandboxWith({}, false);
	const { members, projects } = sandbox.state;
	// Of the first project that has members in the order of the list: the newest first.
	const member = [...members.values()].find(
		(row) => projects.get(row.project_id)?.handle === 'cafe-uber-klub',
	);
	const origin = await host(inFrontOf(sandbox, `application/json; v=${member?.chat_id ?? ''}`));
	const { said, files } = await recording(origin, { token: sandbox.token });
	expect(said).toMatch(/Nothing was written: .*\n {2}fixtures\/\S+:1 a private value as it came/);
	expect(files).toEqual({});
}, 20_000);

it('a host whose description of itself never ends is recorded without its version, and the token shows nowhere', async () => {
	const sandbox = await sandboxWith({}, false);
	// Not one that may see events: they carry the version.
	const { plain } = sandbox.mint({ abilities: ['project:view-any'] });
	const flood = endless();
	const before = inFrontOf(sandbox, 'application/json');
	const origin = await host((request, response) => {
		if (request.url === '/openapi.json') flood.answer(response);
		else if (request.url?.startsWith('/v1/teams') === true) response.writeHead(404).end('No JSON.');
		else {
			request.headers.authorization = `Bearer ${plain}`;
			before(request, response);
		}
	});
	// What the recorder says by itself, of a call that it does not keep.
	const { said, files } = await recording(origin, { token: 'list_teams', dryRun: true });
	expect(said).toContain('API version unknown.');
	expect(said).toMatch(/\[hidden\]\n {4}success: 404\n/);
	expect(said).toMatch(/^other type +\[hidden\] /m);
	expect(said + JSON.stringify(files)).not.toContain('list_teams');
	// That nothing is written where nobody asks for it needs no line for each write.
	expect(said).not.toContain('create_plan');
	// 20 MB, and what sockets hold.
	expect(flood.sent).toBeLessThan(20 + 30);
}, 20_000);

describe('a host whose files are out of all bounds is no danger to the comparison', () => {
	const drift = async (answer: RequestListener) => {
		const environment = {
			env: { MEMBERPASS_ALLOW_LOOPBACK: '1' },
			resolve: (path: string) => path,
		};
		return runDrift(['--origin', await host(answer)], environment, platform);
	};

	it('one that never ends is read to the limit and no further', async () => {
		const flood = endless();
		const result = drift((_request, response) => flood.answer(response));
		await expect(result).rejects.toThrow(/openapi\.json: The answer is too large\./);
		// Four files of 30 MB, and what sockets hold.
		expect(flood.sent).toBeLessThan(4 * 30 + 100);
	}, 20_000);

	it('one that is nested without end is not compared', async () => {
		const deep = '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000);
		const result = drift((_request, response) => response.end(deep));
		await expect(result).rejects.toThrow(/openapi\.json: nested too deeply/);
	});

	it('one that names more than any API has is not compared', async () => {
		// Twice what is taken for a description.
		const names = Array.from({ length: 20_000 }, (_, index) =>
			Array.from(String(index), (digit) => 'abcdefghij'[Number(digit)]).join(''),
		);
		const result = drift(
			json(200, () => ({
				items: names.map((name) => `plan:${name}`),
				paths: Object.fromEntries(names.map((name) => [`/v1/${name}`, { get: {} }])),
			})),
		);
		await expect(result).rejects.toThrow(
			/Nothing could be compared\.\n {2}openapi\.json: .*\n {2}abilities\.json: nothing/,
		);
	}, 20_000);

	it('schemas that contain each other are compared as deep as the catalogue goes', async () => {
		// Without bounds there is no end of them; with fewer names than this it would come soon all the same.
		const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
		const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` });
		const schema = refer('p0');
		const result = await drift(
			json(200, () => ({
				items: ['plan:view'],
				paths: {
					'/v1/projects': {
						get: { responses: { 200: { content: { 'application/json': { schema } } } } },
					},
				},
				components: {
					schemas: Object.fromEntries(
						names.map((name) => [
							name,
							{
								allOf: names.map((other) => refer(other)),
								properties: Object.fromEntries(names.map((other) => [other, refer(other)])),
							},
						]),
					),
				},
			})),
		);
		expect(result?.read).toContain('openapi.json');
		expect(result?.changes).toContainEqual(
			expect.objectContaining({ change: 'added', subject: 'GET /projects: p11' }),
		);
	}, 20_000);

	it('a name does not reach the terminal with its control characters', async () => {
		const result = await drift(
			json(200, () => ({ paths: { '/v1/\u001b[2J\u001b[31mred': { get: {} } } })),
		);
		expect(result?.output).toContain('[31mred');
		expect(result?.output).not.toContain('\u001b');
	});
});
