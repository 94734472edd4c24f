import { join } from 'node:path';

import { buildsBefore } from '../src/test-groups.ts';

const root = join(__dirname, '../../..');

describe('the tests of a workspace run on a build of the present source', () => {
	it.each([
		['packages/n8n-nodes-memberpass', 'test', ['n8n-nodes-memberpass#build']],
		['packages/zapier', 'test:tools', ['memberpass-zapier#build']],
		['packages/site', 'test', ['n8n-nodes-memberpass#build']],
		['packages/site', 'test:browser', ['memberpass-site#build']],
		['shared/proof', 'test:walkthrough', ['memberpass-zapier#build', 'n8n-nodes-memberpass#build']],
		['shared/proof', 'test:n8n', ['n8n-nodes-memberpass#build']],
		['shared/catalogue', 'test', []],
	])('%s: "%s" builds what it runs first', (workspace, script, builds) => {
		expect(buildsBefore(root, { workspace, script })).toEqual(builds);
	});
});
