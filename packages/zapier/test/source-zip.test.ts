import { checkSource } from '../source-zip.mts';

const file = (entryName: string) => ({ entryName, isDirectory: false });

it('source.zip may hold the app and nothing else: what the tool packs beside it stays here', () => {
	const good = ['.gitignore', 'CHANGELOG.md', 'dist/index.js', 'index.js', 'package.json'].map(
		file,
	);
	expect(() => checkSource([{ entryName: 'dist/', isDirectory: true }, ...good])).not.toThrow();
	expect(() => checkSource([...good, file('.env'), file('.zapierrc')])).toThrow(
		'source.zip would give away .env, .zapierrc.',
	);
});

it('a source.zip without files is no source', () => {
	expect(() => checkSource([{ entryName: 'dist/', isDirectory: true }])).toThrow(
		'source.zip is empty.',
	);
});
