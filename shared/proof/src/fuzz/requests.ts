import { isDeepStrictEqual } from 'node:util';

import { platform } from '@memberpass/catalogue';
import {
	buildRequest,
	isPrivateHost,
	isWrite,
	PathValueError,
	readInput,
	readOrigin,
} from '@memberpass/protocol';
import fc from 'fast-check';

import {
	hostileJson,
	hostileText,
	type Kept,
	must,
	type Target,
	targetOf,
	webAddress,
} from './target.ts';
import { anyOperation, origin, wireAt, wires } from './wires.ts';

const pathBuilder = targetOf({
	name: 'path builder',
	rule: 'whatever the values, the path is that of its route or none: each value is one segment',
	weight: 1,
	inputs: fc.record({
		operation: anyOperation,
		values: fc.array(fc.oneof(hostileText, fc.integer(), hostileJson), {
			minLength: 3,
			maxLength: 3,
		}),
	}),
	check({ operation, values }) {
		const wire = wireAt(operation);
		const names = wire.fields.filter((field) => field.in === 'path').map((field) => field.name);
		const given = Object.fromEntries(names.map((name, index) => [name, values[index]]));
		const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
		let request;
		try {
			request = buildRequest(wire, given, { platform, origin, idempotencyKey });
		} catch (error) {
			must(error instanceof PathValueError, 'only a value of the path is refused');
			return;
		}
		const url = new URL(request.url);
		must(url.origin === origin && url.search === '' && url.hash === '', 'it stays a path');
		must(url.pathname === request.path, 'nothing in the path is resolved away');
		const expected = `${platform.apiBasePath}${wire.path}`.split('/');
		const actual = url.pathname.split('/');
		must(actual.length === expected.length, 'the path has the segments of its route');
		for (const [index, part] of expected.entries()) {
			const name = /^\{(.+)\}$/.exec(part)?.[1];
			const segment = actual[index] ?? '';
			if (name === undefined) must(segment === part, 'fixed segments stay');
			else {
				const value = given[name];
				must(typeof value === 'string' || typeof value === 'number', 'only text is taken');
				must(decodeURIComponent(segment) === String(value).trim(), 'a value comes back');
			}
		}
	},
});

const bodyBuilder = targetOf({
	name: 'body builder',
	rule: 'whatever the inputs, they are sent as they were read or named as problems; a body and a query come back',
	weight: 1,
	inputs: fc.record({
		operation: anyOperation,
		values: fc.array(
			fc
				.oneof(
					hostileText,
					hostileJson,
					fc.double(),
					fc.constantFrom(
						'',
						'1',
						'true',
						'2026-02-30',
						'2026-05-18',
						'[1,"a"]',
						'a,b',
						'29.5',
						null,
					),
				)
				.map((value): Kept =>
					typeof value === 'number' && !Number.isFinite(value) ? null : value,
				),
			{ minLength: 12, maxLength: 12 },
		),
		extra: fc.option(hostileText, { freq: 5 }),
	}),
	check({ operation, values, extra }) {
		const wire = wireAt(operation);
		const raw = Object.fromEntries([
			...wire.fields.map((field, index) => [field.name, values[index % values.length]] as const),
			...(extra === null ? [] : [[extra, 'extra'] as const]),
		]);
		const input = readInput(wire, raw);
		if (!input.ok) {
			must(input.problems.length > 0, 'there is a problem to name');
			must(
				input.problems.every(({ message }) => message.endsWith('.')),
				'problems are sentences',
			);
			return;
		}
		const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
		let request;
		try {
			request = buildRequest(wire, input.values, { platform, origin, idempotencyKey });
		} catch (error) {
			must(error instanceof PathValueError, 'only a value of the path is refused');
			return;
		}
		const inBody = wire.fields.filter(
			({ in: place, name }) => place === 'body' && input.values[name] !== undefined,
		);
		const sent: unknown = request.body === null ? {} : JSON.parse(request.body);
		must(
			isDeepStrictEqual(
				sent,
				Object.fromEntries(inBody.map(({ name }) => [name, input.values[name]])),
			),
			'the body comes back as it was read',
		);
		const query = [...new URL(request.url).searchParams];
		must(isDeepStrictEqual(query, request.query), 'the query comes back');
	},
});

/** An element of a list: MemberPass takes none with a comma, and a bracket at the start of a text is one of JSON. */
const element = hostileText
	.map((text) => text.replaceAll(',', '').trim())
	.filter((text) => text !== '' && !text.startsWith('['));

/** What platforms hand over where an earlier step left something empty. */
const nothing: fc.Arbitrary<Kept> = fc.letrec<{ nothing: Kept; list: Kept }>((tie) => ({
	nothing: fc.oneof(fc.constantFrom<Kept>(null, ' ', '\n', {}, []), tie('list')),
	list: fc.array(fc.oneof(fc.constant<Kept>(''), tie('nothing')), { maxLength: 3 }),
})).nothing;

/** The same operations with one of their lists as the only input. */
const lists = wires.flatMap((wire) =>
	wire.fields.flatMap((field) =>
		field.type === 'array' ? [{ ...wire, fields: [field], exclusive: [] }] : [],
	),
);

const listReader = targetOf({
	name: 'list reader',
	rule: 'a list is read alike however a platform writes it, and what holds nothing is not given',
	weight: 1,
	inputs: fc.record({
		list: fc.nat(lists.length - 1),
		elements: fc.array(element, { minLength: 1, maxLength: 4 }),
		operation: anyOperation,
		nothing,
	}),
	check({ list, elements, operation, nothing: given }) {
		const wire = lists[list];
		if (wire === undefined) throw new Error('There is no such list.');
		const [field] = wire.fields;
		const name = field?.name ?? '';
		const rows: readonly Kept[] = [
			elements,
			elements.join(' , '),
			JSON.stringify(elements),
			[elements],
			[elements.join(',')],
			[JSON.stringify(elements)],
			['', given, ...elements],
		];
		for (const written of rows) {
			const input = readInput(wire, { [name]: written });
			must(input.ok, `${JSON.stringify(written)} is a list`);
			must(
				isDeepStrictEqual(input.values[name], elements),
				`${JSON.stringify(written)} is read as ${JSON.stringify(elements)}`,
			);
		}
		const whole = wireAt(operation);
		const raw = Object.fromEntries(whole.fields.map((one) => [one.name, given]));
		must(
			isDeepStrictEqual(readInput(whole, raw), readInput(whole, {})),
			`${JSON.stringify(given)} is not given`,
		);
	},
});

const address = targetOf({
	name: 'API address',
	rule: 'an address is refused, or is a public https origin and nothing more',
	weight: 1,
	inputs: fc.oneof(
		hostileText,
		webAddress,
		fc
			.tuple(
				fc.constantFrom(
					'https://',
					'http://',
					'https:\\\\',
					'HTTPS://',
					'//',
					'javascript:',
					'https://a@',
				),
				fc.oneof(
					fc.domain(),
					fc.ipV4(),
					fc.ipV4Extended(),
					fc.ipV6().map((ip) => `[${ip}]`),
					hostileText,
				),
				fc.constantFrom(
					'',
					'/',
					'/v1',
					'/v1/',
					':443',
					':80/v1',
					'?x',
					'#y',
					'/v1/../v2',
					'/%76%31',
				),
			)
			.map((parts) => parts.join('')),
	),
	check(written) {
		const result = readOrigin(written, platform, 'none');
		if (!result.ok) {
			must(result.reason.endsWith('.'), 'a sentence says why');
			return;
		}
		const url = new URL(result.origin);
		must(url.origin === result.origin, 'it is an origin');
		must(url.protocol === 'https:', 'it is https');
		must(!isPrivateHost(url.hostname), 'it is public');
	},
});

/** What the protocol reads of a form, and the requests that it builds. */
export const requestTargets: readonly Target[] = [pathBuilder, bodyBuilder, listReader, address];
