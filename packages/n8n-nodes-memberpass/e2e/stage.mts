import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Sandbox } from '../../sandbox/src/index.ts';
import type { Delivery } from '../../sandbox/src/webhooks/types.ts';
import { signBody } from '../../../shared/protocol/src/signing.ts';
import { startProxy } from './proxy.mts';
import type { WorkflowFile } from './rest.mts';
import { ownConnection, waitFor } from './server.mts';

export const packageFolder = resolve(import.meta.dirname, '..');
export const repoRoot = resolve(packageFolder, '../..');

/** What the command hands to the parts, which run in processes of their own. */
export const handedOver = {
	/** Folder whose `node_modules` holds n8n. */
	n8n: 'MEMBERPASS_E2E_N8N',
	/** Folder whose `node_modules` holds the oldest n8n-core. */
	oldest: 'MEMBERPASS_E2E_OLDEST',
	/** Folder whose `node_modules` holds 1.4.0. */
	vendor: 'MEMBERPASS_E2E_VENDOR',
	/** The packed package. */
	tarball: 'MEMBERPASS_E2E_TARBALL',
	/** Set where everything is to be left behind for looking at it. */
	keep: 'MEMBERPASS_E2E_KEEP',
} as const;

/** @throws Error where a part was started without the command. */
export function given(name: keyof typeof handedOver): string {
	const value = process.env[handedOver[name]];
	if (value === undefined) throw new Error('Run this with "npm run e2e:n8n".');
	return value;
}

/** A folder for one n8n, with a way to remove it; it goes at the end in any case. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
	const path = mkdtempSync(join(tmpdir(), 'memberpass-e2e-'));
	if (process.env[handedOver.keep] !== undefined) {
		process.stderr.write(`kept: ${path}\n`);
		return { path, remove: () => undefined };
	}
	// Again where a program that was killed had not written its last file yet.
	const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 10 });
	process.on('exit', remove);
	return { path, remove };
}

/** A sandbox behind a door, where what n8n asks for can be made to wait. */
export interface Stage extends Sandbox {
	/**
	 * Makes reads of a member wait, so that executions can be met in the middle, with other nodes before and behind them.
	 * Resolves when so many wait, after `begin` has set them off, with what lets them go on.
	 */
	holdAtMember(count: number, begin: () => unknown): Promise<() => void>;
}

/**
 * Time stands still there, so that a retry is due when a test says so. It starts now: receivers compare clocks. It waits
 * longer for answers than MemberPass does: what is judged is what n8n answers, not how busy the machine is.
 */
export async function openSandbox(): Promise<Stage> {
	const { startSandbox, VirtualClock } = await import('../../sandbox/src/index.ts');
	const sandbox = await startSandbox({
		clock: new VirtualClock(Date.now()),
		rateLimits: false,
		deliveryTimeoutMs: 120_000,
	});
	const waiting = new Set<Socket>();
	let held: Promise<void> | null = null;
	const door = await startProxy(async ({ url = '', socket }) => {
		if (held !== null && /\/members\/[^/]+$/.test(url)) {
			const leave = (): void => void waiting.delete(socket);
			waiting.add(socket);
			socket.once('close', leave);
			await held;
			leave();
		}
		return Number(new URL(sandbox.url).port);
	});
	return {
		...sandbox,
		apiUrl: sandbox.apiUrl.replace(sandbox.url, `http://127.0.0.1:${door.port}`),
		async holdAtMember(count, begin) {
			let letGo = (): void => undefined;
			held = new Promise((done) => {
				letGo = () => {
					held = null;
					done();
				};
			});
			await begin();
			await waitFor(`${count} executions in the middle`, 180_000, () => waiting.size >= count);
			return letGo;
		},
		async close() {
			await door.stop();
			await sandbox.close();
		},
	};
}

/** Values of the credential for a sandbox. */
export const credentialOf = (sandbox: Sandbox) => ({
	apiToken: sandbox.token,
	baseUrl: sandbox.apiUrl,
});

/** Nodes that work without an account anywhere. */
const selfContained =
	/\.(memberPass|memberPassTrigger|scheduleTrigger|removeDuplicates|if|wait|stickyNote)$/;

/**
 * A workflow of the README, with the credential chosen as its reader does after importing it. Nodes of other services
 * are switched off, as n8n allows: they pass their items on.
 */
export function exampleWorkflow(name: string, credentialId: string): WorkflowFile {
	const path = join(packageFolder, 'examples', `${name}.json`);
	const workflow = JSON.parse(readFileSync(path, 'utf8')) as WorkflowFile;
	const memberPassApi = { id: credentialId, name: 'MemberPass account' };
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => ({
			...node,
			...(node.credentials === undefined ? {} : { credentials: { memberPassApi } }),
			...(selfContained.test(node.type) ? {} : { disabled: true }),
		})),
	};
}

/** Addresses below `url` that the sandbox delivers to. */
export const subscriptionsBelow = (sandbox: Sandbox, url: string) =>
	sandbox.engine.listEndpoints().filter((endpoint) => endpoint.url.startsWith(`${url}/`));

/** Statuses that the deliveries of an event were answered with, one for each attempt; 0 where no answer came. */
export const answersTo = (sandbox: Sandbox, eventId: string): readonly number[] =>
	sandbox.engine
		.listDeliveries()
		.filter((delivery) => delivery.event.id === eventId)
		.flatMap((delivery) => delivery.attempts.map((attempt) => attempt.response?.status ?? 0));

/** Sends a delivery once more, byte for byte, as where its first answer was lost. Resolves with the status. */
export async function repeat(
	{ attempts }: Delivery,
	{ type, compressed = false }: { readonly type?: string; readonly compressed?: boolean } = {},
): Promise<number> {
	const sent = attempts.at(-1)?.request;
	if (sent === undefined) throw new Error('It was never sent.');
	const headers = {
		...sent.headers,
		...ownConnection,
		...(type === undefined ? {} : { 'Content-Type': type }),
		...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
	};
	const body = compressed ? gzipSync(sent.body) : sent.body;
	return (await fetch(sent.url, { method: 'POST', headers, body })).status;
}

/** A delivery that somebody else made up. Resolves with the status and the text of the answer. */
export async function forge(
	url: string,
	change: {
		readonly signedWith?: string;
		/** Unix seconds. */
		readonly signedAt?: number;
		readonly signature?: string;
	},
): Promise<string> {
	const body = JSON.stringify({ id: 'evt_forged', type: 'subscription.created', data: {} });
	const at = change.signedAt ?? Math.floor(Date.now() / 1_000);
	const made =
		change.signedWith === undefined
			? change.signature
			: signBody(Buffer.from(body), change.signedWith, at);
	const response = await fetch(url, {
		method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			...ownConnection,
			...(made === undefined ? {} : { 'MP-Signature': made }),
		},
		body,
	});
	return `${response.status} ${await response.text()}`;
}
