/**
 * Text of others made safe for a terminal and for logs that CI systems parse: control, bidirectional and zero-width
 * characters become visible escapes, and what a log would take for a command is broken up. The classes of characters
 * stand here once, for the formats that have escapes of their own.
 */

/** Inside a character class: C1 controls, and what turns text around, hides in it, or ends a line unseen. */
export const STEERING = String.raw`\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb`;
/** Halves of characters. */
export const LONE_SURROGATE = String.raw`[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`;
/** Stands behind the sign `#` in commands: Azure and GitHub take these anywhere in a line, TeamCity at its start. */
export const LOG_COMMAND = String.raw`(?=\[|vso\[|teamcity\[)`;

const DANGEROUS = new RegExp(String.raw`[\u0000-\u001f${STEERING}]|${LONE_SURROGATE}`, 'g');
const COMMAND = new RegExp(`##${LOG_COMMAND}`, 'g');

/** One line, whatever was in it. Doing it twice changes nothing. */
export function safeText(text: string): string {
  return text
    .replace(DANGEROUS, visible)
    .replace(COMMAND, String.raw`#\x23`)
    .replace(/^(\s*):(?=:)/, String.raw`$1\x3a`);
}

/** A text of several lines that are meant: each is made safe for itself. */
export function safeLines(text: string): string {
  return text.split('\n').map(safeText).join('\n');
}

/** `\x1b`, `\u202e`. */
export function visible(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
