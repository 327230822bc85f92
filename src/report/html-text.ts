/** Text of others in HTML: escaped, and apart from the direction of what stands around it. */
import { safeText } from './safe-text.ts';

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in double quotes. */
export function htmlText(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => MARKUP[character]!);
}

/** A name, a path or another piece of data within a sentence; the style isolates its direction. */
export function htmlCode(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\ud802-\ud803\ud83a-\ud83b]/;

/** A name of somebody within a sentence: isolated where it could turn what follows around. */
export function htmlName(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `<bdi>${htmlText(name)}</bdi>` : htmlText(name);
}
