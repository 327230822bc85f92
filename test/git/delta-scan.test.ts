/**
 * What a blob holds must not depend on how it is stored: deltas looked at by their new lines, with either codec, show
 * what the same blobs show when each is looked at whole.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referenceCodec } from '../../src/git/store/codec.ts';
import { walkBlobs } from '../../src/git/store/families.ts';
import { createCodec, KernelCodec } from '../../src/git/store/kernel-codec.ts';
import { openStore } from '../../src/git/store/object-store.ts';
import type { Sighting } from '../../src/model/finding.ts';
import type { KnownHits } from '../../src/model/source.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Collector } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { temporaryFolder } from '../support/folder.ts';
import { Random } from '../support/random.ts';
import { TestRepository } from '../support/repository.ts';
import { isToday, seedsOfToday } from '../support/sample.ts';
import { Versions } from '../support/versions.ts';
import { plant, plantOne } from '../support/secrets.ts';
import { blobId, makeDelta, writePack, type Entry, type Operation } from './store/hand-made.ts';

const inspector = new Inspector(builtinRules());

/** How blobs are looked at: with either codec; all told, or only those that may hold something; sifted by the walk or not. */
const WAYS = [
  { codec: createCodec, asks: false, sifts: false },
  { codec: createCodec, asks: true, sifts: false },
  { codec: createCodec, asks: true, sifts: true },
  { codec: createCodec, asks: false, sifts: true },
  { codec: referenceCodec, asks: true, sifts: true },
].map((way) => ({ ...way, looking: new Inspector(builtinRules()) }));

function shown(blob: string, { rule, span, range, name, evidence, confidence }: Sighting): string {
  return [blob, rule.id, span.start, span.end, range.startLine, range.startColumn, confidence, name, ...evidence].join(' ');
}

/** What the deltas of a folder of objects show, by either codec, all told or only those that may hold something; and what each blob shows whole. */
function compare(objectsDir: string): { deltas: number; plain: number; settled: number; sightings: number; spared: number } {
  const contents = new Map<string, Buffer>();
  let deltas = 0;
  let plain = 0;
  let settled = 0;
  let spared = 0;
  const found = WAYS.map(({ codec, asks, sifts, looking }) => {
    const store = openStore({ objectsDir, hashBytes: 20, codec: codec(), verify: true });
    const collector = new Collector(looking);
    let told = 0;
    walkBlobs<KnownHits>(store, {
      sift: (sieve) => sifts && looking.useSieve(sieve),
      plain(_number, size, lines, base, isBase, made) {
        const known = asks ? collector.plainBlob(size, lines, base, isBase, made.runs) : undefined;
        if (known === undefined) return undefined;
        collector.counted('blob');
        plain++;
        if (base !== undefined && base.pairs.length > 0) settled++;
        told++;
        return known;
      },
      blob(id, content, change, _number, isBase) {
        if (!asks && !sifts) contents.set(id(), Buffer.from(content));
        if (change?.base !== undefined) deltas++;
        collector.counted('blob');
        told++;
        return collector.blob(id, content, change, isBase);
      },
      special: (id) => expect.unreachable(id),
      failed: (id) => expect.unreachable(id),
    });
    store.close();
    expect(told).toBe(contents.size);
    expect(collector.balanced).toBe(true);
    expect(collector.totals).toMatchObject({ blobs: contents.size, bytes: [...contents.values()].reduce((sum, { length }) => sum + length, 0) });
    spared += collector.totals.bytes - collector.totals.matchedBytes;
    return collector.found.map(({ origin, sighting }) => shown(origin.kind === 'blob' ? origin.blob : '', sighting)).toSorted();
  });
  const whole = [...contents].flatMap(([id, bytes]) => inspector.inspect(bytes).map((sighting) => shown(id, sighting))).toSorted();
  for (const sightings of found) expect(sightings).toEqual(whole);
  return { deltas, plain, settled, sightings: whole.length, spared };
}

test('there is a kernel to compare', () => {
  expect(createCodec()).toBeInstanceOf(KernelCodec);
});

describe('repositories, repacked with long chains', () => {
  const CHAINS = seedsOfToday(1, 200, 5);
  const totals = { deltas: 0, sightings: 0, spared: 0 };

  test.each(CHAINS)('number %i', (seed) => {
    const random = new Random(seed);
    const versions = new Versions(random);
    const repository = TestRepository.create({ bare: true });
    const parts: string[] = [];
    const texts = [versions.first()];
    for (let commit = 0; commit < 40; commit++) {
      const text = versions.next(random.of(texts.slice(-3)));
      texts.push(text);
      const data = (bytes: string): string => `data ${Buffer.byteLength(bytes)}\n${bytes}\n`;
      parts.push(
        `commit refs/heads/main\ncommitter Ada <ada@example.com> ${1_700_000_000 + commit} +0000\n${data('change')}M 644 inline file\n${data(text)}`,
      );
    }
    repository.import(Buffer.from(parts.join('')));
    repository.git('repack', '-adfq', '--depth=250', '--window=50');
    const { deltas, sightings, spared } = compare(join(repository.path, 'objects'));
    totals.deltas += deltas;
    totals.sightings += sightings;
    totals.spared += spared;
  });

  test('they were deltas, and held secrets', () => {
    expect(totals.deltas / CHAINS.length).toBeGreaterThan(50);
    expect(totals.sightings / CHAINS.length).toBeGreaterThan(50);
    expect(totals.spared / CHAINS.length).toBeGreaterThan(5000);
  });
});

describe('packs made by hand', () => {
  /** Any bytes of the base in any order, so that seams fall into secrets and two copies may make one. */
  function operations(random: Random, base: string): Operation[] {
    const list: Operation[] = [];
    for (let count = 1 + random.below(8); count > 0; count--) {
      const copy = random.below(base.length);
      const size = 1 + random.below(Math.min(base.length - copy, random.chance(50) ? 4000 : 60));
      if (random.chance(80)) list.push({ copy, size });
      if (random.chance(30)) list.push({ copy, size });
      if (random.chance(20)) list.push({ copy: 0, size: base.length });
      if (random.chance(30)) list.push({ insert: random.of(['\n', 'x', 'API_KEY=', '\n# assemblyai\n', '"', '\r\n']) });
    }
    return list;
  }

  function applied(base: string, list: readonly Operation[]): string {
    return list.map((one) => ('insert' in one ? one.insert.toString() : base.slice(one.copy, one.copy + one.size))).join('');
  }

  test.each(seedsOfToday(1, 500, 10))('number %i', (seed) => {
    const random = new Random(seed + 1000);
    const versions = new Versions(random);
    const texts = [versions.first()];
    const entries: Entry[] = [{ id: blobId(texts[0] ?? ''), body: Buffer.from(texts[0] ?? '') }];
    const known = new Set(entries.map(({ id }) => id));
    for (let count = 0; count < 30; count++) {
      const base = random.below(texts.length);
      const from = texts[base] ?? '';
      const list = operations(random, from);
      const text = applied(from, list);
      if (text === '' || text.length > 20_000 || known.has(blobId(text))) continue;
      known.add(blobId(text));
      texts.push(text);
      entries.push({ id: blobId(text), body: makeDelta(from.length, list), base });
    }
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', entries);
    expect(compare(objectsDir).deltas).toBeGreaterThan(0);
  });

  const PLACES = [
    [8, 10],
    [8, 12],
    [8, 15],
    [8, 17],
    [8, 21],
    [2, 6],
    [2, 3],
    [24, 28],
    [27, 23],
    [27, 26],
  ] as const;
  /** Versions in which another line comes to each place of some lines, or lines go: what they show. */
  function atEachPlace(lines: readonly string[], other: string): ReturnType<typeof compare> {
    const base = `${lines.join('\n')}\n`;
    const entries: Entry[] = [{ id: blobId(base), body: Buffer.from(base) }];
    const known = new Set(entries.map(({ id }) => id));
    /** A version of some lines of another one, by their places, and of new ones. */
    const add = (from: readonly string[], of: number, picks: readonly (number | string)[]): { lines: string[]; place: number } => {
      const starts = from.map((_, index) => from.slice(0, index).join('\n').length + (index === 0 ? 0 : 1));
      const made = picks.map((pick) => (typeof pick === 'number' ? (from[pick] ?? '') : pick));
      const steps = picks.map((pick): Operation =>
        typeof pick === 'number' ? { copy: starts[pick] ?? 0, size: (from[pick] ?? '').length + 1 } : { insert: `${pick}\n` },
      );
      const id = blobId(`${made.join('\n')}\n`);
      if (!known.has(id)) entries.push({ id, body: makeDelta(`${from.join('\n')}\n`.length, steps), base: of });
      known.add(id);
      return { lines: made, place: entries.length - 1 };
    };
    const all = [...lines.keys()];
    const second = add(lines, 0, [...all, 'one more']);
    for (const [from, of] of [[lines, 0] as const, [second.lines, second.place] as const]) {
      for (const at of all) {
        add(from, of, [...all.slice(0, at), other, ...all.slice(at)]);
        add(from, of, [...all.slice(0, at), ...all.slice(at + 1)]);
        add(from, of, [other, ...all.slice(at)]);
        add(from, of, [...all.slice(0, at), other]);
        add(from, of, [...all.slice(at), ...all.slice(0, at)]);
      }
    }
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', entries);
    return compare(objectsDir);
  }

  // Another word for the same provider, so that the evidence tells which of them was nearest; and a key of its own, which takes its mention for itself.
  const NEAR = PLACES.flatMap(([there, here]) => ['use AssemblyAI', 'ASSEMBLYAI_API_KEY={{hex:32}}'].map((other) => [there, here, other] as const));

  // Half of them, the other half the next day: of each pair of places the one or the other.
  test.each(NEAR.filter((_, index) => isToday(index + (index >> 1), 2)))(
    'a provider on line %i, a value on line %i, and `%s` that comes near on each line, or lines that go',
    (there, here, otherLine) => {
      const { text } = plant("client.apiKey = '[|{{hex:32}}|]';", `near ${there} ${here}`);
      const anchor = '# assemblyai';
      const lines = Array.from({ length: 30 }, (_, index) => (index === there ? anchor : index === here ? text : `line ${index}`));
      expect(atEachPlace(lines, plant(otherLine, `near ${there} ${here}`).text).sightings).toBeGreaterThan(10);
    },
  );

  /** Longer than the part of a content that is searched for a name. */
  const NOTE = `// ${'of the shop '.repeat(20)}`;

  test.each([
    [
      ['const apiKey =', NOTE, '', "  '[|{{alnum:40}}|]';"],
      ['// the key', 'apiKey.push(', "  'of words'"],
    ],
    [
      ['apiKeys:', '  - [|{{alnum:32}}|]', `  # ${NOTE}`, '  - [|{{alnum:36}}|]'],
      ['  # a key', 'other:', '  - of words'],
    ],
    [
      ['| Service | Token |', '|---|---|', '| shop | [|{{alnum:40}}|] |', '| forum | none |'],
      ['| cart | none |', '|---|---|', '| Token | of |', ''],
    ],
    [
      ['service,token', 'shop,[|{{alnum:40}}|]', 'forum,none'],
      ['cart,none', 'a line', 'token,of'],
    ],
    [
      ['- name: API_TOKEN', '  type: text', '  value: "[|{{alnum:40}}|]"', '- name: COLOR'],
      ['  note: x', '- name: COLOR', '- name: DB_PASSWORD', ''],
    ],
  ] as const)('a name above its value with other lines between them, %#', (given, others) => {
    const lines = ['first', 'key(', ...given.map((line, index) => plant(line, `above ${index}`).text), 'last'];
    for (const other of others) expect(atEachPlace(lines, other).sightings).toBeGreaterThan(10);
    // Also where it is none at first, until a line goes.
    for (const at of [3, 5]) expect(atEachPlace([...lines.slice(0, at), 'f();', ...lines.slice(at)], others[0]).sightings).toBeGreaterThan(0);
  });

  test('a column of a statement that inserts, further from its beginning than the statement is searched for', () => {
    const { text } = plant("('anna', [...], '[|{{alnum:14}}|]');", 'columns');
    const more = Array.from({ length: 40 }, (_, index) => `, a_longer_name_${index}`);
    const row = text.replace('[...]', more.map(() => '1').join(', '));
    const lines = [
      'first',
      'INSERT INTO users (name',
      ...more.map((_, index) => more.slice(index * 8, index * 8 + 8).join('')).filter(Boolean),
      ')',
      'VALUES',
      row,
    ];
    expect(atEachPlace(lines, ', password').sightings).toBe(1);
  });

  test('a secret cut at each byte, and made whole again by two copies', () => {
    const { text } = plant('token: [|ghp_{{alnum:30}}{{checksum:github}}|]', 'cut');
    const base = `first\n${text}\nlast`;
    const entries: Entry[] = [{ id: blobId(base), body: Buffer.from(base) }];
    for (let at = 1; at < base.length; at++) {
      const halves = base.slice(at) + base.slice(0, at);
      const turn: Operation[] = [
        { copy: at, size: base.length - at },
        { copy: 0, size: at },
      ];
      const back: Operation[] = [{ copy: base.length - at, size: at }, { copy: 0, size: base.length - at }, { insert: `\n${at}` }];
      const split = `${base.slice(0, at)}\n${base.slice(at)}`;
      entries.push({ id: blobId(halves), body: makeDelta(base.length, turn), base: 0 });
      entries.push({ id: blobId(`${base}\n${at}`), body: makeDelta(base.length, back), base: entries.length - 1 });
      const apart: Operation[] = [{ copy: 0, size: at }, { insert: '\n' }, { copy: at, size: base.length - at }];
      if (!entries.some(({ id }) => id === blobId(split))) entries.push({ id: blobId(split), body: makeDelta(base.length, apart), base: 0 });
    }
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', entries);
    // The secret is whole in the base, in each one put together again, and where the cut fell beside it.
    expect(compare(objectsDir).sightings).toBeGreaterThan(base.length);
  });

  test('a content that is one value, made by a delta from one that is more, and the other way round', () => {
    const { secret } = plantOne('[|{{hex:32}}|]', 'whole');
    const [more, one, again] = [`# key\n${secret}\n`, `${secret}\n`, `${secret}\n# key\n`];
    const objectsDir = temporaryFolder();
    const copy = { copy: 0, size: one.length };
    writePack(objectsDir, 'p', [
      { id: blobId(more), body: Buffer.from(more) },
      { id: blobId(one), body: makeDelta(more.length, [{ copy: 6, size: one.length }]), base: 0 },
      { id: blobId(again), body: makeDelta(one.length, [copy, { insert: '# key\n' }]), base: 1 },
      { id: blobId(secret), body: makeDelta(again.length, [{ copy: 0, size: 32 }]), base: 2 },
    ]);
    expect(compare(objectsDir)).toMatchObject({ deltas: 15, sightings: 2 });
  });

  test('blobs are told by their new lines alone until a line holds something', () => {
    const { text } = plant('token: [|ghp_{{alnum:30}}{{checksum:github}}|]', 'plain');
    const base = Array.from({ length: 60 }, (_, line) => `const answer${line} = ${line};\n`).join('');
    const more = `${base}return answer1;\n`;
    const leaked = `${more}${text}\n`;
    const after = `${leaked}return answer2;\n`;
    const objectsDir = temporaryFolder();
    const all = (from: string): Operation => ({ copy: 0, size: from.length });
    writePack(objectsDir, 'p', [
      { id: blobId(base), body: Buffer.from(base) },
      { id: blobId(more), body: makeDelta(base.length, [all(base), { insert: 'return answer1;\n' }]), base: 0 },
      { id: blobId(leaked), body: makeDelta(more.length, [all(more), { insert: `${text}\n` }]), base: 1 },
      { id: blobId(after), body: makeDelta(leaked.length, [all(leaked), { insert: 'return answer2;\n' }]), base: 2 },
    ]);
    // Two blobs, in three of the five ways.
    expect(compare(objectsDir)).toMatchObject({ plain: 6, settled: 0, sightings: 2 });
  });

  test('so are blobs on a base with a name that is near no value, until one comes near it', () => {
    const { text } = plant('  token: [|{{hex:32}}|]', 'settled');
    const above = Array.from({ length: 60 }, (_, line) => `const answer${line} = ${line};\n`).join('');
    const below = `use AssemblyAI\n${above}`;
    const base = above + below;
    const more = `${base}return answer1;\n`;
    const further = `return answer2;\n${more}`;
    const leaked = further.replace('AssemblyAI\n', `AssemblyAI\n${text}\n`);
    const objectsDir = temporaryFolder();
    const at = leaked.indexOf(text);
    writePack(objectsDir, 'p', [
      { id: blobId(base), body: Buffer.from(base) },
      { id: blobId(more), body: makeDelta(base.length, [{ copy: 0, size: base.length }, { insert: 'return answer1;\n' }]), base: 0 },
      { id: blobId(further), body: makeDelta(more.length, [{ insert: 'return answer2;\n' }, { copy: 0, size: more.length }]), base: 1 },
      {
        id: blobId(leaked),
        body: makeDelta(further.length, [{ copy: 0, size: at }, { insert: `${text}\n` }, { copy: at, size: further.length - at }]),
        base: 2,
      },
    ]);
    expect(compare(objectsDir)).toMatchObject({ settled: 6, sightings: 1 });
  });

  test('the same range twice holds its secrets twice', () => {
    const { text } = plant('token: [|ghp_{{alnum:30}}{{checksum:github}}|]', 'twice');
    const base = `${text}\n`;
    const twice = base + base;
    const objectsDir = temporaryFolder();
    const copy = { copy: 0, size: base.length };
    writePack(objectsDir, 'p', [
      { id: blobId(base), body: Buffer.from(base) },
      { id: blobId(twice), body: makeDelta(base.length, [copy, copy]), base: 0 },
    ]);
    expect(compare(objectsDir).sightings).toBe(3);
  });

  test('a delta that brings wide text into a plain one, and what comes from it', () => {
    const { text } = plant('token: [|ghp_{{alnum:30}}{{checksum:github}}|]', 'wide');
    const wide = Buffer.from(`${text} `, 'utf16le');
    const base = Buffer.from('\x01\x02 binary\n'.repeat(20), 'latin1');
    const inserts = [wide.subarray(0, 60), wide.subarray(60)].map((insert): Operation => ({ insert }));
    const all: Operation = { copy: 0, size: base.length };
    const second = Buffer.concat([base, wide]);
    const third = Buffer.concat([second, Buffer.from('\nend')]);
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', [
      { id: blobId(base), body: base },
      { id: blobId(second), body: makeDelta(base.length, [all, ...inserts]), base: 0 },
      { id: blobId(third), body: makeDelta(second.length, [{ copy: 0, size: second.length }, { insert: '\nend' }]), base: 1 },
    ]);
    expect(compare(objectsDir).sightings).toBe(2);
  });
});
