/** Shorter ones would be found in texts that have nothing to do with them. */
const shortest = 8;

/**
 * The forms in which a secret may come back: as it is, escaped for JSON or an address, in hexadecimal, in Base64 alone
 * or behind other text. Longest first.
 */
export function secretForms(secrets: readonly string[]): readonly string[] {
	const forms = secrets.flatMap((secret) => {
		const inJson = JSON.stringify(secret).slice(1, -1);
		const inAddress = encodeURIComponent(secret);
		const hex = Buffer.from(secret).toString('hex');
		const base64 = [0, 1, 2].map((before) => base64Behind(secret, before));
		return [
			secret,
			inJson,
			JSON.stringify(inJson).slice(1, -1),
			inAddress,
			inAddress.replace(/%../g, (code) => code.toLowerCase()),
			hex,
			hex.toUpperCase(),
			...base64,
			...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
		];
	});
	return [...new Set(forms)]
		.filter((form) => form.length >= shortest)
		.sort((a, b) => b.length - a.length);
}

/** The letters that stand for the secret alone, whatever is before and behind it: six bits each. */
function base64Behind(secret: string, before: number): string {
	const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
	const start = Math.ceil((before * 8) / 6);
	return bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6));
}
