/** What the build compiled to WebAssembly. */
import { readFileSync } from 'node:fs';

/** `src/kernel/`, `dist/kernel/` and the bundle's `dist/bin/` lie at the same depth. */
const FOLDER = new URL('../../dist/', import.meta.url);

const loaded = new Map<string, WebAssembly.Module | undefined>();

/** A module of `dist/`, compiled at the first question; undefined where WebAssembly or its SIMD cannot be had. */
export function loadModule(name: 'kernel.wasm' | 'codec.wasm'): WebAssembly.Module | undefined {
  if (!loaded.has(name)) {
    let module: WebAssembly.Module | undefined;
    try {
      module = new WebAssembly.Module(readFileSync(new URL(name, FOLDER)));
    } catch {
      module = undefined;
    }
    loaded.set(name, module);
  }
  return loaded.get(name);
}
