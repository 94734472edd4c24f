import { code, table } from '../../../testing/src/markdown.ts';
import { methods, type Method } from './job.ts';
import {
	type FaultRow,
	faultTable,
	leastWaits,
	type Outcome,
	type Outcomes,
	retryAfterTable,
	zapierWords,
} from './table.ts';

/** The tables of FAULTS.md, from the ones that the tests run. */

/** `4 fails` as `4 tries, then fails`. */
function inWords(outcome: Outcome): string {
	const [tries = '', ...rest] = outcome.split(' ');
	const ending = rest.join(' ').replace('put off', 'put off for');
	return tries === '1' ? ending : `${tries} tries, then ${ending}`;
}

function cell(outcomes: Outcomes): string {
	if (typeof outcomes === 'string') return inWords(outcomes);
	const groups = new Map<string, Method[]>();
	for (const method of methods) {
		const words = inWords(outcomes[method]);
		groups.set(words, [...(groups.get(words) ?? []), method]);
	}
	return [...groups].map(([words, of]) => `${of.join(', ')}: ${words}`).join('; ');
}

function words(fault: FaultRow): string {
	const text = (parts: readonly (string | null | undefined)[]): string =>
		parts.filter((part) => typeof part === 'string').join(' ');
	if (fault.title === null) return '';
	const { title, detail, detailOfWrite } = zapierWords[fault.fault] ?? fault;
	const n8n = text([fault.title, fault.detail]);
	const zapier = text([title, detail]);
	const read = n8n === zapier ? n8n : `n8n: ${n8n}<br>Zapier: ${zapier}`;
	return detailOfWrite === undefined
		? read
		: `${read}<br>After a write, instead of that advice: ${detailOfWrite}`;
}

export function faultsTable(): string {
	return table(
		['what happens', 'n8n', 'Zapier', 'what the user reads of a failure'],
		faultTable.map((one) => [one.what, cell(one.n8n), cell(one.zapier), words(one)]),
	);
}

export function retryAfterForms(): string {
	const seconds = (ms: number): string => (ms === 0 ? 'at once' : `${ms / 1_000} s`);
	return table(
		['`Retry-After`', 'n8n', 'waits at least', 'Zapier', 'waits at least'],
		retryAfterTable.map((one) => {
			const header = one.what ?? (typeof one.retryAfter === 'string' ? one.retryAfter : '');
			const waits = (outcomes: readonly Outcome[], ms: number): string =>
				outcomes[0]?.startsWith('1 ') === true ? '' : seconds(ms);
			return [
				one.what === undefined ? code(header) : header,
				inWords(one.n8n[0] ?? '0 unknown'),
				waits(one.n8n, one.waits.n8n),
				inWords(one.zapier[0] ?? '0 unknown'),
				waits(one.zapier, one.waits.zapier),
			];
		}),
	);
}

/** How long each platform waits before its second, third and fourth request. */
export function waitsTable(): string {
	const longest = Math.max(...Object.values(leastWaits).map((waits) => waits.length));
	const tries = Array.from({ length: longest }, (_, index) => index);
	return table(
		['before try', ...tries.map((index) => String(index + 2))],
		(['n8n', 'zapier'] as const).map((name) => [
			name === 'n8n' ? 'n8n' : 'Zapier',
			...tries.map((index) => {
				const wait = leastWaits[name][index];
				return wait === undefined ? '' : `${wait / 1_000} to ${(wait * 2) / 1_000} s`;
			}),
		]),
	);
}
