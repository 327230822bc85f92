import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { BINARY, keysift, keysiftJson } from '../support/cli.ts';
import { TestRepository, type GitAnswer } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

async function staged(repository: TestRepository): Promise<{ code: number | null; found: string[]; report: ReportV1 }> {
  const { code, report } = await keysiftJson(['--staged', '--show-secrets'], { cwd: repository.path });
  const found = report.findings.flatMap(({ secret, locations, state }) =>
    locations.map(({ file, startLine }) => `${file}:${startLine} ${state} ${secret}`),
  );
  return { code, found: found.toSorted(), report };
}

function committed(): TestRepository {
  const repository = TestRepository.create();
  repository
    .write('a.txt', 'a\n')
    .write('old.txt', `${line('old')}one\n`)
    .commit('first');
  return repository;
}

describe('--staged', () => {
  test('a new secret in a new file and in an old one', async () => {
    const repository = committed();
    repository
      .write('new.txt', `x\n${line('new')}`)
      .write('a.txt', `a\n${line('changed')}`)
      .git('add', '--all');
    expect(await staged(repository)).toMatchObject({
      code: 1,
      found: [`a.txt:2 staged ${stripeKey('changed')}`, `new.txt:2 staged ${stripeKey('new')}`],
    });
  });

  test('what is only in the index is found, whatever the working tree holds', async () => {
    const repository = committed();
    repository.write('a.txt', line('index')).git('add', 'a.txt');
    repository.write('a.txt', 'clean again\n');
    expect(await staged(repository)).toMatchObject({ code: 1, found: [`a.txt:1 staged ${stripeKey('index')}`] });
    repository.remove('a.txt');
    expect(await staged(repository)).toMatchObject({ code: 1, found: [`a.txt:1 staged ${stripeKey('index')}`] });
  });

  test('what is only in the working tree is not', async () => {
    const repository = committed();
    repository.write('a.txt', 'b\n').git('add', 'a.txt');
    repository.write('a.txt', line('worktree')).write('new.txt', line('untracked'));
    expect(await staged(repository)).toMatchObject({ code: 0, found: [], report: { counts: { blobs: 1, findings: 0 } } });
  });

  test('a secret that HEAD has in the same file is not new', async () => {
    const repository = committed();
    repository.write('old.txt', `one\ntwo\n${line('old')}`).git('add', 'old.txt');
    expect(await staged(repository)).toMatchObject({ code: 0, found: [] });
  });

  test('beside an old one, only the new one counts', async () => {
    const repository = committed();
    repository.write('old.txt', `${line('old')}${line('new')}`).git('add', 'old.txt');
    expect(await staged(repository)).toMatchObject({ code: 1, found: [`old.txt:2 staged ${stripeKey('new')}`] });
  });

  test('a copy of an old secret in another file is new there', async () => {
    const repository = committed();
    repository.write('copy.txt', `x\n${line('old')}`).git('add', 'copy.txt');
    const { code, found } = await staged(repository);
    expect(code).toBe(1);
    expect(found).toEqual([`copy.txt:2 staged ${stripeKey('old')}`]);
  });

  test('a deleted file, a renamed one, a changed mode: nothing new, 0 or its place', async () => {
    const repository = committed();
    repository.git('rm', '--quiet', 'old.txt');
    expect(await staged(repository)).toMatchObject({ code: 0, found: [] });
    const mode = committed();
    mode.git('update-index', '--chmod=+x', 'old.txt');
    expect(await staged(mode)).toMatchObject({ code: 0, found: [] });
    const renamed = committed();
    renamed.git('mv', 'old.txt', 'moved.txt');
    // The file is new at its place: it is safer to say so than to follow git's guess about a rename.
    expect(await staged(renamed)).toMatchObject({ code: 1, found: [`moved.txt:1 staged ${stripeKey('old')}`] });
  });

  test('two staged files of the same content are both told', async () => {
    const repository = committed();
    repository.write('b.txt', line('twice')).write('c.txt', line('twice')).git('add', '--all');
    expect(await staged(repository)).toMatchObject({
      code: 1,
      found: [`b.txt:1 staged ${stripeKey('twice')}`, `c.txt:1 staged ${stripeKey('twice')}`],
    });
  });

  test('a file with an old secret copied over one without: new in the second file', async () => {
    const repository = committed();
    repository.write('a.txt', `${line('old')}one\n`).git('add', 'a.txt');
    expect(await staged(repository)).toMatchObject({ code: 1, found: [`a.txt:1 staged ${stripeKey('old')}`] });
  });

  test('an old secret that reaches another file by the same content is new there, whichever file comes first', async () => {
    for (const name of ['a.txt', 'copy.txt', 'z.txt']) {
      const repository = committed();
      // Both files get the same content; in old.txt HEAD has the secret already, in the other one it has not.
      repository
        .write('old.txt', `${line('old')}edited\n`)
        .write(name, `${line('old')}edited\n`)
        .git('add', '--all');
      const { code, found } = await staged(repository);
      expect(found, name).toContain(`${name}:1 staged ${stripeKey('old')}`);
      expect(code, name).toBe(1);
    }
  });

  test('intent to add, a submodule and a link', async () => {
    const repository = committed();
    repository.write('later.txt', line('later')).git('add', '--intent-to-add', 'later.txt');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},sub`);
    const blob = repository.gitWith({ input: `/x/${stripeKey('link')}` }, 'hash-object', '-w', '--stdin');
    repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},link`);
    expect(await staged(repository)).toMatchObject({ code: 1, found: [`link:1 staged ${stripeKey('link')}`] });
  });

  test('before the first commit, in both object formats', async () => {
    for (const objectFormat of ['sha1', 'sha256'] as const) {
      const repository = TestRepository.create({ objectFormat });
      repository.write('a.txt', line('first')).git('add', 'a.txt');
      expect(await staged(repository)).toMatchObject({ code: 1, found: [`a.txt:1 staged ${stripeKey('first')}`] });
    }
  });

  test('in a subfolder the whole index is meant', async () => {
    const repository = committed();
    repository.write('sub/b.txt', 'b\n').write('top.txt', line('top')).git('add', '--all');
    const { code, report } = await keysiftJson(['--staged'], { cwd: join(repository.path, 'sub') });
    expect([code, report.findings[0]?.locations[0]?.file]).toEqual([1, 'top.txt']);
  });

  test('nothing staged is said', async () => {
    const { code, stdout, stderr } = await keysift(['--staged'], { cwd: committed().path });
    expect(stdout).toContain('note: nothing is staged: 0 files were scanned\n');
    expect([code, stderr]).toEqual([0, '']);
  });

  test('a staged blob that is missing is told by its path', async () => {
    const repository = committed();
    repository.git('update-index', '--add', '--cacheinfo', `100644,${'12'.repeat(20)},gone.txt`);
    repository.write('a.txt', line('beside')).git('add', 'a.txt');
    const { code, found, report } = await staged(repository);
    expect(report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`)).toEqual(['OBJECT-MISSING gone.txt']);
    expect([code, found]).toEqual([3, [`a.txt:1 staged ${stripeKey('beside')}`]]);
  });

  test('names with spaces, quotes, line feeds and bytes that are no text', async () => {
    const repository = committed();
    const names = ['with space.txt', '"quoted".txt', 'line\nfeed.txt', 'gr\u00fc\u00df.txt', '-flag', ':(glob)*'];
    for (const [index, name] of names.entries()) {
      const blob = repository.gitWith({ input: line(`name ${index}`) }, 'hash-object', '-w', '--stdin');
      repository.gitWith({ input: `100644 ${blob}\t${name}\0` }, 'update-index', '-z', '--index-info');
    }
    const blob = repository.gitWith({ input: line('bytes') }, 'hash-object', '-w', '--stdin');
    repository.gitWith({ input: Buffer.concat([Buffer.from(`100644 ${blob}\tx`), Buffer.from([0xff, 0])]) }, 'update-index', '-z', '--index-info');
    const { found } = await staged(repository);
    expect(found).toEqual(
      [...names.map((name, index) => `${name}:1 staged ${stripeKey(`name ${index}`)}`), `x\\xff:1 staged ${stripeKey('bytes')}`].toSorted(),
    );
  });
});

/** A repository whose pre-commit hook is the real program. */
function hooked(): TestRepository {
  const repository = committed();
  const hook = join(repository.path, '.git', 'hooks', 'pre-commit');
  writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${BINARY}' --staged --no-color\n`, { mode: 0o755 });
  return repository;
}

function tryCommit(repository: TestRepository, ...argv: string[]): GitAnswer & { said: string } {
  const answer = repository.tryGit(['commit', '--quiet', '--message', 'x', ...argv]);
  return { ...answer, said: answer.stdout.toString('utf8') + answer.stderr };
}

describe('as a pre-commit hook', () => {
  test('a staged secret stops the commit, and its removal lets it through', () => {
    const repository = hooked();
    const head = repository.head();
    repository.write('a.txt', line('hook')).git('add', 'a.txt');
    const { status, said } = tryCommit(repository);
    expect(said).toContain('a.txt:1:8');
    expect(said).not.toContain(stripeKey('hook').slice(8, 40));
    expect([status, repository.head()]).toEqual([1, head]);
    repository.write('a.txt', 'clean\n').git('add', 'a.txt');
    expect(tryCommit(repository).status).toBe(0);
    expect(repository.head()).not.toBe(head);
  });

  test('commit -a looks at what will be committed, though it is in another index', () => {
    const repository = hooked();
    repository.write('a.txt', line('all'));
    const { status, said } = tryCommit(repository, '--all');
    expect([status, said.includes('a.txt:1:8')]).toEqual([1, true]);
  });

  test('commit -- path looks at that path alone', () => {
    const repository = hooked();
    repository.write('b.txt', 'b\n').write('a.txt', line('other')).git('add', '--all');
    repository.write('b.txt', 'bb\n');
    const clean = tryCommit(repository, '--', 'b.txt');
    expect([clean.status, clean.said.includes('a.txt')]).toEqual([0, false]);
    repository.write('old.txt', `${line('old')}${line('path')}`);
    const dirty = tryCommit(repository, '--', 'old.txt');
    expect([dirty.status, dirty.said.includes('old.txt:2:8'), dirty.said.includes('a.txt')]).toEqual([1, true, false]);
  });

  test('commit --amend, in a subfolder, in a linked worktree, and the first commit', () => {
    const repository = hooked();
    repository.write('a.txt', line('amend')).git('add', 'a.txt');
    expect(tryCommit(repository, '--amend').status).toBe(1);
    repository.git('reset', '--quiet', '--hard');

    const linked = TestRepository.at(join(repository.path, '..', `${repository.path.split('/').at(-1)}-linked`));
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', linked.path);
    linked.write('l.txt', line('linked')).git('add', 'l.txt');
    const inLinked = tryCommit(linked);
    repository.git('worktree', 'remove', '--force', linked.path);
    expect([inLinked.status, inLinked.said.includes('l.txt:1:8')]).toEqual([1, true]);

    repository.git('checkout', '--quiet', '--orphan', 'fresh');
    const first = tryCommit(repository);
    expect([first.status, first.said.includes('old.txt:1:8')]).toEqual([1, true]);
  });
});
