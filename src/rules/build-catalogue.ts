/** Run by `npm run rules:docs`: writes `docs/rules.md`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogueText } from './catalogue.ts';
import { readRuleFolder } from './load.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rulesFolder = join(root, 'rules');
const files = readRuleFolder(rulesFolder);

mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs', 'rules.md'), catalogueText(files.flatMap(({ rules }) => rules)));
