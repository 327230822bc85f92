/** What is added, not what was there already. */
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitContext } from '../../src/git/command.ts';
import type { Repository } from '../../src/git/repository.ts';
import type { Sighting } from '../../src/model/finding.ts';
import type { Origin } from '../../src/model/origin.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Inspector } from '../../src/scan/inspector.ts';
import { withoutKnown } from '../../src/scan/only-new.ts';
import { folderWith } from '../support/folder.ts';

const [OLD, OTHER, EMPTY, GONE] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const NONE = '0'.repeat(40);

/** git's blobs, which are lists of what is seen in them. */
const folder = folderWith({
  git: `#!/bin/sh\nwhile read id; do case $id in *a*) t=one,two;; b*) t=one;; c*) t=none;; *) echo "$id missing"; continue;; esac; printf '%s blob %s\\n%s\\n' $id \${#t} $t; done\n`,
});
chmodSync(join(folder, 'git'), 0o755);
const repository = { git: gitContext('/', { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` }) } as Repository;

function seen(text: string, facts: object = {}): Sighting {
  return { rule: { id: 'r' }, name: '', secret: new Secret(text), ...facts } as unknown as Sighting;
}

const inspector = {
  inspect: (bytes: Buffer) =>
    bytes
      .toString()
      .split(',')
      .map((text) => seen(text)),
} as unknown as Inspector;

/** Which of some secrets of a path are new, where it replaces some blobs. */
async function fresh(
  found: readonly (readonly [path: string, text: string])[],
  before: Readonly<Record<string, readonly string[]>>,
  by = inspector,
): Promise<string[]> {
  const given = found.map(([path, text]) => ({ origin: { kind: 'file', path } as const, sighting: seen(text) }));
  const kept = await withoutKnown(repository, by, given, (origin: Origin) => before[(origin as { path: string }).path] ?? []);
  return kept.map(({ origin, sighting }) => `${origin.kind === 'file' ? origin.path : ''} ${sighting.secret.reveal()}`);
}

describe('a secret', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['nothing', [], ['a one']],
    ['what held it', [OLD], []],
    ['what did not', [EMPTY], ['a one']],
    ['what held it, with zeros in its id', [`${'a'.repeat(20)}${'0'.repeat(20)}`, `${'0'.repeat(20)}${'a'.repeat(20)}`], []],
    ['several that all held it', [OLD, OTHER], []],
    ['several, one of which did not', [OLD, EMPTY], ['a one']],
    ['what git does not have', [GONE], ['a one']],
    ['nothing, in words of git', [NONE], ['a one']],
  ])('whose content replaces %s', async (_what, before, expected) => {
    expect(await fresh([['a', 'one']], { a: before })).toEqual(expected);
  });

  test('that is new somewhere is told in all its places', async () => {
    const found = [
      ['a', 'one'],
      ['b', 'one'],
      ['b', 'two'],
    ] as const;
    expect(await fresh(found, { a: [OLD], b: [OTHER] })).toEqual(['b two']);
    expect(await fresh(found, { a: [EMPTY], b: [OTHER] })).toEqual(['a one', 'b one', 'b two']);
    expect(await fresh([], {})).toEqual([]);
  });
});

test('a check without a secret is known by its rule and what it is about', async () => {
  const check = (name: string, id = 'check'): Sighting => seen('', { name, rule: { id } });
  const before = { inspect: () => [check('apiKey')] } as unknown as Inspector;
  const kept = await withoutKnown(
    repository,
    before,
    [check('apiKey'), check('token'), check('apiKey', 'other')].map((sighting) => ({ origin: { kind: 'file', path: 'a' } as const, sighting })),
    () => [OLD],
  );
  expect(kept.map(({ sighting }) => `${sighting.rule.id} ${sighting.name}`)).toEqual(['check token', 'other apiKey']);
});
