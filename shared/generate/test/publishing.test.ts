import { operation } from '@memberpass/catalogue';

import { publishing, triggerTable } from '../src/emitters/zapier/publishing.ts';

const causing = (...kinds: readonly ('action' | 'extra')[]) =>
	triggerTable(
		kinds.map((kind) => ({
			...operation('archive_project'),
			kind,
			label: `Do as ${kind}`,
			emits: ['project.archived'],
		})),
	);

it('an event names the actions of the app that cause it, and no write that only n8n has', () => {
	const causes = (table: string) =>
		table
			.split('\n')
			.find((line) => line.startsWith('| Project Archived |'))
			?.split(' | ')[3];
	expect(causes(causing('action', 'extra', 'action'))).toBe('Do as action, Do as action');
	expect(causes(causing('extra'))).toBe('');
});

it('what a step asks for is called as its form calls it', async () => {
	const blocks = await publishing.emit('');
	const rows = blocks.flatMap(({ content }) => content.split('\n').map((row) => row.split(' | ')));
	const asked = (key: string) => rows.find((cells) => cells.includes(`\`${key}\``))?.at(-2);
	expect([asked('revoke_token'), asked('list_activity')]).toEqual(['Token', 'Record Type, Record']);
	expect(asked('bulk_generate_access_codes')).toBe(
		'Project, Plan, Quantity, Delivery, Deduplication Key',
	);
});
