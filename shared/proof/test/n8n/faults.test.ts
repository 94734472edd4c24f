import { testFaultsOn } from '../on/faults.ts';

testFaultsOn('n8n');
