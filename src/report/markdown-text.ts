/** Text of others in Markdown: every sign that could be mark-up becomes a character reference, which never is. */
import { safeText } from './safe-text.ts';

/** Also `.`, `:`, `@` and `/`, which make links of bare addresses and names. */
const MARKUP = /[&<>"'`*_{}[\]()#+\-.!|~\\:@/$=^]/g;

export function markdownText(text: string): string {
  return safeText(text).replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

/** A name or a place in a fixed-width face. Not in backticks: those know no references. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}
