/**
 * What GitLab's schema 15.0 demands of a secret detection report, in the fields that we write, and stricter: no other
 * fields, so that none goes unchecked.
 */
const text = { type: 'string', minLength: 1 };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };
const web = { type: 'string', pattern: '^https?://.+' };
const closed = (required: readonly string[], properties: Readonly<Record<string, unknown>>): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const program = closed(['id', 'name', 'version', 'vendor'], { id: text, name: text, version: text, vendor: closed(['name'], { name: text }) });

export const gitlabSchema = closed(['version', 'scan', 'vulnerabilities'], {
  version: { type: 'string', pattern: '^15\\.\\d+\\.\\d+$' },
  scan: closed(['analyzer', 'end_time', 'scanner', 'start_time', 'status', 'type', 'messages'], {
    analyzer: program,
    scanner: program,
    type: { const: 'secret_detection' },
    start_time: time,
    end_time: time,
    status: { enum: ['success', 'failure'] },
    messages: { type: 'array', items: closed(['level', 'value'], { level: { enum: ['info', 'warn', 'fatal'] }, value: text }) },
  }),
  vulnerabilities: {
    type: 'array',
    items: closed(['id', 'category', 'name', 'description', 'severity', 'solution', 'location', 'identifiers'], {
      id: text,
      category: { const: 'secret_detection' },
      name: { type: 'string', maxLength: 255 },
      description: { type: 'string', maxLength: 1_048_576 },
      severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
      solution: { type: 'string', maxLength: 7000 },
      location: closed(['file', 'start_line', 'end_line', 'commit'], {
        file: { type: 'string' },
        start_line: { type: 'number', minimum: 1 },
        end_line: { type: 'number', minimum: 1 },
        commit: closed(['sha'], { sha: text, author: { type: 'string' }, date: { type: 'string' } }),
      }),
      identifiers: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: closed(['type', 'name', 'value'], { type: text, name: text, value: text, url: web }),
      },
      links: { type: 'array', minItems: 1, items: closed(['url'], { url: web }) },
    }),
  },
});
