/** git ends in the middle of a large object: what came is looked at, the hole is told, and the ledger balances. */
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { gitContext } from '../../src/git/command.ts';
import type { Repository } from '../../src/git/repository.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';
import { Collector } from '../../src/scan/collector.ts';
import type { Inspector } from '../../src/scan/inspector.ts';
import { scanStaged } from '../../src/sources/staged.ts';
import { scanAbsent } from '../../src/sources/worktree.ts';
import { folderWith } from '../support/folder.ts';

const blob = 'ab'.repeat(20);
const folder = folderWith({ git: `#!/bin/sh\nread id\nprintf '%s blob ${MAX_WHOLE + 1}\\nxyz' $id\n` });
chmodSync(join(folder, 'git'), 0o755);
const git = gitContext('/', { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });
const repository = { git, commonDir: folder } as Repository;

test.each<[string, (sink: Collector) => Promise<void>, string[]]>([
  [
    'of the index',
    (sink) =>
      scanStaged(
        repository,
        ['a', 'b'].map((path) => ({ path, blob, before: undefined })),
        sink,
      ),
    ['a', 'b'],
  ],
  ['of files that are not on disk', (sink) => scanAbsent(repository, [{ path: '/a', shown: 'a', kind: 'file', blob }], sink), [blob]],
])('an object %s', async (_what, scan, units) => {
  let looked = 0;
  const collector = new Collector({ inspect: (bytes: Uint8Array) => ((looked += bytes.length), []) } as unknown as Inspector);
  await scan(collector);
  expect(collector.missed.map(({ unit, reason }) => [unit, reason])).toEqual(units.map((unit) => [unit, 'OBJECT-CORRUPT']));
  expect([looked, collector.totals.blobs, collector.balanced]).toEqual([3 * units.length, units.length, true]);
});
