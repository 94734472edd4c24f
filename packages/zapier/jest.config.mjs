import base from '@memberpass/testing/jest';

export default {
	...base,
	setupFilesAfterEnv: [...base.setupFilesAfterEnv, '<rootDir>/test/setup.ts'],
};
