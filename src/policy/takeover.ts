/** What a file of another scanner says, in the terms of this one. Each importer makes one; `keysift init --from` writes them. */
import type { ForeignIgnore } from './import-ignores.ts';
import type { RuleSetting } from './schema.ts';

export interface Takeover {
  /** Rules as a rule file has them. */
  readonly rules: readonly Record<string, unknown>[];
  /** Rules of the given file, and those of them that were carried over, if only in part. */
  readonly given: number;
  readonly carried: number;
  /** Paths that are not scanned, in the grammar of `.gitignore`. */
  readonly exclude: readonly string[];
  /** By id of our rules. */
  readonly settings: Readonly<Record<string, RuleSetting>>;
  /** Which findings of a scan are accepted. */
  readonly ignores: readonly ForeignIgnore[];
  /** What was lost, a line each. */
  readonly lost: readonly string[];
}

const NOTHING: Takeover = { rules: [], given: 0, carried: 0, exclude: [], settings: {}, ignores: [], lost: [] };

/** A takeover of some parts, the others empty. */
export function takeover(parts: Partial<Takeover>): Takeover {
  return { ...NOTHING, ...parts };
}
