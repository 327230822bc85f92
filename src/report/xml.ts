/** XML 1.0 as text. What it cannot hold at all becomes a visible escape; what would be changed or misread, a reference. */
import { safeText } from './safe-text.ts';

/** Controls, lone surrogates and the two last code points of the plane: no reference may stand for them either. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Mark-up, blanks that attributes would lose, and what steers a terminal. The `#` is for log readers, see safe-text.ts. */
const REFERENCED = /[&<>"'\t\n\r\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|#(?=\[|vso\[|teamcity\[)/g;

/** For text and for attributes in double quotes. Parses back to the same text, but for characters that XML forbids. */
export function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, (character) =>
      character === '\ufffe' || character === '\uffff' ? `\\u${character.charCodeAt(0).toString(16)}` : safeText(character),
    )
    .replace(REFERENCED, (character) => `&#${character.charCodeAt(0)};`);
}

/** ` name="value"` for each. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}
