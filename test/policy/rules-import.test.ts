/** `keysift rules import`: rules of gitleaks as a rule file, which works. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importGitleaks } from '../../src/policy/gitleaks.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { expandExample } from '../../src/rules/examples.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';

const TOML = `
title = "ours"
[extend]
useDefault = true
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''(?i)\\b(acme_[a-z0-9]{24})(?:['"\\s;]|$)'''
entropy = 2
keywords = ["acme_"]
[[rules]]
id = "Upper Case"
regex = '''UPC-[A-Z0-9]{20}'''
keywords = ["upc-"]
path = '''\\.conf$'''
[[rules.allowlists]]
regexes = ['''EXAMPLE''']
[[rules]]
id = "paths-only"
path = '''\\.p12$'''
[[rules]]
id = "short"
regex = '''q~[a-z]{30}'''
keywords = ["q~"]
[[rules]]
id = "unicode"
regex = '''abc\\pL{20}'''
keywords = ["abc"]
[[rules]]
id = "two"
regex = '''two(?:A([0-9]{12})|B([0-9]{14}))z'''
keywords = ["two"]
`;

describe('keysift rules import', () => {
  test('carries over what it can, and lists what not', () => {
    const { given, carried, lost } = importGitleaks(TOML, 'x.toml', builtinRules().rules);
    expect([given, carried]).toEqual([6, 3]);
    expect(lost).toEqual([
      'extend: the rules that it extends are not read; keysift has its own',
      'paths-only: not carried over: it looks at paths alone',
      'short: not carried over: it has no keyword of 3 characters, and its regex holds no literal that long',
      String.raw`unicode: not carried over: \p has no counterpart`,
    ]);
  });

  test('the rules work: in any case, in upper case alone, where its path fits, with either group', async () => {
    const folder = folderWith({ '.gitleaks.toml': TOML });
    const { code, stderr } = await keysift(['rules', 'import', '.gitleaks.toml', '-o', 'ours.yaml'], { cwd: folder });
    expect([code, stderr.split('\n').at(-2)]).toEqual([0, '3 of 6 rules were carried over. keysift rules test FILE tries them.']);
    expect(await keysift(['rules', 'test', 'ours.yaml'], { cwd: folder })).toMatchObject({ code: 0, stdout: '4 rules, 8 examples, 0 failed\n' });
    const random = (template: string): string => expandExample(template, 'import');
    const text = [
      random('key = "Acme_{{alnum:24}}"'),
      random('upc-{{upper36:20}}'),
      random('UPC-{{upper36:20}}'),
      random('twoA{{digit:12}}z'),
      random('twoB{{digit:14}}z'),
    ].join('\n');
    const { report } = await keysiftJson(['--rules', join(folder, 'ours.yaml'), '--show-secrets'], { cwd: folderWith({ 'a.conf': text }) });
    expect(report.findings.map(({ ruleId, locations }) => `${ruleId} ${locations[0]?.startLine}`).toSorted()).toEqual([
      'acme-token 1',
      'two 4',
      'two-2 5',
      'upper-case 3',
    ]);
    expect((await keysift(['rules', 'import', '.gitleaks.toml', '-o', 'ours.yaml'], { cwd: folder })).stderr).toContain('ours.yaml is there already');
  });

  test.each([
    ['[[rules]\n', /^error: x\.toml:1:\d+: this is no TOML\n/],
    ['rules = 3\n', /^error: x\.toml: rules is not what gitleaks writes\n/],
  ])('%j is refused', async (text, message) => {
    const { code, stderr } = await keysift(['rules', 'import', 'x.toml'], { cwd: folderWith({ 'x.toml': text }) });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
