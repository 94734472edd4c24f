import { expectedCounts } from '@memberpass/testing';
import { events, operations, pickLists } from '@memberpass/catalogue';
import zapier from 'zapier-platform-core';

import app from '../src/index.ts';
import { surfaceOf } from '../src/surface.ts';
import { type Group, keysOf } from './support.ts';

interface Field {
	readonly key: string;
	readonly label?: string;
	readonly type?: string;
	readonly required?: boolean;
	readonly list?: boolean;
	readonly helpText?: string;
	readonly default?: string;
	readonly group?: string;
	readonly choices?: readonly { value: string; sample: string; label: string }[] | object;
	readonly dependsOn?: readonly string[];
}
interface Entry {
	readonly key: string;
	readonly noun: string;
	readonly display: { readonly label: string; readonly description: string };
	readonly operation: {
		readonly type?: string;
		readonly inputFields: readonly Field[];
		readonly inputFieldGroups?: readonly { key: string }[];
		readonly outputFields: readonly { key: string; label?: string; type?: string }[];
		readonly sample: Readonly<Record<string, unknown>>;
		readonly performSubscribe?: unknown;
		readonly performUnsubscribe?: unknown;
		readonly performList?: unknown;
		readonly throttle?: unknown;
	};
}
type Definition = Readonly<Record<Group, Readonly<Record<string, Entry>>>> & {
	readonly authentication: { readonly fields: readonly Field[] };
	readonly flags: object;
	readonly throttle: object;
};

type Handler = (event: object) => Promise<{ results: unknown }>;

async function command(name: 'validate' | 'definition'): Promise<unknown> {
	// Zapier's types lack it, though Zapier's own wrapper calls it.
	const core = zapier as unknown as { createAppHandler(definition: object): Handler };
	const handler = core.createAppHandler(app);
	return (await handler({ command: name, calledFromCli: true })).results;
}

let definition: Definition;
beforeAll(async () => {
	definition = (await command('definition')) as Definition;
});

const groups = ['triggers', 'creates', 'searches'] as const;
const all = groups.flatMap((group) =>
	Object.keys(app[group]).map((key) => [`${group} ${key}`, group, key] as const),
);
const entryOf = (group: Group, key: string): Entry => {
	const entry = definition[group][key];
	if (entry === undefined) throw new Error(`${group}.${key} is not in the definition.`);
	return entry;
};

describe('the app', () => {
	it('is valid for Zapier', async () => {
		await expect(command('validate')).resolves.toEqual([]);
	});

	it('has every event, every action and every search, and nothing else', () => {
		expect(groups.map((group) => Object.keys(definition[group]).length)).toEqual([
			expectedCounts.events,
			expectedCounts.actions,
			expectedCounts.searches,
		]);
	});

	it('stays small, because core copies the whole definition on every call', () => {
		expect(JSON.stringify(definition).length).toBeLessThan(450_000);
	});

	it('handles blank inputs itself and shares the rate limit of a connection', () => {
		expect(definition.flags).toEqual({ cleanInputData: false });
		expect(definition.throttle).toEqual({ window: 60, limit: 300, scope: ['auth'] });
	});

	it('asks for the token as a secret, and says where to get it', () => {
		const [token, address] = definition.authentication.fields;
		expect(token).toMatchObject({ key: 'api_token', type: 'password', required: true });
		expect(token?.helpText).toContain('](https://app.memberpass.net/settings/tokens)');
		expect(address).toMatchObject({ key: 'api_origin', required: false });
	});

	it('reports its surface the same way twice', () => {
		expect(JSON.stringify(surfaceOf(app))).toBe(JSON.stringify(surfaceOf(app)));
		const surface = surfaceOf(app);
		expect(Object.keys(surface.triggers)).toEqual(Object.keys(surface.triggers).sort());
		expect(surface.creates['delete_plan']).toEqual({
			label: 'Delete Plan',
			noun: 'Plan',
			inputs: { plan: 'string required', project: 'string required' },
			sample: ['deleted', 'id'],
		});
	});
});

/** Words that are not capitalised inside a title. */
const smallWords = /^(a|an|and|as|at|by|for|from|in|into|of|on|or|per|the|to|with|[×(].*)$/;
const isTitle = (label: string): boolean =>
	label
		.split(/[\s/-]+/)
		.every((word, at) => /^[A-Z0-9(]/.test(word) || (at > 0 && smallWords.test(word)));

it.each([
	['Find Plan by Name', true],
	['New Subscription', true],
	['Total Gross (in USD)', true],
	['Find plan', false],
	['plan_id', false],
	['by Name', false],
])('"%s" is a title: %s', (label, expected) => {
	expect(isTitle(label)).toBe(expected);
});

/** What Zapier's server checks on push (D001 to D028), as far as a definition shows it. */
describe.each(all)('%s', (_, group, key) => {
	let entry: Entry;
	let fields: readonly Field[];
	beforeAll(() => {
		entry = entryOf(group, key);
		fields = entry.operation.inputFields.filter(({ type }) => type !== 'copy');
	});

	it('has a key, a label and a noun in the form Zapier asks for', () => {
		expect(entry.key).toMatch(/^[a-z][a-z0-9_]+$/);
		expect(entry.display.label).toMatch(/^.{2,64}$/);
		expect([entry.display.label, isTitle(entry.display.label)]).toEqual([
			entry.display.label,
			true,
		]);
		expect(entry.noun).toMatch(/^[A-Z].+/);
		expect(entry.noun).not.toMatch(/^(New|Updated) /);
	});

	it('has a description in the form Zapier asks for', () => {
		const form = {
			triggers: /^Triggers when .+\.$/,
			creates: /^[A-Z][a-z]+s .+\.$/,
			searches: /^Finds .+\.$/,
		}[group];
		expect(entry.display.description).toMatch(form);
		expect(entry.display.description).not.toMatch(/MemberPass|Zapier/);
		if (group === 'searches') expect(entry.display.label).toMatch(/^Find /);
	});

	it('has fields that explain themselves', () => {
		for (const field of entry.operation.inputFields) {
			const { label = '', helpText } = field;
			expect([field.key, isTitle(label)]).toEqual([field.key, true]);
			expect([field.key, label]).not.toEqual([field.key, expect.stringMatching(/[_[\]{}]/)]);
			if (helpText === undefined) continue;
			expect(helpText.toLowerCase()).not.toBe(label.toLowerCase());
			expect(helpText.length).toBeGreaterThanOrEqual(20);
			// Bare web addresses must be links or code; an example of the scheme alone is neither.
			expect(helpText.replace(/\]\(https:[^)]+\)|`[^`]+`/g, '')).not.toMatch(/https?:\/\/\w/);
			expect(helpText).not.toMatch(/http:\/\//);
		}
	});

	it('asks for what it must have first', () => {
		const order = fields.map(({ required }) => required === true);
		expect(order).toEqual([...order].sort((a, b) => Number(b) - Number(a)));
	});

	it('refers only to fields and groups that it has', () => {
		const keys = entry.operation.inputFields.map((field) => field.key);
		const known = (entry.operation.inputFieldGroups ?? []).map((one) => one.key);
		expect(new Set(keys).size).toBe(keys.length);
		for (const field of fields) {
			expect(keys).toEqual(expect.arrayContaining([...(field.dependsOn ?? [])]));
			if (field.group !== undefined) expect(known).toContain(field.group);
			if (field.default !== undefined) expect(typeof field.default).toBe('string');
		}
	});

	it('has a sample whose values are what the fields say', () => {
		const labelled = new Map(entry.operation.outputFields.map((field) => [field.key, field.type]));
		for (const path of keysOf(entry.operation.sample)) {
			const field = path.replaceAll('.', '__').replaceAll('[]__', '[]');
			const type = labelled.get(field);
			// The keys of a free map are not known beforehand, so there is no field for them.
			if (type === undefined) {
				expect(path).toMatch(/^(data\.changes|changes|status_distribution|properties)\b/);
				continue;
			}
			for (const value of valuesAt(entry.operation.sample, path)) {
				if (value !== null)
					expect([path, value, isOfType(value, type)]).toEqual([path, value, true]);
			}
		}
		expect(typeof entry.operation.sample['id']).toBe('string');
		for (const { key: name, label } of entry.operation.outputFields) {
			expect([name, label]).toEqual([name, expect.stringMatching(/^[A-Z0-9]/)]);
		}
	});
});

function isOfType(value: unknown, type: string): boolean {
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean';
		case 'integer':
			return Number.isInteger(value);
		case 'number':
			return typeof value === 'number';
		case 'datetime':
			// A day, or a moment with its zone.
			return (
				typeof value === 'string' &&
				/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)
			);
		default:
			return typeof value === 'string';
	}
}

/** The values of a sample at a dotted path; `[]` stands for every row. */
function valuesAt(value: unknown, path: string): unknown[] {
	return path
		.split(/\.|(?=\[\])/)
		.reduce<unknown[]>(
			(values, part) =>
				part === '[]'
					? values.flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : []))
					: values.map((one) => (one as Record<string, unknown>)[part]),
			[value],
		);
}

describe('triggers', () => {
	it.each(events.map((event) => [event.type, event] as const))(
		'%s can be switched on, off and tried out',
		(type, event) => {
			const { operation } = entryOf('triggers', type.replaceAll('.', '_'));
			expect(operation).toMatchObject({
				type: 'hook',
				performSubscribe: expect.any(String),
				performUnsubscribe: expect.any(String),
				performList: expect.any(String),
			});
			expect(operation).not.toHaveProperty('throttle');
			expect(operation.inputFields.some(({ key }) => key === 'project_id')).toBe(
				!/^(billing|team|role|group)\./.test(event.type),
			);
		},
	);

	it.each(['subscription.refunded', 'payment.refunded'])(
		'%s warns that it may not fire',
		(type) => {
			const { inputFields } = entryOf('triggers', type.replaceAll('.', '_')).operation;
			expect(inputFields[0]).toMatchObject({ type: 'copy' });
			expect(inputFields[0]?.helpText).toMatch(/not|yet/i);
		},
	);
});

describe('actions and searches', () => {
	const written = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
	const fieldsOf = (entry: (typeof written)[number]): readonly Field[] =>
		entryOf(entry.kind === 'action' ? 'creates' : 'searches', entry.key).operation.inputFields;

	it('let users choose every id from a list, but for those no list exists of', () => {
		const typed = written.flatMap((entry) =>
			fieldsOf(entry)
				.filter((field) => entry.input.properties[field.key]?.['x-id'] !== undefined)
				.filter((field) => field.choices === undefined)
				.map((field) => `${entry.key}.${field.key}`),
		);
		expect(typed).toEqual([
			'create_plan.currency_id',
			'create_project.bot_id',
			'update_project.bot_id',
			'list_subscriptions.plan_id',
		]);
	});

	it('name every choice for people', () => {
		for (const field of written.flatMap((entry) => fieldsOf(entry))) {
			if (!Array.isArray(field.choices)) continue;
			for (const choice of field.choices as { value: string; sample: string; label: string }[]) {
				expect(choice.sample).toBe(choice.value);
				expect(choice.label).toMatch(/^[A-Z0-9]/);
			}
		}
	});

	it('searches have at least one input', () => {
		for (const key of Object.keys(definition.searches)) {
			const inputs = entryOf('searches', key).operation.inputFields.filter(
				({ type }) => type !== 'copy',
			);
			expect([key, inputs.length > 0]).toEqual([key, true]);
		}
	});

	it('warn before what cannot be undone', () => {
		const irreversible = written.filter(({ destructive }) => destructive === 'irreversible');
		expect(irreversible.map(({ key }) => key).sort()).toEqual([
			'delete_access_code',
			'delete_plan',
			'delete_project',
			'delete_resource',
			'delete_webhook_endpoint',
			'revoke_token',
			'rotate_webhook_secret',
		]);
		for (const entry of irreversible) {
			const [notice] = fieldsOf(entry);
			expect(notice).toMatchObject({ type: 'copy' });
			expect(notice?.helpText).toMatch(/cannot be undone|at once/);
		}
	});

	it('offer all events by their names', () => {
		const field = fieldsOf(
			written.find(({ key }) => key === 'create_webhook_endpoint') as (typeof written)[number],
		).find(({ key }) => key === 'events');
		expect(field?.choices).toHaveLength(expectedCounts.events);
		expect(field?.list).toBe(true);
	});

	it('let a list wait for what it depends on', () => {
		const members = entryOf('creates', 'ban_member').operation.inputFields;
		expect(members.find(({ key }) => key === 'member')?.dependsOn).toEqual(['project']);
		const codes = entryOf('creates', 'delete_access_code').operation.inputFields;
		expect(codes.find(({ key }) => key === 'access_code')?.dependsOn).toEqual(['project', 'plan']);
		expect(pickLists.accessCodes.needs).toEqual(['project', 'plan']);
	});
});
