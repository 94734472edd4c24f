import { auditTrail } from './audit-trail.ts';
import { churnSaver } from './churn-saver.ts';
import { failedPayment } from './failed-payment.ts';
import { giftCodes } from './gift-codes.ts';
import type { Recipe } from './model.ts';
import { trialNudge } from './trial-nudge.ts';
import { weeklyDigest } from './weekly-digest.ts';
import { welcomeFlow } from './welcome-flow.ts';

export * from './apps.ts';
export * from './model.ts';
export * from './read.ts';

/** Every recipe, in the order of the gallery. */
export const recipes: readonly Recipe[] = [
	welcomeFlow,
	churnSaver,
	failedPayment,
	giftCodes,
	weeklyDigest,
	trialNudge,
	auditTrail,
];
