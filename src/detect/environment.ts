/** Look-ups of settings by their names, above all of variables of the environment. */

/** What stands before the bracket of such a look-up: `os.Getenv(`, `ENV[`, `env::var(`, `config.get(`. */
const LOOK_UP = /(?:[eE]nv|ENV|environ|environment|env::var|getProperty|Variable|Configuration|config|getOrDefault|setdefault)(?:\.get|\.fetch)?$/;

/** Whether what is called, or indexed, gives the value of a setting whose name it is given. */
export function looksUp(callee: string): boolean {
  return LOOK_UP.test(callee);
}
