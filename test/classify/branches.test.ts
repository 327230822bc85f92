import { describe, expect, test } from 'vitest';
import { Branches } from '../../src/classify/branches.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const VALUE = 'VALUE';

/** Lines of a text of the same branch as the one with the value, without their blanks. */
function ownLines(text: string): string[] {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes(VALUE));
  const own = lines[at] ?? '';
  const above = new Branches(own, true);
  const below = new Branches(own, false);
  const up = lines
    .slice(0, at)
    .toReversed()
    .filter((line) => above.isOwn(line));
  const down = lines.slice(at + 1).filter((line) => below.isOwn(line));
  return [...up.toReversed(), ...down].map((line) => line.trim());
}

describe("lines of a value's own branch", () => {
  test.each([
    ['a default below a case', 'switch (p) {\n  case "a":\n    return x;\n  default:\n    return VALUE;\n}', ['switch (p) {', 'default:', '}']],
    ['the last of some cases', 'switch (p) {\n  case "a":\n    x();\n  case "b":\n    return VALUE;\n}', ['switch (p) {', 'case "b":', '}']],
    ['a case above others', 'switch (p) {\n  case "a":\n    return VALUE;\n  case "b":\n    x();\n}', ['switch (p) {', 'case "a":', '}']],
    [
      'a label that goes on in the next',
      'switch (p) {\n  case "a":\n  case "b":\n    return VALUE;\n}',
      ['switch (p) {', 'case "a":', 'case "b":', '}'],
    ],
    ['cases of one line', 'f {\n  case "a": return x;\n  case "b": return VALUE;\n  default: return y;\n}', ['f {', '}']],
    ['an else', 'a();\nif (p) {\n  b();\n} else {\n  c();\n  VALUE;\n}\nd();', ['a();', '} else {', 'c();', '}', 'd();']],
    ['before an else', 'if (p) {\n  VALUE;\n} else {\n  b();\n}', ['if (p) {']],
    ['an else of Python', 'a()\nif p:\n  b()\nelif q:\n  c()\nelse:\n  VALUE\n', ['a()', 'else:', '']],
    ['no branches', 'a();\n  VALUE;\nb();', ['a();', 'b();']],
    ['a default that is a property', 'option({\n  describe: "a",\n  default: VALUE,\n  b: 1,\n})', ['option({', 'describe: "a",', 'b: 1,', '})']],
  ])('%s', (_what, text, expected) => {
    expect(ownLines(text)).toEqual(expected);
  });
});

test.each([
  ['switch (p) {\n  case "clerk":\n    key = x;\n    break;\n  default:\n    key = "[|sk_live_{{alnum:31}}|]";\n}', 'unattributed'],
  ['if (p === "clerk") {\n  key = x;\n} else {\n  key = "[|sk_live_{{alnum:31}}|]";\n}', 'unattributed'],
  ['switch (p) {\n  case "clerk":\n    key = "[|sk_live_{{alnum:31}}|]";\n    break;\n  default:\n    key = x;\n}', 'Clerk'],
  ['if (p === "clerk") {\n  key = "[|sk_live_{{alnum:31}}|]";\n} else {\n  key = x;\n}', 'Clerk'],
])('a key of a family in %j', (template, provider) => {
  const { text } = plant(template, 'branch');
  const found = new Inspector(builtinRules()).inspect(Buffer.from(text)).filter(({ rule }) => rule.kind !== 'check');
  expect(found.map(({ rule }) => rule.provider)).toEqual([provider]);
});
