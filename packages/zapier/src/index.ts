import { events, limits, operations } from '@memberpass/catalogue';
import type { App, Create, Search, Trigger } from 'zapier-platform-core';

import { authentication } from './authentication.ts';
import { createOf } from './creates.ts';
import { searchOrCreates } from './pairs.ts';
import { searchOf } from './searches.ts';
import { triggerOf } from './triggers.ts';
import pkg from '../package.json' with { type: 'json' };

const byKey = <T extends { readonly key: string }>(entries: readonly T[]): Record<string, T> =>
	Object.fromEntries(entries.map((entry) => [entry.key, entry]));

/** The Zapier app: every event is a trigger, every action a create, every search a search. */
const app: App<Record<string, Trigger>, Record<string, Create>, Record<string, Search>> = {
	version: pkg.version,
	// Exact there, so core need not be loaded to know it.
	platformVersion: pkg.dependencies['zapier-platform-core'],
	authentication,
	triggers: byKey(events.map(triggerOf)),
	creates: byKey(operations.filter(({ kind }) => kind === 'action').map(createOf)),
	searches: byKey(operations.filter(({ kind }) => kind === 'search').map(searchOf)),
	searchOrCreates,
	flags: { cleanInputData: false },
	// MemberPass counts by token, whatever the step; a connection is the nearest that Zapier can count by.
	throttle: { window: 60, limit: limits.requestsPerMinute, scope: ['auth'] },
};

export default app;
