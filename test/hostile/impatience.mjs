/** Loaded into the program before its own code: what takes a minute or more until it is given up is given up after a 60th of that. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const FACTOR = 60;
const LONG = 60_000;
const { setTimeout: later } = globalThis;
const { spawnSync } = childProcess;

globalThis.setTimeout = (call, milliseconds, ...rest) => later(call, milliseconds >= LONG ? milliseconds / FACTOR : milliseconds, ...rest);
childProcess.spawnSync = (program, args, options) => spawnSync(program, args, { ...options, timeout: (options?.timeout ?? 0) / FACTOR });
syncBuiltinESMExports();
