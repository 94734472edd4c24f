import { signBody } from '@memberpass/protocol';

/** Deliveries that must never become a run, made from a genuine one. */
export interface Forgery {
	readonly name: string;
	readonly body: string;
	/** Undefined: no signature header at all. */
	readonly header: string | undefined;
}

/**
 * @param now Unix seconds.
 * @param secret The secret of the subscription.
 */
export function forgeries(body: string, secret: string, now: number): readonly Forgery[] {
	const bytes = Buffer.from(body);
	const genuine = signBody(bytes, secret, now);
	return [
		{ name: 'an unsigned delivery', body, header: undefined },
		{
			name: 'a delivery signed by someone else',
			body,
			header: signBody(bytes, 'not the secret', now),
		},
		{
			name: 'a delivery whose body was changed',
			// The same event, so that nothing but the signature can refuse it.
			body: `${body} `,
			header: genuine,
		},
		{
			name: 'a delivery recorded ten minutes ago',
			body,
			header: signBody(bytes, secret, now - 600),
		},
		{ name: 'a signature header that is junk', body, header: 'v1' },
	];
}
