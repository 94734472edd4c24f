import type { Sources } from '../model.ts';
import { knownAbilities } from '../vocabulary/abilities.ts';
import { patternRule, type Rule } from './rule.ts';

/** As MemberPass spells event types. */
export const eventType = patternRule(
	'event-type',
	/^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*){1,2}$/,
	'Write the type as MemberPass sends it: lower case, dots between parts, underscores inside.',
	['subscription.past_due', 'project.bot.connected', 'access_code.redeemed'],
	[
		{ example: 'subscription', reason: 'no event' },
		{ example: 'Subscription.Created', reason: 'capitals' },
		{ example: 'Subscription.created', reason: 'a capital first' },
		{ example: 'subscription.past-due', reason: 'hyphen' },
		{ example: 'a.b.c.d', reason: 'too many parts' },
	],
);

/** Keys of operations, inputs and families: legal on every platform. */
export const snakeKey = patternRule(
	'snake-key',
	/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/,
	'Write the key in snake_case, letters first.',
	['create_plan', 'find_plan_by_name', 'id'],
	[
		{ example: 'createPlan', reason: 'camelCase' },
		{ example: 'create-plan', reason: 'hyphen; Zapier refuses it' },
		{ example: '2nd_plan', reason: 'digit first' },
		{ example: 'create__plan', reason: 'two underscores; Zapier reads them as nesting' },
	],
);

/** Names that saved n8n workflows store. */
export const n8nName = patternRule(
	'n8n-name',
	/^[a-z][a-zA-Z0-9_]*$/,
	'Write letters, digits and underscores, a small letter first.',
	['findByName', 'additionalFields', 'trial_days'],
	[
		{ example: 'FindByName', reason: 'a capital first' },
		{ example: 'find by name', reason: 'blanks' },
		{ example: 'find-by-name', reason: 'hyphens' },
		{ example: 'plan.findByName', reason: 'dots lead into a value' },
	],
);

/** Ability strings. */
export const ability: Rule<string> = {
	id: 'known-ability',
	instruction: 'Write an ability of vocabulary/abilities.ts, or add it there with its evidence.',
	fault: (subject) =>
		knownAbilities.has(subject) ? null : `names the unknown ability "${subject}"`,
	examples: ['project:view-any', 'webhook-endpoint:manage', 'role:delete'],
	antiExamples: [
		{ example: 'plan:create', reason: 'the entity is project-subscription-plan' },
		{ example: 'webhook-endpoint:create', reason: 'only in the successor' },
		{ example: '', reason: 'empty' },
	],
};

/** Keys of recipes and their parts, which name files. */
export const fileKey = patternRule(
	'file-key',
	/^[a-z0-9]+(-[a-z0-9]+)*$/,
	'Write the key in kebab-case.',
	['welcome-flow', '1-order'],
	[
		{ example: 'Welcome Flow', reason: 'blanks and capitals' },
		{ example: 'welcome_flow', reason: 'underscore' },
		{ example: '../welcome', reason: 'leads to another folder' },
	],
);

/** What the paths of all requests are put behind. */
export const apiOrigin = patternRule(
	'api-origin',
	/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+$/,
	'Write https:// and the host in lower case, and nothing behind it.',
	['https://api.example.com'],
	[
		{ example: 'https://api.example.com/', reason: 'paths begin with a slash themselves' },
		{ example: 'https://api.example.com/v1', reason: 'that is apiBasePath' },
		{ example: 'http://api.example.com', reason: 'a token would travel in the clear' },
		{ example: 'api.example.com', reason: 'no scheme' },
		{ example: ' https://api.example.com', reason: 'a blank before it' },
	],
);

/** What stands between the origin and the path of an entry. */
export const apiBasePath = patternRule(
	'api-base-path',
	/^\/[a-z0-9]+(\/[a-z0-9]+)*$/,
	'Write it with a slash before it and none behind it: "/v1".',
	['/v1', '/api/v1'],
	[
		{ example: 'v1', reason: 'no slash' },
		{ example: 'api/v1', reason: 'no slash before it' },
		{ example: '/v1/', reason: 'paths begin with a slash themselves' },
	],
);

const sourcePattern =
	/^(https:\/\/([a-z]+\.)*memberpass\.net\/\S+|npm \S+ \d+\.\d+\.\d+|github\.com\/\S+ \S.*)$/;

/** Where a fact is from. */
export const sources: Rule<Sources | readonly string[]> = {
	id: 'sources',
	instruction:
		'Name at least one source: a memberpass.net page, "npm PACKAGE VERSION", or "github.com/OWNER/REPO FILE".',
	fault: (subject) => {
		if (subject.length === 0) return 'names no source';
		const wrong = subject.findIndex((one) => !sourcePattern.test(one));
		return wrong < 0 ? null : `names ${JSON.stringify(subject[wrong])} as a source`;
	},
	examples: [
		['https://docs.memberpass.net/api'],
		['https://memberpass.net/changelog'],
		[
			'npm n8n-nodes-memberpass 1.4.0',
			'npm zapier-platform-core 19.10.12',
			'github.com/envigoinnovations/subscriby-n8n CHANGELOG.md',
		],
	],
	antiExamples: [
		{ example: [], reason: 'missing' },
		{ example: [undefined as unknown as string], reason: 'not given' },
		{ example: ['the docs'], reason: 'nobody can look it up' },
		{ example: ['see https://docs.memberpass.net/api'], reason: 'words before it' },
		{ example: ['https://docs.memberpass.net/api says so'], reason: 'words behind it' },
		{ example: ['http://docs.memberpass.net/api'], reason: 'not https' },
		{ example: ['https://example.com/api'], reason: 'not a page of the vendor' },
		{ example: ['https://notmemberpass.net/api'], reason: 'a name that only ends like it' },
		{ example: ['https://memberpass.net.example.com/api'], reason: 'a name that begins like it' },
		{ example: ['npm n8n-nodes-memberpass latest'], reason: 'another version every day' },
		{ example: ['github.com/envigoinnovations/subscriby-n8n'], reason: 'which file?' },
	],
};

/** How sure we are. `recorded` is for what a recorder wrote, so an entry may only claim it with a recording. */
export const evidence: Rule<string> = {
	id: 'evidence',
	instruction: 'Write documented (a page or package states it) or inferred (we concluded it).',
	fault: (subject) =>
		['documented', 'inferred'].includes(subject) ? null : `is ${JSON.stringify(subject)}`,
	examples: ['documented', 'inferred'],
	antiExamples: [
		{ example: '', reason: 'missing' },
		{ example: 'certain', reason: 'no such class' },
		{ example: 'recorded', reason: 'nothing was recorded yet; the recorder writes that' },
	],
};

/** A dotted path in event data, or `^name` for the envelope. */
export const dataPath = patternRule(
	'data-path',
	/^(\^[a-z_]+|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)$/,
	'Write a dotted path below data ("plan.id"), or ^name for a key of the envelope.',
	['plan.id', 'plan_id', '^project_id'],
	[
		{ example: 'data.plan.id!', reason: 'odd character' },
		{ example: '.plan', reason: 'empty part' },
		{ example: 'plan[id]', reason: 'brackets' },
	],
);
