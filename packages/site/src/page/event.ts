import {
	type Caveat,
	eventByType,
	type EventEntry,
	familyOf,
	isOfKnownProject,
	n8nEventLabel,
	operation,
	platform,
	zapierTriggerKey,
} from '@memberpass/catalogue';

import type { Committed, ZapierStep } from '../committed.ts';
import { curlCommand } from '../curl.ts';
import { fieldList, fieldRows, wordsOf } from '../fields.ts';
import { blocks, bullets, code, fence, json, link, prose, steps } from '../markdown.ts';
import { triggerNode } from '../n8n.ts';
import { evidencePart } from './evidence.ts';
import { makePart } from './make.ts';
import { eventPath, hrefOf, jumps, type Page, tokenHelper } from './page.ts';

/** Where curl and the examples send deliveries: nobody owns it. */
const exampleUrl = 'https://example.com/memberpass';

const caveatHeads: Readonly<Record<Caveat['kind'], string>> = {
	not_firing: 'Not sent yet',
	partial: 'Not in every case',
	order: 'Order',
	meaning: 'Good to know',
};

/** The page of an event. */
export function eventPage(entry: EventEntry, committed: Committed): Page {
	const family = familyOf(entry);
	const step = committed.zapier('triggers', zapierTriggerKey(entry.type));
	return {
		path: eventPath(entry.type),
		title: entry.label,
		description: entry.summary,
		found: {
			kind: 'Event',
			name: entry.type,
			words: [
				zapierTriggerKey(entry.type),
				n8nEventLabel(entry, family),
				family.label,
				entry.noun,
				'trigger webhook',
			].join(' '),
			fields: wordsOf(fieldRows(entry.data)),
		},
		body: blocks(
			`<p class="lead">${prose(entry.summary)}</p>`,
			`${code(entry.type)} · ${family.label} event${family.tier === null ? '' : ` · ${family.tier} tier and above`}`,
			jumps,
			notFiring(entry),
			'## When it fires',
			prose(entry.firesWhen),
			bullets(
				entry.caveats
					.filter(({ kind }) => kind !== 'not_firing')
					.map(({ kind, text }) => `**${caveatHeads[kind]}.** ${prose(text)}`),
			),
			related(entry),
			abilities(entry),
			arrives(entry, committed),
			'## Zapier',
			zapierPart(entry, step),
			'## n8n',
			n8nPart(entry),
			makePart(
				committed.make(entry.type),
				'event',
				entry.caveats.map(({ text }) => text),
			),
			'## curl',
			curlPart(entry),
			evidencePart(entry),
		),
	};
}

function notFiring(entry: EventEntry): string | null {
	const texts = entry.caveats
		.filter(({ kind }) => kind === 'not_firing')
		.map(({ text }) => prose(text));
	return texts.length === 0 ? null : `::: warning Not sent yet\n${texts.join('\n\n')}\n:::`;
}

function related(entry: EventEntry): string | null {
	const links = entry.related.map((type) =>
		link(eventByType(type)?.label ?? type, hrefOf(eventPath(type))),
	);
	return links.length === 0 ? null : `Related: ${links.join(', ')}.`;
}

function abilities(entry: EventEntry): string {
	const manage = operation('create_webhook_endpoint').ability ?? '';
	return blocks(
		'## Ability',
		`The token needs ${code(manage)} to receive events, and ${code(entry.ability)} for this one.${entry.alsoNeeds
			.map(
				(ability) => ` Another page names ${code(ability)} too; tick it if deliveries are refused.`,
			)
			.join('')}`,
		`[Add it in the token helper](${tokenHelper({ events: [entry.type] })})`,
	);
}

function arrives(entry: EventEntry, committed: Committed): string {
	const [canonical, ...others] = committed.deliveries(entry);
	const envelope = Object.entries(operation('list_webhook_events').output.schema.properties);
	const envelopeRows = fieldRows({
		properties: Object.fromEntries(envelope.filter(([name]) => name !== 'data')),
		required: envelope.map(([name]) => name),
	});
	return blocks(
		'## What arrives',
		fieldList(fieldRows(entry.data, 'data.'), 'field', 'output'),
		later(entry),
		'Every event arrives in the same outer structure:',
		fieldList(envelopeRows, 'envelope', 'output'),
		'### Payload',
		json(JSON.parse(canonical.body)),
		prose(canonical.note),
		...others.map((delivery) =>
			blocks(
				`::: details Also seen: the ${prose(delivery.variant ?? '')} shape (${prose(delivery.evidence)})`,
				prose(delivery.note),
				json(JSON.parse(delivery.body)),
				':::',
			),
		),
	);
}

const inWords = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** What nobody can rely on, but would miss: the reason of a cancellation, say. */
function later({ laterKeys, data }: Pick<EventEntry, 'laterKeys' | 'data'>): string | null {
	// A key that is derived, where it is missing, stands among the fields.
	const others = laterKeys.filter((key) => !Object.hasOwn(data.properties, key));
	if (others.length === 0) return null;
	const named = inWords.format(others.map((key) => code(`data.${key}`)));
	return `A later list of keys, of the successor Subscriby, also has ${named}. It says neither what they hold nor when they are there. What MemberPass sends is passed on as it is.`;
}

function zapierPart(entry: EventEntry, step: ZapierStep): string {
	if (step.hidden) {
		return `The trigger **${prose(step.label)}** is hidden in the Zapier editor until ${platform.name} sends the event.`;
	}
	return steps([
		`Add a trigger step and choose **${platform.name}**.`,
		`Choose **${prose(step.label)}** as the trigger event.`,
		...(isOfKnownProject(entry)
			? ['Choose a project, or leave the field empty for all projects.']
			: []),
		'Test it: Zapier shows your recent events, with the keys that live runs have.',
	]);
}

function n8nPart(entry: EventEntry): string {
	return blocks(
		`Add the **${platform.name} Trigger** node and tick **${prose(n8nEventLabel(entry, familyOf(entry)))}** under **Trigger On**. Or copy this node and paste it onto the canvas, then choose your credential:`,
		json(triggerNode(entry)),
	);
}

function curlPart(entry: EventEntry): string {
	return blocks(
		`Have ${platform.name} send the event to your own address. The response shows the signing secret only once: keep it, and [verify every delivery](/guides/verify-a-webhook.html).`,
		fence(
			'sh',
			curlCommand(operation('create_webhook_endpoint'), {
				name: entry.label,
				url: exampleUrl,
				events: [entry.type],
			}),
		),
	);
}
