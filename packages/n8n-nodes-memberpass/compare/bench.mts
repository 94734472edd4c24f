import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { type Sandbox, startSandbox } from '../../sandbox/src/index.ts';
import {
	type Engine,
	openEngine,
	type RunRequest,
	type RunResult,
	type TriggerRun,
} from '../../../shared/testing/src/n8n-harness.ts';

/** One line of the comparison, as one package gives it. */
export interface Row {
	readonly name: string;
	readonly text: string;
	/** Numbers behind the text; units are in their names. */
	readonly figures?: Readonly<Record<string, number>>;
}

/** What a row needs: one package in n8n's engine, and servers for it to talk to. */
export interface Bench {
	readonly repoRoot: string;
	/** Absolute path of the package, built. */
	readonly packageFolder: string;
	/** Version of the action node whose forms are filled in: 1 for 1.4.0, 2 for this package. */
	readonly typeVersion: number;
	engine(baseUrl: string, apiToken?: string): Promise<Engine>;
	/** A sandbox, and the package connected to it. */
	sandbox(): Promise<{ readonly sandbox: Sandbox; readonly engine: Engine }>;
	/** Starts a server on this machine and gives its base URL, `/v1` included. */
	serve(listener: RequestListener): Promise<string>;
	run(
		engine: Engine,
		parameters: INodeParameters,
		more?: Partial<Omit<RunRequest, 'node' | 'typeVersion' | 'parameters'>>,
	): Promise<RunResult>;
	/** The trigger, with what it remembers. */
	trigger(engine: Engine, remembered: IDataObject, webhookBaseUrl?: string): TriggerRun;
	close(): Promise<void>;
}

const token = 'a-token-for-measuring';

export function openBench(repoRoot: string, packageFolder: string, typeVersion: number): Bench {
	const closers: (() => Promise<void> | void)[] = [];
	const engine: Bench['engine'] = async (baseUrl, apiToken = token) => {
		const opened = await openEngine({ repoRoot, packageFolder, credential: { apiToken, baseUrl } });
		closers.push(() => opened.close());
		return opened;
	};
	return {
		repoRoot,
		packageFolder,
		typeVersion,
		engine,
		async sandbox() {
			const sandbox = await startSandbox();
			closers.push(() => sandbox.close());
			return { sandbox, engine: await engine(sandbox.apiUrl, sandbox.token) };
		},
		async serve(listener) {
			const server = createServer(listener);
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			closers.push(() => {
				server.closeAllConnections();
				server.close();
			});
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
		},
		run: async (opened, parameters, more = {}) =>
			await opened.run({ node: 'memberPass', typeVersion, parameters, ...more }),
		trigger: (opened, remembered, webhookBaseUrl = 'https://n8n.example.com') =>
			opened.trigger({
				node: 'memberPassTrigger',
				parameters: { events: ['plan.created'] },
				staticData: { 'node:MemberPass': remembered },
				webhookBaseUrl,
			}),
		async close() {
			for (const close of closers.splice(0).reverse()) await close();
		},
	};
}

/** Answers with JSON. */
export function answer(
	response: Parameters<RequestListener>[1],
	status: number,
	body: object,
	headers: Readonly<Record<string, string>> = {},
): void {
	response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
	response.end(JSON.stringify(body));
}

export const numbered = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ json: { index } }));

/** A page of a list of plans, in pages of 100. */
export function pageOf(url: string | undefined, rows: number) {
	const page = Number(new URL(url ?? '', 'http://a').searchParams.get('page') ?? '1');
	const first = (page - 1) * 100;
	const length = Math.max(0, Math.min(100, rows - first));
	const name = 'x'.repeat(200);
	return { page, data: Array.from({ length }, (_, index) => ({ id: `p${first + index}`, name })) };
}

export const listPlans: INodeParameters = {
	resource: 'plan',
	operation: 'list',
	projectId: 'prj_1',
	returnAll: true,
};

export const secret = 'a secret for measuring';

/** A delivery of the usual size. */
export const delivery = Buffer.from(
	JSON.stringify({
		id: 'evt_01',
		type: 'plan.created',
		created_at: '2026-05-18T10:05:00Z',
		project_id: 'prj_1',
		data: { plan_id: 'pln_1', plan: { id: 'pln_1', name: 'Premium Monthly', price: '29.00' } },
	}),
);
