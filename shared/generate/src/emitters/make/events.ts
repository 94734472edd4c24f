import { type EventEntry, type FieldSchema, platform } from '@memberpass/catalogue';
import { signatureToleranceSeconds } from '@memberpass/protocol';

import type { Condition, Filter } from '../../../../../packages/make/src/blueprint.ts';
import type { Flow, Step } from './flow.ts';
import { call, type Expression, keyword, minus, plus, text, value } from './iml.ts';
import { replaceAll } from './inputs.ts';
import { customWebhook, ignore, parseJson, setVariables } from './modules.ts';

/** Caption of the module that a user opens. */
export const secretCaption = 'Paste the signing secret';

/**
 * How to switch a scenario on. Make answers MemberPass before the scenario runs and keeps what has to wait in a queue
 * (by a schedule; behind an incomplete execution, with sequential processing), but the age is judged in the run.
 */
export const withoutWaiting =
	'with its schedule at "Immediately as data arrives" and "Sequential processing" off: a delivery that waits in Make for more than 5 minutes is refused as too old, and is not sent again';

/** Headers of a delivery, as Make lists them: name in lower case, and value. */
const headersOf = (hook: Step): Expression => hook.out('__IMTHEADERS__');

/** The body as it came, with the hook's JSON pass-through switched on. */
const rawBody = (hook: Step): Expression => hook.out('value');

/**
 * Starts a scenario with an event whose signature is checked. The answer holds the event's fields: `event_id`,
 * `event_type`, `event_created_at`, `project_id` and what {@link fieldsOf} lists.
 *
 * Made of four steps, because variables of one module cannot see each other. Nothing passes unless everything holds:
 * a secret, a body, one signature header with one time of at most 300 seconds, and a `v1` or `v0` that is the HMAC.
 * A failing step ends the run and leaves the scenario on: with an instant trigger, Make switches a scenario off at its
 * first unhandled error.
 */
export function addVerifiedEvent(flow: Flow, event: EventEntry): Step {
	const onerror = [ignore()];
	const hook = flow.add(customWebhook(`${platform.name} webhook`));
	const values = call(
		'map',
		headersOf(hook),
		'value',
		'name',
		platform.headers.signature.toLowerCase(),
	);
	const header = call('trim', call('ifempty', call('first', values), keyword('emptystring')));
	const tight = call('replace', call('replace', header, '/ *, */g', ','), '/ *= */g', '=');
	const read = flow.add(
		setVariables(`Read ${platform.headers.signature}`, {
			// Each part between commas of its own: ",t=1779098700,,v1=ab12…,".
			parts: text`,${replaceAll(tight, ',', ',,')},`,
			headers: value(call('length', values)),
		}),
		{ onerror },
	);
	const time = call(
		'first',
		call('split', call('last', call('split', read.out('parts'), ',t=')), ','),
	);
	const secrets = flow.add(
		setVariables(secretCaption, {
			secret: '',
			previous_secret: '',
			time: value(time),
			signed: text`${time}.${rawBody(hook)}`,
			// Values in lower case, behind a mark that no part can begin with (blanks at its ends are gone): "V1" is not "v1".
			signatures: value(
				call('lower', replaceAll(replaceAll(read.out('parts'), ',v1=', ', '), ',v0=', ', ')),
			),
		}),
		{ onerror },
	);
	const hmac = (secret: Expression): string =>
		value(call('sha256', secrets.out('signed'), 'hex', secret));
	const expected = flow.add(
		setVariables('Expected signature', {
			hmac: hmac(secrets.out('secret')),
			// Never without a key: nothing says what the function does then.
			previous_hmac: hmac(call('ifempty', secrets.out('previous_secret'), secrets.out('secret'))),
			time_part: text`,t=${secrets.out('time')},`,
		}),
		{ onerror },
	);
	const body = flow.add(parseJson('Event', rawBody(hook)), {
		filter: signatureFilter({ hook, read, secrets, expected }),
		onerror,
	});
	return addFields(flow, event, body);
}

interface SignatureSteps {
	readonly hook: Step;
	readonly read: Step;
	readonly secrets: Step;
	readonly expected: Step;
}

function signatureFilter({ hook, read, secrets, expected }: SignatureSteps): Filter {
	const time = value(secrets.out('time'));
	const now = keyword('timestamp');
	const otherTimes = replaceAll(
		read.out('parts'),
		expected.out('time_part'),
		keyword('emptystring'),
	);
	const always: readonly Condition[] = [
		{ a: value(rawBody(hook)), o: 'text:notequal', b: '' },
		{ a: value(read.out('headers')), o: 'number:equal', b: '1' },
		{ a: time, o: 'text:pattern', b: '^[0-9]{1,12}$' },
		{ a: value(otherTimes), o: 'text:notcontain', b: ',t=' },
		{
			a: time,
			o: 'number:greaterorequal',
			b: value(minus(now, signatureToleranceSeconds)),
		},
		{ a: time, o: 'number:lessorequal', b: value(plus(now, signatureToleranceSeconds)) },
	];
	const signedBy = (secret: string, hmac: string): readonly Condition[] => [
		// Without a key, sha256 is a plain hash that anyone can compute; and an empty one would match an empty "v1=".
		{ a: value(secrets.out(secret)), o: 'exist' },
		{ a: value(secrets.out(secret)), o: 'text:pattern', b: '^[\\s\\S]*\\S[\\s\\S]*$' },
		{ a: value(expected.out(hmac)), o: 'text:pattern', b: '^[0-9a-f]{64}$' },
		...always,
		{ a: value(secrets.out('signatures')), o: 'text:contain', b: text`, ${expected.out(hmac)},` },
	];
	return {
		name: 'Signed by MemberPass, not older than 5 minutes',
		conditions: [signedBy('secret', 'hmac'), signedBy('previous_secret', 'previous_hmac')],
	};
}

/** Starts a scenario with an event whose signature is NOT checked: whoever knows the address can send one. */
export function addLightEvent(flow: Flow, event: EventEntry): Step {
	const hook = flow.add(customWebhook(`${platform.name} webhook`));
	return addFields(flow, event, hook);
}

/** Gives the fields names that can be mapped before the first run, and lets only this event pass. */
function addFields(flow: Flow, event: EventEntry, body: Step): Step {
	const variables = Object.fromEntries(
		fieldsOf(event).map(({ name, places }) => [name, value(firstOf(body, places))]),
	);
	return flow.add(setVariables(`${event.label}: fields`, variables), {
		filter: {
			name: `Only ${event.type}`,
			conditions: [[{ a: value(body.out('type')), o: 'text:equal', b: event.type }]],
		},
		onerror: [ignore()],
	});
}

function firstOf(body: Step, places: readonly (readonly string[])[]): Expression {
	const [first, ...rest] = places;
	if (first === undefined) throw new Error('A field has no place.');
	const one = body.out(...first);
	return rest.length === 0 ? one : call('ifempty', one, firstOf(body, rest));
}

/** A field of an event as Make's users see it. */
export interface EventField {
	/** Name of the variable: the path below `data` with underscores. */
	readonly name: string;
	/** Paths in the envelope where the value may be, the usual one first. */
	readonly places: readonly (readonly string[])[];
}

/**
 * The fields of an event, one for each value: `plan.id` becomes `plan_id`. Where MemberPass sends several shapes of an
 * event, every place where the value may be is looked up.
 */
function fieldsOf(event: EventEntry): readonly EventField[] {
	const found = new Map<string, (readonly string[])[]>([
		['event_id', [['id']]],
		['event_type', [['type']]],
		['event_created_at', [['created_at']]],
	]);
	const add = (name: string, places: readonly (readonly string[])[]): void => {
		const known = found.get(name) ?? [];
		const isNew = (place: readonly string[]): boolean =>
			!known.some((one) => one.join('.') === place.join('.'));
		found.set(name, [...known, ...places.filter(isNew)]);
	};
	const walk = (
		properties: Readonly<Record<string, FieldSchema>>,
		above: readonly string[],
	): void => {
		for (const [key, schema] of Object.entries(properties)) {
			const path = [...above, key];
			if (schema.properties !== undefined) {
				walk(schema.properties, path);
				continue;
			}
			add(path.join('_'), [['data', ...path], ...(schema['x-also-at'] ?? []).map(alternative)]);
		}
	};
	walk(event.data.properties, []);
	add('project_id', [['project_id']]);
	return [...found].map(([name, places]) => ({ name, places }));
}

/** `^project_id` is a key of the envelope, anything else a path below `data`. */
const alternative = (place: string): readonly string[] =>
	place.startsWith('^') ? [place.slice(1)] : ['data', ...place.split('.')];
