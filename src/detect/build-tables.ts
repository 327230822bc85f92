/** Run by `npm run build`, after the rules are compiled: writes the prefilter's tables and targets of the built-in rules. */
import { writeFileSync } from 'node:fs';
import { builtinRules } from '../rules/builtin.ts';
import { buildText } from './build-text.ts';
import { BUILTIN_FILES, planOf } from './plan.ts';

const { image, targets, ...rest } = planOf(builtinRules(), Buffer.concat(buildText()));
writeFileSync(BUILTIN_FILES.image, image);
writeFileSync(BUILTIN_FILES.targets, targets);
writeFileSync(BUILTIN_FILES.plan, JSON.stringify(rest));
