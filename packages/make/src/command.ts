import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { givenPath, userFolder, wordsOf } from '../../../shared/testing/src/command-line.ts';
import { validateFile } from './validate.ts';

const root = join(import.meta.dirname, '..');

const help = `Checks blueprints and clipboard modules against the rules of Make and of this package.

  npm run validate -w memberpass-make                    every file of the package
  npm run validate -w memberpass-make -- FILE|FOLDER …   others that you mean to publish
  ... -- --json                                          problems as JSON lines
  ... -- --help                                          this text

Writes nothing. Exits 1 if a file has a problem or cannot be read.
`;

/** JSON files below a path. */
function filesIn(path: string): readonly string[] {
	if (!existsSync(path)) throw new Error(`There is no file or folder ${path}.`);
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.name.endsWith('.json') && !entry.isDirectory())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

function read(path: string): unknown {
	const text = readFileSync(path, 'utf8');
	try {
		return JSON.parse(text);
	} catch (error) {
		// What some editors put before the text; the parser would call it an unexpected token that nobody can see.
		const how = text.startsWith('\uFEFF')
			? 'as UTF-8 without a byte order mark'
			: `after fixing this: ${(error as Error).message}`;
		throw new Error(`${path} is not JSON. Save it again ${how}.`, { cause: error });
	}
}

/** Folders of this package that hold files for Make. */
const folders = ['blueprints', 'clipboard', 'recipes'];

/** Where the command writes: what it found, and how it ended. Texts end with a line break. */
export interface Output {
	say(text: string): void;
	complain(text: string): void;
}

/** `npm run validate`. Returns the exit code; whatever is wrong is said, not thrown. */
export function validateCommand(args: readonly string[], output: Output): number {
	try {
		return run(args, output);
	} catch (error) {
		output.complain(`${wordsOf(error)}\n`);
		return 1;
	}
}

function run(args: readonly string[], output: Output): number {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			help: { type: 'boolean', short: 'h', default: false },
			json: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		output.say(help);
		return 0;
	}
	const paths =
		positionals.length > 0
			? positionals.map(givenPath)
			: folders.map((folder) => join(root, folder));
	const files = paths.flatMap(filesIn);
	if (files.length === 0) throw new Error('There is no JSON file to check.');
	let broken = 0;
	for (const file of files) {
		const problems = validateFile(read(file));
		if (problems.length > 0) broken++;
		for (const problem of problems) {
			const name = relative(userFolder(), file);
			output.say(
				values.json
					? `${JSON.stringify({ file: name, ...problem })}\n`
					: `${name}: ${problem.path}: ${problem.problem} ${problem.fix} (${problem.rule})\n`,
			);
		}
	}
	output.complain(
		`${files.length} ${files.length === 1 ? 'file' : 'files'}, ${broken} with problems\n`,
	);
	return broken === 0 ? 0 : 1;
}
