import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8')
	.split('\n')
	.flatMap((line) => {
		const match = /^\| (.+) \| (.+) \| `(.+\.test\.m?ts)`: "(.+)" \|$/.exec(line);
		return match === null ? [] : [match.slice(1, 5) as [string, string, string, string]];
	});

it('the threat model has as many lines as threats, each with a guard and a test', () => {
	const [, table = ''] = readFileSync(join(root, 'SECURITY.md'), 'utf8').split(
		'## Who can send what to whom',
	);
	const lines = table
		.split('\n## ')[0]
		?.split('\n')
		.filter((line) => line.startsWith('| '));
	// Head and rule are no threats.
	expect(rows).toHaveLength((lines?.length ?? 0) - 2);
	expect(rows.length).toBeGreaterThanOrEqual(25);
});

it.each(rows)('%s: %s', (_, __, file, name) => {
	expect(existsSync(join(root, file))).toBe(true);
	expect(readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")).toContain(name);
});
