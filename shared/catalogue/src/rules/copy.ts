import { patternRule, type Rule } from './rule.ts';

/** Words that stay small inside a title, as Zapier's and n8n's own title-case checks have it. */
const smallWords = new Set(
	'a an and as at but by for from if in into nor of off on onto or per the to vs via with'.split(
		' ',
	),
);

function titleFault(title: string): string | null {
	if (title.length < 2 || title.length > 64) return `has ${title.length} characters`;
	if (/\s{2}|[^\S ]/.test(title)) return 'has stray blanks';
	if (/[_.,:;!?<>[\]{}"`|]/.test(title))
		return `is ${JSON.stringify(title)}, with marks that are not words`;
	const words = title.split(' ');
	const wrong = words.find((word, index) => {
		const inside = index > 0 && index < words.length - 1;
		const bare = word.replace('(', '');
		if (smallWords.has(bare)) return !inside;
		if (smallWords.has(bare.toLowerCase()) && inside) return true;
		return !/^[A-Z0-9]/.test(bare);
	});
	if (wrong !== undefined) return `is ${JSON.stringify(title)} ("${wrong}")`;
	const shouting = words.find((word) => /(Id|Ids|Url|Urls|Json|Api|Ip|Ips|Csv|Mrr)$/.test(word));
	return shouting === undefined ? null : `is ${JSON.stringify(title)} ("${shouting}")`;
}

/** Labels and field titles. */
export const title: Rule<string> = {
	id: 'title-case',
	instruction:
		'Write it in Title Case, with ID, URL, API, IP, CSV in capitals, 2 to 64 characters.',
	fault: titleFault,
	examples: [
		'New Subscription',
		'Plan ID',
		'Trial Ends At',
		'Find Plan by Name',
		'Get CSV from the Bot',
		'Paid (USD)',
		'ID',
		'On Trial Until',
		'Idle Since',
		`${'Long '.repeat(12)}Name`,
	],
	antiExamples: [
		{ example: 'new subscription', reason: 'lower case' },
		{ example: 'Plan Id', reason: 'ID is an abbreviation' },
		{ example: 'PlanId', reason: 'a key of JavaScript' },
		{ example: 'plan_id', reason: 'a key, not a label' },
		{ example: 'Plan iD', reason: 'a capital that is not the first letter' },
		{ example: 'Find Plan By Name', reason: 'small word with a capital' },
		{ example: 'Find Plan BY Name', reason: 'small word in capitals' },
		{ example: 'Plan  ID', reason: 'two blanks' },
		{ example: 'Plan\tID', reason: 'a tab' },
		{ example: ' Plan', reason: 'a blank before it' },
		{ example: 'Plan ', reason: 'a blank behind it' },
		{ example: 'Plan\n', reason: 'a line break at the end' },
		{ example: 'Name of', reason: 'a small word at the end' },
		{ example: `${'Long '.repeat(12)}Names`, reason: '65 characters' },
		{ example: 'X', reason: 'too short' },
		{ example: 'Plan ID: the Plan', reason: 'punctuation' },
		{ example: 'Plan ID, New', reason: 'a comma' },
		{ example: `Very ${'Long '.repeat(14)}Label`, reason: 'over 64 characters' },
	],
};

/** What a noun is. */
export const noun = patternRule(
	'noun',
	/^(?!.*[^s]s$)[A-Z][A-Za-z]*( [A-Z][A-Za-z]*){0,3}$|^(Metrics|Analytics|Bot Status)$/,
	'Write the singular name of the object that comes back, in Title Case.',
	['Subscription', 'Access Code', 'API Token', 'Payment Method', 'Bot Status', 'Access'],
	[
		{ example: 'Subscriptions', reason: 'plural; Zapier adds its own' },
		{ example: 'Team Metrics', reason: 'plural, though it ends like an exception' },
		{ example: 'Metrics Reports', reason: 'plural, though it begins like an exception' },
		{ example: 'The Name Of One Plan', reason: 'five words' },
		{ example: 'subscription', reason: 'lower case' },
		{ example: 'Subscription created', reason: 'the event, not the object' },
		{ example: 'Subscription.', reason: 'punctuation' },
	],
);

/** Zapier's check D021, and review rule: no capital, no brand. */
export const triggerSummary = patternRule(
	'trigger-summary',
	/^Triggers when (?!.*\b(MemberPass|Zapier|n8n)\b)[a-z][^\n]{8,120}\.$/,
	'Write one line of at most 140 characters: "Triggers when a … .", without a brand name.',
	['Triggers when a new subscription comes into existence.'],
	[
		{ example: 'Triggers when a plan is created', reason: 'no full stop' },
		{ example: 'Triggers when a plan is created. Or not', reason: 'no full stop at the end' },
		{ example: 'It Triggers when a plan is created.', reason: 'words before it' },
		{ example: 'Trigger when a plan is created.', reason: 'must start with "Triggers when "' },
		{ example: 'Triggers when Plan is created.', reason: 'capital after "when"' },
		{ example: 'Triggers when MemberPass creates a plan.', reason: 'brand name' },
		{ example: 'Triggers when a plan is new in MemberPass.', reason: 'brand name further on' },
		{ example: `Triggers when ${'x'.repeat(140)}.`, reason: 'too long' },
	],
);

/** "Creates a plan …" */
export const actionSummary = patternRule(
	'action-summary',
	/^(?!Finds )[A-Z][a-z]*s (?!.*\b(MemberPass|Zapier|n8n)\b)[^\n]{8,140}\.$/,
	'Write one sentence in the third person: "Creates a plan in a project.", without a brand name.',
	['Creates a plan in a project.', 'Revokes an API token immediately.'],
	[
		{ example: 'Create a plan in a project.', reason: 'not the third person' },
		{ example: 'Creates a plan in a project', reason: 'no full stop' },
		{ example: 'Creates a plan in a project. Or not', reason: 'no full stop at the end' },
		{ example: 'Create plans for Teams that pay.', reason: 'another word in the third person' },
		{ example: 'Creates a plan in MemberPass for you.', reason: 'brand name' },
		{ example: 'Finds a plan in a project.', reason: 'a search' },
		{ example: `Creates ${'x'.repeat(141)}.`, reason: 'too long' },
	],
);

/** "Finds a plan …" */
export const searchSummary = patternRule(
	'search-summary',
	/^Finds (?!.*\b(MemberPass|Zapier|n8n)\b)[^\n]{6,140}\.$/,
	'Write one sentence that starts with "Finds ", without a brand name.',
	['Finds a plan by its name.'],
	[
		{ example: 'Gets a plan by its name.', reason: 'searches find' },
		{ example: 'Finds a plan by its name', reason: 'no full stop' },
		{ example: 'Finds a plan by its name. Or not', reason: 'no full stop at the end' },
		{ example: 'It Finds a plan by its name.', reason: 'words before it' },
		{ example: 'Finds a plan in MemberPass.', reason: 'brand name' },
		{ example: `Finds ${'x'.repeat(141)}.`, reason: 'too long' },
	],
);

/** Label of a search. */
export const searchLabel = patternRule(
	'search-label',
	/^Find [A-Z]/,
	'Start the label of a search with "Find".',
	['Find Plan by Name', 'Find Roles'],
	[
		{ example: 'Get Plan', reason: "Zapier's reviewers ask for Find" },
		{ example: 'List Plans', reason: 'a search finds' },
		{ example: 'Quickly Find Plans', reason: 'words before it' },
	],
);

/** Descriptions, caveats, reasons: whole sentences a stranger understands. */
export const sentence: Rule<string> = {
	id: 'sentence',
	instruction:
		'Write whole sentences: a capital at the start, a full stop at the end, no markup, no bare URL.',
	fault: (subject) => {
		if (!/^["'`[(]?[A-Z0-9]/.test(subject))
			return `starts without a capital: ${JSON.stringify(subject)}`;
		if (!/[.!?]["')]?$/.test(subject))
			return `ends without a full stop: ${JSON.stringify(subject)}`;
		if (/\b(TODO|FIXME|XXX|TBD)\b/.test(subject)) return 'is unfinished';
		if (/ {2}|[\n\t]|<\/?[a-z]|\*\*/.test(subject)) return 'has markup or stray blanks';
		if (/\shttps?:\/\//.test(subject)) return 'holds a bare URL';
		return null;
	},
	examples: [
		'Plan the subscription is on.',
		'Set "custom" first. It is read only then.',
		'24 hours before the end.',
		'"None" stands for nothing.',
		'(Once a day.)',
	],
	antiExamples: [
		{ example: 'plan the subscription is on.', reason: 'no capital' },
		{ example: 'aPlan that is on.', reason: 'a capital that is not the first letter' },
		{ example: 'Plan the subscription is on', reason: 'no full stop' },
		{ example: 'It is read first. Then it is kept', reason: 'no full stop at the end' },
		{ example: 'TODO.', reason: 'unfinished' },
		{ example: 'What it costs is TBD.', reason: 'unfinished' },
		{ example: 'Two  blanks.', reason: 'stray blanks' },
		{ example: 'Two\nlines.', reason: 'more than one line' },
		{ example: 'Take **care**.', reason: 'Markdown' },
		{ example: 'Use <b>care</b>.', reason: 'markup' },
		{ example: 'One line<br>and another.', reason: 'markup that is not closed' },
		{ example: 'See https://docs.memberpass.net for more.', reason: 'bare URL' },
		{ example: 'See http://docs.memberpass.net for more.', reason: 'bare URL without TLS' },
	],
};

/** Words of programmers and accountants, in texts that people read who are neither. */
export const plainWords: Rule<string> = {
	id: 'plain-words',
	instruction:
		'Say it for somebody who never saw an API: "the event" for payload and envelope, "empty" for null, "not in cents" for major units, "a three-letter code" for ISO 4217.',
	fault: (subject) => {
		const found =
			/\b(payload|envelope|null|boolean|(major|minor|whole) unit|decimal|ISO 4217|normali[sz]ed|enum)s?\b/i.exec(
				subject,
			);
		return found === null ? null : `says "${found[0]}": ${JSON.stringify(subject)}`;
	},
	examples: [
		'Charged amount, not in cents.',
		'End of the trial, empty if there is none.',
		'The event does not include the abilities of the role.',
	],
	antiExamples: [
		{ example: 'Charged amount in major units.', reason: 'is 2900 the price of 29 dollars?' },
		{ example: 'Amount of one cycle in whole units.', reason: '29.50 is not whole' },
		{ example: 'End of the trial, or null.', reason: 'forms show nothing, not null' },
		{ example: 'The role is not in the payload.', reason: 'a word of programmers' },
		{ example: 'A boolean, or one of two enums.', reason: 'forms show a box and a list' },
		{ example: 'The name is normalised.', reason: 'what is done to it?' },
		{ example: 'The same as in the envelope.', reason: 'nobody sees an envelope' },
		{ example: 'Currency, as an ISO 4217 code.', reason: 'USD says it' },
		{ example: 'Price, as a decimal in text.', reason: 'the example shows it' },
	],
};

/** The reason beside a decision; it may start with the key it is about. */
export const reason: Rule<string> = {
	id: 'reason',
	instruction:
		'Write one line that says what the catalogue holds and why, with a full stop at the end.',
	fault: (subject) => {
		if (subject.length < 20) return 'is too short to be a reason';
		if (/[\n\t]| {2}/.test(subject)) return 'is more than one line';
		return /[.!?]["')]?$/.test(subject) ? null : 'ends without a full stop';
	},
	examples: [
		'currency_id, as documented: the code that 1.4.0 sends is refused.',
		'name, as the page has it: the package says "title."',
		'The page has it now.',
	],
	antiExamples: [
		{ example: 'Because.', reason: 'says nothing' },
		{ example: 'The documentation has it and the package has not', reason: 'no full stop' },
		{ example: 'The package 1.4.0 has it, and no page', reason: 'no full stop at the end' },
		{ example: 'As documented:\nthe package is refused.', reason: 'two lines' },
	],
};

/** n8n's `action`: sentence case, no article, no full stop. */
export const n8nAction = patternRule(
	'n8n-action',
	/^[A-Z][a-z]+( (?!(a|an|the)\b)([a-z][a-z-]*|API|URL|ID|IDs|Telegram))+$/,
	'Write it in sentence case with the resource and without an article: "Create plan", "Get many roles".',
	['Create plan', 'Get many access codes', 'Revoke API token', 'Find subscriber by Telegram ID'],
	[
		{ example: 'Create a plan', reason: 'article' },
		{ example: 'Create Plan', reason: 'title case' },
		{ example: 'Create plan.', reason: 'full stop' },
		{ example: 'Create', reason: 'no resource' },
		{ example: 'bulkCreate plan', reason: 'a capital that is not the first letter' },
	],
);

/** Titles of steps and parts, which name nodes, modules and steps of a Zap. */
export const stepTitle = patternRule(
	'step-title',
	/^[A-Z][A-Za-z0-9'-]*( [A-Za-z0-9'"-]+){0,9}\??$/,
	'Write what the step does in sentence case, up to ten words, without a full stop.',
	['Get the plan', 'Is there an email address?'],
	[
		{ example: 'get the plan', reason: 'lower case' },
		{ example: 'then Get the plan', reason: 'a capital that is not the first letter' },
		{ example: 'Get the plan.', reason: 'full stop' },
		{ example: "Get {{ $('x').item }}", reason: 'would be read as an expression' },
	],
);
