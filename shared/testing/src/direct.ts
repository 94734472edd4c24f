/**
 * The environment of this process without its proxies: what is run talks to this machine alone, and n8n's client would
 * send even that through them.
 */
export function directEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^(?:https?|all)_proxy$/i.test(name)),
	);
}
