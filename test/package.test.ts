/** What is handed out: the files of the package, and what it depends on. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };
/** Without what only an optional peer of a package would bring. */
const production = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional, optional }]) => path !== '' && dev !== true && devOptional !== true && optional !== true,
);

test('the package holds the program, its data and its schemas, and nothing else', () => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  const strange = packed.files
    .map(({ path }) => path)
    .filter(
      (path) =>
        !/^(?:bin\/(?:keysift\.js|thread\.js|package\.json)|(?:README|CHANGELOG)\.md|LICENSE|package\.json|rules\/rule\.schema\.json|dist\/[\w./-]+\.(?:js|d\.ts|js\.map|jsonl?|wasm|bin)|dist\/bin\/[\w.-]+\.(?:cjs|cache))$/.test(
          path,
        ),
    );
  expect(strange).toEqual([]);
  const names = packed.files.map(({ path }) => path);
  expect(names).toEqual(
    expect.arrayContaining([
      'bin/keysift.js',
      'bin/thread.js',
      'bin/package.json',
      'dist/bin/main.cjs',
      'dist/kernel.wasm',
      'dist/codec.wasm',
      'dist/index.d.ts',
    ]),
  );
});

describe('the production tree', () => {
  test('is small', () => {
    expect(production.length).toBeGreaterThan(8);
    expect(production.length).toBeLessThanOrEqual(32);
  });

  test('has no install scripts, and everything in it is pinned by its hash', () => {
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    expect(production.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });
});

/** Of all packages: what npm leaves out of a bill with `--omit dev` is also what packages for development share with the program. */
test('a bill of materials says what is locked, package by package and digest by digest', () => {
  const argv = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { components } = JSON.parse(execFileSync('npm', argv, { encoding: 'utf8', maxBuffer: 1 << 26 })) as {
    readonly components: readonly {
      readonly name: string;
      readonly version: string;
      readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    }[];
  };
  const billed = components.flatMap(({ name, version, hashes = [] }) => hashes.map(({ alg, content }) => `${name}@${version} ${alg} ${content}`));
  const locked = Object.entries(lock.packages).flatMap(([path, { version, integrity }]) => {
    if (integrity === undefined) return [];
    const [algorithm = '', digest = ''] = integrity.split('-');
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [`${name}@${version} ${algorithm.toUpperCase().replace('SHA', 'SHA-')} ${Buffer.from(digest, 'base64').toString('hex')}`];
  });
  expect(locked.length).toBeGreaterThan(production.length);
  expect(new Set(billed)).toEqual(new Set(locked));
});
