import type { INode, INodeParameters, INodeTypeDescription } from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

/** Releases before 2.0.0 have no table; their forms cannot be filled in by the names of the catalogue. */
export function readOperations(load: NodeJS.Require): OperationTable {
	const path = './dist/nodes/MemberPass/operations.js';
	try {
		return (load(path) as { operations: OperationTable }).operations;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
		return {};
	}
}

/** What the harness reads of the built operation table. */
export type OperationTable = Readonly<
	Record<
		string,
		{
			readonly wire: {
				readonly name: string;
				readonly pageSize: number;
				readonly exclusive: readonly (readonly string[])[];
			};
			readonly fields: Readonly<
				Record<
					string,
					{
						readonly parameter: string;
						readonly place: 'top' | 'collection';
						readonly locator?: boolean;
					}
				>
			>;
			readonly collection?: string;
			readonly paging?: { readonly returnAll: boolean };
			readonly simple?: readonly string[];
		}
	>
>;

/** Fills in a form as a user would, who wants every row of a list and all of each. */
export function fillForm(
	operations: OperationTable,
	name: string,
	input: Readonly<Record<string, unknown>>,
): INodeParameters {
	const found = Object.entries(operations).find(([, row]) => row.wire.name === name);
	if (found === undefined) throw new Error(`The built node has no operation "${name}".`);
	const [key, row] = found;
	const [resource = '', operation = ''] = key.split('.');
	const top: Record<string, unknown> = { resource, operation };
	const inside: Record<string, unknown> = {};
	for (const [field, value] of Object.entries(input)) {
		const reading = row.fields[field];
		if (reading === undefined) throw new Error(`"${key}" has no input "${field}".`);
		const filled = reading.locator === true ? { __rl: true, mode: 'id', value } : value;
		(reading.place === 'top' ? top : inside)[reading.parameter] = filled;
	}
	// Something may be chosen as the form opens; a user who fills in what excludes it takes the choice back.
	for (const group of row.wire.exclusive) {
		if (!group.some((field) => field in input)) continue;
		for (const field of group) {
			const reading = row.fields[field];
			if (!(field in input) && reading?.place === 'top') top[reading.parameter] = '';
		}
	}
	if (row.paging?.returnAll === true) top['returnAll'] = true;
	if (row.paging?.returnAll === false) top['limit'] = row.wire.pageSize;
	if (row.simple !== undefined) top['simplify'] = false;
	if (row.collection !== undefined) top[row.collection] = inside;
	return top as INodeParameters;
}

type Filled = Pick<INode, 'typeVersion' | 'parameters'>;

/** The parameters of a node without what its form would not show, and with what was left out. */
const formOf = (
	{ NodeHelpers }: typeof N8nWorkflow,
	node: Filled,
	description: INodeTypeDescription,
): INodeParameters => {
	const { properties } = description;
	const { parameters } = node;
	return (
		NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description) ?? {}
	);
};

export function shownProperties(
	n8n: typeof N8nWorkflow,
	node: Filled,
	description: INodeTypeDescription,
): string[] {
	const form = formOf(n8n, node, description);
	return description.properties
		.filter((one) => n8n.NodeHelpers.displayParameter(form, one, node, description))
		.map(({ name }) => name);
}

export function faultsOf(
	n8n: typeof N8nWorkflow,
	node: INode,
	description: INodeTypeDescription,
): readonly string[] {
	const { NodeHelpers } = n8n;
	const { properties } = description;
	const form = formOf(n8n, node, description);
	const shown = { ...node, parameters: form };
	const issues = NodeHelpers.getNodeParametersIssues(properties, shown, description);
	return [
		...Object.keys(node.parameters)
			.filter((name) => form[name] === undefined)
			.map((name) => `"${name}" is unknown, or hidden by the other parameters`),
		...properties
			.filter((one) => one.type === 'options' && one.name in node.parameters)
			.filter((one) => NodeHelpers.displayParameter(form, one, node, description))
			.filter(({ name, options = [] }) =>
				options.every((one) => !('value' in one) || one.value !== node.parameters[name]),
			)
			.map(({ name }) => `"${name}" is none of its choices`),
		...Object.values(issues?.parameters ?? {}).flat(),
	];
}
