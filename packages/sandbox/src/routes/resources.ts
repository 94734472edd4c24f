import { resourceFacts } from '../facts.ts';
import { withdraw } from '../lifecycle.ts';
import { inProject, newestFirst, type Resource } from '../state.ts';
import { iso } from '../time.ts';
import {
	type Call,
	descriptionOf,
	filtered,
	flagOf,
	log,
	many,
	one,
	type Operations,
	textOf,
	whole,
} from './route.ts';

const subject = 'project-resource';

function emit(call: Call, type: string, resource: Resource): void {
	call.world.emit(type, resourceFacts(resource), call.found('project'));
}

export const resources: Operations = {
	list_resources: {
		run: (call) => {
			const rows = inProject(call.world.state.resources, call.found('project').id);
			return many(newestFirst(rows, (row) => row.created_at));
		},
	},
	get_resource: { run: (call) => one(call.found('resource')) },
	create_resource: {
		run: (call) => {
			const { input, world } = call;
			const now = iso(world.clock.now());
			const resource: Resource = {
				id: world.ids.next('resource'),
				project_id: call.found('project').id,
				// Chats come from the bot; the API makes manual perks only (…/mcp/tools/create-resource).
				type: 'manual',
				title: textOf(input, 'title') ?? '',
				description: descriptionOf(input) ?? null,
				chat_id: null,
				active: flagOf(input, 'active') ?? true,
				created_at: now,
				updated_at: now,
			};
			world.state.resources.set(resource.id, resource);
			emit(call, 'project.resource.created', resource);
			log(call, subject, resource, 'created', `Resource '${resource.title}' was created.`);
			return one(resource, 'created');
		},
	},
	unlink_resource: {
		run: (call) => {
			const resource = call.found('resource');
			if (resource.chat_id !== null) {
				resource.chat_id = null;
				resource.updated_at = iso(call.world.clock.now());
				emit(call, 'project.resource.unlinked', resource);
				withdraw(call.world, resource);
				log(call, subject, resource, 'unlinked', `Resource '${resource.title}' was unlinked.`);
			}
			return one(resource);
		},
	},
	delete_resource: {
		run: (call) => {
			const resource = call.found('resource');
			call.world.state.resources.delete(resource.id);
			emit(call, 'project.resource.deleted', resource);
			withdraw(call.world, resource);
			log(call, subject, resource, 'deleted', `Resource '${resource.title}' was deleted.`);
			return one({ resource_id: resource.id, deleted: true });
		},
	},
	list_payment_methods: {
		run: (call) => {
			const project = call.found('project');
			const rows = inProject(call.world.state.paymentMethods, project.id);
			const activeOnly = flagOf(call.input, 'active_only') === true;
			return whole(
				filtered(
					call,
					newestFirst(rows, (row) => row.created_at),
					activeOnly ? (row) => row.active : null,
				),
				{ project_id: project.id },
			);
		},
	},
	get_payment_method: { run: (call) => one(call.found('method')) },
};
