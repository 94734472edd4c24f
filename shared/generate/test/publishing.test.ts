import { operation } from '@memberpass/catalogue';

import { triggerTable } from '../src/emitters/zapier/publishing.ts';

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
