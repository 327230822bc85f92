/** JSON that is safe to print: what could steer a terminal or a log becomes an escape, and parses back to the same text. */
import { LOG_COMMAND, STEERING } from './safe-text.ts';

/** What JSON.stringify leaves as it is. All of it stands inside strings. */
const DANGEROUS = new RegExp(`[${STEERING}]`, 'g');
const COMMAND = new RegExp(`##${LOG_COMMAND}`, 'g');

/** One JSON document, ending in a line feed. Without `indent` it is one line. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent)
    .replace(DANGEROUS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(COMMAND, String.raw`#\u0023`);
  return `${text}\n`;
}
