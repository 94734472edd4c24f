import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutFiles } from './checkout-files.ts';

/** Something that must never be committed, with a made-up specimen that the scan has to find. */
export interface SecretRule {
	readonly name: string;
	readonly pattern: RegExp;
	/** Only in files whose path starts with this; everywhere where absent. */
	readonly within?: string;
	/** In two halves, so that this file does not trip over itself. */
	readonly specimen: readonly [string, string];
}

export const secretRules: readonly SecretRule[] = [
	{
		name: 'API token',
		pattern: /\b(?:mpt_(?:live|test)|sbt)_[A-Za-z0-9]{1,40}[_|][A-Za-z0-9]{16,}/,
		specimen: ['mpt_live_42_', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'],
	},
	{
		name: 'bearer header',
		pattern: /\bBearer\s+[A-Za-z0-9._~+/-]{20,}/,
		specimen: ['Bearer ', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'],
	},
	{
		name: 'session cookie',
		pattern: /set-cookie["']?\s*[:=]/i,
		within: 'fixtures/',
		specimen: ['"set-', 'cookie": "laravel_session=x"'],
	},
	{
		name: 'authorization header',
		pattern: /"authorization"\s*:/i,
		within: 'fixtures/',
		specimen: ['"Author', 'ization": "x"'],
	},
	{
		name: 'email address outside example.com',
		pattern:
			/[A-Za-z0-9._%+-]+@(?!(?:[a-z0-9-]+\.)*example\.(?:com|org|net)(?![\w-]|\.\w))[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/,
		within: 'fixtures/',
		specimen: ['someone', '@gmail.com'],
	},
	{
		name: 'signature or key of 64 hex digits',
		pattern: /\b[0-9a-f]{64}\b/i,
		within: 'fixtures/',
		specimen: ['0123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef'],
	},
	{
		name: 'private key',
		pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/,
		specimen: ['-----BEGIN RSA PRIV', 'ATE KEY-----'],
	},
	{
		name: 'JSON web token',
		pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
		specimen: ['eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop'],
	},
	{
		name: 'Telegram bot token',
		pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{30,}/,
		specimen: ['123456789:AA', 'HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'],
	},
	{
		name: 'payment provider key',
		pattern: /\b[sr]k_live_[A-Za-z0-9]{16,}/,
		specimen: ['sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'],
	},
];

export interface SecretFinding {
	readonly path: string;
	readonly line: number;
	/** Name of the rule; what was found is not repeated. */
	readonly rule: string;
}

/** Looks for secrets in one text. */
export function scanText(path: string, text: string): readonly SecretFinding[] {
	return text.split('\n').flatMap((line, index) =>
		secretRules
			.filter((rule) => rule.within === undefined || path.startsWith(rule.within))
			.filter((rule) => rule.pattern.test(line))
			.map((rule) => ({ path, line: index + 1, rule: rule.name })),
	);
}

/** Every text file of a checkout. */
export function textFiles(root: string): readonly string[] {
	return checkoutFiles(root).filter((path) => !/\.(png|zip|ico)$/.test(path));
}

/** Scans every text file of a checkout. */
export function scanFiles(root: string): readonly SecretFinding[] {
	return textFiles(root).flatMap((path) => scanText(path, readFileSync(join(root, path), 'utf8')));
}
