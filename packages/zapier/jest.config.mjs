import base from '@memberpass/testing/jest';

// All files together stay below this limit. Without it Jest needs no process beside its own where it has one worker:
// one that ends slowly, as on a busy machine, it would kill with a warning.
const { workerIdleMemoryLimit: _, ...rest } = base;

export default {
	...rest,
	setupFilesAfterEnv: [...base.setupFilesAfterEnv, '<rootDir>/test/setup.ts'],
};
