/** File names are bytes. Valid UTF-8 reads as text; anything else is escaped byte by byte, so that no two names become one. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What looks like an escape, so that it could be the name of other bytes. */
const ESCAPE = /\\(?:x[0-9a-f]{2}|\\)/;

/** A name for people and reports: UTF-8 as it is, other bytes as `\xHH`; `\` as `\\` where either is, or seems to be, in it. */
export function decodeName(bytes: Uint8Array): string {
  try {
    const text = decoder.decode(bytes);
    return ESCAPE.test(text) ? text.replaceAll('\\', '\\\\') : text;
  } catch {
    let name = '';
    for (const byte of bytes) {
      if (byte === 0x5c) name += '\\\\';
      else name += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return name;
  }
}

/** Names that read as they are. */
const PLAIN = /^[ -[\]-~]*$/;

/** The same of bytes that stand as one character each. */
export function decodeLatin1(name: string): string {
  return PLAIN.test(name) ? name : decodeName(Buffer.from(name, 'latin1'));
}
