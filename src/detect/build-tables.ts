/** Run by `npm run build`, after the rules are compiled: writes the prefilter's tables of the built-in rules. */
import { writeFileSync } from 'node:fs';
import { buildTables } from '../kernel/tables.ts';
import { builtinRules } from '../rules/builtin.ts';
import { BUILTIN_TABLES } from './builtin-tables.ts';
import { checksOf } from './checks.ts';

writeFileSync(BUILTIN_TABLES, buildTables(checksOf(builtinRules().rules).checks));
