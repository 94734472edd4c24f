import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	NodeConnectionType,
} from 'n8n-workflow';

/**
 * Stand-ins for the nodes of n8n-nodes-base, which needs hundreds of packages to be installed. Each has the real
 * parameters of its node (see `vendor/n8n-nodes-base.json`), so that the real engine checks a workflow's parameters,
 * applies defaults and evaluates expressions and conditions; what it then does is only this:
 *
 * - If sends items where the engine says its conditions hold;
 * - Remove Duplicates remembers keys, by node, for as long as the stand-ins live;
 * - Wait passes its items on at once;
 * - nodes of other apps write down what they were given, and answer with what a test says.
 */
export interface StandIns {
	/** The node of a type, of any version where none is asked for. @throws Error for what the facts do not have. */
	nodeType(type: string, typeVersion?: number): INodeType;
	/** What reached the nodes of other apps: name of the node and its evaluated parameters, in order. */
	readonly reached: readonly Reached[];
	/** Types that the facts have, with their versions. */
	readonly known: readonly { readonly type: string; readonly typeVersion: number }[];
}

export interface Reached {
	readonly node: string;
	readonly parameters: Readonly<Record<string, unknown>>;
}

/** Answers of other apps by the name of the node; without one, an item comes out as it went in. */
export type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Facts {
	readonly nodes: readonly {
		readonly type: string;
		readonly typeVersion: number;
		readonly group: readonly string[];
		readonly inputs: readonly NodeConnectionType[];
		readonly outputs: readonly NodeConnectionType[];
		readonly properties: readonly Omit<INodeProperties, 'displayName'>[];
	}[];
}

type Run = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/**
 * Makes stand-ins with an empty memory.
 *
 * @param repoRoot absolute path of the repository.
 */
export function makeStandIns(repoRoot: string, answers: Answers = {}): StandIns {
	const path = join(repoRoot, 'shared/testing/vendor/n8n-nodes-base.json');
	const { nodes } = JSON.parse(readFileSync(path, 'utf8')) as Facts;
	const reached: Reached[] = [];
	const seen = new Map<string, Set<unknown>>();
	const runs: Readonly<Record<string, Run>> = {
		'n8n-nodes-base.if': branch,
		'n8n-nodes-base.removeDuplicates': removeSeen(seen),
		'n8n-nodes-base.wait': passOn,
	};
	return {
		reached,
		known: nodes,
		nodeType(type, typeVersion) {
			const node = nodes.find(
				(one) => one.type === type && [one.typeVersion, undefined].includes(typeVersion),
			);
			if (node === undefined) {
				throw new Error(
					`There are no facts of ${type} ${typeVersion ?? ''}: add it to n8n-nodes-base-facts.ts.`,
				);
			}
			return {
				description: {
					displayName: type,
					name: type,
					group: node.group.includes('trigger') ? ['trigger'] : ['transform'],
					version: node.typeVersion,
					description: type,
					defaults: {},
					inputs: [...node.inputs],
					outputs: [...node.outputs],
					properties: node.properties.map((one) => ({ displayName: one.name, ...one })),
				},
				execute: runs[type] ?? record(reached, answers),
			};
		},
	};
}

async function branch(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const ways: [INodeExecutionData[], INodeExecutionData[]] = [[], []];
	for (const [index, item] of this.getInputData().entries()) {
		const holds = this.getNodeParameter('conditions', index, false, { extractValue: true });
		ways[holds === true ? 0 : 1].push({ ...item, pairedItem: { item: index } });
	}
	return await Promise.resolve(ways);
}

const removeSeen = (seen: Map<string, Set<unknown>>): Run =>
	async function () {
		const node = this.getNode().name;
		const keys = seen.get(node) ?? new Set();
		seen.set(node, keys);
		const fresh = this.getInputData().flatMap((item, index) => {
			const key = this.getNodeParameter('dedupeValue', index);
			if (keys.has(key)) return [];
			keys.add(key);
			return [{ ...item, pairedItem: { item: index } }];
		});
		return await Promise.resolve([fresh]);
	};

async function passOn(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await Promise.resolve([this.getInputData()]);
}

const record = (reached: Reached[], answers: Answers): Run =>
	async function () {
		const { name: node, parameters } = this.getNode();
		const items = this.getInputData().map((item, index): INodeExecutionData => {
			const evaluated = Object.fromEntries(
				Object.keys(parameters).map((key) => [key, this.getNodeParameter(key, index)]),
			);
			reached.push({ node, parameters: evaluated });
			const answer = answers[node];
			return {
				json: answer === undefined ? item.json : (answer as INodeExecutionData['json']),
				pairedItem: { item: index },
			};
		});
		return await Promise.resolve([items]);
	};
