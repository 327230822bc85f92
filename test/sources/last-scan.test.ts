import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Repository } from '../../src/git/repository.ts';
import { openStore } from '../../src/git/store/object-store.ts';
import { METADATA_AND_BLOBS, stateOf } from '../../src/sources/last-scan.ts';
import { temporaryFolder, writeInto } from '../support/folder.ts';
import { whole, writeLoose, writePack } from '../git/store/hand-made.ts';

const REF_FILES = 'what says the tips';
const INDEX = [{ id: 'b'.repeat(40), path: Buffer.from('a b') }];

/** A repository's state, by what it is made of. */
function stateFrom(
  change: { refFiles?: string; shallow?: boolean; index?: typeof INDEX; unreachable?: boolean; files?: (folder: string) => void } = {},
) {
  const { refFiles = REF_FILES, shallow = false, index = INDEX, unreachable = false, files = () => undefined } = change;
  const commonDir = join(folder, `${++repositories}`);
  const objectsDir = join(commonDir, 'objects');
  mkdirSync(objectsDir, { recursive: true });
  writePack(objectsDir, 'pack-1', [whole('one')]);
  writeLoose(objectsDir, 'blob', 'two');
  writeInto(commonDir, 'config', '[core]\n');
  files(commonDir);
  const store = openStore({ objectsDir, hashBytes: 20 });
  // Paths are part of the state.
  const moved = {
    ...store,
    problems: store.problems,
    packs: store.packs.map(({ index: pack }, number) => ({ index: pack, path: `pack ${number}` })),
  };
  const loose = store.loose.map((set) => ({ ...set, objectsDir: 'objects' }));
  return stateOf({ commonDir, shallow } as Repository, refFiles, { ...moved, loose } as unknown as typeof store, index, unreachable);
}

const folder = temporaryFolder();
let repositories = 0;

describe('the state of a history', () => {
  test('is the same where nothing has changed', () => {
    expect(stateFrom()).toMatch(/^[0-9a-f]{64}$/);
    expect(stateFrom()).toBe(stateFrom());
  });

  test('is another with two files than with one whose name looks like both', () => {
    const [one, two] = ['b'.repeat(40), 'c'.repeat(40)];
    const both = [
      { id: one, path: Buffer.from('x') },
      { id: two, path: Buffer.from('y') },
    ];
    expect(stateFrom({ index: both })).not.toBe(stateFrom({ index: [{ id: one, path: Buffer.from(`x\n${two} y`) }] }));
  });

  test.each<[what: string, change: Parameters<typeof stateFrom>[0]]>([
    ['other tips', { refFiles: 'something else' }],
    ['what nothing reaches is asked for', { unreachable: true }],
    ['no index', { index: [] }],
    ['another content in the index', { index: [{ id: 'c'.repeat(40), path: Buffer.from('a b') }] }],
    ['another path in the index', { index: [{ id: 'b'.repeat(40), path: Buffer.from('a c') }] }],
    ['another pack', { files: (common) => writePack(join(common, 'objects'), 'pack-2', [whole('three')]) }],
    ['another content of a pack', { files: (common) => writePack(join(common, 'objects'), 'pack-1', [whole('four')]) }],
    ['another loose object', { files: (common) => writeLoose(join(common, 'objects'), 'blob', 'five') }],
    ['another configuration', { files: (common) => writeInto(common, 'config', '[core]\n[remote "o"]\n\tpromisor = true\n') }],
  ])('is another with %s', (_, change) => {
    const state = stateFrom(change);
    expect(state).toMatch(/^[0-9a-f]{64}$/);
    expect(state).not.toBe(stateFrom());
  });

  test('is none where something is damaged or cut off: it must be told each time', () => {
    expect(stateFrom({ shallow: true })).toBeUndefined();
    expect(stateFrom({ files: (common) => writeInto(common, 'objects/pack/pack-9.idx', 'no index') })).toBeUndefined();
  });

  test('needs no configuration', () => {
    const { commonDir } = { commonDir: temporaryFolder() };
    const store = openStore({ objectsDir: folder, hashBytes: 20 });
    expect(stateOf({ commonDir, shallow: false } as Repository, REF_FILES, store, [], false)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('counts what holds nothing by type', () => {
    expect(METADATA_AND_BLOBS).toEqual(['blob', 'commit', 'tag']);
  });
});
