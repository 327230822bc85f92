/** Run by `npm run build`: writes the JSON Schema of JSON reports from the type that they are built by. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { reportV1 } from './json-v1.ts';

const schema = toJsonSchema(reportV1, { errorMode: 'ignore' });
const path = fileURLToPath(new URL('../../dist/report.schema.json', import.meta.url));
writeFileSync(path, `${JSON.stringify({ title: 'keysift report, schema version 1', ...schema }, undefined, 2)}\n`);
