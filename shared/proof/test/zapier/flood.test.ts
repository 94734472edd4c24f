import { testFloodOn } from '../platform/flood.ts';

testFloodOn('zapier');
