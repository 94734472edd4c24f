import { testFaultsOn } from '../platform/faults.ts';

testFaultsOn('n8n');
