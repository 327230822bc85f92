/** The table of report formats. A format's module is loaded when it is asked for, so that start-up does not grow. */
import type { ReportV1 } from './json-v1.ts';
import type { TextOptions } from './text.ts';

export interface RenderOptions extends TextOptions {
  /** Bytes that a summary may take, where others have used some already. */
  readonly room?: number;
}

/** A whole report as one text; in pieces where it is as long as the findings are many. Only text looks at the options, and Markdown at the room. */
export type Serializer = (report: ReportV1, options: RenderOptions) => string | Generator<string>;

export interface Format {
  /** What it is for, in words for `--help` and errors. */
  readonly purpose: string;
  readonly media: string;
  /** Usual ending of a file's name. */
  readonly ending: string;
  /** It may hold secrets in plain text when they are asked for. */
  readonly mayShowSecrets: boolean;
  load(): Promise<Serializer>;
}

const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';

export const FORMATS = {
  text: {
    purpose: 'people in a terminal',
    media: 'text/plain',
    ending: '.txt',
    mayShowSecrets: true,
    load: async () => (await import('./text.ts')).renderText,
  },
  json: {
    purpose: 'programs, and keysift report',
    media: JSON_TYPE,
    ending: '.json',
    mayShowSecrets: true,
    load: async () => (await import('./json.ts')).serializeJson,
  },
  jsonl: {
    purpose: 'streams and log stores, one object a line',
    media: 'application/jsonl',
    ending: '.jsonl',
    mayShowSecrets: false,
    load: async () => (await import('./jsonl.ts')).serializeJsonl,
  },
  sarif: {
    purpose: 'code scanning and viewers, SARIF 2.1.0',
    media: 'application/sarif+json',
    ending: '.sarif',
    mayShowSecrets: false,
    load: async () => (await import('./sarif.ts')).serializeSarif,
  },
  junit: {
    purpose: 'test reports of CI systems',
    media: XML_TYPE,
    ending: '.xml',
    mayShowSecrets: false,
    load: async () => (await import('./junit.ts')).serializeJunit,
  },
  gitlab: {
    purpose: 'GitLab secret detection',
    media: JSON_TYPE,
    ending: '.json',
    mayShowSecrets: false,
    load: async () => (await import('./gitlab.ts')).serializeGitlab,
  },
  codequality: {
    purpose: 'GitLab code quality and Code Climate',
    media: JSON_TYPE,
    ending: '.json',
    mayShowSecrets: false,
    load: async () => (await import('./codequality.ts')).serializeCodequality,
  },
  github: {
    purpose: 'annotations in GitHub Actions',
    media: 'text/plain',
    ending: '.txt',
    mayShowSecrets: false,
    load: async () => (await import('./github.ts')).serializeGithub,
  },
  checkstyle: {
    purpose: 'Jenkins and others that read Checkstyle',
    media: XML_TYPE,
    ending: '.xml',
    mayShowSecrets: false,
    load: async () => (await import('./checkstyle.ts')).serializeCheckstyle,
  },
  rdjson: {
    purpose: 'reviewdog',
    media: JSON_TYPE,
    ending: '.json',
    mayShowSecrets: false,
    load: async () => (await import('./rdjson.ts')).serializeRdjson,
  },
  csv: {
    purpose: 'spreadsheets',
    media: 'text/csv',
    ending: '.csv',
    mayShowSecrets: false,
    load: async () => (await import('./csv.ts')).serializeCsv,
  },
  markdown: {
    purpose: 'job summaries and comments',
    media: 'text/markdown',
    ending: '.md',
    mayShowSecrets: false,
    load: async () => (await import('./markdown.ts')).serializeMarkdown,
  },
  html: {
    purpose: 'people in a browser, one offline file',
    media: 'text/html',
    ending: '.html',
    mayShowSecrets: false,
    load: async () => (await import('./html.ts')).serializeHtml,
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
