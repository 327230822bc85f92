import { readdirSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MAX_WHOLE } from '../../../src/model/source.ts';
import { referenceCodec } from '../../../src/git/store/codec.ts';
import { listLoose, LooseReader } from '../../../src/git/store/loose.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { folderWith, temporaryFolder } from '../../support/folder.ts';
import { writeLoose } from './hand-made.ts';

const id = 'ab'.repeat(20);

/** A folder of objects with one whose file holds just this. */
function holding(raw: Uint8Array): string {
  const objectsDir = temporaryFolder();
  writeLoose(objectsDir, 'blob', '', { id, raw });
  return objectsDir;
}

const reader = new LooseReader(referenceCodec());
const stream = (text: string | Uint8Array): Buffer => deflateSync(Buffer.from(text));

/** Files that this process has open. */
const open = (): number => readdirSync('/dev/fd').length;

describe('loose objects', () => {
  test('are listed by id, in order; other files are none', () => {
    const rest = 'c'.repeat(38);
    const objectsDir = folderWith({
      [`ff/${rest}`]: '',
      [`00/${'d'.repeat(38)}`]: '',
      [`00/${rest}`]: '',
      [`00/${rest}0`]: '',
      [`00/x${rest.slice(1)}`]: '',
      [`00/${rest}.tmp`]: '',
      [`0a/${'e'.repeat(62)}`]: '',
      [`0a/${'e'.repeat(63)}`]: '',
      [`0a/x${'e'.repeat(62)}`]: '',
      [`0A/${rest}`]: '',
      [`000/${rest}`]: '',
      [`pack/${rest}`]: '',
    });
    const never = (path: string): never => expect.unreachable(path);
    expect(listLoose(objectsDir, 20, never)).toEqual([`00${rest}`, `00${'d'.repeat(38)}`, `ff${rest}`]);
    expect(listLoose(objectsDir, 32, never)).toEqual([`0a${'e'.repeat(62)}`]);
  });

  test('in folders that cannot be listed are told by the folder', () => {
    const objectsDir = folderWith({ aa: 'a file', [`bb/${'c'.repeat(38)}`]: '' });
    const told: string[] = [];
    expect(listLoose(objectsDir, 20, (path) => told.push(path))).toEqual([`bb${'c'.repeat(38)}`]);
    expect(listLoose(join(objectsDir, 'gone'), 20, (path) => told.push(path))).toEqual([]);
    expect(told).toEqual([join(objectsDir, 'aa'), join(objectsDir, 'gone')]);
  });

  test.each([
    ['commit', TYPE.commit, 'tree'],
    ['tree', TYPE.tree, ''],
    ['blob', TYPE.blob, 'content'],
    ['tag', TYPE.tag, 'object'],
  ])('a %s is read with its type', (name, type, text) => {
    const before = open();
    const objectsDir = temporaryFolder();
    const own = writeLoose(objectsDir, name, text);
    expect(reader.head(objectsDir, own)).toMatchObject({ type, size: text.length });
    expect(reader.read(objectsDir, own)).toEqual({ type, bytes: Buffer.from(text) });
    expect(open()).toBe(before);
  });

  test('sizes from a few bytes to more than the memory that the reader begins with', () => {
    const objectsDir = temporaryFolder();
    const codec = referenceCodec();
    const one = new LooseReader(codec);
    // Bytes that hardly compress, so that the files are as long as the contents.
    const noise = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, at) => (at * at * 2654435761 + at) >>> 13));
    for (const size of [3000, 4000, 4200, 66_000, 150_000, 400_000]) {
      const bytes = noise(size);
      expect(one.read(objectsDir, writeLoose(objectsDir, 'blob', bytes)).bytes.equals(bytes)).toBe(true);
    }
    // What was held for it is given back.
    expect(codec.hold(Buffer.from('x'))).toBe(0);
  });

  test.each([
    ['a file that is not there', undefined, 'unreadable', 'unreadable'],
    ['an empty file', Buffer.alloc(0), 'bad-header', 'bad-header'],
    ['no stream', Buffer.from('hello, world'), 'bad-compression', 'bad-compression'],
    ['a type that there is not', stream('blub 1\0x'), 'bad-header', 'bad-header'],
    ['a longer word', stream('xblob 1\0x'), 'bad-header', 'bad-header'],
    ['no size', stream('blob \0x'), 'bad-header', 'bad-header'],
    ['a size with a nought before it', stream('blob 01\0x'), 'bad-header', 'bad-header'],
    ['a size of 16 digits', stream(`blob ${'1'.repeat(16)}\0x`), 'bad-header', 'bad-header'],
    ['no end of the header', stream('blob 1 x'), 'bad-header', 'bad-header'],
    ['less than it says', stream('blob 3\0ab'), { type: TYPE.blob, size: 3 }, 'wrong-size'],
    ['more than it says', stream('blob 1\0ab'), { type: TYPE.blob, size: 1 }, 'wrong-size'],
    ['more than is held whole', stream(`blob ${MAX_WHOLE + 1}\0`), { type: TYPE.blob, size: MAX_WHOLE + 1 }, 'wrong-size'],
    ['a size of 15 digits', stream(`blob ${'9'.repeat(15)}\0`), { type: TYPE.blob, size: 999999999999999 }, 'wrong-size'],
  ])('%s', (_what, raw, head, read) => {
    const before = open();
    const objectsDir = raw === undefined ? temporaryFolder() : holding(raw);
    if (typeof head === 'string') expect(() => reader.head(objectsDir, id)).toThrow(head);
    else expect(reader.head(objectsDir, id)).toMatchObject(head);
    expect(() => reader.read(objectsDir, id)).toThrow(read);
    expect(open()).toBe(before);
  });

  test('one of exactly the limit is read, and a file is read no further than its object can reach', () => {
    const objectsDir = holding(stream(Buffer.concat([Buffer.from(`blob ${MAX_WHOLE}\0`), Buffer.alloc(MAX_WHOLE)])));
    expect(reader.read(objectsDir, id).bytes).toHaveLength(MAX_WHOLE);
    const sparse = holding(stream('blob 1\0x'));
    truncateSync(join(sparse, 'ab', 'ab'.repeat(19)), 8 * 1024 ** 3);
    expect(reader.read(sparse, id).bytes.toString()).toBe('x');
  });

  test('a header that hardly compresses stands within the first 512 bytes, whatever follows', () => {
    const tail = Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * 7919) % 251));
    const objectsDir = holding(deflateSync(Buffer.concat([Buffer.from('tag 2000\0'), tail]), { level: 0 }));
    expect(reader.head(objectsDir, id)).toMatchObject({ type: TYPE.tag, size: 2000 });
    expect(reader.read(objectsDir, id).bytes.equals(tail)).toBe(true);
  });

  test('a folder in the place of an object is unreadable, and one that is gone is no answer from before', () => {
    const objectsDir = temporaryFolder();
    mkdirSync(join(objectsDir, 'ab', 'ab'.repeat(19)), { recursive: true });
    expect(() => reader.head(objectsDir, id)).toThrow('unreadable');
    rmSync(join(objectsDir, 'ab'), { recursive: true });
    mkdirSync(join(objectsDir, 'ab'));
    writeFileSync(join(objectsDir, 'ab', 'ab'.repeat(19)), '');
    expect(() => reader.head(objectsDir, id)).toThrow('bad-header');
  });
});
