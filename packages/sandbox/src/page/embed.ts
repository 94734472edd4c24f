import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeAssets } from './write-assets.ts';

writeFileSync(
	join(import.meta.dirname, 'assets.ts'),
	writeAssets(join(import.meta.dirname, 'client')),
);
