/** Commands that put what they are given into somebody's store, whoever issued it: `aws ssm put-parameter`, `heroku config:set`. */

/** What such a command is told to do. */
const PUTS =
  /(?<![\w-])(?:etcdctl put|chamber write|vault write|put-parameter|create-secret|update-secret|put-secret-value|secrets?[ :](?:set|put|create|add|new|import|versions? (?:create|add))|config:(?:set|add)|env[ :](?:set|add)|variables? (?:set|--set)|kv (?:put|patch)|set-env|store-secret)(?![\w-])/g;
/** Words before that: the program, and what of it. */
const MOST_WORDS = 2;
const WORDS_REACH = 48;
const WORD = /^[a-z][a-z0-9:-]{1,24}$/;

/** Whether what stands at a place of a line is the name of such a command: that says where the value is kept. */
export function isStoresName(line: string, at: number): boolean {
  return storesIn(line).some(({ start, end }) => start <= at && at < end);
}

/** Whether a text is one of such commands, up to a value that it is given. */
export function isStoring(command: string): boolean {
  return storesIn(command).length > 0;
}

function storesIn(line: string): { readonly start: number; readonly end: number }[] {
  return Array.from(line.matchAll(PUTS)).flatMap(({ 0: told, index }) => {
    const before = line.slice(Math.max(0, index - WORDS_REACH), index).split(/[ :]/);
    let start = index;
    let isNamed = /^(?:etcdctl|chamber|vault) /.test(told);
    // Behind the last word stands what divides it from this.
    for (let count = 1; count <= MOST_WORDS && WORD.test(before.at(-1 - count) ?? ''); count++) {
      start -= (before.at(-1 - count)?.length ?? 0) + 1;
      isNamed = true;
    }
    return isNamed && (before.at(-1) === '' || start === index) ? [{ start, end: index + told.length }] : [];
  });
}
