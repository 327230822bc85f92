/** File names are bytes. Valid UTF-8 reads as text; anything else is escaped byte by byte, so that no two names become one. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A name for people and reports: UTF-8 as it is, other bytes as `\xHH` (and then `\` as `\\`). */
export function decodeName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    let name = '';
    for (const byte of bytes) {
      if (byte === 0x5c) name += '\\\\';
      else name += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    }
    return name;
  }
}
