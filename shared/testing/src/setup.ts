/**
 * Runs before every test file: no test may reach the network, and a test that leaves an expected request unsent
 * fails. Loopback stays open for the tests that use real sockets.
 */
import nock from 'nock';

beforeAll(() => {
	if (!nock.isActive()) nock.activate();
	nock.disableNetConnect();
	nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});

afterEach(() => {
	const pending = nock.pendingMocks();
	nock.cleanAll();
	if (pending.length > 0) {
		throw new Error(`These requests were expected and never sent:\n${pending.join('\n')}`);
	}
});

afterAll(() => {
	nock.restore();
});
