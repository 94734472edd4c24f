#!/usr/bin/env node
import { recipes } from '@memberpass/catalogue/recipes';
import { audit, auditRecipe } from '@memberpass/catalogue/rules';

import { command } from './command.ts';

const sources = {
	audit: () => [...audit(), ...recipes.flatMap(auditRecipe)],
	emitters: async () => (await import('./emitters/index.ts')).emitters,
};

process.exitCode = await command(process.argv.slice(2), sources, {
	say: (text) => void process.stdout.write(text),
	complain: (text) => void process.stderr.write(text),
});
