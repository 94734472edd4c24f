import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadSignatureVectors, type SignatureVector } from '@memberpass/testing';

import { useFolders } from '../../../shared/testing/src/in-tests.ts';
import { repoRoot } from './support.ts';

/**
 * Every snippet of the guide answers every row of the shared signature table. A header of several lines is one row
 * that they cannot be asked: their frameworks hand over one value.
 */
const vectors = loadSignatureVectors(repoRoot).filter(
	(vector): vector is SignatureVector & { header: string | undefined } =>
		!Array.isArray(vector.header),
);

const runners = join(repoRoot, 'packages/site/test/snippets');
const snippets = join(repoRoot, 'packages/site/snippets');

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64');
const seconds = ({ now }: SignatureVector): number => Math.floor(now / 1000);

const asJson = (): string =>
	vectors
		.map((vector) =>
			JSON.stringify({
				secrets: vector.secrets,
				header: vector.header ?? null,
				body: base64(vector.body),
				now: seconds(vector),
			}),
		)
		.join('\n');

const asCells = (): string =>
	vectors
		.map((vector) =>
			[
				seconds(vector),
				vector.header === undefined ? '-' : base64(vector.header),
				base64(vector.body),
				...vector.secrets.map(base64),
			].join('\t'),
		)
		.join('\n');

interface Language {
	readonly name: string;
	/** Says whether the machine has it. */
	readonly version: readonly [string, ...string[]];
	/** Prepares a folder and says what to start. */
	readonly start: (folder: string) => readonly [string, ...string[]];
	readonly input: () => string;
	readonly env?: Readonly<Record<string, string>>;
}

const script = (name: string, program: string, file: string): Language => ({
	name,
	version: [program, '--version'],
	start: () => [program, join(runners, file)],
	input: asJson,
});

const languages: readonly Language[] = [
	script('Node.js', process.execPath, 'run.mjs'),
	script('Python', 'python3', 'run.py'),
	script('PHP', 'php', 'run.php'),
	script('Ruby', 'ruby', 'run.rb'),
	// Perl warns where the language of the machine is not installed; that is not the snippet's.
	{ ...script('Perl', 'perl', 'run.pl'), input: asCells, env: { PERL_BADLANG: '0' } },
	{
		name: 'Go',
		version: ['go', 'version'],
		start(folder) {
			writeFileSync(join(folder, 'go.mod'), 'module memberpass\n');
			cpSync(join(snippets, 'verify.go'), join(folder, 'verify.go'));
			cpSync(join(runners, 'run.go'), join(folder, 'run/main.go'));
			return ['go', 'run', './run'];
		},
		input: asJson,
		env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod', GOPROXY: 'off' },
	},
	{
		name: 'Java',
		version: ['javac', '-version'],
		start(folder) {
			// Java finds no file in a folder whose name the language of the machine cannot spell.
			cpSync(join(snippets, 'Verify.java'), join(folder, 'Verify.java'));
			cpSync(join(runners, 'Run.java'), join(folder, 'Run.java'));
			// What is compiled and run once is not worth optimising.
			const brief = '-XX:TieredStopAtLevel=1';
			spawnSync('javac', [`-J${brief}`, 'Verify.java', 'Run.java'], {
				cwd: folder,
				stdio: 'inherit',
			});
			return ['java', brief, '-cp', '.', 'Run'];
		},
		input: asCells,
	},
];

/** What a program complained of; that a starter in bash, as pyenv has, lacks the machine's language is no snippet's. */
const complaintsIn = (stderr: string): readonly string[] =>
	stderr.split('\n').filter((line) => line !== '' && !line.includes('warning: setlocale:'));

const isHere = ({ version: [program, ...parts] }: Language): boolean =>
	spawnSync(program, parts, { stdio: 'ignore' }).status === 0;

describe('the snippet', () => {
	const newFolder = useFolders('snippet');

	it('is asked every kind of row', () => {
		expect(new Set(vectors.map(({ verdict }) => verdict))).toEqual(
			new Set(['ok', 'no_secret', 'no_body', 'no_header', 'malformed', 'mismatch', 'stale']),
		);
	});

	for (const language of languages) {
		const here = isHere(language);
		const name = `in ${language.name} accepts exactly what the table accepts`;
		(here ? it : it.skip)(
			here ? name : `${name} (not run: no ${language.version[0]} on this machine)`,
			() => {
				const folder = newFolder();
				const [program, ...parts] = language.start(folder);
				const { stdout, stderr } = spawnSync(program, parts, {
					cwd: folder,
					input: `${language.input()}\n`,
					encoding: 'utf8',
					maxBuffer: 1e8,
					env: { ...process.env, ...language.env, NODE_OPTIONS: '' },
				});
				const answers = stdout.trimEnd().split('\n');
				const wrong = vectors
					.map((vector, row) => ({ vector, said: answers[row] }))
					.filter(({ vector, said }) => said !== (vector.verdict === 'ok' ? 'ok' : 'refused'))
					.map(({ vector, said }) => `${vector.name}: ${said ?? 'no answer'}`);
				expect({ complaints: complaintsIn(stderr), wrong }).toEqual({
					complaints: [],
					wrong: [],
				});
				expect(answers).toHaveLength(vectors.length);
			},
			// Go compiles what it needs of its own library first.
			600_000,
		);
	}
});
