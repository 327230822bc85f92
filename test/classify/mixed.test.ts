/** Keys of many providers in one env file: each is its own provider's, whatever stands above and below it. */
import { expect, test } from 'vitest';
import { squeeze } from '../../src/model/squeeze.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { isAnybodys } from '../../src/rules/names.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { Random } from '../support/random.ts';
import { plantOne } from '../support/secrets.ts';

const ROUNDS = process.env['KEYSIFT_SOAK'] === '1' ? 60 : 2;
const LINES = 15;
/** A name in capitals and the marked value that it is given. */
const ASSIGNED = /\b([A-Z][A-Z0-9_]{3,})["']?[=,:]\s*["']?(\[\|[^\n]*?\|\])/;

const set = builtinRules();
const inspector = new Inspector(set);
const examples = builtinExamples();

type Inspected = ReturnType<Inspector['inspect']>;

/** What is said of a secret, and of parts of it. */
function toldOf(secret: string, inspected: Inspected): string[] {
  const sightings = inspected.filter((sighting) => sighting.rule.matcher.kind !== 'file' && secret.includes(sighting.secret.reveal()));
  return [...new Set(sightings.map(({ rule, issuer, confidence }) => `${rule.id}, ${issuer?.provider ?? rule.provider}, ${confidence}`))].toSorted();
}

function inspect(text: string): Inspected {
  return inspector.inspect(Buffer.from(text));
}

/** `NAME=[|VALUE|]` of an example, where the name says whose the value is. */
function assignmentIn(example: string): string[] {
  const [, name = '', value = ''] = ASSIGNED.exec(example) ?? [];
  return name === '' || isAnybodys(squeeze(name)) || example.split('[|').length !== 2 ? [] : [`${name}=${value}`];
}

/** One of each rule of a provider that has such an example, and finds it itself where it stands alone. */
const assignments = set.rules
  .filter(({ provider }) => provider !== 'unattributed' && provider !== 'unknown')
  .flatMap(({ id }) => {
    const [line] = (examples[id]?.match ?? []).flatMap(({ text }) => assignmentIn(text));
    if (line === undefined) return [];
    const { text, secret } = plantOne(line, 'alone');
    return toldOf(secret, inspect(text)).some((told) => told.startsWith(`${id}, `)) ? [line] : [];
  });

test('there are hundreds', () => {
  expect(assignments.length).toBeGreaterThan(500);
});

test.each(Array.from({ length: ROUNDS }, (_, round) => round))('mixed, round %i', (round) => {
  const random = new Random(round + 1);
  const rest = [...assignments];
  while (rest.length > 0) {
    const lines = Array.from({ length: Math.min(LINES, rest.length) }, () => rest.splice(random.below(rest.length), 1)[0]!);
    const planted = lines.map((line, index) => plantOne(`${line}\n`, `mixed ${round} ${rest.length} ${index}`));
    const mixed = inspect(planted.map(({ text }) => text).join(''));
    for (const { text, secret } of planted) {
      const among = lines.map((line) => line.slice(0, line.indexOf('='))).join(', ');
      expect(toldOf(secret, mixed), `${text.slice(0, text.indexOf('='))} among ${among}`).toEqual(toldOf(secret, inspect(text)));
    }
  }
});
