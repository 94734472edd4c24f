/**
 * A rule of the catalogue. It carries its own examples and anti-examples, so that the test of a rule is the rule:
 * one generic test runs them all.
 */
export interface Rule<Subject> {
	/** kebab-case, shown in every finding. */
	readonly id: string;
	/** What to write, as an instruction: "Write the label in Title Case." */
	readonly instruction: string;
	/** What is wrong with the subject, or null. A short phrase that follows the name of the entry. */
	readonly fault: (subject: Subject) => string | null;
	readonly examples: readonly Subject[];
	readonly antiExamples: readonly { readonly example: Subject; readonly reason: string }[];
}

/** A broken rule. */
export interface Finding {
	/** Which entry: `event subscription.created`, `operation create_plan`. */
	readonly entry: string;
	/** Where inside it: `label`, `data.plan_id.title`. */
	readonly where: string;
	readonly rule: string;
	/** One line: what is wrong, and what to write. */
	readonly message: string;
}

/** Holds a subject against a rule. */
export function hold<Subject>(
	rule: Rule<Subject>,
	entry: string,
	where: string,
	subject: Subject,
): readonly Finding[] {
	const fault = rule.fault(subject);
	if (fault === null) return [];
	return [
		{
			entry,
			where,
			rule: rule.id,
			message: `${entry}: ${where} ${fault}. ${rule.instruction} [${rule.id}]`,
		},
	];
}

/** A finding of a rule that looks at more than one subject and so has no examples of its own. */
export function broken(entry: string, where: string, rule: string, what: string): Finding {
	return { entry, where, rule, message: `${entry}: ${where} ${what}. [${rule}]` };
}

/** A rule that a pattern can say. */
export function patternRule(
	id: string,
	pattern: RegExp,
	instruction: string,
	examples: readonly string[],
	antiExamples: Rule<string>['antiExamples'],
): Rule<string> {
	return {
		id,
		instruction,
		fault: (subject) => (pattern.test(subject) ? null : `is ${JSON.stringify(subject)}`),
		examples,
		antiExamples,
	};
}
