/** The files of other scanners: what they are called, and who reads which. */
import { basename } from 'node:path';
import type { Rule } from '../model/rule.ts';
import { gitleaksIgnores, secretsBaselineIgnores } from './import-ignores.ts';
import type { Scanner } from './scanners.ts';
import { takeover, type Takeover } from './takeover.ts';

/** At the root of a repository. TruffleHog is given the name of its file; these are usual ones. */
export const FILES_OF: Readonly<Record<Scanner, readonly string[]>> = {
  gitleaks: ['.gitleaks.toml', 'gitleaks.toml', '.betterleaks.toml', '.gitleaksignore', '.betterleaksignore'],
  secretlint: ['', '.json', '.yaml', '.yml', '.js', '.cjs', '.mjs'].map((ending) => `.secretlintrc${ending}`).concat('.secretlintignore'),
  'detect-secrets': ['.secrets.baseline'],
  trufflehog: ['.trufflehog.yaml', '.trufflehog.yml', 'trufflehog.yaml', 'trufflehog.yml'],
};

/** What a file says. Decided by its name, and where that says nothing, by what it holds. Throws a `UserError` with the position of what cannot be read. */
export async function importFile(path: string, text: string, builtin: readonly Rule[]): Promise<Takeover> {
  const name = basename(path);
  if (name === '.secretlintignore') return (await import('./secretlint.ts')).importSecretlintIgnore(text);
  if (/^\.secretlintrc\.[cm]?js$/.test(name))
    return takeover({
      lost: ['it is a program, and keysift runs none of a repository: write what it returns as .secretlintrc.json, and import that'],
    });
  if (name.startsWith('.secretlintrc') || /^\s*(?:\{\s*)?"?rules"?\s*:/.test(text))
    return (await import('./secretlint.ts')).importSecretlint(text, path, builtin);
  if (name.endsWith('.toml')) return (await import('./gitleaks.ts')).importGitleaks(text, path, builtin);
  if (/^detectors\s*:/m.test(text)) return (await import('./trufflehog.ts')).importTrufflehog(text, path, builtin);
  return takeover({ ignores: text.trimStart().startsWith('{') ? secretsBaselineIgnores(text, path) : gitleaksIgnores(text, path) });
}
