import { n8nOperationKey, type OperationEntry } from '@memberpass/catalogue';

/** n8n's guideline: a result with more fields than this gets a Simplify switch, and shows no more than this. */
const mostFields = 10;

const plan = [
	'id',
	'project_id',
	'name',
	'price',
	'currency',
	'billing_cycle',
	'billing_cycle_count',
	'trial_days',
	'active',
	'created_at',
];

/** What Simplify keeps, most useful first, as paths; a nested value moves to the top under a flat name. */
const kept: Readonly<Record<string, readonly string[]>> = {
	'activity.list': [
		'id',
		'event',
		'description',
		'subject_type',
		'subject_id',
		'causer_type',
		'causer_id',
		'actor_kind',
		'log_name',
		'created_at',
	],
	'plan.create': plan,
	'plan.findByName': plan,
	'plan.get': plan,
	'plan.list': plan,
	'plan.update': plan,
	'project.get': [
		'id',
		'name',
		'handle',
		'type',
		'active',
		'team_id',
		'counts.plans',
		'counts.subscribers',
		'created_at',
		'updated_at',
	],
	'webhookEndpoint.create': [
		'id',
		'name',
		'url',
		'events',
		'project_id',
		'allowed_ips',
		'is_active',
		'created_at',
		'secret',
	],
};

/**
 * What Simplify keeps of the result of an operation, or null where the result is short.
 *
 * @throws Error where a result has grown long and nobody has chosen, or where a choice no longer exists.
 */
export function simplePaths(
	entry: OperationEntry,
	choices: Readonly<Record<string, readonly string[]>> = kept,
): readonly string[] | null {
	const { properties } = entry.output.schema;
	if (Object.keys(properties).length <= mostFields) return null;
	const key = n8nOperationKey(entry);
	const paths = choices[key];
	if (paths === undefined || paths.length > mostFields) {
		throw new Error(`Say in simple.ts which ${mostFields} fields Simplify keeps of "${key}".`);
	}
	const lost = paths.find((path) => {
		const [head = '', inner] = path.split('.');
		const field = properties[head];
		return field === undefined || (inner !== undefined && field.properties?.[inner] === undefined);
	});
	if (lost !== undefined) throw new Error(`"${key}" has no field "${lost}" to keep (simple.ts).`);
	return paths;
}
