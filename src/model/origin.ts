/**
 * Where bytes come from. A haystack is one content with its origin; a place in it is a byte span.
 */

/** Half-open range of byte offsets into a haystack's raw content: `[start, end)`, from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The piece of git history that is text but not a file. Rules that need context stay silent on these: only
 * self-identifying ones speak.
 */
export type MetadataPart = 'commit message' | 'author' | 'tag' | 'ref name';

export type Origin =
  /** A file of the working tree. `path` is relative to the scan root, `/`-separated, as `decodeName` gives it. */
  | { readonly kind: 'file'; readonly path: string }
  /** A blob of the object database. Its paths are found afterwards, and only when it holds something. */
  | { readonly kind: 'blob'; readonly blob: string; readonly path?: string }
  /** A blob of the index, at its staged path. */
  | { readonly kind: 'staged'; readonly blob: string; readonly path: string }
  /** Text of a commit, a tag or a ref. `object` is the commit or tag it belongs to. */
  | { readonly kind: 'metadata'; readonly part: MetadataPart; readonly object: string; readonly label: string }
  | { readonly kind: 'stdin'; readonly path: string };

/** What a person reads as the file of a place: its path, or a name in angle brackets for places outside files. */
export function originFile(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
    case 'staged':
    case 'stdin':
      return origin.path;
    case 'blob':
      return origin.path ?? `<blob ${origin.blob.slice(0, 12)}>`;
    case 'metadata':
      return origin.label;
  }
}
