/** File names as relative URI references. */
const UNRESERVED = /[A-Za-z0-9\-._~/]/;

/** Percent-encodes the bytes of a path; decoded, it is the same path. Never an error, whatever stands in a name. */
export function relativeUri(path: string): string {
  let uri = '';
  for (const byte of Buffer.from(path)) {
    const character = String.fromCharCode(byte);
    uri += UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  // Two slashes at the start would name a host, an empty reference the document itself.
  return uri === '' ? '.' : uri.startsWith('//') ? `/.${uri}` : uri;
}
