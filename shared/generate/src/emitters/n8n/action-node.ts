import {
	n8nOperationKey,
	operations,
	pickLists,
	recordLists,
	recordPick,
	platform,
	resources,
	operation as catalogueOperation,
} from '@memberpass/catalogue';

import { code, literal } from './literal.ts';
import { actionProperties } from './properties.ts';
import { inAllProjects, searchMethod } from './property.ts';
import { operationRow } from './table.ts';

const main = code('[NodeConnectionTypes.Main]');

const icon = {
	light: 'file:../../icons/memberpass.svg',
	dark: 'file:../../icons/memberpass.dark.svg',
};

/** A method of the node that an editor calls, and what it does. */
interface Method {
	readonly name: string;
	readonly call: string;
}

const forms = operations.map((entry) => entry.input.properties);

/** Methods that fill the list of a picked ID. */
function searches(): readonly Method[] {
	const used = forms.flatMap((form) =>
		Object.values(form).map((field) => searchMethod(field, Object.keys(form))),
	);
	const lists = Object.keys(pickLists);
	return [
		...lists.map((name) => ({
			name,
			call: `searchList(this, '${name}', filter, paginationToken)`,
		})),
		...lists.map((name) => ({
			name: inAllProjects(name),
			call: `searchAllProjects(this, '${name}', filter, paginationToken)`,
		})),
		{ name: recordPick, call: 'searchRecords(this, filter, paginationToken)' },
	].filter(({ name }) => used.includes(name));
}

/** Lists that a field with several values is filled from. */
function loadedLists(): readonly string[] {
	const used = forms.flatMap((form) => Object.values(form).map((field) => field.items?.['x-pick']));
	return Object.keys(pickLists).filter((name) => used.includes(name));
}

/** Source of the action node. */
export function actionNodeSource(): string {
	const description = {
		displayName: platform.name,
		name: 'memberPass',
		icon,
		group: ['transform'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: `Manage projects, plans, members and subscriptions in ${platform.name}`,
		defaults: { name: platform.name },
		usableAsTool: true,
		// Signing secrets. For a release of n8n that heeds it: 2.41.1 knows the field and hides nothing.
		sensitiveOutputFields: ['secret'],
		inputs: main,
		outputs: main,
		credentials: [{ name: 'memberPassApi', required: true }],
		properties: actionProperties(resources, operations),
	};
	const search = searches().map(
		({ name, call }) => `async ${name}(
			this: ILoadOptionsFunctions,
			filter?: string,
			paginationToken?: string,
		): Promise<INodeListSearchResult> {
			return await ${call};
		}`,
	);
	const load = loadedLists().map(
		(name) => `async ${name}(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
			return await loadList(this, '${name}');
		}`,
	);
	return `
		import {
			type IExecuteFunctions,
			type ILoadOptionsFunctions,
			type INodeExecutionData,
			type INodeListSearchResult,
			type INodePropertyOptions,
			type INodeType,
			type INodeTypeDescription,
			NodeConnectionTypes,
		} from 'n8n-workflow';

		import { executeItems } from '../runtime/execute';
		import { loadList, searchAllProjects, searchList, searchRecords } from '../runtime/lists';

		export class MemberPass implements INodeType {
			description: INodeTypeDescription = ${literal(description)};

			methods = {
				listSearch: { ${search.join(',\n')} },
				loadOptions: { ${load.join(',\n')} },
			};

			async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
				return [await executeItems(this)];
			}
		}
	`;
}

/** Source of the operation table. */
export function operationsSource(): string {
	const rows = Object.fromEntries(
		operations.map((entry) => [n8nOperationKey(entry), operationRow(entry)]),
	);
	return `
		import type { NodeOperation } from '../runtime/types';

		/** Every operation by resource and operation value. */
		export const operations: Readonly<Record<string, NodeOperation>> = ${literal(rows)};
	`;
}

/** Source of the table of lists that ids are picked from. */
export function listsSource(): string {
	const lists = Object.fromEntries(
		Object.entries(pickLists).map(([name, list]) => [
			name,
			{ ...list, operation: n8nOperationKey(catalogueOperation(list.operation)) },
		]),
	);
	return `
		import type { PickList } from '../runtime/types';

		/** Where ids are picked from. */
		export const pickLists: Readonly<Record<string, PickList>> = ${literal(lists)};

		/** Lists of the records that an activity log is about, by their kind. */
		export const recordLists: Readonly<Record<string, string>> = ${literal(recordLists)};
	`;
}
