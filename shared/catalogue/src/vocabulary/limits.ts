/**
 * Numbers MemberPass documents. Sources: docs.memberpass.net/api, /webhooks/retries-and-delivery,
 * /webhooks/signature-verification, /webhooks/testing-and-debugging.
 */
export const limits = {
	/** Requests a token may send in any minute and any hour. */
	requestsPerMinute: 300,
	requestsPerHour: 10_000,
	/** Test deliveries a token may ask for in a minute. */
	webhookTestsPerMinute: 5,
	/** A 2xx answer is replayed under the same idempotency key for this long. */
	idempotentReplayHours: 24,
	/** Largest page any list is known to accept. */
	pageSize: 100,
	/** Largest page of the keyset list (`GET /analytics/transactions`) and of the activity log. */
	cursorPageSize: 200,
	/** A signature older or newer than this is refused. */
	signatureToleranceSeconds: 300,
	/** A receiver has this long to answer. */
	deliveryTimeoutSeconds: 10,
	/** After this many failures in a row an endpoint is switched off. */
	failuresBeforeDisable: 20,
	/** Waits before the second and later attempts of a delivery. */
	deliveryRetrySeconds: [10, 30, 120, 600, 3600, 21_600, 86_400],
	/** Both signatures are sent for this long after a rotation from the dashboard. */
	dualSigningHours: 24,
} as const;
