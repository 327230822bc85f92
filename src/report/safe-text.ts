/**
 * Text of others made safe for a terminal and for logs that CI systems parse: control, bidirectional and zero-width
 * characters become visible escapes, and what a log would take for a command is broken up.
 */

const DANGEROUS =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Azure and GitHub take these anywhere in a line, TeamCity at its start. */
const LOG_COMMAND = /##(?=\[|vso\[|teamcity\[)/g;

export function safeText(text: string): string {
  const escaped = text.replace(DANGEROUS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return escaped.replace(LOG_COMMAND, '#\\x23').replace(/^(\s*):(?=:)/, '$1\\x3a');
}
