import { visibleProjects } from '../auth.ts';
import { addError, ApiError, type FieldErrors, noSuchRoute, tierRequired } from '../errors.ts';
import { botFacts, projectFacts } from '../facts.ts';
import { type Bot, inProject, newestFirst, type Project, type State, type Tier } from '../state.ts';
import { iso } from '../time.ts';
import {
	type Call,
	changesOf,
	descriptionOf,
	equals,
	filtered,
	flagOf,
	log,
	many,
	nothing,
	one,
	type Operation,
	type Operations,
	textOf,
} from './route.ts';

/** Source: docs.memberpass.net/creators/subscription. */
const projectLimits: Readonly<Record<Tier, number>> = { free: 3, starter: 10, growth: 20 };

const subject = 'project';

function emit(call: Call, type: string, project: Project, more: object = {}): void {
	call.world.emit(type, { ...projectFacts(project), ...more }, project);
}

/** Handles are unique on the whole platform, across teams. */
function handleTaken(state: State, handle: string, except: string | null): boolean {
	return [...state.projects.values()].some((row) => row.handle === handle && row.id !== except);
}

function checkProject(call: Call, except: string | null): FieldErrors {
	const fields: FieldErrors = {};
	const { input, team, world } = call;
	const handle = textOf(input, 'handle');
	// Not a field error: the tier is in the way, whatever the handle is.
	if (handle !== undefined && team.tier === 'free') {
		throw tierRequired(
			'Custom handles need the Starter or Growth tier.',
			'Upgrade the tier or leave the handle out.',
			world.switches,
		);
	}
	if (handle !== undefined && handleTaken(world.state, handle, except)) {
		addError(fields, 'handle', 'The handle has already been taken.');
	}
	const type = textOf(input, 'type');
	if (type !== undefined && type !== 'telegram') {
		addError(fields, 'type', 'The selected type is invalid.');
	}
	const bot = textOf(input, 'bot_id');
	if (bot !== undefined && !world.state.bots.has(bot)) {
		addError(fields, 'bot_id', 'The selected bot id is invalid.');
	}
	return fields;
}

/** A handle from a name and six letters, as the sample of the create page has it. */
function madeUpHandle(call: Call, name: string): string {
	const slug = name
		.normalize('NFKD')
		.replace(/[\u0300-\u036f]/g, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '')
		.slice(0, 200);
	return `${slug === '' ? 'project' : slug}-${call.world.random.hex(6)}`;
}

function connectBot(call: Call, project: Project, bot: Bot): void {
	const before = project.bot;
	if (before?.id === bot.id) return;
	project.bot = bot;
	// Replacing a bot sends both, the old one first (…/events/project/bot-connected).
	if (before !== null) emit(call, 'project.bot.disconnected', project, botFacts(before));
	emit(call, 'project.bot.connected', project, botFacts(bot));
}

function setActive(call: Call, project: Project, active: boolean): void {
	if (project.active === active) return;
	project.active = active;
	project.updated_at = iso(call.world.clock.now());
	const verb = active ? 'restored' : 'archived';
	emit(call, `project.${verb}`, project);
	log(call, subject, project, verb, `Project '${project.name}' was ${verb}.`);
}

const listProjects: Operation = {
	run: (call) => {
		const rows = newestFirst(
			visibleProjects(call.world.state, call.token),
			(row) => row.created_at,
		);
		return many(
			filtered(
				call,
				rows,
				equals(call, 'handle', (row) => row.handle),
			),
		);
	},
};

/** The bot of a project, or the refusal the deep-link page prints. */
function botOf(call: Call): Bot {
	const { bot } = call.found('project');
	if (bot !== null) return bot;
	throw new ApiError('VALIDATION_FAILED', {
		status: Number(call.world.switches.validationStatus),
		message: 'This project has no bot attached.',
		remediation: 'Connect a Telegram bot to the project first.',
		docsUrl: 'https://docs.memberpass.net/mcp/tools/get-deep-link',
		context: { reason: 'no_bot_attached' },
	});
}

/** The routes of the bot are none of the successor's. */
function requireBotRoutes({ world }: Pick<Call, 'world'>): void {
	if (world.switches.bridge === 'passes_on') throw noSuchRoute();
}

export const projects: Operations = {
	list_projects: listProjects,
	find_project_by_handle: listProjects,
	get_project: {
		run: (call) => {
			const project = call.found('project');
			const { state } = call.world;
			const members = inProject(state.members, project.id);
			return one({
				...project,
				counts: {
					plans: inProject(state.plans, project.id).length,
					resources: inProject(state.resources, project.id).length,
					subscribers: members.filter((row) => row.status !== 'lead').length,
					payment_methods: inProject(state.paymentMethods, project.id).length,
				},
			});
		},
	},
	create_project: {
		check: (call) => checkProject(call, null),
		run: (call) => {
			const { world, team, input } = call;
			const { state } = world;
			const owned = [...state.projects.values()].filter((row) => row.team_id === team.id).length;
			if (owned >= projectLimits[team.tier]) {
				throw tierRequired(
					`The tier of this team allows ${projectLimits[team.tier]} projects.`,
					'Upgrade the tier or delete a project.',
					world.switches,
				);
			}
			const now = iso(world.clock.now());
			const name = textOf(input, 'name') ?? '';
			const project: Project = {
				id: world.ids.next('project'),
				team_id: team.id,
				name,
				handle: textOf(input, 'handle') ?? madeUpHandle(call, name),
				type: textOf(input, 'type') ?? 'telegram',
				description: descriptionOf(input) ?? null,
				banner_url: null,
				photo_url: null,
				terms: textOf(input, 'terms') ?? null,
				privacy: textOf(input, 'privacy') ?? null,
				metrics: flagOf(input, 'metrics') ?? false,
				active: flagOf(input, 'active') ?? true,
				bot: null,
				created_at: now,
				updated_at: now,
			};
			state.projects.set(project.id, project);
			emit(call, 'project.created', project);
			log(call, subject, project, 'created', `Project '${name}' was created.`);
			const bot = state.bots.get(textOf(input, 'bot_id') ?? '');
			if (bot !== undefined) connectBot(call, project, bot);
			return one(project, 'created');
		},
	},
	update_project: {
		check: (call) => checkProject(call, call.found('project').id),
		run: (call) => {
			const { input, world } = call;
			const project = call.found('project');
			const before = { ...project };
			project.name = textOf(input, 'name') ?? project.name;
			project.handle = textOf(input, 'handle') ?? project.handle;
			const description = descriptionOf(input);
			if (description !== undefined) project.description = description;
			project.type = textOf(input, 'type') ?? project.type;
			project.terms = textOf(input, 'terms') ?? project.terms;
			project.privacy = textOf(input, 'privacy') ?? project.privacy;
			project.metrics = flagOf(input, 'metrics') ?? project.metrics;
			const changes = changesOf(before as object as Record<string, unknown>, { ...project });
			if (Object.keys(changes).length > 0) {
				project.updated_at = iso(world.clock.now());
				emit(call, 'project.updated', project, { changes });
				const text = `Project '${project.name}' was updated.`;
				log(call, subject, project, 'updated', text, { changes });
			}
			const active = flagOf(input, 'active');
			if (active !== undefined) setActive(call, project, active);
			const bot = world.state.bots.get(textOf(input, 'bot_id') ?? '');
			if (bot !== undefined) connectBot(call, project, bot);
			return one(project);
		},
	},
	archive_project: {
		run: (call) => {
			setActive(call, call.found('project'), false);
			return one(call.found('project'));
		},
	},
	restore_project: {
		run: (call) => {
			setActive(call, call.found('project'), true);
			return one(call.found('project'));
		},
	},
	delete_project: {
		run: (call) => {
			const project = call.found('project');
			const { state } = call.world;
			for (const row of inProject(state.subscriptions, project.id)) row.stop();
			// Everything goes with it, without events of its own (…/events/project/deleted).
			const tables = [
				state.plans,
				state.resources,
				state.members,
				state.subscriptions,
				state.payments,
				state.accessCodes,
				state.paymentMethods,
			];
			for (const table of tables) {
				for (const row of table.values()) {
					if (row.project_id === project.id) table.delete(row.id);
				}
			}
			state.projects.delete(project.id);
			emit(call, 'project.deleted', project);
			log(call, subject, project, 'deleted', `Project '${project.name}' was deleted.`);
			return nothing;
		},
	},
	get_bot_status: {
		run: (call) => {
			requireBotRoutes(call);
			const project = call.found('project');
			return one({ project_id: project.id, connected: project.bot !== null, bot: project.bot });
		},
	},
	get_bot_link: {
		run: (call) => {
			requireBotRoutes(call);
			return one({ project_id: call.found('project').id, bot_url: botOf(call).url });
		},
	},
	get_portal_url: {
		run: (call) => {
			const { id, handle } = call.found('project');
			const portal = `${call.world.platform.pages.portal}/${handle}`;
			return one({ project_id: id, handle, portal_url: portal });
		},
	},
	get_deep_link: {
		run: (call) => {
			const { id } = call.found('project');
			const bot = botOf(call);
			const plan = textOf(call.input, 'plan_id');
			// In this order, one of them or none (…/mcp/tools/get-deep-link).
			const payload =
				textOf(call.input, 'access_code') ??
				(plan === undefined ? undefined : `plan_${plan}`) ??
				textOf(call.input, 'custom') ??
				`project_${id}`;
			return one({
				project_id: id,
				bot_url: bot.url,
				start_payload: payload,
				deep_link: `${bot.url}?start=${encodeURIComponent(payload)}`,
			});
		},
	},
};
