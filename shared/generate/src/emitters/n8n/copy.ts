import { events, familyOf, n8nEventLabel, operations } from '@memberpass/catalogue';

/** Texts of the catalogue in the form that n8n's copy rules ask for. */

const collator = new Intl.Collator('en');

/** Sorted as people see it, the same on every machine. */
export function sortBy<T>(items: readonly T[], text: (item: T) => string): readonly T[] {
	return [...items].sort((a, b) => collator.compare(text(a), text(b)));
}

/** One sentence goes without its final full stop, several keep it (n8n's rule for descriptions). Names are n8n's. */
export function description(text: string): string {
	const bare = inN8nNames(text).trim().replace(/\.$/, '');
	return bare.replaceAll('e.g. ', '').includes('. ') ? `${bare}.` : bare;
}

/** "Creates a plan." -> "Create a plan": n8n describes operations as orders. */
export function imperative(summary: string): string {
	const [verb = '', ...rest] = summary.split(' ');
	return [verbStem(verb), ...rest].join(' ');
}

function verbStem(verb: string): string {
	if (/(sh|ch|ss|x|z)es$/.test(verb)) return verb.slice(0, -2);
	if (/ies$/.test(verb)) return `${verb.slice(0, -3)}y`;
	return verb.replace(/s$/, '');
}

/** Words that stay small in a title; everything else starts with a capital, "From" and "Into" too. */
const smallWords = new Set(
	'a an and as at because but by en for if in neither nor of on only or over per so some than that the to up upon versus via vs when with without yet'.split(
		' ',
	),
);

/** A label in the title case that n8n's rules check. */
export function title(text: string): string {
	return text
		.split(' ')
		.map((word, index) =>
			index > 0 && smallWords.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
		)
		.join(' ');
}

/** What the catalogue calls events and operations, by what the node's lists call them. */
const n8nNames: ReadonlyMap<string, string> = new Map([
	...events.map((entry): [string, string] => [
		entry.label,
		n8nEventLabel(entry, familyOf(entry)).replace(' — ', ' '),
	]),
	...operations.map((entry): [string, string] => [entry.label, title(entry.n8n.action)]),
]);

/** The longest first, or "New Project Resource" would be read as "New Project". */
const named = new RegExp(
	`\\b(${[...n8nNames.keys()].sort((a, b) => b.length - a.length).join('|')})\\b`,
	'g',
);

/** A text that names events and operations as the node does: nobody finds Zapier's "Find Members" in n8n. */
function inN8nNames(text: string): string {
	return text.replaceAll(named, (name) => n8nNames.get(name) ?? name);
}

/** An action in the sentence case that n8n's rules check: only the first word and abbreviations have capitals. */
export function sentenceCase(text: string): string {
	return text
		.split(' ')
		.map((word, index) => (index === 0 || word === word.toUpperCase() ? word : word.toLowerCase()))
		.join(' ');
}

/** "Webhook Endpoint" -> "webhook endpoint"; what is written in capitals stays ("API token"). */
export function lower(title: string): string {
	return title
		.split(' ')
		.map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word))
		.join(' ');
}
