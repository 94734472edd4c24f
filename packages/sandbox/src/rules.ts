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
			'`mpt_live_<id>_<secret>` and `mpt_test_<id>_<secret>`',
			'documented',
			docs('/guide/reference/glossary'),
		],
		['A token of the other environment is refused', 'documented', docs('/integrations/zapier')],
		[
			'…with 401 AUTHENTICATION_REQUIRED, like a missing or expired one',
			'inferred',
			docs('/mcp/authentication'),
		],
		['A revoked token is refused from the next call on', 'documented', docs('/mcp/authentication')],
		['The team comes from the token; project scopes narrow it', 'documented', docs('/api')],
		[
			'What is out of scope looks like what is missing: 404 RESOURCE_NOT_FOUND',
			'documented',
			docs('/mcp/troubleshooting'),
		],
		[
			'Each route asks for one ability; 403 TOKEN_MISSING_ABILITY without it',
			'documented',
			docs('/mcp/troubleshooting'),
		],
		['The 403 names it as `context.required_ability`', 'inferred', docs('/mcp/troubleshooting')],
		[
			'Tokens are shown to and revoked by their owner only, without an ability',
			'inferred',
			docs('/mcp/tools/list-tokens'),
		],
		[
			'Team, member, role and group routes stay open to a token of one project',
			'inferred',
			'no page says otherwise',
		],
		[
			'The activity log shows a token of some projects what happened in those only',
			'inferred',
			docs('/mcp/troubleshooting'),
		],
		[
			'A project made with a token of some projects is not among them',
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
			'All field errors come at once, in Laravel’s words and under its names (`events.0`)',
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
		[
			'Lists in a query are `plan_ids[]=a`; flags are 1, 0, true or false',
			'inferred',
			'Laravel’s form; no page shows one',
		],
		[
			'Malformed JSON 400, wrong method 405, over 1 MB 413, not JSON 415, over 16 KB of headers 431',
			'made up',
			'codes of the sandbox, marked unknown in /error-codes.json',
		],
	]),
	...area('Idempotency', [
		['Every POST, PATCH and DELETE needs `Idempotency-Key`', 'documented', docs('/api')],
		['A 2xx is replayed for 24 hours under its key, byte for byte', 'documented', docs('/api')],
		['A failure is not; the call can be repeated under its key', 'inferred', docs('/api')],
		[
			'A key covers method, path and body; the order of keys in the body does not count',
			'inferred',
			'no page says it',
		],
		['The 50,000 youngest keys are kept', 'made up', 'memory of this process'],
	]),
	...area('Rate limits', [
		['300 requests a minute and 10,000 an hour with one token', 'documented', docs('/api')],
		[
			'5 webhook tests a minute with one token',
			'documented',
			docs('/webhooks/testing-and-debugging'),
		],
		['429 RATE_LIMITED with `Retry-After`', 'documented', docs('/mcp/troubleshooting')],
		[
			'Windows open with the first request; a refused request does not count',
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
		[
			'The people of a team come with the owner first',
			'documented',
			docs('/mcp/tools/list-team-members'),
		],
		['Every other list comes newest first too', 'inferred', 'no page says it'],
		[
			'`limit` and `per_page` from 1 to 100, 25 where absent; reports and logs to 200, 50 where absent',
			'documented',
			docs('/mcp/tools/list-projects'),
		],
		[
			'Transactions are paged by `cursor` whatever is switched',
			'documented',
			docs('/mcp/tools/list-transactions'),
		],
		[
			'Teams, people, roles, groups, tokens and payment methods come whole, with `meta.total`; paged under the other two shapes, as the package expects',
			'documented',
			docs('/mcp/tools/list-roles'),
		],
		[
			'`handle`, `name` and `telegram_id` must match exactly; `search` is part of name or email',
			'inferred',
			npm,
		],
	]),
	...area('Projects and plans', [
		[
			'A handle of one’s own needs Starter or Growth: TEAM_TIER_REQUIRED',
			'documented',
			docs('/mcp/tools/create-project'),
		],
		[
			'3, 10 and 20 projects on Free, Starter and Growth',
			'documented',
			docs('/creators/subscription'),
		],
		['…TEAM_TIER_REQUIRED beyond that', 'inferred', 'the code is on no page'],
		[
			'Without a handle one is made from the name and six letters',
			'inferred',
			docs('/mcp/tools/create-project'),
		],
		[
			'Archiving keeps subscribers and data, stops new signups, and does nothing twice',
			'documented',
			docs('/mcp/tools/archive-project'),
		],
		[
			'In an archived project nothing renews: access lasts until the period ends',
			'documented',
			docs('/webhooks/events/project/archived'),
		],
		['…and no trial becomes paid', 'inferred', docs('/webhooks/events/project/archived')],
		[
			'Deleting a project deletes all in it, without events of their own',
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
			'Providers hear of a new plan 4 seconds later (`plan.sync_completed`)',
			'made up',
			'the event is documented, the time is not',
		],
	]),
	...area('Members, subscriptions, codes', [
		['Ban: status banned; a second ban does nothing', 'documented', docs('/mcp/tools/ban-member')],
		[
			'…and active subscriptions are cancelled',
			'documented',
			docs('/webhooks/events/member/banned'),
		],
		['Only unbanning ends a ban', 'documented', docs('/webhooks/events/member/banned')],
		['…so a kick of who is banned does nothing', 'inferred', 'no page says it'],
		['Unban: status churned', 'documented', docs('/mcp/tools/unban-member')],
		[
			'Cancelling is queued; status and event follow',
			'documented',
			docs('/mcp/tools/cancel-subscription'),
		],
		['…2 seconds later, as does a batch of codes', 'made up', 'no page gives a time'],
		[
			'Cancelling what is cancelled: SUBSCRIPTION_ALREADY_ACTIVE',
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
			'5, 200 and 500 free codes on Free, Starter and Growth',
			'documented',
			docs('/creators/subscription'),
		],
		[
			'…counted when they are redeemed, and generating more is not refused',
			'inferred',
			'docs.memberpass.net/payments/access-codes; an older page counts generated codes, another asks for a consent',
		],
		[
			'A chargeable code costs 0.03',
			'inferred',
			'the sample of /mcp/tools/preview-access-code-cost: 47 for 1.41',
		],
		[
			'Deep links take access code, plan, custom text in this order, or the project',
			'documented',
			docs('/mcp/tools/get-deep-link'),
		],
		[
			'Without a bot: VALIDATION_FAILED with `reason: no_bot_attached`',
			'documented',
			docs('/mcp/tools/get-deep-link'),
		],
	]),
	...area('Events', [
		[
			'Paid: subscription.created, member.joined, payment.succeeded',
			'documented',
			docs('/webhooks/events/subscription'),
		],
		[
			'Trial: subscription.created, subscription.trial_started, member.trial_joined',
			'documented',
			docs('/webhooks/events/member'),
		],
		[
			'Code: access_code.redeemed, subscription.created, member.joined',
			'documented',
			docs('/webhooks/events/access-code/redeemed'),
		],
		[
			'Conversion: subscription.activated, member.converted, payment.succeeded',
			'documented',
			docs('/webhooks/events/member/converted'),
		],
		[
			'Renewal: subscription.renewed, payment.succeeded; unpaid: subscription.past_due, payment.failed',
			'documented',
			docs('/webhooks/events/subscription/renewed'),
		],
		[
			'Still unpaid when the grace period ends: subscription.unpaid, then as at any end',
			'documented',
			docs('/webhooks/events/subscription/unpaid'),
		],
		['…which it does with the running period', 'made up', 'no page says how long it is'],
		[
			'End: subscription.expired, then member.churned if it was the last',
			'documented',
			docs('/webhooks/events/subscription/expired'),
		],
		[
			'One member.resource_added or _removed for each resource of the plan, after the others',
			'documented',
			docs('/webhooks/events/member/resource-added'),
		],
		[
			'One member.resource_removed for each subscription with access when a resource is deleted or unlinked',
			'documented',
			docs('/webhooks/events/member/resource-removed'),
		],
		[
			'Ban: member.banned, then subscription.cancelled',
			'inferred',
			docs('/webhooks/events/member/banned'),
		],
		[
			'`project_id` is null for billing, team, role and group events',
			'documented',
			docs('/webhooks'),
		],
		[
			'A null where a page shows a value is left out',
			'inferred',
			docs('/webhooks/events/member/removed'),
		],
	]),
	...area('Deliveries', [
		[
			'`MP-Signature: t=…,v1=…`, HMAC-SHA256 of `<t>.<body>`; `MP-Event-Id`, `MP-Event-Name`, `User-Agent: MemberPass-Webhooks/…`',
			'documented',
			docs('/webhooks/signature-verification'),
		],
		[
			'A token needs the ability of each event when it subscribes',
			'documented',
			docs('/integrations/zapier'),
		],
		[
			'The secret is in the answer of creation and rotation, and nowhere else',
			'documented',
			docs('/webhooks/security'),
		],
		[
			'It stands beside `data` where an automation platform subscribes',
			'documented',
			docs('/integrations/zapier'),
		],
		[
			'…and so it does where an endpoint is made or its secret rotated',
			'inferred',
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
			'A failed or dead delivery can be sent again: pending, no attempts',
			'documented',
			docs('/webhooks/retries-and-delivery'),
		],
		[
			'A rotation over the API signs with the new secret only',
			'documented',
			docs('/webhooks/security'),
		],
		[
			'One in the dashboard signs with both for 24 hours, `v0` first',
			'documented',
			docs('/webhooks/security'),
		],
		['`allowed_ips` limits what the address may resolve to', 'inferred', npm],
		[
			'…and a delivery that would go elsewhere is dead without being sent',
			'inferred',
			'the later change log of the vendor',
		],
		[
			'`/webhook-subscriptions` and `/webhook-endpoints` are the same things',
			'inferred',
			'the later route list of the vendor',
		],
		[
			'A test is a made-up subscription.created',
			'documented',
			docs('/webhooks/testing-and-debugging'),
		],
		['The form of a secret', 'made up', 'no page shows one'],
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
