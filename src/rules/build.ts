/**
 * Run by `npm run build`: compiles `rules/*.yaml` into `dist/rules.jsonl`, writes the examples beside it and the JSON
 * Schema of rule files. Users never pay for YAML.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { Examples } from '../model/rule.ts';
import { packRules } from './builtin.ts';
import { compileRules } from './compile.ts';
import { readRuleFolder } from './load.ts';
import { ruleFile } from './schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rulesFolder = join(root, 'rules');
const dist = join(root, 'dist');

const files = readRuleFolder(rulesFolder);

const examples: Record<string, Examples> = {};
for (const rule of files.flatMap((file) => file.rules)) examples[rule.source.id] = rule.examples;

mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'rules.jsonl'), packRules(compileRules(files)));
writeFileSync(join(dist, 'rule-examples.json'), JSON.stringify(examples));
const schema = toJsonSchema(ruleFile, { errorMode: 'ignore', typeMode: 'input' });
writeFileSync(join(rulesFolder, 'rule.schema.json'), `${JSON.stringify({ title: 'keysift rule file', ...schema }, undefined, 2)}\n`);
