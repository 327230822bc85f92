/** Repositories with histories of any shape, made from a number: the same one makes the same history. */
import { Random } from './random.ts';
import { TestRepository } from './repository.ts';
import { plant } from './secrets.ts';
import type { Versions } from './versions.ts';

export const LINES = [
  'STRIPE_SECRET_KEY=[|sk_live_51{{alnum:97}}|]',
  'stripe.api_key = "[|sk_live_{{alnum:24}}|]"',
  'CLERK_SECRET_KEY=[|sk_live_{{alnum:42}}|]',
  "const paystack = require('paystack')('[|sk_live_{{hex:40}}|]');",
  "const client = new AssemblyAI({ apiKey: '[|{{hex:32}}|]' });",
  "headers = { 'x-zoom-s2t-key': '[|{{hex:42}}|]' }",
  'SCRIBEBERRY_API_KEY=[|sk_live_{{alnum:32}}|]',
  'token: [|ghp_{{alnum:30}}{{checksum:github}}|]',
  'DATABASE_URL=postgres://app:[|{{alnum:20}}|]@db.prod.corp.io/app',
  'API_KEY=[|sk_test_{{alnum:24}}|]',
];
const FOLDERS = ['', 'src/', 'src/deep/er/', 'a b/', 'gr\u00fc\u00df/'];
const NAMES = ['main.js', 'config.yml', '.env', 'notes.txt', 'bin.dat', 'wide.cs', 'no-diff.txt', 'data.json'];

export type Files = ReadonlyMap<string, { readonly mode: string; readonly bytes: Buffer }>;
type Edited = Map<string, { readonly mode: string; readonly bytes: Buffer }>;

export interface Commit {
  readonly kind: 'commit';
  readonly branch: string;
  readonly mark: number;
  readonly seconds: number;
  readonly message: Buffer;
  /** Marks. */
  readonly parents: readonly number[];
  /** By path; the bytes of a submodule are the digits of its id. */
  readonly files: Files;
}

export interface Tag {
  readonly kind: 'tag';
  readonly name: string;
  /** What it is a tag of. */
  readonly mark: number;
  readonly seconds: number;
  readonly message: Buffer;
}

export interface Blob {
  readonly kind: 'blob';
  readonly mark: number;
  readonly bytes: Buffer;
}

export const PERSON = 'Ada <ada@example.com>';

/** Histories of any shape, step by step. */
export class History {
  readonly #random: Random;
  readonly steps: (Commit | Tag | Blob)[] = [];
  readonly #branches = new Map<string, { readonly mark: number; readonly files: Files }>();
  readonly #planted: string[] = [];
  #mark = 0;
  #seconds = Date.UTC(2025, 0, 1) / 1000;

  readonly #versions: Versions | undefined;

  /** @param versions makes the contents of text files, in place of edits by whole lines */
  constructor(random: Random, versions?: Versions) {
    this.#random = random;
    this.#versions = versions;
  }

  get branches(): readonly string[] {
    return [...this.#branches.keys()];
  }

  grow(commits: number): void {
    const random = this.#random;
    this.#commit('main', [], this.#edited(new Map()));
    for (let index = 0; index < commits; index++) {
      const from = random.of(this.branches);
      const base = this.#branches.get(from);
      if (base === undefined) continue;
      const what = random.below(10);
      if (what === 0 && this.#branches.size < 6) this.#commit(`topic-${index}`, [base.mark], this.#edited(base.files));
      else if (what === 1 && this.#branches.size > 1) this.#merge(from, 1);
      else if (what === 2 && this.#branches.size > 2) this.#merge(from, 2 + random.below(3));
      else if (what === 3) this.#commit(`root-${index}`, [], this.#edited(new Map()));
      else this.#commit(from, [base.mark], this.#edited(base.files));
      if (random.chance(10)) this.#tag(`v${index}`, this.#mark);
      if (random.chance(4)) this.#tagBlob(`blob-${index}`);
    }
  }

  #merge(into: string, count: number): void {
    const random = this.#random;
    const others = this.branches.filter((name) => name !== into).slice(0, count);
    const parents = [into, ...others].flatMap((name) => this.#branches.get(name) ?? []);
    const files: Edited = new Map();
    for (const parent of parents) for (const [path, file] of parent.files) if (random.chance(80)) files.set(path, file);
    // An evil merge adds what no parent holds.
    this.#commit(
      into,
      parents.map((parent) => parent.mark),
      random.chance(60) ? this.#edited(files) : files,
    );
  }

  #edited(before: Files): Files {
    const random = this.#random;
    const files: Edited = new Map(before);
    for (let count = 1 + random.below(4); count > 0; count--) {
      const paths = [...files.keys()];
      const what = random.below(12);
      if (what === 0 && paths.length > 1) files.delete(random.of(paths));
      else if (what <= 2 && paths.length > 0) {
        const path = random.of(paths);
        const file = files.get(path);
        files.delete(path);
        if (file !== undefined) files.set(random.of(FOLDERS) + random.of(NAMES), file);
      } else if (what === 3 && paths.length > 0) {
        const path = random.of(paths);
        const file = files.get(path);
        if (file !== undefined) files.set(path, { ...file, mode: file.mode === '100644' ? '100755' : '100644' });
      } else if (what === 4) files.set('vendor/module', { mode: '160000', bytes: Buffer.from(`${1 + random.below(9)}`.repeat(40)) });
      else if (what === 5) files.set('link', { mode: '120000', bytes: Buffer.from(this.#line()) });
      else if (what === 6)
        files.set('.gitattributes', {
          mode: '100644',
          bytes: Buffer.from('no-diff.txt -diff\nbin.dat binary\n*.yml diff=none filter=lfs\nwide.cs -text\n'),
        });
      else this.#editFile(files, random.of(FOLDERS) + random.of(NAMES));
    }
    return files;
  }

  #editFile(files: Edited, path: string): void {
    const random = this.#random;
    const old = files.get(path);
    if (this.#versions !== undefined && !path.endsWith('wide.cs') && !path.endsWith('bin.dat')) {
      const text = old === undefined ? this.#versions.first() : this.#versions.next(old.bytes.toString('utf8'));
      files.set(path, { mode: '100644', bytes: Buffer.from(text) });
      return;
    }
    const lines = old === undefined || path.endsWith('wide.cs') || path.endsWith('bin.dat') ? [] : old.bytes.toString('utf8').split('\n');
    for (let count = 1 + random.below(6); count > 0; count--) {
      const line = random.chance(30) ? this.#line() : `line ${random.below(1000)} ${'word '.repeat(random.below(12))}`;
      lines.splice(random.below(lines.length + 1), random.chance(30) ? 1 : 0, line);
    }
    const text = lines.join(random.chance(20) ? '\r\n' : '\n') + (random.chance(70) ? '\n' : '');
    let bytes = Buffer.from(text);
    if (path.endsWith('wide.cs')) bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    if (path.endsWith('bin.dat'))
      bytes = Buffer.concat([Buffer.from([0, 1, 2, 0xff]), Buffer.from(text, random.chance(50) ? 'utf16le' : 'utf8'), Buffer.from([0, 0xfe])]);
    files.set(path, { mode: '100644', bytes });
  }

  /** A line with a secret: a new one, or one that stands somewhere already. */
  #line(): string {
    const random = this.#random;
    if (this.#planted.length > 0 && random.chance(30)) return random.of(this.#planted);
    const { text } = plant(random.of(LINES), `differential ${random.below(1_000_000_000)}`);
    this.#planted.push(text);
    return text;
  }

  #commit(branch: string, parents: readonly number[], files: Files): void {
    const mark = ++this.#mark;
    this.#seconds += this.#random.below(3) * 1800;
    const message = Buffer.from(this.#random.chance(10) ? `note\n\n${this.#line()}\n` : `change ${mark}\n`);
    // A folder takes the place of a file of its name.
    const paths = [...files.keys()];
    const kept = new Map([...files].filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`))));
    this.steps.push({ kind: 'commit', branch, mark, seconds: this.#seconds, message, parents: [...new Set(parents)], files: kept });
    this.#branches.set(branch, { mark, files });
  }

  #tag(name: string, mark: number): void {
    const message = Buffer.from(this.#random.chance(30) ? this.#line() : 'a release');
    this.steps.push({ kind: 'tag', name, mark, seconds: this.#seconds, message });
  }

  /** A tag of a blob that no tree holds. */
  #tagBlob(name: string): void {
    const mark = ++this.#mark;
    this.steps.push({ kind: 'blob', mark, bytes: Buffer.from(this.#line()) });
    this.#tag(name, mark);
  }
}

/** A history as one stream for `git fast-import`. */
function streamOf({ steps }: History): Buffer {
  const parts: Buffer[] = [];
  const text = (line: string): number => parts.push(Buffer.from(line));
  const data = (bytes: Buffer): number => parts.push(Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n'));
  for (const step of steps) {
    switch (step.kind) {
      case 'blob':
        text(`blob\nmark :${step.mark}\n`);
        data(step.bytes);
        break;
      case 'tag':
        text(`tag ${step.name}\nfrom :${step.mark}\ntagger ${PERSON} ${step.seconds} +0000\n`);
        data(step.message);
        break;
      case 'commit': {
        const [first, ...others] = step.parents;
        text(`commit refs/heads/${step.branch}\nmark :${step.mark}\ncommitter ${PERSON} ${step.seconds} +0000\n`);
        data(step.message);
        if (first !== undefined) text(`from :${first}\n`);
        for (const other of others) text(`merge :${other}\n`);
        text('deleteall\n');
        for (const [path, { mode, bytes }] of step.files) {
          if (mode === '160000') text(`M 160000 ${bytes.toString('latin1')} "${path}"\n`);
          else {
            text(`M ${mode} inline "${path}"\n`);
            data(bytes);
          }
        }
      }
    }
  }
  return Buffer.concat(parts);
}

export const FORMS = ['loose', 'packed', 'gc', 'deep deltas', 'mixed', 'bare'] as const;

export function makeHistory(seed: number): { repository: TestRepository; form: (typeof FORMS)[number] } {
  const random = new Random(seed);
  const form = FORMS[seed % FORMS.length] ?? 'loose';
  const repository = TestRepository.create({ objectFormat: seed % 5 === 4 ? 'sha256' : 'sha1', bare: form === 'bare' });
  const history = new History(random);
  history.grow(20 + random.below(15));
  let stream = streamOf(history);
  // A gitlink's id has as many digits as any other.
  if (seed % 5 === 4)
    stream = Buffer.from(
      stream.toString('latin1').replace(/^(M 160000 )(\d{40}) /gm, (_whole, start: string, id: string) => `${start}${id}${'0'.repeat(24)} `),
      'latin1',
    );
  repository.gitWith(
    { input: stream },
    '-c',
    `fastimport.unpackLimit=${form === 'loose' || form === 'bare' ? 1_000_000 : 1}`,
    'fast-import',
    '--quiet',
    '--force',
  );
  if (form !== 'bare') stashes(repository, random);
  if (form === 'packed') repository.git('repack', '-adfq');
  if (form === 'deep deltas') repository.git('repack', '-adfq', '--depth=200', '--window=50');
  if (form === 'gc') repository.git('gc', '--quiet', '--aggressive', '--prune=now');
  if (form === 'mixed') {
    repository.git('repack', '-dq');
    repository.git('pack-refs', '--all');
    repository.write('later.txt', plant(LINES[0] ?? '', `later ${seed}`).text).commit('after the pack');
  }
  return { repository, form };
}

/** Some stash entries, with a file that git does not track in each second one; only the newest is a ref. */
function stashes(repository: TestRepository, random: Random): void {
  repository.git('checkout', '--quiet', '--force', 'main');
  for (let count = random.below(4); count > 0; count--) {
    repository.write('stashed.txt', `${plant(random.of(LINES), `stash ${random.below(1_000_000)}`).text}\n`);
    repository.git('add', 'stashed.txt');
    if (count % 2 === 0) repository.write('loose.txt', `${plant(random.of(LINES), `untracked ${random.below(1_000_000)}`).text}\n`);
    repository.git('stash', 'push', '--quiet', '--include-untracked', '--message', `entry ${count}`);
  }
}
