/** Runs a few steps of the built app with one fault put into each, as `npm run invoke -- --all` runs the whole. */
import { invokeAll, loadApp } from '../../invoke-steps.mts';

const app = loadApp();
const step = (kind: 'triggers' | 'creates' | 'searches', key: string, faults: object) => {
	const whole = app[kind][key];
	if (whole === undefined) throw new Error(`The app has no ${key}.`);
	return { [key]: { ...whole, operation: { ...whole.operation, ...faults } } };
};
// Core copies the app, so these must be functions that need nothing from here.
process.exitCode = await invokeAll({
	...app,
	triggers: {
		...step('triggers', 'member_joined', { performList: () => [{ id: 'evt_other' }] }),
		...step('triggers', 'member_kicked', {}),
		...step('triggers', 'member_banned', {
			performUnsubscribe: () => {
				throw new Error('stays on');
			},
		}),
	},
	creates: {
		...step('creates', 'create_plan', { perform: () => ({ id: 'pln_1' }) }),
		...step('creates', 'create_resource', {
			perform: () => {
				throw new Error('broken on purpose');
			},
		}),
	},
	searches: { ...step('searches', 'list_roles', { perform: () => [] }) },
});
