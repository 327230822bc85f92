/** A damaged object database: each loss is listed, everything else is scanned, and the run is incomplete. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { blobId, makeDelta, objectId, writeLoose, writePack, type Entry } from '../git/store/hand-made.ts';
import { keysiftJson } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';

const token = githubToken('damage');
const SOUND = `token: ${token}\n`;
const BASE = 'one\ntwo\nthree\nfour\n';
const CHILD = `zero\n${BASE}`;
const GRANDCHILD = `less\n${CHILD}`;
const NAME = `pack-${'0'.repeat(40)}`;

function prefixed(line: string, base: string, of: number | string): Entry {
  return { id: blobId(`${line}\n${base}`), body: makeDelta(base.length, [{ insert: `${line}\n` }, { copy: 0, size: base.length }]), base: of };
}

const ENTRIES: readonly Entry[] = [
  { id: blobId(SOUND), body: Buffer.from(SOUND) },
  { id: blobId(BASE), body: Buffer.from(BASE) },
  prefixed('zero', BASE, 1),
  prefixed('less', CHILD, 2),
];
const [SOUND_ID, BASE_ID, CHILD_ID, GRANDCHILD_ID] = ENTRIES.map(({ id }) => id) as [string, string, string, string];

/** A repository whose commits and trees are loose and whose blobs lie in one pack made by hand. */
function repositoryOf(entries: readonly Entry[]): { repository: TestRepository; pack: string; offsets: number[] } {
  const repository = TestRepository.create();
  for (const [name, text] of Object.entries({ sound: SOUND, base: BASE, child: CHILD, grandchild: GRANDCHILD })) repository.write(name, text);
  repository.commit('all');
  const objectsDir = join(repository.path, '.git', 'objects');
  for (const id of [SOUND_ID, BASE_ID, CHILD_ID, GRANDCHILD_ID]) rmSync(join(objectsDir, id.slice(0, 2), id.slice(2)));
  const offsets = writePack(objectsDir, NAME, entries);
  return { repository, pack: join(objectsDir, 'pack', NAME), offsets };
}

/** The ids and names in what `lost` gives. */
function unitsOf(entries: readonly string[]): string[] {
  return entries.map((entry) => entry.split(' ')[1] ?? '').toSorted();
}

/** What was not scanned, as `reason unit`; the token must have been found all the same, once. */
async function lost(repository: TestRepository, argv: readonly string[] = []): Promise<string[]> {
  const { report, code } = await keysiftJson(['--history-only', '--show-secrets', ...argv], { cwd: repository.path });
  expect(report.findings.map(({ secret }) => secret)).toEqual([token]);
  expect(code).toBe(report.notScanned.length > 0 ? 3 : 1);
  return report.notScanned.map(({ reason, unit }) => `${reason} ${unit}`).toSorted();
}

const all = (reason: string, ids: readonly string[]): string[] => ids.map((id) => `${reason} ${id}`).toSorted();
const FAMILY = [BASE_ID, CHILD_ID, GRANDCHILD_ID];

function flip(path: string, at: number, bit = 1): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= bit;
  writeFileSync(path, bytes, { mode: 0o644 });
}

test('nothing is lost of what is sound', async () => {
  expect(await lost(repositoryOf(ENTRIES).repository)).toEqual([]);
});

describe.each([[[]], [['--verify-objects']], [['--reader=git', '--verify-objects']]])('with %j', (argv) => {
  const [sound, base, child, grandchild] = ENTRIES as [Entry, Entry, Entry, Entry];

  test.each<[string, Entry[], string[]]>([
    ['a zlib bomb', [sound, { ...base, raw: deflateSync(Buffer.alloc(64 * 1024 * 1024)) }, child, grandchild], FAMILY],
    ['a size that is too small', [sound, { ...base, size: BASE.length - 1 }, child, grandchild], FAMILY],
    ['a size that is too large', [sound, { ...base, size: BASE.length + 1 }, child, grandchild], FAMILY],
    ['a base that is not there', [sound, { ...child, base: 'f'.repeat(40) }, { ...grandchild, base: 1 }, base], [CHILD_ID, GRANDCHILD_ID]],
    [
      'a copy from behind the base',
      [sound, base, { ...child, body: makeDelta(BASE.length, [{ copy: 5, size: 900 }], CHILD.length) }, grandchild],
      [CHILD_ID, GRANDCHILD_ID],
    ],
  ])('%s', async (_what, entries, gone) => {
    const found = await lost(repositoryOf(entries).repository, argv);
    expect(unitsOf(found)).toEqual(gone.toSorted());
    for (const entry of found) expect(entry).toMatch(/^OBJECT-(?:CORRUPT|MISSING) /);
  });
});

// git itself follows a ring until it is killed, so only the pack reader can tell.
test.each([[[]], [['--verify-objects']]])('a ring of bases, with %j', async (argv) => {
  const [sound, base, child, grandchild] = ENTRIES as [Entry, Entry, Entry, Entry];
  const ring = [sound, base, { ...child, base: GRANDCHILD_ID }, { ...grandchild, base: CHILD_ID }];
  expect(await lost(repositoryOf(ring).repository, argv)).toEqual(all('OBJECT-CORRUPT', [CHILD_ID, GRANDCHILD_ID]));
});

describe('what nothing reaches and nobody can read', () => {
  const [sound, base, child, grandchild] = ENTRIES as [Entry, Entry, Entry, Entry];
  const loose = objectId('blob', Buffer.from('loose'));
  const [one, other] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
  const made = (): TestRepository => {
    const strange: Entry = { ...sound, id: one, code: 5 };
    const { repository } = repositoryOf([sound, base, child, grandchild, strange]);
    const objectsDir = join(repository.path, '.git', 'objects');
    writeLoose(objectsDir, 'blob', '', { id: loose, raw: Buffer.from('no zlib') });
    // Of this one another copy is sound.
    writeLoose(objectsDir, 'blob', '', { id: SOUND_ID, raw: Buffer.from('no zlib') });
    return repository;
  };

  test.each([[[]], [['--reader=git']]])('is told where all objects are asked for, with %j', async (argv) => {
    expect(unitsOf(await lost(made(), ['--all-objects', ...argv]))).toEqual([loose, one].toSorted());
    expect(await lost(made(), argv)).toEqual([]);
  });

  test.each([[[]], [['--reader=git']]])('is told where the walk over the history fails, with %j', async (argv) => {
    const repository = made();
    const commit = repository.head();
    repository.write('more', 'more\n').commit('more');
    rmSync(join(repository.path, '.git', 'objects', commit.slice(0, 2), commit.slice(2)));
    expect(unitsOf(await lost(repository, argv))).toEqual(expect.arrayContaining([loose, one]));
  });

  test('is told of a ring of bases, which git would follow for ever', async () => {
    const ring = [sound, base, child, grandchild, { ...child, id: one, base: other }, { ...child, id: other, base: one }];
    expect(await lost(repositoryOf(ring).repository, ['--all-objects'])).toEqual(all('OBJECT-CORRUPT', [one, other]));
  });
});

describe('bytes flipped in a pack', () => {
  test('in compressed bytes: that object and what comes from it', async () => {
    const { repository, pack, offsets } = repositoryOf(ENTRIES);
    flip(`${pack}.pack`, (offsets[1] ?? 0) + 8);
    const found = await lost(repository);
    expect(unitsOf(found)).toEqual(FAMILY.toSorted());
  });

  test('wherever it is, what is told and what is lost are all', async () => {
    const { repository, pack, offsets } = repositoryOf(ENTRIES);
    const sound = readFileSync(`${pack}.pack`);
    const end = offsets[3] ?? 0;
    for (let at = offsets[1] ?? 0; at < end; at += 5) {
      writeFileSync(`${pack}.pack`, sound);
      flip(`${pack}.pack`, at, 1 << (at % 8));
      const ids = new Set(unitsOf(await lost(repository, ['--verify-objects'])));
      // A bit that changes nothing (in zlib's level, say) loses nothing.
      const kept = FAMILY.filter((id) => !ids.has(id));
      expect([FAMILY, [BASE_ID], [BASE_ID, CHILD_ID], []].map((list) => list.toSorted())).toContainEqual(kept.toSorted());
    }
  });
});

test('a pack that ends too early loses what lies behind, and says so of the file', async () => {
  const { repository, pack, offsets } = repositoryOf(ENTRIES);
  truncateSync(`${pack}.pack`, (offsets[2] ?? 0) + 4);
  const found = await lost(repository);
  expect(found.filter((entry) => entry.endsWith('.pack'))).toEqual([`OBJECT-CORRUPT ${NAME}.pack`]);
  expect(unitsOf(found.filter((entry) => !entry.endsWith('.pack')))).toEqual([CHILD_ID, GRANDCHILD_ID].toSorted());
});

test('a byte flipped in an id of the index: the file is told, and the object that has no entry now', async () => {
  const { repository, pack } = repositoryOf(ENTRIES);
  const place = FAMILY.concat(SOUND_ID).toSorted().indexOf(BASE_ID);
  flip(`${pack}.idx`, 8 + 1024 + 20 * place + 19);
  const found = await lost(repository);
  expect(found).toContain(`OBJECT-CORRUPT ${NAME}.pack`);
  expect(unitsOf(found.filter((entry) => !entry.endsWith('.pack')))).toEqual([BASE_ID]);
});

describe('a content that is not what its id says', () => {
  const lying = ENTRIES.map((entry) => (entry.id === BASE_ID ? { ...entry, body: Buffer.from(BASE.replace('two', 'TWO')) } : entry));

  test('reads like any other', async () => {
    expect(await lost(repositoryOf(lying).repository)).toEqual([]);
  });

  test.each(['pack', 'git'])('is listed with --verify-objects and --reader=%s, and so are its deltas', async (reader) => {
    expect(await lost(repositoryOf(lying).repository, ['--verify-objects', `--reader=${reader}`])).toEqual(all('OBJECT-CORRUPT', FAMILY));
  });

  test('is replaced by another copy', async () => {
    const { repository } = repositoryOf(lying);
    writeLoose(join(repository.path, '.git', 'objects'), 'blob', BASE);
    expect(await lost(repository, ['--verify-objects'])).toEqual([]);
  });

  test('says that the hash does not match', async () => {
    const { report } = await keysiftJson(['--history-only', '--verify-objects'], { cwd: repositoryOf(lying).repository.path });
    for (const { detail } of report.notScanned) expect(detail).toContain('the hash does not match');
  });

  test('also a loose tree and a commit', async () => {
    const { repository } = repositoryOf(ENTRIES);
    const objectsDir = join(repository.path, '.git', 'objects');
    const commit = repository.head();
    const [header = ''] = repository.git('cat-file', 'commit', commit).split('\n\n');
    rmSync(join(objectsDir, commit.slice(0, 2), commit.slice(2)));
    writeLoose(objectsDir, 'commit', `${header}\n\nanother message\n`, { id: commit });
    expect(objectId('commit', Buffer.from(`${header}\n\nanother message\n`))).not.toBe(commit);
    expect(await lost(repository)).not.toContain(`OBJECT-CORRUPT ${commit}`);
    expect(unitsOf(await lost(repository, ['--verify-objects']))).toContain(commit);
  });
});

test('a blob whose header calls it a commit is not taken for one', async () => {
  const entries = ENTRIES.map((entry) => (entry.id === BASE_ID ? { ...entry, type: 'commit' as const } : entry));
  const found = await lost(repositoryOf(entries).repository);
  expect(found).toEqual(all('OBJECT-CORRUPT', FAMILY));
});

test('objects in the folders of GIT_ALTERNATE_OBJECT_DIRECTORIES are the repository\u2019s own', async () => {
  const { repository } = repositoryOf(ENTRIES);
  const other = TestRepository.create();
  const objectsDir = join(repository.path, '.git', 'objects');
  const moved = join(other.path, '.git', 'objects', 'pack');
  for (const name of readdirSync(join(objectsDir, 'pack'))) {
    writeFileSync(join(moved, name), readFileSync(join(objectsDir, 'pack', name)));
    rmSync(join(objectsDir, 'pack', name));
  }
  const without = await keysiftJson(['--history-only'], { cwd: repository.path });
  expect(without.code).toBe(3);
  expect(without.report.notScanned).toHaveLength(4);
  for (const reader of ['pack', 'git']) {
    const { report, code } = await keysiftJson(['--history-only', `--reader=${reader}`], {
      cwd: repository.path,
      env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(other.path, '.git', 'objects') },
    });
    expect(report.notScanned).toEqual([]);
    expect(code).toBe(1);
  }
});
