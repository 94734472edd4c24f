import { join } from 'node:path';

import { readJson, workspacesOf } from '../src/workspaces.ts';

const root = join(__dirname, '../../..');

it('tags and versions go to what users get and rely on, never to the workspaces behind it', () => {
	const { ignore } = readJson(join(root, '.changeset/config.json')) as {
		readonly ignore: readonly string[];
	};
	const versioned = workspacesOf(root)
		.map(({ name }) => name)
		.filter((name) => !ignore.includes(name));
	expect(versioned.sort()).toEqual([
		'@memberpass/catalogue',
		'memberpass-sandbox',
		'memberpass-zapier',
		'n8n-nodes-memberpass',
	]);
});
