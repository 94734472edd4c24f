import {
	abilitiesFor,
	type Choice,
	readHash,
	type Uses,
	withoutAbility,
	writeHash,
} from '../src/abilities.ts';
import { readUses } from '../src/uses.ts';

const uses = readUses();
const nothing: Choice = { platform: 'code', events: [], operations: [] };
const names = (choice: Partial<Choice>): readonly string[] =>
	abilitiesFor(uses, { ...nothing, ...choice }).map(({ ability }) => ability);

describe('the smallest set of abilities', () => {
	it.each<readonly [rule: string, choice: Partial<Choice>, wanted: readonly string[]]>([
		['nothing ticked needs nothing', {}, []],
		['nothing ticked needs nothing, on Zapier too', { platform: 'zapier' }, []],
		[
			'an event needs its own ability and the one to receive',
			{ events: ['subscription.past_due'] },
			['project-subscription:view-any', 'webhook-endpoint:manage'],
		],
		[
			'on Zapier also that of the connection test and of the list of projects',
			{ platform: 'zapier', events: ['subscription.past_due'] },
			['project-subscription:view-any', 'project:view-any', 'team:view', 'webhook-endpoint:manage'],
		],
		[
			'an event of the account offers no list of projects',
			{ platform: 'n8n', events: ['billing.invoice_paid'] },
			['billing:read', 'team:view', 'webhook-endpoint:manage'],
		],
		[
			'an operation needs its own',
			{ operations: ['create_plan'] },
			['project-subscription-plan:create'],
		],
		[
			'in a form also those of its lists',
			{ platform: 'n8n', operations: ['create_plan'] },
			[
				'project-resource:view-any',
				'project-subscription-plan:create',
				'project:view-any',
				'team:view',
			],
		],
		[
			'a list by project needs that of projects, even where the form takes no project',
			{ platform: 'n8n', operations: ['list_subscriptions'] },
			[
				'project-subscription-plan:view-any',
				'project-subscription:view-any',
				'project:view-any',
				'team:view',
			],
		],
		[
			'a list of the whole account needs that of no projects',
			{ platform: 'zapier', operations: ['cancel_subscription'] },
			['project-subscription:update', 'project-subscription:view-any', 'team:view'],
		],
		[
			'Make has no lists',
			{ platform: 'make', operations: ['ban_member'] },
			['project-user:update'],
		],
		[
			'what two need stands once',
			{ events: ['payment.failed'], operations: ['list_subscriptions'] },
			['project-subscription:view-any', 'webhook-endpoint:manage'],
		],
		[
			'where sources differ, both',
			{ events: ['team.member.joined'], operations: ['list_transactions'] },
			[
				'dashboard:read',
				'project-subscription:view-any',
				'team-member:invite',
				'team:view-any',
				'webhook-endpoint:manage',
			],
		],
		['an unknown id is left out', { events: ['no.such'], operations: ['drop table'] }, []],
	])('%s', (_, choice, wanted) => {
		expect(names(choice)).toEqual(wanted);
	});

	it('says what each is for', () => {
		expect(
			abilitiesFor(uses, { platform: 'code', events: ['payment.failed'], operations: [] }),
		).toEqual([
			{ ability: 'project-subscription:view-any', because: ['Payment Failed'] },
			{ ability: 'webhook-endpoint:manage', because: ['receiving events'] },
		]);
	});

	it('says where sources differ', () => {
		const two: Uses = {
			...uses,
			operations: [
				{ id: 'x', label: 'X', group: 'X', needs: ['a:b'], alsoNeeds: ['c:d'], lists: [] },
			],
		};
		expect(abilitiesFor(two, { ...nothing, operations: ['x'] })).toEqual([
			{ ability: 'a:b', because: ['X'] },
			{ ability: 'c:d', because: ['X (sources differ)'] },
		]);
	});

	it('names operations that ask for the owner instead', () => {
		expect(
			withoutAbility(uses, { ...nothing, operations: ['list_tokens', 'create_plan'] }),
		).toEqual(['Find API Tokens']);
	});
});

describe('the address of a choice', () => {
	const choice: Choice = {
		platform: 'n8n',
		events: ['subscription.past_due', 'payment.failed'],
		operations: ['ban_member', 'create_plan'],
	};

	it('is short and readable', () => {
		expect(writeHash(choice)).toBe(
			'for=n8n&events=subscription.past_due,payment.failed&does=ban_member,create_plan',
		);
	});

	it('names nothing where nothing is ticked', () => {
		expect(writeHash(nothing)).toBe('for=code');
	});

	it('reads back as it was written, in the order of the catalogue', () => {
		expect(readHash(uses, `#${writeHash(choice)}`)).toEqual(choice);
	});

	it.each(['', '#', '#table', '#events-2', '#%E0%A4%A'])('%s is none', (hash) => {
		expect(readHash(uses, hash)).toBeNull();
	});

	it.each([
		['#events=', { platform: 'zapier', events: [], operations: [] }],
		[
			'#does=create_plan,ban_member',
			{ ...nothing, platform: 'zapier', operations: ['ban_member', 'create_plan'] },
		],
		[
			'#for=__proto__&events=a,b,%00&does=<script>',
			{ platform: 'zapier', events: [], operations: [] },
		],
		[
			'#events=payment.failed%2Cno.such&for=make',
			{ platform: 'make', events: ['payment.failed'], operations: [] },
		],
		['#for=%E0%A4%A', { platform: 'zapier', events: [], operations: [] }],
	])('%s, whoever wrote it, does no harm', (hash, wanted) => {
		expect(readHash(uses, hash)).toEqual(wanted);
	});
});
