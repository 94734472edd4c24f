/** One function for each module of Make that we use: its parameters and mapper, typed, without what an account adds. */
import { platform } from '@memberpass/catalogue';

import type { Mapper, MapperValue, ModuleId } from '../../../../../packages/make/src/blueprint.ts';
import { type Expression, value } from './iml.ts';

/** A module without its number and place. */
export interface ModuleDraft {
	readonly module: ModuleId;
	/** Caption on the canvas; null keeps the one of the app. */
	readonly caption: string | null;
	readonly parameters: Mapper;
	readonly mapper: Mapper;
}

const draft = (
	module: ModuleDraft['module'],
	caption: string | null,
	mapper: ModuleDraft['mapper'] = {},
	parameters: ModuleDraft['parameters'] = {},
): ModuleDraft => ({ module, caption, parameters, mapper });

/** The webhook that starts a scenario. Which hook, and its switches, are chosen after the import. */
export const customWebhook = (caption: string): ModuleDraft =>
	draft('gateway:CustomWebHook', caption);

/** Several named values. They cannot see each other: one module per step of a calculation. */
export const setVariables = (
	caption: string,
	variables: Readonly<Record<string, string>>,
): ModuleDraft =>
	draft('util:SetVariables', caption, {
		scope: 'roundtrip',
		variables: Object.entries(variables).map(([name, one]) => ({ name, value: one })),
	});

/** JSON text to a bundle. Without a data structure: Make learns the fields on the first run. */
export const parseJson = (caption: string, json: Expression): ModuleDraft =>
	draft('json:ParseJSON', caption, { json: value(json) }, { type: '' });

/** Any value to JSON text, in the output `json`. The only escaping that Make documents. */
export const toJson = (caption: string, object: Expression): ModuleDraft =>
	draft('json:TransformToJSON', caption, { object: value(object) }, { space: '' });

/** One bundle for each element of a list. */
export const feeder = (caption: string, array: Expression): ModuleDraft =>
	draft('builtin:BasicFeeder', caption, { array: value(array) });

/** Error handler: the bundle ends here, the scenario stays switched on. */
export const ignore = (): ModuleDraft => draft('builtin:Ignore', null);

/** Error handler: keeps the run as an incomplete execution and tries again, three times with 15 minutes between. */
export const retryLater = (): ModuleDraft =>
	draft('builtin:Break', null, { retry: true, count: '3', interval: '15' });

/** Whether a data store knows a key (a text field), in the output `exist`. The store is chosen after the import. */
export const existRecord = (caption: string, key: string): ModuleDraft =>
	draft('datastore:ExistRecord', caption, { key });

/** Remembers a key in a data store. */
export const addRecord = (caption: string, key: string): ModuleDraft =>
	draft('datastore:AddRecord', caption, { key, data: {}, overwrite: false });

/** What to choose in every request. */
export const keychain = `choose the API key keychain of your ${platform.name} token, or create it (Key: the word Bearer, a space and the token; placement: In the header; parameter name: ${platform.headers.authorization})`;

export interface HttpRequest {
	readonly caption: string;
	readonly method: 'get' | 'post' | 'patch' | 'delete';
	/** Below the base path of the API, with expressions in it: text`/plans/${id}`. */
	readonly path: string;
	/** Text field with the idempotency key; required for every method but `get`. */
	readonly idempotencyKey: string | null;
	/** Text field with JSON; null for `get` and `delete`, which must not carry a body. */
	readonly json: string | null;
}

/**
 * A call of the MemberPass API. The token is never in it: the keychain is chosen after the import, and the module
 * sends it as the `Authorization` header. Redirects are not followed, so that the token stays on one host.
 */
export function memberPassRequest(request: HttpRequest): ModuleDraft {
	const { method, idempotencyKey, json } = request;
	const hasBody = method !== 'get' && method !== 'delete';
	if ((json !== null) !== hasBody) throw new Error(`A ${method} request has the wrong body.`);
	if ((idempotencyKey !== null) !== (method !== 'get')) {
		throw new Error(`A ${method} request has the wrong idempotency key.`);
	}
	const headers: MapperValue[] = [
		{ name: 'Accept', value: 'application/json' },
		...(idempotencyKey === null
			? []
			: [{ name: platform.headers.idempotency, value: idempotencyKey }]),
	];
	return draft(
		'http:MakeRequest',
		request.caption,
		{
			url: platform.apiOrigin + platform.apiBasePath + request.path,
			method,
			headers,
			queryParameters: [],
			...(json === null
				? {}
				: { contentType: 'json', inputMethod: 'jsonString', jsonStringBodyContent: json }),
			parseResponse: true,
			stopOnHttpError: true,
			timeout: 40,
			allowRedirects: false,
			shareCookies: false,
			requestCompressedContent: true,
		},
		{ authenticationType: 'apiKey' },
	);
}
