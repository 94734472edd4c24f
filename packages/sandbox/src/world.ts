import type { Platform } from '@memberpass/catalogue';

import type { Clock } from './clock.ts';
import type { Facts } from './event-data.ts';
import type { Ids } from './ids.ts';
import type { Random } from './random.ts';
import type { Project, State } from './state.ts';
import type { Switches } from './switches.ts';
import type { WebhookEngine } from './webhooks/engine.ts';

/** What every part of the sandbox works on. */
export interface World {
	readonly clock: Clock;
	readonly random: Random;
	readonly ids: Ids;
	readonly switches: Switches;
	readonly platform: Platform;
	readonly state: State;
	readonly engine: WebhookEngine;
	readonly environment: 'live' | 'test';
	/** Whether periods end, trials convert and codes expire by themselves when their time comes. */
	readonly lifecycle: 'auto' | 'manual';
	/**
	 * Announces a change in a project.
	 *
	 * @param at Unix milliseconds; the clock's time where absent.
	 */
	emit(type: string, facts: Facts, project: Project, at?: number): void;
}
