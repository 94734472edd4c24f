import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serveSite } from '../src/server.ts';

it('the site is not served before it is built, and it says what to do', async () => {
	const folder = join(tmpdir(), 'memberpass-no-such-site');
	await expect(serveSite(folder, 0)).rejects.toThrow(
		new RangeError(
			`There is no built site in ${folder}. Build it: npm run build -w memberpass-site.`,
		),
	);
});
