import { limits } from '@memberpass/catalogue';

import { switchDefinitions, switchNames } from './switches.ts';

/** A rule the sandbox follows, with how sure it is that MemberPass follows it too. */
export interface Rule {
	readonly area: string;
	readonly rule: string;
	/**
	 * `documented`: a page or the published package says it. `inferred`: concluded from what they say. `made up`: nothing
	 * is known and nothing depends on it; the figure only makes the sandbox run.
	 */
	readonly evidence: 'documented' | 'inferred' | 'made up';
	readonly source: string;
}

const docs = (path: string): string => `docs.memberpass.net${path}`;
const npm = 'npm n8n-nodes-memberpass 1.4.0';

/** What is settled. What is not is a switch. */
export const rules: readonly Rule[] = [
	...area('Tokens', [
		[
			'Tokens look like `mpt_live_<id>_<secret>` or `mpt_test_<id>_<secret>`',
			'documented',
			docs('/guide/reference/glossary'),
		],
		['A token of the other environment is refused', 'documented', docs('/integrations/zapier')],
		[
			'Refused, missing and expired tokens get 401 AUTHENTICATION_REQUIRED',
			'inferred',
			docs('/mcp/authentication'),
		],
		['A revoked token is refused from the next call on', 'documented', docs('/mcp/authentication')],
		['The token decides the team; project scopes limit it further', 'documented', docs('/api')],
		[
			'What a token has no access to is answered like what does not exist: 404 RESOURCE_NOT_FOUND',
			'documented',
			docs('/mcp/troubleshooting'),
		],
		[
			'Each route needs one ability; without it the answer is 403 TOKEN_MISSING_ABILITY',
			'documented',
			docs('/mcp/troubleshooting'),
		],
		[
			'The 403 names the missing ability as `context.required_ability`',
			'inferred',
			docs('/mcp/troubleshooting'),
		],
		[
			'Only their owner can list and revoke tokens; no ability is needed',
			'inferred',
			docs('/mcp/tools/list-tokens'),
		],
		[
			'Team, member, role and group routes stay open to a token of one project',
			'inferred',
			'no page says otherwise',
		],
		[
			'With a token limited to some projects, the activity log shows only those projects',
			'inferred',
			docs('/mcp/troubleshooting'),
		],
		[
			'A project created with a token limited to some projects is not one of them',
			'inferred',
			'no page says otherwise',
		],
	]),
	...area('Requests', [
		[
			'Every error has the envelope `code, message, docs_url, remediation, request_id`, and `fields`, `context` where they apply',
			'documented',
			docs('/api'),
		],
		[
			'All field errors are reported at once, with Laravel’s messages and field names (`events.0`)',
			'inferred',
			docs('/api'),
		],
		[
			'Texts are trimmed before they are checked; unknown keys are ignored',
			'inferred',
			'Laravel’s defaults',
		],
		[
			'Order of checks: token, rate, ability, idempotency key, ids in the path, input',
			'inferred',
			'no page says it',
		],
		['Flags in a query are 1, 0, true or false', 'inferred', 'Laravel’s form; no page shows one'],
		[
			'Malformed JSON gets 400, a wrong method 405, a body over 1 MB 413, a body that is not JSON 415, over 16 KB of headers 431',
			'made up',
			'codes of the sandbox, marked unknown in /error-codes.json',
		],
	]),
	...area('Idempotency', [
		['Every POST, PATCH and DELETE needs `Idempotency-Key`', 'documented', docs('/api')],
		['A 2xx is replayed for 24 hours under its key, byte for byte', 'documented', docs('/api')],
		[
			'A failure is not replayed; the call can be repeated with the same key',
			'inferred',
			docs('/api'),
		],
		[
			'An idempotency key covers method, path and body, whatever the order of keys in the body',
			'inferred',
			'no page says it',
		],
		['The newest 50,000 idempotency keys are kept', 'made up', 'memory of this process'],
	]),
	...area('Rate limits', [
		[
			`${limits.requestsPerMinute} requests a minute and ${limits.requestsPerHour.toLocaleString('en')} an hour with one token`,
			'documented',
			docs('/api'),
		],
		[
			`${limits.webhookTestsPerMinute} webhook tests a minute with one token`,
			'documented',
			docs('/webhooks/testing-and-debugging'),
		],
		[
			'Beyond a limit the answer is 429 RATE_LIMITED with `Retry-After`',
			'documented',
			docs('/mcp/troubleshooting'),
		],
		[
			'A limit’s window starts with the first request; a refused request does not count',
			'inferred',
			'Laravel’s limiter',
		],
	]),
	...area('Lists', [
		[
			'Plans, members, roles and transactions come newest first',
			'documented',
			docs('/mcp/tools/list-plans'),
		],
		['Team members come with the owner first', 'documented', docs('/mcp/tools/list-team-members')],
		['Every other list comes newest first too', 'inferred', 'no page says it'],
		[
			'`limit` and `per_page` are 1 to 100, 25 by default; in reports and logs up to 200, 50 by default',
			'documented',
			docs('/mcp/tools/list-projects'),
		],
		[
			'Transactions are always paged by `cursor`, whatever `paging` is set to',
			'documented',
			docs('/mcp/tools/list-transactions'),
		],
		[
			'Teams, team members, roles, groups, tokens and payment methods come complete, with `meta.total`; with the other two settings of `paging` they are paged, as the package expects',
			'documented',
			docs('/mcp/tools/list-roles'),
		],
		[
			'`handle`, `name` and `telegram_id` must match exactly; `search` matches part of a name or email address',
			'inferred',
			npm,
		],
	]),
	...area('Projects and plans', [
		[
			'Choosing a handle needs Starter or Growth; otherwise the answer is TEAM_TIER_REQUIRED',
			'documented',
			docs('/mcp/tools/create-project'),
		],
		[
			'Free, Starter and Growth allow 3, 10 and 20 projects',
			'documented',
			docs('/creators/subscription'),
		],
		['More projects are refused with TEAM_TIER_REQUIRED', 'inferred', 'the code is on no page'],
		[
			'Without a handle, one is made from the name and six letters',
			'inferred',
			docs('/mcp/tools/create-project'),
		],
		[
			'Archiving keeps subscribers and data and stops new signups; archiving again does nothing',
			'documented',
			docs('/mcp/tools/archive-project'),
		],
		[
			'In an archived project nothing renews: access lasts until the period ends',
			'documented',
			docs('/webhooks/events/project/archived'),
		],
		[
			'In an archived project no trial becomes paid',
			'inferred',
			docs('/webhooks/events/project/archived'),
		],
		[
			'Deleting a project deletes everything in it, without separate events',
			'documented',
			docs('/webhooks/events/project/deleted'),
		],
		[
			'Plan names are unique in a project; the currency needs an active payment method; lifetime has a count of 1; recurring is refused for crypto',
			'documented',
			docs('/mcp/tools/create-plan'),
		],
		['Publishing a published plan does nothing', 'documented', docs('/mcp/tools/publish-plan')],
		[
			'A new plan is synced to the payment providers after 4 seconds (`plan.sync_completed`)',
			'made up',
			'the event is documented, the time is not',
		],
	]),
	...area('Members, subscriptions, codes', [
		[
			'A ban sets the status banned; a second ban does nothing',
			'documented',
			docs('/mcp/tools/ban-member'),
		],
		['A ban cancels active subscriptions', 'documented', docs('/webhooks/events/member/banned')],
		['Only unbanning ends a ban', 'documented', docs('/webhooks/events/member/banned')],
		['Kicking a banned member does nothing', 'inferred', 'no page says it'],
		['Lifting a ban sets the status churned', 'documented', docs('/mcp/tools/unban-member')],
		[
			'A cancellation is queued; the status and the event follow',
			'documented',
			docs('/mcp/tools/cancel-subscription'),
		],
		[
			'A cancellation or a batch of codes is done 2 seconds later',
			'made up',
			'no page gives a time',
		],
		[
			'Cancelling a cancelled subscription is answered with SUBSCRIPTION_ALREADY_ACTIVE',
			'documented',
			docs('/mcp/tools/cancel-subscription'),
		],
		[
			'After a cancellation access lasts until the period ends',
			'documented',
			docs('/webhooks/events/subscription/cancelled'),
		],
		[
			'Codes are made by a job, masked to 4 + 4 characters in lists and 5 in events',
			'documented',
			docs('/mcp/tools/list-access-codes'),
		],
		[
			'Free, Starter and Growth include 5, 200 and 500 free codes',
			'documented',
			docs('/creators/subscription'),
		],
		[
			'Codes are counted when they are redeemed',
			'inferred',
			'docs.memberpass.net/payments/access-codes; an older page counts generated codes',
		],
		[
			'A chargeable code costs 0.03',
			'inferred',
			'the sample of /mcp/tools/preview-access-code-cost: 47 for 1.41',
		],
		[
			'A deep link leads to the access code, else the plan, else the custom text, else the project',
			'documented',
			docs('/mcp/tools/get-deep-link'),
		],
		[
			'Without a bot, a deep link is refused with VALIDATION_FAILED and `reason: no_bot_attached`',
			'documented',
			docs('/mcp/tools/get-deep-link'),
		],
	]),
	...area('Events', [
		[
			'A paid checkout sends subscription.created, member.joined, payment.succeeded',
			'documented',
			docs('/webhooks/events/subscription'),
		],
		[
			'A trial sends subscription.created, subscription.trial_started, member.trial_joined',
			'documented',
			docs('/webhooks/events/member'),
		],
		[
			'A redeemed code sends access_code.redeemed, subscription.created, member.joined',
			'documented',
			docs('/webhooks/events/access-code/redeemed'),
		],
		[
			'A trial that becomes paid sends subscription.activated, member.converted, payment.succeeded',
			'documented',
			docs('/webhooks/events/member/converted'),
		],
		[
			'A renewal sends subscription.renewed, payment.succeeded; if it is not paid, subscription.past_due, payment.failed',
			'documented',
			docs('/webhooks/events/subscription/renewed'),
		],
		[
			'A subscription that is still unpaid when the grace period ends sends subscription.unpaid, then the events of any end',
			'documented',
			docs('/webhooks/events/subscription/unpaid'),
		],
		['The grace period ends with the running period', 'made up', 'no page says how long it is'],
		[
			'The end of a subscription sends subscription.expired, then member.churned if it was the last',
			'documented',
			docs('/webhooks/events/subscription/expired'),
		],
		[
			'One member.resource_added or member.resource_removed for each resource of the plan follows the other events',
			'documented',
			docs('/webhooks/events/member/resource-added'),
		],
		[
			'One member.resource_removed for each subscription with access when a resource is deleted or unlinked',
			'documented',
			docs('/webhooks/events/member/resource-removed'),
		],
		[
			'A ban sends member.banned, then subscription.cancelled',
			'inferred',
			docs('/webhooks/events/member/banned'),
		],
		[
			'`project_id` is null for billing, team, role and group events',
			'documented',
			docs('/webhooks'),
		],
		[
			'A field that would be null, but has a value on the page, is left out',
			'inferred',
			docs('/webhooks/events/member/removed'),
		],
	]),
	...area('Deliveries', [
		[
			'Headers: `MP-Signature: t=…,v1=…` (HMAC-SHA256 of `<t>.<body>`), `MP-Event-Id`, `MP-Event-Name`, `User-Agent: MemberPass-Webhooks/…`',
			'documented',
			docs('/webhooks/signature-verification'),
		],
		[
			'A token needs the ability of each event when it subscribes',
			'documented',
			docs('/integrations/zapier'),
		],
		[
			'The secret is in the answers to creation and rotation only',
			'documented',
			docs('/webhooks/security'),
		],
		[
			'The secret is beside `data` when an automation platform subscribes',
			'documented',
			docs('/integrations/zapier'),
		],
		[
			'8 attempts: at once, then after 10 s, 30 s, 2 min, 10 min, 1 h, 6 h, 24 h',
			'documented',
			docs('/webhooks/retries-and-delivery'),
		],
		[
			'A receiver has 10 seconds; anything but 2xx is a failure',
			'documented',
			docs('/webhooks/retries-and-delivery'),
		],
		['Redirects are not followed', 'inferred', docs('/webhooks/retries-and-delivery')],
		[
			'20 failures in a row switch an endpoint off; switching it on resets the count',
			'documented',
			docs('/webhooks/retries-and-delivery'),
		],
		[
			'A failed or dead delivery can be sent again; it is then pending, with 0 attempts',
			'documented',
			docs('/webhooks/retries-and-delivery'),
		],
		[
			'After a rotation in the dashboard, deliveries are signed with both secrets for 24 hours, `v0` first',
			'documented',
			docs('/webhooks/security'),
		],
		['`allowed_ips` limits what the address may resolve to', 'inferred', npm],
		[
			'A delivery to an address outside `allowed_ips` is dead without being sent',
			'inferred',
			'the later change log of the vendor',
		],
		[
			'`/webhook-subscriptions` and `/webhook-endpoints` are the same things',
			'inferred',
			'the later route list of the vendor',
		],
		[
			'A test delivery is a made-up subscription.created',
			'documented',
			docs('/webhooks/testing-and-debugging'),
		],
		['What a secret looks like', 'made up', 'no page shows one'],
		[
			'Deliveries stay on this machine without `--allow-remote`',
			'made up',
			'a rule of the sandbox',
		],
	]),
];

function area(
	name: string,
	rows: readonly (readonly [string, Rule['evidence'], string])[],
): Rule[] {
	return rows.map(([rule, evidence, source]) => ({ area: name, rule, evidence, source }));
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The rules as the README shows them. */
export function rulesTable(): string {
	const rows = rules.map(
		({ area: name, rule, evidence, source }) =>
			`| ${name} | ${cell(rule)} | ${evidence} | ${cell(source)} |`,
	);
	return ['| Area | Rule | Evidence | Source |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The switches as the README shows them; the default is bold. */
export function switchesTable(): string {
	const rows = switchNames.map((name) => {
		const { values, standard, question, because } = switchDefinitions[name];
		const shown = values.map(({ value }) => (value === standard ? `**${value}**` : value));
		return `| \`${name}\` | ${cell(question)} | ${shown.join(', ')} | ${cell(because)} |`;
	});
	return [
		'| Switch | Question | Values | Why this default |',
		'| --- | --- | --- | --- |',
		...rows,
	].join('\n');
}
