import { defineOperations } from '../model.ts';
import {
	annotate,
	flag,
	inBody,
	inQuery,
	integer,
	nullable,
	object,
	optional,
	text,
	url,
} from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { projectInPath } from './inputs.ts';
import { manifest, npm, tool } from './sources.ts';

const projectId = id('project', 'Identifies the project.');
const name = text('Name', 'Name that subscribers see.', { examples: ['Research Premium'] });
const handle = text('Handle', "Short name in the address of the project's page.", {
	examples: ['research-premium'],
});
const type = text('Platform', 'Where the community lives.', {
	examples: ['telegram'],
	'x-known-values': ['telegram'],
});
const description = nullable(
	text('Description', 'What the project offers.', {
		examples: ['Weekly deep-dive research notes.'],
	}),
);
const active = flag('Active', 'False while the project is archived.', { examples: [true] });
const teamId = id('team', 'Team the project belongs to.');
const createdAt = moment('Created At', 'When the project was created.');

/** A row of docs.memberpass.net/mcp/tools/list-projects. */
const projectRow = object(
	{
		id: projectId,
		name,
		handle,
		type,
		description: optional(description),
		active,
		created_at: createdAt,
	},
	{ title: 'Project' },
);

/** docs.memberpass.net/mcp/tools/get-project. */
const projectDetail = object(
	{
		id: projectId,
		name,
		handle,
		type,
		description: optional(description),
		banner_url: optional(
			nullable(
				url('Banner URL', 'Address of the banner image.', {
					examples: ['https://static.memberpass.net/projects/research-premium/banner.jpg'],
				}),
			),
		),
		photo_url: optional(
			nullable(
				url('Photo URL', 'Address of the profile image.', {
					examples: ['https://static.memberpass.net/projects/research-premium/photo.jpg'],
				}),
			),
		),
		active,
		team_id: teamId,
		counts: optional(
			object(
				{
					plans: integer('Plan Count', 'How many plans the project has.', { examples: [3] }),
					resources: integer('Resource Count', 'How many resources the project has.', {
						examples: [2],
					}),
					subscribers: integer('Subscriber Count', 'How many subscribers the project has.', {
						examples: [241],
					}),
					payment_methods: integer(
						'Payment Method Count',
						'How many payment methods the project has.',
						{ examples: [2] },
					),
				},
				{
					title: 'Counts',
					description:
						'How many plans, resources, subscribers and payment methods the project has.',
				},
			),
		),
		created_at: createdAt,
		updated_at: moment('Updated At', 'When the project last changed.'),
	},
	{ title: 'Project' },
);

/** docs.memberpass.net/mcp/tools/create-project. */
const createdProject = object(
	{
		id: projectId,
		name,
		handle: annotate(handle, { examples: ['research-premium-abc123'] }),
		team_id: teamId,
		active,
		created_at: createdAt,
	},
	{ title: 'Project' },
);

/** docs.memberpass.net/mcp/tools/update-project. */
const updatedProject = object({ id: projectId, name, handle, active }, { title: 'Project' });

/** docs.memberpass.net/mcp/tools/archive-project. */
const projectState = object(
	{ id: projectId, active: annotate(active, { examples: [false] }) },
	{ title: 'Project' },
);

const nameInput = inBody(
	text('Project Name', 'What subscribers see, 5 to 255 characters.', {
		minLength: 5,
		maxLength: 255,
		examples: ['Research Premium'],
	}),
);

/** Optional settings which creating and updating share. */
const settings = {
	handle: optional(
		inBody(
			text(
				'Handle',
				"Short name in the address of the project's page: 5 to 255 lower-case letters, digits and dashes that no other project uses. Needs the Starter or Growth tier.",
				{ pattern: '^[a-z0-9-]{5,255}$', examples: ['research-premium'] },
			),
		),
	),
	description: optional(
		inBody(
			text(
				'Description',
				'What the project offers, up to 1,000 characters. MemberPass filters HTML.',
				{
					maxLength: 1000,
					examples: ['Weekly deep-dive research notes.'],
				},
			),
		),
	),
	terms: optional(
		inBody(
			url('Terms URL', 'Web page with your terms of service.', {
				maxLength: 255,
				examples: ['https://example.com/terms'],
			}),
		),
	),
	privacy: optional(
		inBody(
			url('Privacy Policy URL', 'Web page with your privacy policy.', {
				maxLength: 255,
				examples: ['https://example.com/privacy'],
			}),
		),
	),
	metrics: optional(
		inBody(
			flag('Metrics', "Whether the project's metrics setting is switched on.", {
				examples: [true],
				'x-decision': 'The page names the switch and not what it shows, so neither do we.',
			}),
		),
	),
	bot_id: optional(
		inBody(
			id(
				'bot',
				'Telegram bot that serves the project. It must already be registered with MemberPass.',
				{
					title: 'Bot ID',
					'x-decision': 'No route lists the bots of a team, so there is nothing to pick from.',
				},
			),
		),
	),
};

const typeInput = text(
	'Platform',
	'Where the community lives. So far MemberPass supports Telegram only.',
	{
		examples: ['telegram'],
		'x-known-values': ['telegram'],
		'x-labels': { telegram: 'Telegram' },
	},
);

const decisions = {
	type: {
		topic: 'type or platform',
		because:
			'The documentation names the field type; 1.4.0 sends platform, and the vendor later dropped it.',
	},
	team: {
		topic: 'team_id',
		because:
			'Left out: the API overview says that the team comes from the token and never from the body, though two tool pages list it.',
	},
	images: {
		topic: 'banner and photo',
		because:
			'Left out: they need a multipart upload whose size limits and behaviour no page states.',
	},
} as const;

export const project = defineOperations(
	{ key: 'project', label: 'Project', summary: 'Create, find, change and archive projects.' },
	[
		{
			key: 'create_project',
			kind: 'action',
			label: 'Create Project',
			noun: 'Project',
			summary: 'Creates a new project.',
			method: 'POST',
			path: '/projects',
			ability: 'project:create',
			input: object({
				name: nameInput,
				handle: settings.handle,
				description: settings.description,
				type: optional(inBody(annotate(typeInput, { default: 'telegram' }))),
				terms: settings.terms,
				privacy: settings.privacy,
				metrics: settings.metrics,
				active: optional(
					inBody(
						flag('Active', 'Whether the project is open from the start.', {
							default: true,
							examples: [true],
						}),
					),
				),
				bot_id: settings.bot_id,
			}),
			output: { shape: 'one', schema: createdProject, evidence: 'inferred' },
			repeat: {
				effect: 'creates_another',
				note: 'Each call makes a project; with the same handle the second is refused, because handles are unique.',
			},
			errors: ['VALIDATION_FAILED', 'TEAM_TIER_REQUIRED'],
			emits: ['project.created'],
			caveats: [
				'On the Free tier, leave the handle empty: MemberPass generates one and refuses any that you send.',
				'How many projects you can have depends on your MemberPass tier.',
				'Banner and photo can only be uploaded in the MemberPass dashboard.',
			],
			n8n: {
				operation: 'create',
				name: 'Create',
				action: 'Create project',
				topLevel: ['handle'],
			},
			decisions: [
				decisions.type,
				{
					topic: 'handle required or optional',
					because:
						'Optional, as documented: 1.4.0 requires it, and then every user on the Free tier gets TEAM_TIER_REQUIRED.',
				},
				decisions.team,
				decisions.images,
			],
			evidence: 'documented',
			sources: [tool('create-project'), npm, manifest],
		},
		{
			key: 'update_project',
			kind: 'action',
			label: 'Update Project',
			noun: 'Project',
			summary: 'Updates the name, description or other settings of a project.',
			method: 'PATCH',
			path: '/projects/{project}',
			ability: 'project:update',
			input: object({
				project: projectInPath('Project to update.'),
				name: optional(nameInput),
				description: settings.description,
				handle: settings.handle,
				active: optional(
					inBody(
						flag('Active', 'Whether the project is open: off archives it, on restores it.', {
							examples: [true],
						}),
					),
				),
				type: optional(inBody(typeInput)),
				terms: settings.terms,
				privacy: settings.privacy,
				metrics: settings.metrics,
				bot_id: settings.bot_id,
			}),
			output: { shape: 'one', schema: updatedProject, evidence: 'inferred' },
			repeat: { effect: 'same', note: 'The same values are written again.' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED', 'TEAM_TIER_REQUIRED'],
			emits: ['project.updated'],
			caveats: [
				'Only the fields you fill in change.',
				'Archiving and restoring send their own events, Project Archived and Project Restored.',
			],
			n8n: { operation: 'update', name: 'Update', action: 'Update project' },
			decisions: [
				decisions.type,
				{
					topic: 'website_url',
					because: 'Left out: only 1.4.0 sends it, and no page of the documentation knows it.',
				},
				decisions.team,
				decisions.images,
			],
			evidence: 'documented',
			sources: [tool('update-project'), npm, manifest],
		},
		{
			key: 'archive_project',
			kind: 'action',
			label: 'Archive Project',
			noun: 'Project',
			summary: 'Archives a project so that nobody new can join it.',
			method: 'POST',
			path: '/projects/{project}/archive',
			ability: 'project:update',
			input: object({ project: projectInPath('Project to close to new subscribers.') }),
			output: { shape: 'one', schema: projectState, evidence: 'inferred' },
			destructive: 'reversible',
			repeat: { effect: 'no_op', note: 'Archiving an archived project changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['project.archived'],
			caveats: [
				'Nothing is deleted. Use Restore Project to open the project again.',
				'Active subscriptions stop renewing; subscribers keep their access until their period ends.',
			],
			n8n: { operation: 'archive', name: 'Archive', action: 'Archive project' },
			decisions: [
				{
					topic: 'what happens to subscribers',
					because:
						"The event's own page is the most exact: subscriptions stop renewing and access lasts until ends_at. The tool page only says that subscribers are kept.",
				},
			],
			evidence: 'documented',
			sources: [
				tool('archive-project'),
				'https://docs.memberpass.net/webhooks/events/project/archived',
				npm,
				manifest,
			],
		},
		{
			key: 'restore_project',
			kind: 'action',
			label: 'Restore Project',
			noun: 'Project',
			summary: 'Restores an archived project so that people can join it again.',
			method: 'POST',
			path: '/projects/{project}/restore',
			ability: 'project:update',
			input: object({ project: projectInPath('Archived project to open again.') }),
			output: {
				shape: 'one',
				schema: object(
					{ id: projectId, active: annotate(active, { 'x-evidence': 'inferred' }) },
					{ title: 'Project' },
				),
				evidence: 'inferred',
			},
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['project.restored'],
			caveats: ['Subscribers who left in the meantime do not come back by themselves.'],
			n8n: { operation: 'restore', name: 'Restore', action: 'Restore project' },
			decisions: [
				{
					topic: 'answer',
					because: 'No page shows one; taken to be the mirror image of archiving.',
				},
			],
			evidence: 'documented',
			sources: [npm, manifest, 'https://docs.memberpass.net/webhooks/events/project/restored'],
		},
		{
			key: 'delete_project',
			kind: 'action',
			label: 'Delete Project',
			noun: 'Project',
			summary: 'Deletes a project and everything in it for good.',
			method: 'DELETE',
			path: '/projects/{project}',
			ability: 'project:delete',
			input: object({ project: projectInPath('Project to delete, with everything in it.') }),
			output: { shape: 'nothing', schema: object({}), evidence: 'inferred' },
			destructive: 'irreversible',
			repeat: { effect: 'refused', note: 'The second call finds nothing (inferred).' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['project.deleted'],
			caveats: [
				'This cannot be undone: plans, resources and subscriptions of the project go with it. Archive Project only closes it.',
				'Only Project Deleted is sent, no event for each plan, resource or subscription.',
			],
			n8n: { operation: 'delete', name: 'Delete', action: 'Delete project' },
			evidence: 'documented',
			sources: [npm, manifest, 'https://docs.memberpass.net/webhooks/events/project/deleted'],
		},
		{
			key: 'find_project_by_handle',
			kind: 'search',
			label: 'Find Project by Handle',
			noun: 'Project',
			summary: 'Finds a project by its handle.',
			method: 'GET',
			path: '/projects',
			ability: 'project:view-any',
			input: object({
				handle: inQuery(
					text('Handle', "Short name in the address of the project's page, without slashes.", {
						minLength: 1,
						examples: ['research-premium'],
					}),
				),
			}),
			output: { shape: 'many', schema: projectRow, paging: 'pages', evidence: 'inferred' },
			match: { input: 'handle', field: 'handle' },
			n8n: { operation: 'findByHandle', name: 'Find by Handle', action: 'Find project by handle' },
			decisions: [
				{
					topic: 'handle filter',
					because:
						'1.4.0 sends it and takes whatever comes back; no page confirms that the server filters, so the handle is compared again on our side.',
				},
			],
			evidence: 'documented',
			sources: [npm, tool('list-projects'), manifest],
		},
		{
			key: 'get_project',
			kind: 'search',
			label: 'Find Project by ID',
			noun: 'Project',
			summary: 'Finds one project with its images and counts.',
			method: 'GET',
			path: '/projects/{project}',
			ability: 'project:view',
			input: object({
				project: projectInPath('Project to look up, e.g. the Project ID from a trigger.'),
			}),
			output: { shape: 'one', schema: projectDetail, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get project' },
			evidence: 'documented',
			sources: [tool('get-project'), npm, manifest],
		},
		{
			key: 'list_projects',
			kind: 'read',
			label: 'Find Projects',
			noun: 'Project',
			summary: 'Finds all projects the token can see.',
			method: 'GET',
			path: '/projects',
			ability: 'project:view-any',
			input: object({}),
			output: { shape: 'many', schema: projectRow, paging: 'pages', evidence: 'inferred' },
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many projects' },
			evidence: 'documented',
			sources: [tool('list-projects'), npm, manifest],
		},
	],
);
