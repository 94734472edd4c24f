import type { Decision, Evidence, Sources } from '@memberpass/catalogue';

import { blocks, bullets, capital, prose } from '../markdown.ts';

/** What each grade of certainty means to a reader. */
const evidenceWords: Readonly<Record<Evidence, string>> = {
	documented: 'A page or package of MemberPass states it.',
	inferred: 'We concluded it; no source states it for the REST API.',
	recorded: 'Seen on the live API.',
};

/** How sure we are of a page, why, and what was decided where sources contradict. */
export function evidencePart(
	entry: {
		readonly evidence: Evidence;
		readonly sources: Sources;
		readonly decisions: readonly Decision[];
	},
	notes: readonly string[] = [],
): string {
	return blocks(
		'## Evidence',
		`**${entry.evidence}.** ${evidenceWords[entry.evidence]}${notes.map((note) => ` ${prose(note)}`).join('')}`,
		bullets(entry.sources.map(source)),
		entry.decisions.length === 0 ? null : 'Where sources contradict:',
		bullets(
			entry.decisions.map(({ topic, because }) => `${prose(capital(topic))}: ${prose(because)}`),
		),
	);
}

const source = (text: string): string => (/^https:\S+$/.test(text) ? `<${text}>` : prose(text));
