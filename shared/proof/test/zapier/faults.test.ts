import { testFaultsOn } from '../on/faults.ts';

testFaultsOn('zapier');
