import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { arrowsOf } from '../src/arrows.ts';
import { writtenRooms } from '../src/emitters/architecture.ts';

const root = join(__dirname, '../../..');
const arrows = arrowsOf(root);
const usedBy = (room: string): readonly string[] =>
	arrows.filter(({ from }) => from === room).map(({ to }) => to);
const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

it('the catalogue uses nothing, and the protocol nothing but the catalogue', () => {
	expect(usedBy('shared/catalogue')).toEqual([]);
	expect(usedBy('shared/protocol')).toEqual(['shared/catalogue']);
});

it('no package uses another, except that the site shows what the others ship', () => {
	const between = arrows.filter(
		({ from, to }) => from.startsWith('packages/') && to.startsWith('packages/'),
	);
	expect(between.filter(({ from }) => from !== 'packages/site')).toEqual([]);
	expect(arrows.filter(({ to }) => to === 'packages/site')).toEqual([]);
});

it('the generator is used by nothing, and the proofs by the generator, which writes their page, alone', () => {
	const usersOf = (room: string): readonly string[] =>
		arrows.filter(({ to }) => to === room).map(({ from }) => from);
	expect(usersOf('shared/generate')).toEqual([]);
	expect(usersOf('shared/proof')).toEqual(['shared/generate']);
});

it('no arrows run in a circle', () => {
	const circles: string[] = [];
	const walk = (room: string, trail: readonly string[]): void => {
		if (trail.includes(room)) circles.push([...trail, room].join(' -> '));
		else for (const next of usedBy(room)) walk(next, [...trail, room]);
	};
	for (const { from } of arrows) walk(from, []);
	expect(circles).toEqual([]);
});

it('every workspace is a room of the document, and every room there is one', () => {
	const rooms = globSync('{shared,packages}/*/package.json', { cwd: root })
		.map((path) => path.replace('/package.json', ''))
		.sort();
	const told = [...document.matchAll(/^\| `((?:shared|packages)\/[\w-]+)` \|/gm)]
		.map(([, room]) => room)
		.filter((room) => rooms.includes(room ?? ''))
		.sort();
	expect([...new Set(told)]).toEqual(rooms);
});

it('files are written into the rooms that the picture says', () => {
	const manifest = JSON.parse(
		readFileSync(join(root, 'shared/generate/generated-files.json'), 'utf8'),
	) as readonly string[];
	const rooms = new Set(manifest.flatMap((path) => /^packages\/[^/]+/.exec(path)?.[0] ?? []));
	expect([...rooms].sort()).toEqual(writtenRooms);
});
