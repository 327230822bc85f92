/** `keysift rules list|show|test|lint`. */
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Examples, Rule, RuleSet } from '../model/rule.ts';
import { didYouMean } from '../model/nearest.ts';
import { jsonText } from '../report/safe-json.ts';
import { safeLines, safeText } from '../report/safe-text.ts';
import { count } from '../report/words.ts';
import { builtinExamples, builtinRules } from '../rules/builtin.ts';
import type { Io } from './io.ts';
import { activeRules, readRuleFiles } from './rule-files.ts';

export interface RulesFlags {
  readonly format: string;
  readonly rules: readonly string[];
}

export async function runRules(command: 'list' | 'show' | 'test' | 'lint', given: readonly string[], flags: RulesFlags, io: Io): Promise<ExitCode> {
  if (flags.format !== 'text' && flags.format !== 'json') throw new UserError(`unknown format "${flags.format}"`, 'Use text or json.');
  const json = flags.format === 'json';
  switch (command) {
    case 'list':
      return list(await activeRules(flags.rules, io), json, io);
    case 'show':
      return show(await activeRules(flags.rules, io), given[0] ?? '', json, io);
    case 'test':
      return test([...given, ...flags.rules], json, io);
    case 'lint':
      return lint([...given, ...flags.rules], json, io);
  }
}

async function list(set: RuleSet, json: boolean, io: Io): Promise<ExitCode> {
  if (json) {
    const rules = set.rules.map(({ id, provider, title, kind, severity, scope, checksum }) => ({
      id,
      provider,
      title,
      kind,
      severity,
      scope,
      checksum: checksum ?? null,
    }));
    await io.stdout.write(jsonText({ rules }, 2));
    return EXIT.clean;
  }
  const width = Math.max(...set.rules.map((rule) => rule.id.length));
  const lines = set.rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${safeText(rule.title)}`);
  await io.stdout.write(`${lines.join('\n')}\n${set.rules.length} rules\n`);
  return EXIT.clean;
}

function find(set: RuleSet, id: string): Rule {
  const rule = set.rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  const known = set.rules.map((candidate) => candidate.id);
  throw new UserError(`there is no rule "${id.slice(0, 80)}"`, didYouMean(id, known, 'keysift rules list names them all.'));
}

async function show(set: RuleSet, id: string, json: boolean, io: Io): Promise<ExitCode> {
  const rule = find(set, id);
  if (json) {
    await io.stdout.write(jsonText(rule, 2));
    return EXIT.clean;
  }
  const lines = [
    `${rule.id}: ${rule.title}`,
    `  provider    ${rule.provider}`,
    `  kind        ${rule.kind}`,
    `  severity    ${rule.severity}, confidence ${rule.confidence}`,
    `  matched as  ${rule.matcher.kind}, scope ${rule.scope}`,
    ...(rule.checksum === undefined ? [] : [`  checksum    ${rule.checksum}`]),
    ...(rule.literals.length === 0 ? [] : [`  found by    ${rule.literals.join(', ')}`]),
    ...(rule.description === '' ? [] : ['', `  ${rule.description}`]),
    ...(rule.revoke === undefined
      ? []
      : ['', `  revoke: ${rule.revoke.where}`, ...rule.revoke.steps.map((step, index) => `    ${index + 1}. ${step}`)]),
    ...(rule.references.length === 0 ? [] : ['', ...rule.references.map((reference) => `  ${reference}`)]),
  ];
  await io.stdout.write(`${lines.map(safeText).join('\n')}\n`);
  return EXIT.clean;
}

/** Runs the examples of the files' rules, with the built-in rules beside them as in a scan. */
async function test(files: readonly string[], json: boolean, io: Io): Promise<ExitCode> {
  const own = await readRuleFiles(files, io);
  const set = await activeRules(files, io);
  const examples: Record<string, Examples> = {};
  for (const rule of own.flatMap((file) => file.rules)) examples[rule.source.id] = rule.examples;
  const tested = files.length === 0 ? builtinExamples() : examples;
  const { checkExamples } = await import('../scan/rule-check.ts');
  const problems = checkExamples(set, tested);
  const rules = Object.keys(tested).length;
  const total = Object.values(tested).reduce((sum, { match, ignore }) => sum + match.length + ignore.length, 0);
  if (json) await io.stdout.write(jsonText({ rules, examples: total, problems }, 2));
  else {
    for (const { ruleId, kind, example, message } of problems)
      await io.stdout.write(safeLines(`${ruleId}: ${kind} example ${JSON.stringify(example)}\n  ${message}\n`));
    await io.stdout.write(`${count(rules, 'rule')}, ${count(total, 'example')}, ${problems.length} failed\n`);
  }
  return problems.length === 0 ? EXIT.clean : EXIT.findings;
}

/** A file that compiles has passed: the checks are in the compiler, so that no scan runs without them. */
async function lint(files: readonly string[], json: boolean, io: Io): Promise<ExitCode> {
  const set = files.length === 0 ? builtinRules() : await activeRules(files, io);
  const rules = files.length === 0 ? set.rules.length : set.rules.length - builtinRules().rules.length;
  await io.stdout.write(json ? jsonText({ rules, problems: [] }) : `${count(rules, 'rule')}, no problem\n`);
  return EXIT.clean;
}
