import { testFloodOn } from '../on/flood.ts';

testFloodOn('n8n');
