/**
 * Reads JSON that somebody wrote by hand.
 *
 * @param what It is: read while a test file loads, it is no test that could name it.
 * @throws Error that says what is no JSON, and where.
 */
export function parse(what: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Error(`${what} is not JSON: ${(error as Error).message}`, { cause: error });
	}
}
