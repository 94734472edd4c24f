import { operation, platform } from '@memberpass/catalogue';
import { environmentOf, readOne, rowId, toWire } from '@memberpass/protocol';
import type { Authentication } from 'zapier-platform-core';

import { guarded, unreadableFailure } from './failure.ts';
import { ask, openSession, orFail } from './session.ts';

const currentTeam = toWire(operation('get_current_team'));

/** What the test of a connection answers; the label of the connection is made from it. Holds nothing secret. */
export interface ConnectionFacts {
	readonly team_id: string;
	readonly team_name: string;
	/** Which data the token reaches. */
	readonly environment: 'live' | 'test' | 'unknown environment';
}

/** Connecting with an API token. */
export const authentication: Authentication = {
	type: 'custom',
	test: guarded(async (z, bundle): Promise<ConnectionFacts> => {
		const session = openSession(z, bundle);
		const answer = orFail(await ask(session, currentTeam, {}, null));
		const team = readOne(currentTeam, answer.json) ?? {};
		const id = rowId(team);
		if (id === null) throw unreadableFailure(answer.status);
		const environment = environmentOf(session.token, platform);
		return {
			team_id: id,
			team_name: typeof team['name'] === 'string' && team['name'] !== '' ? team['name'] : id,
			environment: environment === 'unknown' ? 'unknown environment' : environment,
		};
	}, 'connection_test'),
	connectionLabel: '{{team_name}} ({{environment}})',
	fields: [
		{
			key: 'api_token',
			label: 'API Token',
			type: 'password',
			required: true,
			helpText: `Create a token on the [token page of ${platform.name}](${platform.pages.mint}). It needs the abilities (permissions) \`team:view\` and \`webhook-endpoint:manage\`, and those for the events and data your Zaps use.`,
		},
		{
			key: 'api_origin',
			label: 'API Address',
			type: 'string',
			required: false,
			placeholder: platform.apiOrigin,
			helpText: `Leave empty unless ${platform.name} gave you an address for its [API](${platform.pages.api}) other than \`${platform.apiOrigin}\`. The token is sent to this address and to no other.`,
		},
	],
};
