/** Whether a report is what the schema of its format says: SARIF, JUnit and rdjson by their own, GitLab's two by what it documents. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { validate as validateRdjson } from '@umbrelladocs/rdformat-validator';
import { Ajv, type ValidateFunction } from 'ajv';
import { memoryPages, validateXML } from 'xmllint-wasm';
import { gitlabSchema } from '../schemas/gitlab-secret-detection.ts';

const codequalitySchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string' },
          lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
        },
      },
    },
  },
};

function sarifSchema(): object {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { $schema?: string; id?: string };
  // Of draft 4, whose two names for the schema itself are all that the validator does not know.
  delete schema.$schema;
  delete schema.id;
  return schema;
}

const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true });

function byJsonSchema(make: () => object): (text: string) => Promise<string[]> {
  let check: ValidateFunction | undefined;
  return (text) => {
    check ??= ajv.compile(make());
    check(JSON.parse(text));
    return Promise.resolve((check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`));
  };
}

/** What is wrong with a report of each format, a line each; empty when nothing is. */
export const VALIDATORS = {
  sarif: byJsonSchema(sarifSchema),
  gitlab: byJsonSchema(() => gitlabSchema),
  codequality: byJsonSchema(() => codequalitySchema),
  async junit(text: string): Promise<string[]> {
    const contents = readFileSync(fileURLToPath(new URL('../schemas/jenkins-junit.xsd', import.meta.url)), 'utf8');
    const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents: text }], schema: [contents], maxMemoryPages: memoryPages.GiB });
    return errors.map(({ message }) => message);
  },
  async rdjson(text: string): Promise<string[]> {
    const { errors } = await validateRdjson(JSON.parse(text) as object, { strictMode: true });
    return errors.map(({ path, message }) => `${path}: ${message}`);
  },
} as const;
