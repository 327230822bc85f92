/** Words in quotes that a value belongs to without being given to a name: `case 'acme': return '…'`, `('acme', '…')`, `"acme" -> "…"`. */

/** Only the end of a line can say it. */
const REACH = 160;
/** `('acme', '`, `set("acme.secret", "`, `"acme" -> "`, `case "acme": return "` */
const LABELLED =
  /(?:\(\s?["'`]([A-Za-z][\w.-]{0,60})["'`],\s?|["'`]([A-Za-z][\w.-]{0,60})["'`]\s?->\s?|\bcase\s["'`]([A-Za-z][\w.-]{0,60})["'`]\s?:\s?(?:return\s)?)["'`]$/;
/** How all of them end: of most lines that is enough to see that there is no label. */
const LABEL_END = /(?:[,>:]\s?|n\s)["'`]$/;
/** `case 'acme':`, `if p == "acme":`, `} else if (name === 'acme') {`, `when 'acme'` */
const COMPARED = /^(?:\}\s)?(?:else\s)?(?:if|elif|elsif|elseif|case|when)\b[^"'`]{0,60}["'`]([A-Za-z][\w.-]{0,60})["'`]\)?\s?(?:[:{]|then)?$/;

/** The label that the value behind `left` has on its own line. */
export function labelBefore(left: string): string | undefined {
  const found = LABEL_END.test(left.slice(-3)) ? LABELLED.exec(left.slice(-REACH)) : null;
  return found === null ? undefined : (found[1] ?? found[2] ?? found[3]);
}

/** What the lines below a line hold for: the text that something is compared with. */
export function comparedIn(line: string): string | undefined {
  return line.length > REACH ? undefined : COMPARED.exec(line.trim())?.[1];
}
