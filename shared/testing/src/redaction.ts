/**
 * What an error may quote and nobody may see: what it is, what MemberPass says, and what a user reads instead. The
 * protocol, the Zapier app and the n8n node are each held against every row, so a leak that is reported for one platform
 * is a row here.
 */
export const redactionRows: readonly (readonly [what: string, written: string, shown: string])[] = [
	['a live token', 'Token mpt_live_12_aB3dE refused', 'Token mpt_live_[hidden] refused'],
	['a test token', 'mpt_test_12|aB3dE', 'mpt_test_[hidden]'],
	['a token of the successor', 'Token sbt_12_aB3dE refused', 'Token sbt_[hidden] refused'],
	[
		'each of several tokens',
		'mpt_live_12_aB3dE and mpt_live_13_cD4eF',
		'mpt_live_[hidden] and mpt_live_[hidden]',
	],
	['a bearer header', '{"authorization":"Bearer abc.def"}', '{"authorization":"Bearer [hidden]"}'],
	['a signature', 't=1,v1=00112233445566778899aabbccddeeff', 't=1,v1=[hidden]'],
	['nothing else', 'Plan pln_01 is not published.', 'Plan pln_01 is not published.'],
];
