import {
	eventPick,
	type FieldSchema,
	operation,
	type PickList,
	pickLists,
	recordLists,
	recordPick,
	routes,
} from '../src/index.ts';

const lists = Object.entries<PickList>(pickLists);

describe.each(lists)('the pick list %s', (_, { operation: key, value, label, needs, search }) => {
	const { method, output, input } = operation(key);

	it('is a read that gives rows, with the keys that it shows', () => {
		expect([method, output.shape]).toEqual(['GET', 'many']);
		expect(Object.keys(output.schema.properties)).toEqual(
			expect.arrayContaining([value, ...label]),
		);
	});

	it('needs what the read requires and nothing else, and searches where the read can', () => {
		expect(input.required ?? []).toEqual(needs);
		expect(Object.keys(input.properties)).toEqual(
			expect.arrayContaining(search === undefined ? [...needs] : [...needs, search]),
		);
	});
});

/** Every input that is picked, the rows of a list of them included. */
const picked = routes.flatMap(({ key, input }) =>
	Object.entries<FieldSchema>(input.properties).flatMap(([name, field]) => {
		const pick = field['x-pick'] ?? field.items?.['x-pick'];
		return pick === undefined
			? []
			: [{ at: `${key} ${name}`, pick, inputs: Object.keys(input.properties) }];
	}),
);

describe('an input that is picked', () => {
	it('is an event, the record of a log or from a list', () => {
		const of = (wanted: string) => picked.filter(({ pick }) => pick === wanted).map(({ at }) => at);
		expect(of(eventPick)).toEqual([
			'list_webhook_events type',
			'create_webhook_endpoint events',
			'create_webhook_subscription events',
		]);
		expect(of(recordPick)).toEqual(['list_activity subject_id']);
		const others = picked.filter(({ pick }) => ![eventPick, recordPick].includes(pick));
		expect(others.length).toBeGreaterThan(30);
		expect(others.filter(({ pick }) => !Object.hasOwn(pickLists, pick))).toEqual([]);
	});

	it('has what its list needs in the same form, save the plan of a filter, which needs no project', () => {
		const lacking = picked.filter(({ pick, inputs }) =>
			lists
				.filter(([name]) => name === pick)
				.some(([, { needs }]) =>
					needs.some((need) => !inputs.includes(need) && !inputs.includes(`${need}_id`)),
				),
		);
		expect(lacking.map(({ at }) => at)).toEqual(['list_subscriptions plan_id']);
	});
});

it('the record of a log is picked from the list of its kind, in either spelling', () => {
	expect(recordLists).toEqual({
		project: 'projects',
		'project-subscription-plan': 'plans',
		plan: 'plans',
		'project-subscription': 'subscriptions',
		subscription: 'subscriptions',
		'project-user': 'members',
		member: 'members',
		'project-resource': 'resources',
		resource: 'resources',
	});
	const kinds = operation('list_activity').input.properties['subject_type']?.['x-known-values'];
	// Codes are listed by plan, which nothing in that form names.
	expect(kinds?.filter((kind) => !Object.hasOwn(recordLists, kind))).toEqual(['access-code']);
});
