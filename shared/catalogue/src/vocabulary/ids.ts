import { type Options, text } from '../schema.ts';

/**
 * Kinds of id with the prefix seen in samples. Ids are opaque strings: prose says UUID, field tables say ULID,
 * samples show prefixed ULIDs, so no shape is enforced anywhere.
 */
export const idKinds = {
	event: { prefix: 'evt_', label: 'Event ID' },
	project: { prefix: 'prj_', label: 'Project ID' },
	plan: { prefix: 'pln_', label: 'Plan ID' },
	subscription: { prefix: 'sub_', label: 'Subscription ID' },
	member: { prefix: 'usr_', label: 'Member ID' },
	subscriber: { prefix: 'usr_', label: 'Subscriber ID' },
	user: { prefix: 'usr_', label: 'User ID' },
	payment: { prefix: 'pay_', label: 'Payment ID' },
	paymentMethod: { prefix: 'pmt_', label: 'Payment Method ID' },
	currency: { prefix: 'cur_', label: 'Currency ID' },
	// Event pages print rsr_, the MCP pages of the same rows rsc_.
	resource: { prefix: 'rsc_', label: 'Resource ID' },
	// The list page prints access-code rows with a sub_ id (docs.memberpass.net/mcp/tools/list-access-codes).
	accessCode: { prefix: 'sub_', label: 'Access Code ID' },
	batch: { prefix: 'btc_', label: 'Batch ID' },
	bot: { prefix: 'bot_', label: 'Bot ID' },
	creator: { prefix: 'cre_', label: 'Creator ID' },
	team: { prefix: 'tem_', label: 'Team ID' },
	role: { prefix: 'rol_', label: 'Role ID' },
	group: { prefix: 'grp_', label: 'Group ID' },
	// Samples print token ids as a bare ULID.
	token: { prefix: '', label: 'Token ID' },
	activity: { prefix: 'act_', label: 'Activity ID' },
	job: { prefix: 'mjb_', label: 'Job ID' },
	// No page prints an id of these two; the prefixes are ours.
	webhookEndpoint: { prefix: 'whe_', label: 'Webhook Endpoint ID' },
	webhookDelivery: { prefix: 'whd_', label: 'Webhook Delivery ID' },
} as const;

export type IdKind = keyof typeof idKinds;

/** Believable 26-character ULID bodies, one a kind, stable so that samples never change by themselves. */
const exampleUlids: Record<IdKind, string> = {
	event: '01JV9K3QG8T5M2X7RBNC4HWD6E',
	project: '01JT2B7M4QX9ZC5RKE8WNHV3DA',
	plan: '01JT2BC8YV6N3HTQX1M9KDRW5F',
	subscription: '01JV9K3QDN7W2RZ8XTB5MHC4PE',
	member: '01JV9K3PZM4T8QX6WBNRH2C5DJ',
	subscriber: '01JV9K3PZM4T8QX6WBNRH2C5DJ',
	user: '01JRZ6W2XK9N5TQ3MHB8CVD4RA',
	payment: '01JV9K3QFB6X8M2TWRN5HZC7QK',
	paymentMethod: '01JT2BA5WK7C9XQ3RNHT6MZV8D',
	currency: '01JRZ5T0M8Q4X6WBNC2HKDV7RE',
	resource: '01JT2BE3ZN5X8QW7MTRH4CKV9B',
	accessCode: '01JV8R4T6XQ2W9MNBH5CZKD3VP',
	batch: '01JV8R4S1KZ7XQ5TWMN3HBC6RD',
	bot: '01JT2B9F3WX6QM8TRNH5CZKV4E',
	creator: '01JRZ6W1D5X8QT3MNBH7CKVW2R',
	team: '01JRZ6W3H9XQ5TMN8WBC4KDV7Z',
	role: '01JS4N7B2XQ8WMT5RHC9KZDV3F',
	group: '01JS4N9K6XQ3WMT8RHB5CZDV2P',
	token: '01JS4MZ8T5XQ9WNBRH3CKDV6ME',
	activity: '01JV9M2X7QT4W8NBRH6CZKD5VJ',
	job: '01JV8R4RQXT6W3MNBH9CZKD7VA',
	webhookEndpoint: '01JT7C5W9XQ2TMN6RHB8KZDV4E',
	webhookDelivery: '01JV9K3QH5XT8WMN2RBC7ZKD4V',
};

/**
 * The canonical example id of a kind.
 *
 * @throws Error for an unknown kind: the catalogue runs without a check of its types, and would show "undefined".
 */
export function exampleId(kind: IdKind): string {
	if (!Object.hasOwn(idKinds, kind) || !Object.hasOwn(exampleUlids, kind)) {
		throw new Error(
			`There is no kind of ID "${kind}". Add it to idKinds and exampleUlids in shared/catalogue/src/vocabulary/ids.ts.`,
		);
	}
	return idKinds[kind].prefix + exampleUlids[kind];
}

/**
 * An id of a given kind. The title is the kind's own ("Plan ID") unless the options carry another.
 */
export const id = (kind: IdKind, description: string, options: Options = {}) => {
	const example = exampleId(kind);
	return text(idKinds[kind].label, description, {
		'x-id': kind,
		examples: [example],
		minLength: 1,
		...options,
	});
};
