/** XML 1.0 as text. What it cannot hold at all becomes a visible escape; what would be changed or misread, a reference. */
import { LOG_COMMAND, LONE_SURROGATE, STEERING, visible } from './safe-text.ts';

/** Controls, lone surrogates and the two last code points of the plane: no reference may stand for them either. */
const FORBIDDEN = new RegExp(String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|${LONE_SURROGATE}`, 'g');
/** Mark-up, blanks that attributes would lose, and what steers a terminal or a log. */
const REFERENCED = new RegExp(String.raw`[&<>"'\t\n\r${STEERING}]|#${LOG_COMMAND}`, 'g');

/** For text and for attributes in double quotes. Parses back to the same text, but for characters that XML forbids. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, visible).replace(REFERENCED, (character) => `&#${character.charCodeAt(0)};`);
}

/** ` name="value"` for each. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}
