import { type EmittedFile, type Emitter, sourceHeader } from '../emit.ts';
import { formatter } from '../format.ts';

import { actionNodeSource, listsSource, operationsSource } from './n8n/action-node.ts';
import {
	codex,
	credentialSource,
	eventsTable,
	operationsTable,
	platformSource,
} from './n8n/package-files.ts';
import { migrationTable } from './n8n/migration.ts';
import { protocolFiles } from './n8n/protocol-copy.ts';
import { actionSchemas, triggerSchema } from './n8n/schemas.ts';
import { eventsSource, subscriptionSource, triggerNodeSource } from './n8n/trigger-node.ts';

const folder = 'packages/n8n-nodes-memberpass';

/** The n8n package: literal descriptions and tables, because n8n's verification reads the committed source. */
export const n8n: Emitter = {
	name: 'n8n',
	summary: `nodes, credential, tables and protocol of ${folder}`,
	folders: ['credentials', 'nodes/MemberPass', 'nodes/MemberPassTrigger', 'nodes/protocol'].map(
		(name) => `${folder}/${name}`,
	),
	async emit(root) {
		const format = await formatter(root);
		const source = async (path: string, text: string): Promise<EmittedFile> => ({
			path: `${folder}/${path}`,
			content: await format(`${sourceHeader}\n${text.trim()}\n`, path),
			block: null,
		});
		const json = async (path: string, text: string): Promise<EmittedFile> => ({
			path: `${folder}/${path}`,
			content: await format(text, path),
			block: null,
		});
		const block = async (name: string, content: string): Promise<EmittedFile> => ({
			path: `${folder}/README.md`,
			content: await format(content, 'README.md'),
			block: name,
		});
		const trigger = triggerSchema();
		return await Promise.all([
			source('credentials/MemberPassApi.credentials.ts', credentialSource()),
			source('nodes/MemberPass/MemberPass.node.ts', actionNodeSource()),
			json('nodes/MemberPass/MemberPass.node.json', codex('action')),
			source('nodes/MemberPass/lists.ts', listsSource()),
			source('nodes/MemberPass/operations.ts', operationsSource()),
			source('nodes/MemberPassTrigger/MemberPassTrigger.node.ts', triggerNodeSource()),
			json('nodes/MemberPassTrigger/MemberPassTrigger.node.json', codex('trigger')),
			source('nodes/MemberPassTrigger/events.ts', eventsSource()),
			source('nodes/MemberPassTrigger/subscription.ts', subscriptionSource()),
			...actionSchemas().map(({ path, schema }) =>
				json(`nodes/MemberPass/__schema__/${path}`, JSON.stringify(schema)),
			),
			json(`nodes/MemberPassTrigger/__schema__/${trigger.path}`, JSON.stringify(trigger.schema)),
			source('nodes/platform.ts', platformSource()),
			...(await protocolFiles(root)).map(({ name, source: text }) =>
				source(`nodes/protocol/${name}`, text),
			),
			block('operations', operationsTable()),
			block('events', eventsTable()),
			block('migration', migrationTable()),
		]);
	},
};
