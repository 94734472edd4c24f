import type { Ending, FaultReport, LostReport } from './job.ts';

export interface Connection {
	/** Scheme and host. */
	readonly origin: string;
	readonly token: string;
}

/** A platform with the package that was built for it. */
export interface Platform {
	/**
	 * Runs an operation of the catalogue.
	 *
	 * @param run Names the run: a repetition by the platform itself is the same run.
	 */
	act(
		operation: string,
		input: Readonly<Record<string, unknown>>,
		connection: Connection,
		run: string,
	): Promise<Ending>;
	/** As `act`, in an automation whose failed step the platform runs once more: by itself, or as it would later. */
	actTwice(
		operation: string,
		input: Readonly<Record<string, unknown>>,
		connection: Connection,
		run: string,
	): Promise<Ending>;
	/** Switches the trigger of an event on, whose deliveries come to `https://<host>/…`. */
	switchOn(type: string, host: string, connection: Connection): Promise<Ending>;
	close(): void;
}

/** What a child says to its parent, one JSON line each. */
export type Message = { readonly fault: FaultReport } | { readonly lost: LostReport };
