import { ownConnection, waitFor } from './server.mts';

type Json = Readonly<Record<string, unknown>>;

/** A workflow as n8n exports it, or as it is pasted into the canvas. */
export interface WorkflowFile {
	readonly name: string;
	readonly nodes: readonly WorkflowNode[];
	readonly connections: Json;
	readonly settings?: Json;
	readonly pinData?: Json;
}

export interface WorkflowNode {
	readonly name: string;
	readonly type: string;
	readonly parameters: Json;
	readonly credentials?: Json;
	readonly [key: string]: unknown;
}

export interface SavedWorkflow {
	readonly id: string;
	readonly versionId: string;
}

/** An execution with the items that came out of each of its nodes. */
export interface Execution {
	readonly id: string;
	readonly status: string;
	readonly mode: string;
	/** Items of the first output of each node that ran, by its name. */
	readonly output: Readonly<Record<string, readonly Json[]>>;
	/** What n8n says went wrong, or null. */
	readonly error: string | null;
}

/** What the editor does, over the same routes. */
export interface N8nRest {
	/** Session of the owner, for a browser. */
	readonly cookie: string;
	get(path: string): Promise<unknown>;
	createCredential(name: string, data: Json): Promise<string>;
	/** n8n's answer to the button "Test". */
	testCredential(
		name: string,
		data: Json,
	): Promise<{ readonly status: string; readonly message: string }>;
	importWorkflow(workflow: WorkflowFile): Promise<SavedWorkflow>;
	/** Resolves when its triggers are on, which n8n does after it has answered. @throws Error with what they say. */
	publish(workflow: SavedWorkflow): Promise<void>;
	/** Resolves when its triggers are off. */
	unpublish(workflow: SavedWorkflow): Promise<void>;
	/** Runs a workflow by hand and waits for its end. */
	run(workflow: SavedWorkflow, trigger: string): Promise<Execution>;
	/** "Listen for test event": waits for one delivery to the test address. */
	listen(workflow: SavedWorkflow, trigger: string): Promise<void>;
	/** Executions of a workflow that are over, oldest first. */
	executions(workflow: SavedWorkflow): Promise<readonly Execution[]>;
	/** The button "Retry" of an execution that did not get to its end. Resolves when its repeat is over. */
	retry(execution: Execution): Promise<void>;
	/** As {@link executions}, as soon as there are so many and none is under way. */
	settled(workflow: SavedWorkflow, count: number): Promise<readonly Execution[]>;
}

const owner = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Password-of-a-test-1',
} as const;

const waitMs = 180_000;

/** Sets the owner up where there is none yet, and signs in. */
export async function signIn(url: string): Promise<N8nRest> {
	const settings = await request(url, '', 'GET', '/settings');
	const { userManagement } = settings.data as {
		readonly userManagement: { readonly showSetupOnFirstLoad: boolean };
	};
	if (userManagement.showSetupOnFirstLoad) await request(url, '', 'POST', '/owner/setup', owner);
	const { cookie } = await request(url, '', 'POST', '/login', {
		emailOrLdapLoginId: owner.email,
		password: owner.password,
	});
	const call = async (method: string, path: string, body?: Json): Promise<unknown> =>
		(await request(url, cookie, method, path, body)).data;
	return {
		cookie,
		get: async (path) => await call('GET', path),
		async createCredential(name, data) {
			const body = { name, type: 'memberPassApi', data };
			return ((await call('POST', '/credentials', body)) as { readonly id: string }).id;
		},
		async testCredential(name, data) {
			const credentials = { id: '', name, type: 'memberPassApi', data };
			return (await call('POST', '/credentials/test', { credentials })) as {
				readonly status: string;
				readonly message: string;
			};
		},
		async importWorkflow(workflow) {
			const { id, versionId } = (await call('POST', '/workflows', {
				...workflow,
			})) as SavedWorkflow;
			return { id, versionId };
		},
		async publish({ id, versionId }) {
			await call('POST', `/workflows/${id}/activate`, { versionId });
			await publication(call, id, 'published');
		},
		async unpublish({ id }) {
			await call('POST', `/workflows/${id}/deactivate`, {});
			await publication(call, id, 'not_published');
		},
		async run({ id }, trigger) {
			const started = (await call('POST', `/workflows/${id}/run`, {
				triggerToStartFrom: { name: trigger },
			})) as { readonly executionId: string };
			let found = await executionOf(call, started.executionId);
			await waitFor(`the run of "${trigger}"`, waitMs, async () => {
				found = await executionOf(call, started.executionId);
				return isOver(found);
			});
			return found;
		},
		async listen({ id }, trigger) {
			const answer = (await call('POST', `/workflows/${id}/run`, {
				triggerToStartFrom: { name: trigger },
			})) as { readonly waitingForWebhook?: boolean };
			if (answer.waitingForWebhook !== true) throw new Error(`"${trigger}" does not listen.`);
		},
		executions: async (workflow) => await executionsOf(call, workflow),
		async retry({ id }) {
			await call('POST', `/executions/${id}/retry`, { loadWorkflow: false });
		},
		async settled(workflow, count) {
			let found: readonly Execution[] = [];
			await waitFor(`${count} executions`, waitMs, async () => {
				found = await executionsOf(call, workflow);
				return found.length >= count && found.every(isOver);
			});
			return found;
		},
	};
}

type Call = (method: string, path: string, body?: Json) => Promise<unknown>;

async function publication(call: Call, id: string, wanted: string): Promise<void> {
	await waitFor(`a workflow to be ${wanted}`, waitMs, async () => {
		const { status, triggers } = (await call('GET', `/workflows/${id}/publication-status`)) as {
			readonly status: string;
			readonly triggers: readonly { readonly errorMessage: string | null }[];
		};
		if (status === 'failed') {
			throw new Error(
				`n8n could not publish it: ${triggers.map((one) => one.errorMessage).join()}`,
			);
		}
		return status === wanted;
	});
}

const isOver = ({ status }: Execution): boolean =>
	!['new', 'running', 'waiting', 'unknown'].includes(status);

async function executionsOf(call: Call, { id }: SavedWorkflow): Promise<readonly Execution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	const { results } = (await call('GET', `/executions?filter=${filter}&limit=100`)) as {
		readonly results: readonly { readonly id: string }[];
	};
	const found: Execution[] = [];
	// n8n asks for those under way and for those that are over at the same time: one that ends meanwhile is in both.
	const ids = [...new Set(results.map((row) => Number(row.id)))].sort((a, b) => a - b);
	for (const id of ids) found.push(await executionOf(call, String(id)));
	return found;
}

async function executionOf(call: Call, id: string): Promise<Execution> {
	const row = (await call('GET', `/executions/${id}`)) as {
		readonly status: string;
		readonly mode: string;
		readonly data: string;
	};
	// One that is under way has none yet.
	const data = unflatten(row.data) as
		| {
				readonly resultData?: {
					readonly error?: { readonly message?: string };
					readonly runData?: Readonly<
						Record<string, readonly { readonly data?: { readonly main?: readonly Output[] } }[]>
					>;
				};
		  }
		| undefined;
	const { error, runData = {} } = data?.resultData ?? {};
	const output = Object.entries(runData).map(([name, runs]) => {
		const items = runs.at(-1)?.data?.main?.[0] ?? [];
		return [name, items.map((item) => item.json)] as const;
	});
	return {
		id,
		status: row.status,
		mode: row.mode,
		output: Object.fromEntries(output),
		error: error?.message ?? null,
	};
}

type Output = readonly { readonly json: Json }[] | null;

/** Executions come flattened: a list whose entries point at each other by their index, written as a text. */
function unflatten(text: string): unknown {
	const entries = JSON.parse(text) as readonly unknown[];
	const made = new Map<number, unknown>();
	const resolve = (value: unknown): unknown =>
		typeof value === 'string' ? entry(Number(value)) : value;
	const entry = (index: number): unknown => {
		if (made.has(index)) return made.get(index);
		const value = entries[index];
		if (typeof value !== 'object' || value === null) return value;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		made.set(index, copy);
		for (const [key, part] of Object.entries(value)) Object.assign(copy, { [key]: resolve(part) });
		return copy;
	};
	return entry(0);
}

async function request(
	url: string,
	cookie: string,
	method: string,
	path: string,
	body?: Json,
): Promise<{ readonly data: unknown; readonly cookie: string }> {
	const response = await fetch(`${url}/rest${path}`, {
		method,
		headers: { 'content-type': 'application/json', cookie, ...ownConnection },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	if (!response.ok) {
		throw new Error(
			`n8n answered ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`,
		);
	}
	const given = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
	return {
		data: (JSON.parse(text) as { readonly data: unknown }).data,
		cookie: given?.split(';')[0] ?? cookie,
	};
}
