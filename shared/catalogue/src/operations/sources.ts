/** Where the facts of the operations come from, each named once. */
export const npm = 'npm n8n-nodes-memberpass 1.4.0';

/** The vendor's later route list: method, path and ability of 206 routes, after the rename. */
export const manifest =
	'github.com/envigoinnovations/subscriby-n8n scripts/data/api-endpoints.json (later era)';

/** The vendor's own account of what 1.4.0 got wrong and what the successor removed. */
export const changelog = 'github.com/envigoinnovations/subscriby-n8n CHANGELOG.md (later era)';

/** The documentation page of the MCP tool that does the same job. */
export const tool = (name: string): string => `https://docs.memberpass.net/mcp/tools/${name}`;

export const toolsReference = 'https://docs.memberpass.net/mcp/tools-reference';
export const zapierPage = 'https://docs.memberpass.net/integrations/zapier';
