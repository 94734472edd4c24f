import { testFaultsOn } from '../platform/faults.ts';

testFaultsOn('zapier');
