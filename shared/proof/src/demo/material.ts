import { events, type OperationEntry } from '@memberpass/catalogue';

import {
	type EventFixture,
	loadEventFixtures,
	loadRecordings,
	type Recording,
} from '../../../testing/src/fixtures.ts';
import type { Piece } from './outcome.ts';
import { forgeries, type Forgery } from './refusals.ts';
import { isWanted, uncovered } from './selection.ts';

/** Made up for the demo; both must never show in anything that comes out of it. */
export const token = 'a-token-of-the-demo';
export const secret = 'the secret of the demo';

/** Unix seconds: deliveries are signed now, because a signature is good for five minutes. */
export const now = Math.floor(Date.now() / 1000);

/** One recording with the operation it belongs to. */
export interface RecordedRun {
	readonly key: string;
	readonly resource: string;
	readonly recording: Recording;
	/** A write that MemberPass refuses. */
	readonly refused: boolean;
}

/** Everything a platform is sent. */
export interface Material {
	readonly fixtures: readonly EventFixture[];
	readonly runs: readonly RecordedRun[];
	/** Forged from the first fixture, which comes along. */
	readonly forged: readonly (Forgery & { readonly fixture: EventFixture })[];
	/** Entries of the catalogue that no fixture covers. */
	readonly missing: readonly string[];
	readonly total: number;
}

/**
 * Collects the fixtures for one platform.
 *
 * @param words Only names that contain one of them; all if empty.
 * @param operations Operations that the platform has to have.
 * @param isPossible False for a recording that the platform cannot reproduce.
 */
export function collect(
	root: string,
	words: readonly string[],
	operations: readonly OperationEntry[],
	isPossible: (key: string, recording: Recording) => boolean = () => true,
): Material {
	const fixtures = loadEventFixtures(root).filter((one) => isWanted(words, one.type));
	const runs = loadRecordings(root)
		.filter((file) => isWanted(words, file.operation))
		.flatMap(({ operation: key, path, recordings }) => {
			const entry = operations.find((one) => one.key === key);
			if (entry === undefined) return [];
			return recordings
				.filter((recording) => isPossible(key, recording))
				.map((recording) => ({
					key,
					resource: groupOf(path),
					recording,
					refused: entry.method !== 'GET' && recording.error !== null,
				}));
		});
	const [first] = fixtures;
	const forged =
		first === undefined
			? []
			: forgeries(first.body, secret, now).map((forgery) => ({ ...forgery, fixture: first }));
	const names = (list: readonly { readonly key: string }[]): string[] => list.map((one) => one.key);
	const missing = [
		...uncovered(
			words,
			events.map((entry) => entry.type),
			fixtures.map((fixture) => fixture.type),
		),
		...uncovered(words, names(operations), names(runs)),
	];
	const total = fixtures.length + runs.length + forged.length + missing.length;
	return { fixtures, runs, forged, missing, total };
}

/** How a platform answers for each piece: null where all is well, else what was wrong. */
export interface Checks {
	readonly deliver: (fixture: EventFixture) => Promise<string | null>;
	readonly refuse: (fixture: EventFixture, forgery: Forgery) => Promise<string | null>;
	readonly perform: (key: string, recording: Recording) => Promise<string | null>;
}

/** The pieces in the order in which they are sent, with what to count them under. */
export function pieces(material: Material, checks: Checks): readonly Piece[] {
	return [
		...material.missing.map((name) => ({
			kind: 'operation' as const,
			group: 'without a fixture',
			name,
			check: () => Promise.resolve('has no fixture'),
		})),
		...material.fixtures.map((fixture) => ({
			kind: 'event' as const,
			group: groupOf(fixture.path),
			name: fixture.path,
			check: () => checks.deliver(fixture),
		})),
		...material.forged.map((forgery) => ({
			kind: 'refusal' as const,
			group: forgery.name,
			name: forgery.fixture.type,
			check: () => checks.refuse(forgery.fixture, forgery),
		})),
		...material.runs.map(({ key, resource, recording, refused }) => ({
			kind: refused ? ('refusal' as const) : ('operation' as const),
			group: refused ? 'writes that MemberPass refuses' : resource,
			name: `${key}: ${recording.name}`,
			check: () => checks.perform(key, recording),
		})),
	];
}

/** `fixtures/api/plan/create_plan.json` belongs to `plan`. */
function groupOf(path: string): string {
	return path.split('/')[2] ?? '';
}
