/** JSON that is safe to print: what could steer a terminal or a log becomes an escape, and parses back to the same text. */

/** What JSON.stringify leaves as it is: C1 controls, bidirectional and zero-width characters. All stand inside strings. */
const DANGEROUS = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** Commands that a log reader takes anywhere in a line. */
const LOG_COMMAND = /##(?=\[|vso\[|teamcity\[)/g;

/** One JSON document, ending in a line feed. Without `indent` it is one line. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent)
    .replace(DANGEROUS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(LOG_COMMAND, '#\\u0023');
  return `${text}\n`;
}
