/**
 * What no source settles. Each is a switch, so that whoever builds against MemberPass can try every answer; each has
 * a default, with the reason, and says where the question comes from.
 */

export interface SwitchDefinition<V extends string = string> {
	/** The allowed values with what each does. */
	readonly values: readonly { readonly value: V; readonly effect: string }[];
	readonly standard: V;
	/** The open question, in one line. */
	readonly question: string;
	/** Why the default is the default. */
	readonly because: string;
	/** What sources say, or that they say nothing. */
	readonly source: string;
}

const define = <const V extends string>(
	standard: NoInfer<V>,
	question: string,
	because: string,
	source: string,
	values: readonly (readonly [V, string])[],
): SwitchDefinition<V> => ({
	values: values.map(([value, effect]) => ({ value, effect })),
	standard,
	question,
	because,
	source,
});

const api = 'https://docs.memberpass.net/api';
const npm = 'npm n8n-nodes-memberpass 1.4.0';
const tool = (name: string): string => `https://docs.memberpass.net/mcp/tools/${name}`;
const webhooks = 'https://docs.memberpass.net/webhooks';
const silent = 'No page that could be read answers this.';

export const switchDefinitions = {
	paging: define(
		'has_more',
		'Which keys does a paged list have in meta?',
		'page, limit, total and has_more is the only form that a MemberPass page shows.',
		`${tool('list-projects')}; ${npm} expects last_page; ${tool('list-transactions')} shows next_cursor`,
		[
			['has_more', 'meta.page, limit, total, has_more'],
			['last_page', 'meta.current_page, last_page, per_page, total (Laravel)'],
			['next_cursor', 'meta.next_cursor only'],
		],
	),
	missingKey: define(
		'400',
		'How is a write without an Idempotency-Key answered?',
		'Such a request is malformed, and other APIs answer 400.',
		`${api} says the key is required; code and status are on no page`,
		[
			['400', '400 IDEMPOTENCY_KEY_REQUIRED'],
			['422', '422 VALIDATION_FAILED with a field error'],
			['428', '428 IDEMPOTENCY_KEY_REQUIRED'],
			['accept', 'the write is carried out as if it had a key'],
		],
	),
	reusedKey: define(
		'conflict',
		'How is a used key with a different body answered?',
		'Only a refusal can neither lose a write nor carry one out twice.',
		silent,
		[
			['conflict', '409 IDEMPOTENCY_KEY_REUSED'],
			['unprocessable', '422 IDEMPOTENCY_KEY_REUSED'],
			['replay', 'the first answer again; the new body is ignored'],
			['execute', 'the new body is carried out and its answer kept'],
		],
	),
	concurrentKey: define(
		'conflict',
		'How is a key answered while its first call is still running?',
		'Stripe and the IETF draft use 409.',
		silent,
		[
			['conflict', '409 IDEMPOTENCY_KEY_IN_USE'],
			['wait', 'waits for the first call and replays its answer'],
		],
	),
	keyScope: define(
		'token',
		'Who shares an idempotency key?',
		'The narrowest choice is the safest.',
		silent,
		[
			['token', 'each token has its own keys'],
			['team', 'all tokens of a team share them'],
		],
	),
	replayHeader: define(
		'none',
		'Is a replayed answer marked?',
		'No page shows such a header, and a client must not depend on one.',
		silent,
		[
			['none', 'no mark'],
			['idempotent_replayed', 'Idempotent-Replayed: true'],
		],
	),
	writeStatus: define(
		'by_kind',
		'Which status does a successful write have?',
		'The usual reading of REST; the recordings in this repository say the same.',
		'No success status of any endpoint is on a page that could be read.',
		[
			['by_kind', '201 for creations, 202 for queued work, 204 without a body, else 200'],
			['200', 'always 200'],
			['201', 'always 201'],
			['202', 'always 202'],
			['204', '204 without a body, except where the body carries a secret or id shown only once'],
		],
	),
	emptyBody: define(
		'none',
		'What is the body of a write that returns no data?',
		'A 204 has no body; with any other status this setting decides.',
		silent,
		[
			['none', 'no bytes'],
			['empty_object', '{}'],
			['data_null', '{"data":null}'],
			['message', '{"message":"Deleted."}'],
		],
	),
	emptyText: define(
		'clears',
		'What does an empty text in the body of a write do?',
		'Laravel reads it as null, which empties a field that may be null.',
		"The source of the vendor's later node drops empty texts, because the API refuses those of optional fields; from 2.4.0 on it sends some of them to empty a field",
		[
			['clears', 'empties the field, where it may be empty'],
			['refused', 'VALIDATION_FAILED with a field error'],
		],
	),
	listFilters: define(
		'honoured',
		'Are the filters of lists honoured?',
		'The published package sends them, and the tool pages list them.',
		`${npm} sends handle, name and telegram_id; the vendor's later changelog says telegram_id went unanswered`,
		[
			['honoured', 'only rows that match'],
			['ignored', 'all rows, as if there were no filter'],
		],
	),
	bridge: define(
		'translates',
		'Does the old host hide what works differently on its successor since September 2026?',
		'A bridge for old packages is of use only if it takes the old forms.',
		"The vendor's later change log calls it a legacy API bridge, and does not say what it hides",
		[
			['translates', 'yes: everything works as MemberPass documents it'],
			[
				'passes_on',
				'no: bot routes are gone, telegram_id finds nobody, plans of this form are refused, resources show kind, connector and space',
			],
		],
	),
	queryLists: define(
		'brackets',
		'How is a list written in a query?',
		'That is the form of Laravel.',
		`${tool('get-dashboard-metrics')} names lists of a tool; no page shows one in a query`,
		[
			['brackets', 'plan_ids[]=a&plan_ids[]=b; plan_ids=a is refused'],
			['commas', 'plan_ids=a,b; plan_ids[]=a is ignored, like every unknown key'],
		],
	),
	subjectTypes: define(
		'both',
		'Which words does the activity log take for a type of record?',
		'A tool page and the published package differ, and neither is confirmed for the API.',
		`${tool('get-activity-log')}: project-subscription-plan; ${npm}: plan`,
		[
			['both', 'the long ones and the short ones'],
			['documented', 'the long ones; others are refused'],
			['package', 'the short ones; others are refused'],
		],
	),
	codeExpiry: define(
		'either',
		'Which inputs say when generated codes expire?',
		'The tool page documents one form, and the vendor sent the other for months.',
		`${tool('bulk-generate-access-codes')}: export_type and expiry_preset; ${npm} and its successor: expires_in_days`,
		[
			['either', 'export_type with expiry_preset or expires_in_days'],
			['documented', 'export_type with expiry_preset; expires_in_days is ignored'],
			['package', 'expires_in_days, or no expiry; all other inputs but the quantity are ignored'],
		],
	),
	chargeableCodes: define(
		'generated',
		'Are more codes generated than are free?',
		'Generating is free on the page of the tool; redeeming is what costs.',
		`${tool('bulk-generate-access-codes')}: billed when redeemed; ${tool('preview-access-code-cost')} asks for a consent that no page shows`,
		[
			['generated', 'yes'],
			['refused', 'no: VALIDATION_FAILED'],
		],
	),
	validationStatus: define(
		'422',
		'Which HTTP status comes with VALIDATION_FAILED?',
		"Laravel uses 422, and so do the vendor's texts after the rename.",
		'The code is documented, its status is not.',
		[
			['422', '422'],
			['400', '400'],
		],
	),
	tierStatus: define(
		'403',
		'Which HTTP status comes with TEAM_TIER_REQUIRED?',
		'The token is known, but is not allowed to do this.',
		`${tool('create-project')} names the code without a status`,
		[
			['403', '403'],
			['402', '402'],
			['422', '422'],
		],
	),
	alreadyCancelledStatus: define(
		'409',
		'Which HTTP status comes with SUBSCRIPTION_ALREADY_ACTIVE?',
		'The request conflicts with the state of the subscription.',
		`${tool('cancel-subscription')} names the code without a status`,
		[
			['409', '409'],
			['422', '422'],
			['400', '400'],
		],
	),
	retryAfter: define(
		'seconds',
		'How is Retry-After written?',
		'Laravel sends a whole number of seconds.',
		'https://docs.memberpass.net/mcp/troubleshooting names the header, not its unit',
		[
			['seconds', 'whole seconds'],
			['date', 'an HTTP date'],
			['absent', 'the header is left out, against the documentation'],
		],
	),
	rateLimitHeaders: define(
		'none',
		'Do answers carry X-RateLimit-* headers?',
		'No page names such a header.',
		silent,
		[
			['none', 'no such header'],
			['x_ratelimit', 'X-RateLimit-Limit and X-RateLimit-Remaining'],
		],
	),
	cancelAtPeriodEnd: define(
		'honoured',
		'Is at_period_end of a cancellation honoured?',
		'The published package sends it, and false must not be taken for true.',
		`${npm} sends it; ${tool('cancel-subscription')} has no such input`,
		[
			['honoured', 'true: access until the period ends; false: it ends when the queue runs'],
			['ignored', 'access always lasts until the period ends'],
		],
	),
	kickedStatus: define(
		'as_printed',
		'Which status does a kicked member have?',
		'Both pages are followed: the tool answers churned, the event shows the status before.',
		`${tool('kick-member')}: churned; ${webhooks}/events/member/kicked: typically unchanged`,
		[
			['as_printed', 'churned in answers and lists, in the event the status before'],
			['churned', 'churned, in answers, lists and the event'],
			['unchanged', 'the status stays what it was'],
		],
	),
	eventShape: define(
		'flat',
		'Which shape does the data of an event have?',
		"The event's own page calls itself the full payload.",
		'Family pages print nested objects for subscription.created, member.joined and others; a later manifest lists further keys',
		[
			['flat', "as the event's own page prints it"],
			['nested', 'as the family page prints it, where it differs'],
			['manifest', 'with the keys of the later manifest, where it lacks a documented one'],
		],
	),
	eventIdHeader: define(
		'with_prefix',
		'Does MP-Event-Id carry evt_?',
		'One page says that the header is the value that lands in id.',
		`${webhooks}/events/project/created; ${webhooks}/quickstart prints a bare ULID`,
		[
			['with_prefix', 'the same text as id in the body'],
			['without_prefix', 'the ULID alone'],
		],
	),
	eventIdPer: define(
		'event',
		'Do two endpoints get the same id for one event?',
		'Most pages say that the id is unique per event.',
		`${webhooks} says unique per delivery, ${webhooks}/event-reference per event`,
		[
			['event', 'one id for every endpoint'],
			['delivery', 'an id for each endpoint; its retries keep it'],
		],
	),
	secretPlace: define(
		'beside',
		'Where is the secret of an endpoint that was created, or whose secret was rotated?',
		'It is beside data where an automation platform subscribes, the one answer that a page shows.',
		`${webhooks}/quickstart and ${webhooks}/security name the secret, not its place`,
		[
			['beside', 'beside data'],
			['inside', 'inside data'],
		],
	),
	apiRotation: define(
		'new_only',
		'Which secrets sign after a rotation through the API?',
		'The security page says so; what others say in general fits the dashboard.',
		`${webhooks}/security: only the dashboard signs with both; ${webhooks}/signature-verification: both for 24 hours`,
		[
			['new_only', 'the new one'],
			['both', 'both for 24 hours, as after a rotation in the dashboard'],
		],
	),
	signatureTime: define(
		'fresh',
		'Is t of the signature renewed on a retry?',
		'Retries go on for more than a day and the tolerance is 300 seconds, so an old t would be refused.',
		silent,
		[
			['fresh', 'each attempt gets a new signature'],
			['first', 'every attempt carries the first signature'],
		],
	),
	failureCount: define(
		'attempt',
		'What counts towards the 20 failures in a row?',
		'Attempts are what fails, and the page counts failures across events.',
		`${webhooks}/retries-and-delivery: "not just 20 retries of one"`,
		[
			['attempt', 'each failed attempt'],
			['delivery', 'each delivery once, when its first attempt fails'],
		],
	),
	whileDisabled: define(
		'drop',
		'What happens to events while an endpoint is off?',
		'The page says that new deliveries resume, and does not mention old ones.',
		`${webhooks}/retries-and-delivery`,
		[
			['drop', 'they are not delivered later'],
			['queue', 'they are delivered when the endpoint is on again'],
		],
	),
	accountEvents: define(
		'skip',
		'Does an endpoint of one project get events that belong to no project?',
		'The endpoint asked for events of one project only.',
		silent,
		[
			['skip', 'no'],
			['send', 'yes'],
		],
	),
	reenableMethod: define(
		'post',
		'Which method switches an endpoint on again?',
		'That is what the page shows.',
		`${webhooks}/retries-and-delivery prints POST /v1/webhook-endpoints/{id}; PATCH would be the norm`,
		[
			['post', 'POST'],
			['patch', 'PATCH'],
			['both', 'POST and PATCH'],
		],
	),
	webhookUrls: define(
		'https_or_loopback',
		'Which addresses may an endpoint have?',
		'MemberPass asks for public https addresses, but here receivers run on the same machine.',
		`${webhooks}/quickstart`,
		[
			['https_or_loopback', 'https, and http on this machine'],
			['https', 'https only, as documented'],
		],
	),
	deadLetter: define(
		'after_last_attempt',
		'When does a delivery whose last attempt failed become dead?',
		'A delivery that can be repeated at once is more useful than one after three days.',
		`${webhooks}/retries-and-delivery: dead after attempt 8, yet 72 hours "before dead-letter"`,
		[
			['after_last_attempt', 'at once'],
			['after_72_hours', '72 hours after the last attempt'],
		],
	),
	eventFeed: define(
		'past',
		'What does GET /webhook-events answer for a type that never happened?',
		'The route is described as a list of events.',
		'https://docs.memberpass.net/integrations/zapier calls it a fallback for samples',
		[
			['past', 'past events only, possibly none'],
			['sample', 'one made-up event when there is no past one'],
		],
	),
} as const satisfies Record<string, SwitchDefinition>;

export type SwitchName = keyof typeof switchDefinitions;

/** The setting of every switch. */
export type Switches = {
	-readonly [N in SwitchName]: (typeof switchDefinitions)[N]['values'][number]['value'];
};

export const switchNames = Object.keys(switchDefinitions) as SwitchName[];

/** The defaults, as an object of their own that may be changed. */
export function standardSwitches(): Switches {
	// One boundary cast: Object.fromEntries forgets which value belongs to which name.
	return Object.fromEntries(
		switchNames.map((name) => [name, switchDefinitions[name].standard]),
	) as Switches;
}

/**
 * The defaults, then every other value of every switch alone, each with a name for a test: what runs under all of them
 * does not depend on an open question.
 */
export function everySetting(): readonly (readonly [string, Partial<Switches>])[] {
	return [
		['the defaults', {}],
		...switchNames.flatMap((name) => {
			const { standard, values }: SwitchDefinition = switchDefinitions[name];
			return values
				.filter(({ value }) => value !== standard)
				.map(({ value }) => [`${name} set to ${value}`, { [name]: value }] as const);
		}),
	];
}

export type SwitchReading =
	| { readonly ok: true; readonly changes: Partial<Switches> }
	| { readonly ok: false; readonly problems: Record<string, string[]> };

/** Reads settings from outside; a wrong name or value changes nothing and is answered with what is allowed. */
export function readSwitches(raw: unknown): SwitchReading {
	if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
		return { ok: false, problems: { switches: ['Send an object of switch names and values.'] } };
	}
	const problems: Record<string, string[]> = {};
	for (const [name, value] of Object.entries(raw)) {
		if (!Object.hasOwn(switchDefinitions, name)) {
			problems[name] = [`There is no such switch. There are: ${switchNames.join(', ')}.`];
			continue;
		}
		const { values }: SwitchDefinition = switchDefinitions[name as SwitchName];
		const allowed = values.map((one) => one.value);
		if (typeof value !== 'string' || !allowed.includes(value)) {
			problems[name] = [`Must be one of: ${allowed.join(', ')}.`];
		}
	}
	if (Object.keys(problems).length > 0) return { ok: false, problems };
	return { ok: true, changes: raw };
}
