/** What `git cat-file --batch` writes, taken apart: each object once, in order, and nothing that was not asked for. */
import { describe, expect, test } from 'vitest';
import { BatchParser, type Failure, type ObjectType, type ObjectVisitor } from '../../src/git/object-stream.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';

const [A, B] = ['1a'.repeat(20), '2b'.repeat(32)];
const MISSING: Failure = { kind: 'missing', detail: 'git has no readable object of this id' };

/** All that is told, in order; of large objects the sizes of their pieces. */
class Told implements ObjectVisitor {
  readonly all: unknown[] = [];

  object(id: string, type: ObjectType, bytes: Buffer): void {
    this.all.push([id, type, bytes.toString('latin1')]);
  }

  large(id: string, type: ObjectType, size: number): { piece(bytes: Buffer): void; end(isWhole: boolean): void } {
    this.all.push(['large', id, type, size]);
    return { piece: (bytes) => this.all.push(bytes.length), end: (isWhole) => this.all.push(isWhole) };
  }

  absent(id: string, failure: Failure, isPart: boolean): void {
    this.all.push([id, failure, isPart]);
  }
}

function parse(ids: readonly string[], ...chunks: readonly (string | Buffer)[]): { told: Told; parser: BatchParser } {
  const told = new Told();
  const parser = new BatchParser(ids, 0, told);
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return { told, parser };
}

describe('objects', () => {
  const stream = `${A} blob 3\na\nb\n${B} missing\n${A} tree 0\n\n`;
  const all = [
    [A, 'blob', 'a\nb'],
    [B, MISSING, false],
    [A, 'tree', ''],
  ];

  test.each([1, 2, 3, 7, 47, stream.length])('are told in order, in chunks of %d bytes', (size) => {
    const chunks = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const { told, parser } = parse([A, B, A], ...chunks);
    expect([told.all, parser.answered, parser.begun, parser.fault, parser.cut()]).toEqual([all, 3, false, undefined, false]);
  });

  test.each(['blob', 'commit', 'tree', 'tag'] as const)('may be a %s', (type) => {
    expect(parse([A], `${A} ${type} 1\nx\n`).told.all).toEqual([[A, type, 'x']]);
  });

  test('begin where earlier ones ended', () => {
    const told = new Told();
    const parser = new BatchParser([B, A], 1, told);
    expect(parser.answered).toBe(1);
    parser.push(Buffer.from(`${A} blob 1\nx\n`));
    expect([told.all, parser.answered]).toEqual([[[A, 'blob', 'x']], 2]);
  });

  test('one that has begun has no answer until its end', () => {
    const { told, parser } = parse([A], `${A} blob 3\nab`);
    expect([told.all, parser.answered, parser.begun, parser.cut()]).toEqual([[], 0, true, false]);
    parser.push(Buffer.from('c'));
    expect([told.all, parser.answered, parser.begun]).toEqual([[[A, 'blob', 'abc']], 0, true]);
    parser.push(Buffer.from('\n'));
    expect([parser.answered, parser.begun]).toEqual([1, false]);
  });

  test('larger than what was held before are held whole', () => {
    const text = 'y'.repeat(70_000);
    const { told } = parse(
      [A, A, A],
      `${A} blob 70000\n${text.slice(0, 10)}`,
      `${text.slice(10)}\n${A} blob 2\na`,
      `b\n${A} blob 150000\n${text}`,
      `${text}${'z'.repeat(10_000)}\n`,
    );
    expect(told.all).toEqual([
      [A, 'blob', text],
      [A, 'blob', 'ab'],
      [A, 'blob', `${text}${text}${'z'.repeat(10_000)}`],
    ]);
  });
});

describe('an object of more bytes than are held', () => {
  const piece = Buffer.alloc(8_388_608);
  const header = (size: number): string => `${A} blob ${size}\n`;
  const whole = (size: number): Buffer[] =>
    Array.from({ length: Math.ceil(size / piece.length) }, (_, index) => piece.subarray(0, size - index * piece.length));

  test('comes in pieces, and the next one whole again', () => {
    const size = MAX_WHOLE + 1;
    const { told, parser } = parse([A, B], header(size), ...whole(size), `\n${B} tag 1\nx\n`);
    const pieces = whole(size).map(({ length }) => length);
    expect(told.all).toEqual([['large', A, 'blob', size], ...pieces, true, [B, 'tag', 'x']]);
    expect([parser.answered, parser.fault, parser.cut()]).toEqual([2, undefined, false]);
  });

  test('and is told to be a part where its end never comes', () => {
    const { told, parser } = parse([A], header(MAX_WHOLE + 1), 'abc');
    expect([parser.begun, parser.cut(), told.all.slice(1)]).toEqual([true, true, [3, false]]);
  });

  test('is none of exactly so many', () => {
    const { told } = parse([A], header(MAX_WHOLE), ...whole(MAX_WHOLE));
    expect(told.all).toHaveLength(1);
    expect(told.all[0]).not.toContain('large');
  });
});

describe('what git would never write', () => {
  const [asked, line, between] = [
    'git answered something that was not asked',
    'git wrote a line that is no object header',
    'git wrote bytes between two objects',
  ];

  test.each([
    [`${B} blob 1\nx\n`, asked],
    [`${B} missing\n`, asked],
    [`x${A} blob 1\nx\n`, asked],
    [`${A} blob 1x\nx\n`, asked],
    [`${A} blob 1 \nx\n`, asked],
    [`${A} blob\nx\n`, asked],
    [`${A} blob -1\nx\n`, asked],
    [`${A} stream 1\nx\n`, asked],
    [`${A} ambiguous\n`, asked],
    [`${A} missing \n`, asked],
    ['fatal: out of memory\n', asked],
    [`${A} blob ${'1'.repeat(16)}\n`, asked],
    [`${A} blob 1\nxy\n`, between],
    [`${A} blob 0\nx`, between],
    ['x'.repeat(201), line],
  ])('%.60j ends it: %s', (text, fault) => {
    for (const size of [1, 7, 1000]) {
      const { told, parser } = parse([A, A], ...((text + (fault === line ? '' : `${A} blob 1\nx\n`)).match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []));
      expect([parser.fault, parser.answered]).toEqual([fault, 0]);
      expect(told.all.filter((one) => Array.isArray(one) && one[1] !== 'blob')).toEqual([]);
    }
  });

  test('more than was asked for', () => {
    const { told, parser } = parse([A], `${A} blob 1\nx\n${B} blob 1\ny\n`);
    expect([told.all, parser.answered, parser.fault]).toEqual([[[A, 'blob', 'x']], 1, asked]);
  });

  test('a line of a header’s length may still become one', () => {
    expect(parse([A], 'x'.repeat(200)).parser.fault).toBeUndefined();
    expect(parse([A], 'x'.repeat(200), 'x').parser.fault).toBe(line);
    expect(parse([], `${A} missing\n`).parser.fault).toBe(asked);
  });
});
