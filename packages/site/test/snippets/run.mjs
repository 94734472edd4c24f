import { Buffer } from 'node:buffer';
import { createInterface } from 'node:readline';

import { verify } from '../../snippets/verify.mjs';

for await (const line of createInterface({ input: process.stdin })) {
	const { secrets, header, body, now } = JSON.parse(line);
	const accepted = verify(secrets, header ?? undefined, Buffer.from(body, 'base64'), now);
	process.stdout.write(`${accepted ? 'ok' : 'refused'}\n`);
}
