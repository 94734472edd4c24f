import {
	events,
	families,
	operation,
	operations,
	platform,
	resources,
} from '@memberpass/catalogue';
import { refusedTokens } from '@memberpass/protocol';

import { table } from '../../../../testing/src/markdown.ts';
import { literal } from './literal.ts';
import { eventOptions } from './property.ts';
import { sortBy } from './copy.ts';

const packageName = 'n8n-nodes-memberpass';

/** Page that explains the integration. */
const guide = `${platform.pages.docs}/integrations/n8n`;

/** What the credential asks for. */
export const credentialProperties = [
	{
		displayName: 'API Token',
		name: 'apiToken',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		placeholder: `${platform.tokenPrefixes.live}…`,
		description: `Create one at ${platform.pages.mint}. It needs the ability (permission) team:view for the connection test, and the abilities for what your workflows do.`,
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: `${platform.apiOrigin}${platform.apiBasePath}`,
		description: `Address of the API. Change it only if you use another installation of MemberPass. It must start with https:// (in a private network, http:// is allowed too) and have no path other than ${platform.apiBasePath}.`,
	},
] as const;

/** What no host contains, as it is written in a class of a pattern. */
const noHost = String.raw`\s\\/?#@:[\]`;
const anyHost = String.raw`[^${noHost}]+|\[[\da-f:.]+\]`;
/** Hosts that `isPrivateHost` of the protocol knows, as they are written. A test holds both to one table. */
const privateHost = [
	String.raw`[^.${noHost}]+`,
	String.raw`[^${noHost}]+\.(?:localhost|local|internal|intranet|lan|home|corp|arpa)\.?`,
	String.raw`(?:0|10|127|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+`,
	String.raw`\[(?![23][\da-f]{3}:)[\da-f:.]+\]`,
].join('|');

const basePath = platform.apiBasePath.replaceAll('/', String.raw`\/`);

/**
 * The base URL without its path, for the test of the credential; no address where the nodes would refuse it. n8n sends the
 * token to whatever comes of this, before any code of the package runs.
 */
const testOrigin = [
	'={{ (',
	`($credentials.baseUrl || ${JSON.stringify(platform.apiOrigin)}).trim()`,
	String.raw`.match(/^((?:https:\/\/(?:${anyHost})|http:\/\/(?:${privateHost}))(?::\d+)?)\/*(?:${basePath}\/*)?$/i)`,
	' || [])[1] || "refused" }}',
].join('');

/** Source of the credential. */
export function credentialSource(): string {
	const test = {
		baseURL: testOrigin,
		url: `${platform.apiBasePath}/teams/current`,
		method: 'GET',
		// n8n would hand the token to whatever host a redirect names.
		disableFollowRedirect: true,
	};
	return `
		import type {
			IAuthenticateGeneric,
			Icon,
			ICredentialTestRequest,
			ICredentialType,
			INodeProperties,
		} from 'n8n-workflow';

		export class MemberPassApi implements ICredentialType {
			name = 'memberPassApi';

			displayName = '${platform.name} API';

			icon: Icon = { light: 'file:../icons/memberpass.svg', dark: 'file:../icons/memberpass.dark.svg' };

			documentationUrl = '${guide}';

			properties: INodeProperties[] = ${literal(credentialProperties)};

			authenticate: IAuthenticateGeneric = {
				type: 'generic',
				properties: { headers: { ${platform.headers.authorization}: '=Bearer {{ $credentials.apiToken.trim() }}' } },
			};

			test: ICredentialTestRequest = {
				request: ${literal(test)},
				rules: ${literal(testRules())},
			};
		}
	`;
}

/**
 * What n8n says where the test of the credential fails. Without a rule it shows the name of the status and nothing else:
 * "Unauthorized", or "Found" for a redirect. It shows no word of the answer, and computes no message.
 */
function testRules() {
	const redirect = `${platform.name} answered with a redirect. The token is sent to the API address and nowhere else: check the Base URL.`;
	const messages: Readonly<Record<number, string>> = {
		301: redirect,
		302: redirect,
		307: redirect,
		308: redirect,
		401: `${refusedTokens(platform)} Create a token at ${platform.pages.mint} and use that instead.`,
		403: `The test needs a token with the ability "${operation('get_current_team').ability}". Create one that has it at ${platform.pages.mint} and use that instead.`,
		404: 'This is not the address of the API: check the Base URL.',
	};
	return Object.entries(messages).map(([status, message]) => ({
		type: 'responseCode',
		properties: { value: Number(status), message },
	}));
}

/** Source of the brand facts that the protocol asks for. */
export function platformSource(): string {
	const facts = {
		name: platform.name,
		apiOrigin: platform.apiOrigin,
		apiBasePath: platform.apiBasePath,
		headers: {
			idempotency: platform.headers.idempotency,
			signature: platform.headers.signature,
		},
		tokenPrefixes: platform.tokenPrefixes,
		otherNames: platform.otherNames,
		pages: { mint: platform.pages.mint },
	};
	return `
		import type { WirePlatform } from './protocol/wire';

		/** Facts of the brand. */
		export const platform: WirePlatform = ${literal(facts)};
	`;
}

/** The codex of a node: what n8n's search and node panel show. Without `resources` n8n drops it. */
export function codex(kind: 'action' | 'trigger'): string {
	return JSON.stringify({
		node: packageName,
		nodeVersion: kind === 'action' ? '2.0' : '1.0',
		codexVersion: '1.0',
		categories: ['Marketing & Content', 'Sales'],
		resources: {
			credentialDocumentation: [{ url: guide }],
			primaryDocumentation: [{ url: guide }],
		},
		alias: ['Telegram', 'Membership', 'Subscription', 'Access Code', 'Paid Community'],
	});
}

/** README block: every operation by resource. */
export function operationsTable(): string {
	const rows = sortBy(resources, (resource) => resource.label).map((resource) => {
		const names = operations
			.filter((entry) => entry.resource === resource.key)
			.map((entry) => entry.n8n.name);
		return [resource.label, sortBy(names, (name) => name).join(', ')];
	});
	return `${resources.length} resources, ${operations.length} operations.\n\n${table(['Resource', 'Operations'], rows)}`;
}

/** README block: every event by family. */
export function eventsTable(): string {
	const options = eventOptions(false);
	const rows = sortBy(families, (family) => family.label).map((family) => {
		const names = options
			.filter((option) => events.some((e) => e.type === option.value && e.family === family.key))
			.map((option) => option.name.slice(family.label.length + 3));
		return [family.label, names.join(', ')];
	});
	return `${events.length} events in ${families.length} families.\n\n${table(['Family', 'Events'], rows)}`;
}
