import fs, { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referenceCodec, type Codec } from '../../../src/git/store/codec.ts';
import { walkBlobs } from '../../../src/git/store/families.ts';
import { createCodec } from '../../../src/git/store/kernel-codec.ts';
import { openShared, openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { TestRepository } from '../../support/repository.ts';
import { blobId, gitObjects, idsOf, makeDelta, objectId, storeOf, whole, writeLoose, writePack, type Entry } from './hand-made.ts';

type Format = 'sha1' | 'sha256';

/** A bare repository of edited files, with an empty one, a binary one and an annotated tag. Always the same. */
function edited(options: { format?: Format; commits?: number; seed?: number; folder?: string } = {}): TestRepository {
  const { format = 'sha1', commits = 40, seed = 1, folder } = options;
  const repository = TestRepository.create({ bare: true, objectFormat: format, ...(folder === undefined ? {} : { folder }) });
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
  const files = ['a.txt', 'src/b.ts', 'src/deep/c.json'].map((path) => ({
    path,
    lines: Array.from({ length: 120 }, (_, line) => `${path} line ${line} ${random(1e9)}`),
  }));
  const parts: Buffer[] = [];
  const data = (bytes: Uint8Array | string): Buffer =>
    Buffer.concat([Buffer.from(`data ${Buffer.byteLength(bytes)}\n`), Buffer.from(bytes), Buffer.from('\n')]);
  for (let commit = 0; commit < commits; commit++) {
    parts.push(
      Buffer.from(`commit refs/heads/main\ncommitter Ada Example <ada@example.com> ${1_700_000_000 + commit} +0000\n`),
      data(`Commit ${commit} of ${seed}\n`),
    );
    for (const { path, lines } of files) {
      for (let edit = 0; edit < 3; edit++)
        lines.splice(random(lines.length), random(3), ...Array.from({ length: random(4) }, () => `new ${random(1e9)}`));
      const end = random(3) === 0 ? '' : '\n';
      parts.push(Buffer.from(`M 100644 inline ${path}\n`), data(lines.join('\n') + end));
    }
    if (commit === 3) parts.push(Buffer.from('M 100644 inline empty\n'), data(''));
    if (commit === 5) parts.push(Buffer.from('M 100644 inline binary\n'), data(Buffer.from(Array.from({ length: 3000 }, () => random(256)))));
  }
  parts.push(Buffer.from('tag v1\nfrom refs/heads/main\ntagger Ada Example <ada@example.com> 1700000000 +0000\n'), data('A tag\n'));
  repository.import(Buffer.concat(parts));
  return repository;
}

function open(repository: TestRepository, format: Format = 'sha1'): ObjectStore {
  return openStore({ objectsDir: join(repository.path, 'objects'), hashBytes: format === 'sha1' ? 20 : 32 });
}

/** Everything that the store gives is what git gives, whichever way it is asked. Gives how many blobs were deltas. */
function expectLikeGit(repository: TestRepository, store: ObjectStore): number {
  expect(store.problems).toEqual([]);
  const expected = gitObjects(repository);
  expect([...idsOf(store)].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [id, { type, bytes }] of expected) {
    const object = store.read(id);
    expect(object?.type).toBe(type);
    expect(object?.bytes.equals(bytes)).toBe(true);
    expect(objectId(type, bytes, store.hashBytes)).toBe(id);
    expect(store.has(id)).toBe(true);
  }
  const told = new Set<string>();
  const never = (id: string): never => {
    throw new Error(`not read: ${id}`);
  };
  let deltas = 0;
  // Lines that are not said to be new have been seen in a blob before: its base.
  const lines = new Set<string>();
  walkBlobs(store, {
    blob(idOf, content, change) {
      const id = idOf();
      expect(told.has(id)).toBe(false);
      told.add(id);
      expect(expected.get(id)?.type).toBe('blob');
      expect(expected.get(id)?.bytes.equals(content)).toBe(true);
      if (change !== undefined) deltas++;
      const runs = change?.runs ?? new Int32Array(0);
      for (let run = 0; run < runs.length; run += 3) {
        const text = content.toString('latin1', runs[run], runs[run + 1]);
        for (const line of text.replace(/\n$/, '').split('\n')) expect(lines.has(line)).toBe(true);
      }
      for (const line of content.toString('latin1').split('\n')) lines.add(line);
      return false;
    },
    special: never,
    failed: never,
  });
  expect(told.size).toBe([...expected.values()].filter(({ type }) => type === 'blob').length);
  return deltas;
}

function packNames(repository: TestRepository): string[] {
  return readdirSync(join(repository.path, 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
}

describe('reads what git reads', () => {
  test.each<Format>(['sha1', 'sha256'])('offset deltas, %s', (format) => {
    const repository = edited({ format });
    repository.git('repack', '-adfq', '--depth=250', '--window=50');
    expect(expectLikeGit(repository, open(repository, format))).toBeGreaterThan(60);
  });

  test.each<Format>(['sha1', 'sha256'])('deltas by id, %s', (format) => {
    const repository = edited({ format });
    repository.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq', '--depth=250', '--window=50');
    expect(expectLikeGit(repository, open(repository, format))).toBeGreaterThan(60);
  });

  test.each<Format>(['sha1', 'sha256'])('an index of version 1, %s', (format) => {
    const repository = edited({ format });
    repository.git('-c', 'pack.indexVersion=1', 'repack', '-adfq');
    expect(expectLikeGit(repository, open(repository, format))).toBeGreaterThan(60);
  });

  test.each<Format>(['sha1', 'sha256'])('offsets of 64 bits, %s', (format) => {
    const repository = edited({ format });
    repository.git('repack', '-adfq');
    const pack = join(repository.path, 'objects', 'pack', packNames(repository)[0] ?? '');
    rmSync(pack.replace(/pack$/, 'idx'));
    repository.git('index-pack', '--index-version=2,0x40', pack);
    expect(expectLikeGit(repository, open(repository, format))).toBeGreaterThan(60);
  });

  test.each<Format>(['sha1', 'sha256'])('loose objects alone, %s', (format) => {
    const repository = edited({ format, commits: 6 });
    expect(packNames(repository)).toEqual([]);
    expect(expectLikeGit(repository, open(repository, format))).toBe(0);
  });

  test('with the codec that is in JavaScript', () => {
    const repository = edited({ commits: 15 });
    repository.git('repack', '-adfq', '--depth=250', '--window=50');
    const store = openStore({ objectsDir: join(repository.path, 'objects'), hashBytes: 20, codec: referenceCodec() });
    expect(expectLikeGit(repository, store)).toBe(expectLikeGit(repository, open(repository)));
  });

  test('several packs, a kept one, loose objects, and no multi-pack index', () => {
    const repository = edited({ commits: 15 });
    repository.git('repack', '-adfq');
    for (const name of packNames(repository)) writeFileSync(join(repository.path, 'objects', 'pack', name.replace(/pack$/, 'keep')), '');
    edited({ commits: 30, seed: 2, folder: repository.path });
    repository.git('repack', '-dq');
    repository.gitWith({ input: 'loose' }, 'hash-object', '-w', '--stdin');
    repository.git('multi-pack-index', 'write');
    expect(packNames(repository).length).toBeGreaterThan(1);
    expectLikeGit(repository, open(repository));
  });

  test('what another thread shares, and what was let go', () => {
    const repository = edited({ commits: 8 });
    repository.git('repack', '-adfq');
    edited({ commits: 12, seed: 2, folder: repository.path });
    const store = open(repository);
    const shared = openShared(structuredClone(store.share()));
    const deltas = expectLikeGit(repository, shared);
    expect(deltas).toBeGreaterThan(0);
    expect(expectLikeGit(repository, store)).toBe(deltas);
    store.forget();
    store.forgetBlobs();
    expect(expectLikeGit(repository, store)).toBe(deltas);
  });

  test('a cruft pack', () => {
    const repository = edited({ commits: 10 });
    repository.git('repack', '-adfq');
    for (const text of ['one', 'two', 'three']) repository.gitWith({ input: text }, 'hash-object', '-w', '--stdin');
    repository.git('repack', '--cruft', '-dq');
    expect(readdirSync(join(repository.path, 'objects', 'pack')).some((name) => name.endsWith('.mtimes'))).toBe(true);
    const store = open(repository);
    expectLikeGit(repository, store);
    expect(store.packs).toHaveLength(2);
  });

  test('the same objects in two packs and loose, each as another delta', () => {
    const repository = edited();
    repository.git('repack', '-adfq', '--depth=250', '--window=50');
    const newest = repository.git('rev-list', '--objects', 'main~20').replaceAll(/ .*$/gm, '');
    repository.gitWith(
      { input: `${newest}\n` },
      'pack-objects',
      '--quiet',
      '--no-reuse-delta',
      '--depth=3',
      join(repository.path, 'objects', 'pack', 'pack'),
    );
    for (const [id, { type, bytes }] of [...gitObjects(repository)].slice(0, 50)) {
      expect(writeLoose(join(repository.path, 'objects'), type, bytes)).toBe(id);
    }
    const store = open(repository);
    expect(store.packs).toHaveLength(2);
    expect(store.catalogue.repeated).toBe(true);
    expect(expectLikeGit(repository, store)).toBeGreaterThan(60);
  });

  test.each<Format>(['sha1', 'sha256'])('a repository without objects, %s', (format) => {
    const store = open(TestRepository.create({ bare: true, objectFormat: format }), format);
    expect(store.problems).toEqual([]);
    expect(idsOf(store).size).toBe(0);
    expect(store.read('0'.repeat(format === 'sha1' ? 40 : 64))).toBeUndefined();
  });

  test('a blob of no bytes, packed and loose', () => {
    const packed = edited({ commits: 5 });
    packed.git('repack', '-adq');
    expect(open(packed).read(blobId(''))?.bytes).toHaveLength(0);
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'blob', '');
    expect(openStore({ objectsDir, hashBytes: 20 }).read(blobId(''))).toEqual({ type: 'blob', bytes: Buffer.alloc(0) });
  });
});

describe('alternates', () => {
  function borrowing(lines: string): TestRepository {
    const repository = edited({ commits: 3, seed: 9 });
    writeFileSync(join(repository.path, 'objects', 'info', 'alternates'), lines);
    return repository;
  }

  test('absolute, relative, quoted, after a comment and chained', () => {
    const last = edited({ commits: 4, seed: 4 });
    const quoted = edited({ commits: 4, seed: 5, folder: join(temporaryFolder(), 'with "quotes" é') });
    const middle = edited({ commits: 4, seed: 6 });
    middle.git('repack', '-adq');
    writeFileSync(join(middle.path, 'objects', 'info', 'alternates'), `${join(last.path, 'objects')}\n`);
    const repository = edited({ commits: 3, seed: 9 });
    const written = join(quoted.path, 'objects').replaceAll('"', '\\"').replace('é', '\\303\\251');
    writeFileSync(
      join(repository.path, 'objects', 'info', 'alternates'),
      `# ours\n\n${relative(join(repository.path, 'objects'), join(middle.path, 'objects'))}\n"${written}"\n`,
    );
    const store = open(repository);
    for (const other of [last, quoted, middle]) expect(store.has(other.git('rev-parse', 'main'))).toBe(true);
    expectLikeGit(repository, store);
  });

  test('a ring of them, and one of itself', () => {
    const other = edited({ commits: 3, seed: 7 });
    const repository = borrowing(`${join(other.path, 'objects')}\n.\n../objects\n`);
    writeFileSync(join(other.path, 'objects', 'info', 'alternates'), `${join(repository.path, 'objects')}\n`);
    const store = open(repository);
    expect(store.has(other.git('rev-parse', 'main'))).toBe(true);
    expect(store.loose).toHaveLength(2);
    expect(idsOf(store).size).toBe(gitObjects(repository).size);
  });

  test('a list that cannot be read is told, and so is one that is too long', () => {
    const objectsDir = temporaryFolder();
    const list = join(objectsDir, 'info', 'alternates');
    mkdirSync(list, { recursive: true });
    expect(openStore({ objectsDir, hashBytes: 20 }).problems).toEqual([{ path: list, fault: 'unreadable' }]);
    rmSync(list, { recursive: true });
    writeFileSync(list, '# comment\n'.repeat(110_000));
    expect(openStore({ objectsDir, hashBytes: 20 }).problems).toContainEqual({ path: list, fault: 'unreadable' });
  });

  test('more folders than are followed are told', () => {
    const folder = temporaryFolder();
    const names = Array.from({ length: 300 }, (_, place) => join(folder, `other-${place}`));
    for (const name of names) mkdirSync(name);
    const objectsDir = join(folder, 'objects');
    mkdirSync(join(objectsDir, 'info'), { recursive: true });
    writeFileSync(join(objectsDir, 'info', 'alternates'), names.join('\n'));
    expect(openStore({ objectsDir, hashBytes: 20 }).problems).toEqual(names.slice(255).map((path) => ({ path, fault: 'unreadable' })));
  });

  test('one that is not there is told', () => {
    const repository = borrowing('/nowhere/objects\n');
    expect(open(repository).problems).toEqual([{ path: '/nowhere/objects', fault: 'missing' }]);
  });
});

describe('single objects', () => {
  const objectsDir = temporaryFolder();
  const store = storeOf([[whole('packed')]], objectsDir);

  test.each([
    '',
    'abc',
    'zz'.repeat(20),
    blobId('packed').slice(2),
    `${blobId('packed')}00`,
    blobId('packed').toUpperCase().replaceAll('A', 'g'),
    blobId('other'),
  ])('there is none of the id %j', (id) => {
    expect(store.has(id)).toBe(false);
    expect(store.read(id)).toBeUndefined();
  });

  test('other files in the folders are no objects', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'ab'));
    writeFileSync(join(folder, 'ab', 'tmp_obj_x1'), 'x');
    mkdirSync(join(folder, 'pack'));
    writeFileSync(join(folder, 'pack', 'tmp_pack_1'), 'x');
    writeFileSync(join(folder, 'pack', 'pack-1.pack'), 'x');
    const other = openStore({ objectsDir: folder, hashBytes: 20 });
    expect(other.problems).toEqual([]);
    expect(other.catalogue.total).toBe(0);
  });

  test('packs stay readable when a repack takes them away', () => {
    const repository = edited({ commits: 4 });
    repository.git('repack', '-adfq');
    const expected = gitObjects(repository);
    const opened = open(repository);
    rmSync(join(repository.path, 'objects', 'pack'), { recursive: true });
    for (const [id, { bytes }] of expected) expect(opened.read(id)?.bytes.equals(bytes)).toBe(true);
  });

  test('a pack that comes behind its index, while packs are listed, is opened', () => {
    const repository = edited({ commits: 4 });
    repository.git('repack', '-adfq');
    const expected = gitObjects(repository);
    const folder = join(repository.path, 'objects', 'pack');
    const pack = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.pack'))!,
    );
    renameSync(pack, `${pack}.away`);
    const list = fs.readdirSync;
    let listings = 0;
    fs.readdirSync = ((path: string, ...options: []) => {
      if (path === folder && ++listings === 2) renameSync(`${pack}.away`, pack);
      return list(path, ...options);
    }) as typeof list;
    syncBuiltinESMExports();
    try {
      const opened = open(repository);
      expect([listings, opened.problems]).toEqual([2, []]);
      for (const [id, { bytes }] of expected) expect(opened.read(id)?.bytes.equals(bytes)).toBe(true);
    } finally {
      fs.readdirSync = list;
      syncBuiltinESMExports();
    }
  });

  test('closed packs can be closed once more', () => {
    const closed = storeOf([[whole('x')]]);
    closed.close();
    closed.close();
    expect(closed.read(blobId('x'))).toBeUndefined();
  });
});

describe('a store whose codec fails as none should', () => {
  const wrong = new RangeError('a mistake of ours');
  /** As the reference, but for what is called so from the given call on. */
  function failing(name: 'inflate' | 'applyDelta', from: number): Codec {
    const codec = referenceCodec();
    const real = codec[name].bind(codec) as (...given: unknown[]) => number;
    let calls = 0;
    const call = (...given: unknown[]): number => {
      if (++calls >= from) throw wrong;
      return real(...given);
    };
    return Object.assign(codec, { [name]: call });
  }
  const base = whole('first');
  const delta: Entry = { id: blobId('firs'), body: makeDelta(5, [{ copy: 0, size: 4 }]), base: 0 };

  test.each([
    ['a whole object', 'inflate', 1, base.id],
    ['a delta', 'inflate', 2, delta.id],
    ['what a delta makes', 'applyDelta', 1, delta.id],
  ] as const)('%s is not taken for damaged, before there are ranks and then', (_what, name, from, id) => {
    for (const isRanked of [false, true]) {
      const objectsDir = temporaryFolder();
      writePack(objectsDir, 'p', [base, delta]);
      const store = openStore({ objectsDir, hashBytes: 20, codec: failing(name, from) });
      if (isRanked) store.plan(0);
      expect(store.packs[0]!.isRanked).toBe(isRanked);
      expect(() => store.read(id)).toThrow(wrong);
    }
  });

  test('what was read, or could not be, holds no memory, before there are ranks and then', () => {
    const damaged: Entry = { id: blobId('none'), body: makeDelta(5, [{ copy: 9, size: 4 }]), base: 0 };
    for (const isRanked of [false, true]) {
      const objectsDir = temporaryFolder();
      writePack(objectsDir, 'p', [base, delta, damaged]);
      const codec = referenceCodec();
      const held = new Set<number>();
      for (const name of ['inflate', 'inflateFrom', 'hold', 'applyDelta'] as const) {
        const real = codec[name].bind(codec) as (...given: unknown[]) => number;
        const call = (...given: unknown[]): number => {
          const made = real(...given);
          held.add(made);
          return made;
        };
        Object.assign(codec, { [name]: call });
      }
      const release = codec.release.bind(codec);
      codec.release = (made) => {
        held.delete(made);
        release(made);
      };
      const store = openStore({ objectsDir, hashBytes: 20, codec });
      if (isRanked) store.plan(0);
      expect([base, delta, damaged].map(({ id }) => store.read(id)?.bytes.toString())).toEqual(['first', 'firs', undefined]);
      expect([isRanked, [...held]]).toEqual([isRanked, []]);
    }
  });

  test('nor is a loose one', () => {
    const objectsDir = temporaryFolder();
    const id = writeLoose(objectsDir, 'blob', 'loose');
    const store = openStore({ objectsDir, hashBytes: 20 });
    expect(store.read(id)?.bytes.toString()).toBe('loose');
    store.looseReader.read = () => {
      throw wrong;
    };
    expect(() => store.read(id)).toThrow(wrong);
  });
});

describe('a store that verifies', () => {
  const right = whole('right');
  const wrong: Entry = { ...whole('wrong'), id: blobId('another') };

  test.each([
    ['the kernel', createCodec],
    ['the reference', referenceCodec],
  ])('gives no object whose hash is not its id, nor tells it, by %s', (_which, codec) => {
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', [right, wrong]);
    writeLoose(objectsDir, 'blob', 'loose', { id: blobId('other') });
    for (const verify of [true, false]) {
      const store = openStore({ objectsDir, hashBytes: 20, codec: codec(), verify });
      const failed: (readonly [string, string])[] = [];
      const told: string[] = [];
      const blob = (id: () => string): void => void told.push(id());
      walkBlobs(store, { blob, special: (id) => expect.unreachable(id), failed: (id, fault) => failed.push([id, fault]) });
      expect([told.length, failed]).toEqual(verify ? [1, expect.arrayContaining([[wrong.id, 'wrong-hash']])] : [3, []]);
      const texts = [right.id, wrong.id, blobId('other')].map((id) => store.read(id)?.bytes.toString());
      expect(texts).toEqual(verify ? ['right', undefined, undefined] : ['right', 'wrong', 'loose']);
    }
  });
});

test('what stands in place of the folder of packs is told', () => {
  const objectsDir = temporaryFolder();
  writeFileSync(join(objectsDir, 'pack'), 'x');
  expect(openStore({ objectsDir, hashBytes: 20 }).problems).toEqual([{ path: join(objectsDir, 'pack'), fault: 'unreadable' }]);
});

test('the base of a delta may be in another pack, or loose', () => {
  const base = whole('first');
  const delta: Entry = { id: blobId('firs'), body: makeDelta(5, [{ copy: 0, size: 4 }]), base: base.id };
  const above: Entry = { id: blobId('fir'), body: makeDelta(4, [{ copy: 0, size: 3 }]), base: 0 };
  for (const isRanked of [false, true]) {
    for (const isLoose of [false, true]) {
      const objectsDir = temporaryFolder();
      writePack(objectsDir, 'thin', [delta, above]);
      if (isLoose) writeLoose(objectsDir, 'blob', 'first');
      else writePack(objectsDir, 'whole', [base]);
      const store = openStore({ objectsDir, hashBytes: 20 });
      if (isRanked) store.planAll();
      expect([above, delta].map(({ id }) => store.read(id)?.bytes.toString())).toEqual(['fir', 'firs']);
    }
  }
});

describe('before objects of a pack have ranks', () => {
  const first = whole('first');
  const second: Entry = { id: blobId('firs'), body: makeDelta(5, [{ copy: 0, size: 4 }]), base: 0 };
  const third: Entry = { id: blobId('fir'), body: makeDelta(4, [{ copy: 0, size: 3 }]), base: 1 };
  const byId: Entry = { id: blobId('st'), body: makeDelta(5, [{ copy: 3, size: 2 }]), base: first.id };
  const tag: Entry = { id: objectId('tag', Buffer.from('a tag')), type: 'tag', body: Buffer.from('a tag') };
  const strange: Entry = { id: blobId('strange'), body: Buffer.from('strange'), code: 5 };
  const entries = [first, second, third, byId, tag, strange];

  test('headers say what they are, but for those whose base is named by id', () => {
    const store = storeOf([entries]);
    expect([...entries.map(({ id }) => id), blobId('none')].map((id) => store.packedType(id))).toEqual([
      'blob',
      'blob',
      'blob',
      undefined,
      'tag',
      undefined,
      undefined,
    ]);
    expect(store.packs[0]!.isRanked).toBe(false);
    store.plan(0);
    expect(entries.map(({ id }) => store.packedType(id))).toEqual(['blob', 'blob', 'blob', 'blob', 'tag', undefined]);
  });

  test('they are read where they lie, and give nobody ranks', () => {
    const store = storeOf([entries]);
    expect([first, second, third].map(({ id }) => store.read(id)?.bytes.toString())).toEqual(['first', 'firs', 'fir']);
    expect(store.read(tag.id)?.type).toBe('tag');
    expect(store.packs[0]!.isRanked).toBe(false);
    expect(store.read(byId.id)?.bytes.toString()).toBe('st');
    expect(store.packs[0]!.isRanked).toBe(true);
    expect([first, second, third].map(({ id }) => store.read(id)?.bytes.toString())).toEqual(['first', 'firs', 'fir']);
  });

  test('many are asked for as one is, also those whose ids are none', () => {
    const ids = [...entries.map(({ id }) => id), blobId('none')];
    const store = storeOf([entries]);
    expect(store.packedTypes(ids)).toEqual(ids.map((id) => store.packedType(id)));
    for (const none of ['', 'abc', 'zz'.repeat(20), first.id.slice(2), `${first.id}00`])
      expect(store.packedTypes([...ids, none])).toEqual([...ids.map((id) => store.packedType(id)), undefined]);
    // Two that are none by themselves, and long enough together.
    expect(store.packedTypes([first.id.slice(0, 38), `${first.id}00`])).toEqual([undefined, undefined]);
    // One after the other they look like two of them.
    expect(store.packedTypes([first.id.slice(0, 38), first.id.slice(38) + first.id])).toEqual([undefined, undefined]);
  });

  test('what does not have the hash that its id says is looked at in the usual way', () => {
    const wrong: Entry = { ...whole('wrong'), id: blobId('right') };
    const store = storeOf([[wrong, { ...first, raw: Buffer.from('no zlib') }]]);
    expect(store.read(wrong.id)?.bytes.toString()).toBe('wrong');
    expect(store.packs[0]!.isRanked).toBe(true);
    expect(storeOf([[{ ...first, raw: Buffer.from('no zlib') }]]).read(first.id)).toBeUndefined();
  });
});
