/**
 * The environment that a part of a file is for: `production:` above an indented line, a job of that name, `[staging]`.
 * Indented text is read upwards, line by line, as far as each line stands further out than the one before.
 */
import { lineAbove, lineAround } from '../detect/lines.ts';
import type { EnvironmentClass } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { environmentOf } from './paths.ts';

/** Lines above a value that are read. */
const REACH = 200;
const KEY = /^(?:-\s{1,4})?["']?(\w[\w.-]{0,80})["']?:(?:\s{1,4}["']?(\w[\w.-]{0,40}))?/;
const HEADER = /^\s{0,40}\[{1,2}([\w."' -]{1,80})\]{1,2}\s{0,8}$/;
/** Settings of a job or service that say where it goes. */
const TELLING = /^(?:environment|stage|target|deploy_env)$/i;

/** @param span of a value, in the content */
export function environmentAround(bytes: Buffer, span: Span): EnvironmentClass {
  const own = lineAround(bytes, span.start, span.start);
  let indent = indentOf(own.text);
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count < REACH; count++, line = lineAbove(bytes, line)) {
    const { text } = line;
    if (text.trim() === '') continue;
    const header = HEADER.exec(text)?.[1];
    if (header !== undefined) return environmentOf(header);
    const [, key = '', value = ''] = KEY.exec(text.trimStart()) ?? [];
    const here = indentOf(text);
    if (here > indent || key === '') continue;
    const found = here < indent ? environmentOf(key) : TELLING.test(key) ? environmentOf(value) : 'unknown';
    if (found !== 'unknown') return found;
    indent = here;
    if (indent === 0) return 'unknown';
  }
  return 'unknown';
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
