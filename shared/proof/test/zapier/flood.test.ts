import { testFloodOn } from '../on/flood.ts';

testFloodOn('zapier');
