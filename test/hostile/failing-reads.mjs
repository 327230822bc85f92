/**
 * A module for the program in which one call that reads below a folder fails with an error of the disk: the one of the
 * given number. How many there were is written to a file.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { KEYSIFT_TEST_FOLDER: folder, KEYSIFT_TEST_FAILS: fails, KEYSIFT_TEST_READS: reads } = process.env;
const { readlinkSync, writeFileSync } = fs;
let count = 0;

/** Path of what a call is about: a name, or an open file. */
function pathOf(file) {
  return typeof file === 'number' ? readlinkSync(`/proc/self/fd/${file}`) : String(file);
}

for (const name of ['openSync', 'readSync', 'readFileSync', 'readdirSync', 'lstatSync', 'fstatSync']) {
  const real = fs[name];
  fs[name] = (file, ...rest) => {
    if (pathOf(file).startsWith(folder) && ++count === Number(fails)) {
      throw Object.assign(new Error(`EIO: i/o error, ${name} '${pathOf(file)}'`), { code: 'EIO', errno: -5, syscall: name, path: pathOf(file) });
    }
    return real(file, ...rest);
  };
}
syncBuiltinESMExports();
process.on('exit', () => writeFileSync(reads, String(count)));
