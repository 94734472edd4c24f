import { type EventEntry, type OperationEntry, platform } from '@memberpass/catalogue';

import type { Blueprint, Clipboard } from '../../../../../packages/make/src/blueprint.ts';
import type { EmittedFile } from '../../emit.ts';
import { addLightEvent, addVerifiedEvent } from './events.ts';
import { blueprint, clipboard, Flow } from './flow.ts';
import { addRequest } from './requests.ts';

const folder = 'packages/make';

const file = (path: string, content: Blueprint | Clipboard): EmittedFile => ({
	path: `${folder}/${path}`,
	content: `${JSON.stringify(content, null, '\t')}\n`,
	block: null,
});

export function eventFiles(event: EventEntry): readonly EmittedFile[] {
	const verified = new Flow();
	addVerifiedEvent(verified, event);
	const light = new Flow();
	addLightEvent(light, event);
	return [
		file(
			`blueprints/events/${event.type}.verified.json`,
			blueprint(`${platform.name}: ${event.label} (signature checked)`, event.summary, verified),
		),
		file(
			`blueprints/events/${event.type}.light.json`,
			blueprint(`${platform.name}: ${event.label} (signature NOT checked)`, event.summary, light),
		),
	];
}

export function operationFiles(entry: OperationEntry): readonly EmittedFile[] {
	const flow = new Flow();
	addRequest(flow, entry);
	const group = entry.kind === 'action' ? 'actions' : 'searches';
	return [
		file(
			`blueprints/${group}/${entry.key}.json`,
			blueprint(`${platform.name}: ${entry.label}`, entry.summary, flow),
		),
		file(`clipboard/${group}/${entry.key}.json`, clipboard(flow)),
	];
}
