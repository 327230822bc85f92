/** Run by `npm run build`: writes the JSON Schema of configurations from the schema that they are checked by. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configFile } from './schema.ts';

const schema = toJsonSchema(configFile, { errorMode: 'ignore', typeMode: 'input' });
const path = fileURLToPath(new URL('../../dist/config.schema.json', import.meta.url));
writeFileSync(path, `${JSON.stringify({ title: 'keysift configuration', ...schema }, undefined, 2)}\n`);
