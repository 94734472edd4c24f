import { testFloodOn } from '../platform/flood.ts';

testFloodOn('n8n');
