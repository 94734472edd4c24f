import type { FaultKind } from '../../../../packages/sandbox/src/index.ts';
import type { ScriptedFault } from './server.ts';

export const methods = ['GET', 'POST', 'PATCH', 'DELETE'] as const;
export type Method = (typeof methods)[number];
export type Write = Exclude<Method, 'GET'>;
/** A write of a step, or the subscription that a trigger makes when it is switched on. */
export type LossyWrite = Write | 'switching on';

/** One run against the fault server. */
export interface FaultJob {
	readonly id: string;
	readonly method: Method;
	/** What its requests suffer, in turn; the last one for ever. */
	readonly faults: readonly ScriptedFault[];
	/** Times faster than real while it runs. */
	readonly speed: number;
}

/** How a run ended, as the user of a platform sees it. */
export interface Ending {
	readonly kind:
		| 'succeeds'
		/** A search without a result: no error, the automation decides itself. */
		| 'finds nothing'
		| 'fails'
		/** The platform itself runs the step again, `delaySeconds` later. */
		| 'is put off'
		/** The platform tells the user to connect again. */
		| 'asks to reconnect'
		/** Given up on by the test. */
		| 'never ends';
	readonly text: string;
	readonly delaySeconds: number | null;
	/** Everything that the platform would show or store, to be searched for secrets. */
	readonly everything: string;
}

export interface FaultReport {
	readonly id: string;
	/** Requests that arrived; where no server is, requests that were made. */
	readonly tries: number;
	/** Different idempotency keys among them. */
	readonly keys: number;
	/** Milliseconds between them, by the clock of the process. */
	readonly gaps: readonly number[];
	readonly ending: Omit<Ending, 'everything'>;
	/** Requests that reached the address a redirect points to. */
	readonly strayed: number;
	/** Whether the token shows in anything that came of it. */
	readonly leaked: boolean;
}

/** One write against the sandbox that is done, but whose answer does not arrive. */
export interface LostJob {
	readonly id: string;
	readonly method: LossyWrite;
	readonly fault: FaultKind;
	/** Answers that are lost before one arrives. */
	readonly times: number;
	/** Whether the platform runs the failed step once more, or the user switches on once more. */
	readonly again: boolean;
	readonly speed: number;
}

export interface LostReport {
	readonly id: string;
	readonly ending: Omit<Ending, 'everything'>;
	/** Rows that were made, changed or deleted; endpoints that are there. */
	readonly rows: number;
	/** Events that MemberPass sends of it; null where it sends none. */
	readonly events: number | null;
}

/** What a child is given on its standard input. */
export interface Work {
	readonly faults: readonly FaultJob[];
	readonly lost: readonly LostJob[];
}
