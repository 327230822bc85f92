/** Every rule finds its secret wherever its example stands in a text of another kind, at exactly its bytes. */
import { expect, test } from 'vitest';
import type { Span } from '../../src/model/origin.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { TEXTS } from '../support/texts.ts';

const set = builtinRules();
const examples = builtinExamples();
const inspector = new Inspector(set);

/** One in so many rules a run; all with KEYSIFT_SOAK. */
const SAMPLE = process.env['KEYSIFT_SOAK'] === undefined ? 12 : 1;
/** What a text is for, so that it brings no context of its own. */
const BLANK = '\n\n\n\n\n\n\n\n';

interface Planted {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Where an example can be put: the text and where the example begins in it. */
const PLACES: Readonly<Record<string, (text: string, example: string) => { text: string; at: number }>> = {
  start: (text, example) => ({ text: `${example}${BLANK}${text}`, at: 0 }),
  end: (text, example) => ({ text: `${text}${BLANK}${example}`, at: Buffer.byteLength(text + BLANK) }),
  middle(text, example) {
    const lines = text.split('\n');
    const head = `${lines.slice(0, lines.length >> 1).join('\n')}${BLANK}`;
    return { text: `${head}${example}${BLANK}${lines.slice(lines.length >> 1).join('\n')}`, at: Buffer.byteLength(head) };
  },
  'long line'(text, example) {
    const long = text.replaceAll('\n', ' ').repeat(3);
    const head = `${long}${' '.repeat(600)}`;
    return { text: `${head}${example}${' '.repeat(600)}${long}`, at: Buffer.byteLength(head) };
  },
  'line ends of Windows'(text, example) {
    const head = `${text}${BLANK}`.replaceAll('\n', '\r\n');
    return { text: `${head}${example}${BLANK.replaceAll('\n', '\r\n')}`, at: Buffer.byteLength(head) };
  },
};

function plant(place: string, filler: string, marked: string): Planted {
  const crlf = place === 'line ends of Windows' ? marked.replaceAll('\n', '\r\n') : marked;
  const { text: example, spans } = parseMarked(crlf);
  const { text, at } = PLACES[place]!(filler, example);
  return { text, spans: spans.map(({ start, end }) => ({ start: start + at, end: end + at })) };
}

// Rules about paths, files and findings need more than a text.
const rules = set.rules.filter(
  ({ id, kind, paths, matcher }, index) =>
    index % SAMPLE === 0 && kind !== 'check' && paths === undefined && matcher.kind !== 'file' && matcher.kind !== 'whole' && (examples[id]?.match.length ?? 0) > 0,
);

test('there are enough rules and texts to speak of', () => {
  expect(rules.length).toBeGreaterThan(900 / SAMPLE);
  expect(TEXTS).toHaveLength(20);
});

test.each(Object.keys(PLACES))(
  'R9: %s',
  (place) => {
    const missed: string[] = [];
    for (const [number, filler] of TEXTS.entries()) {
      for (const { id } of rules) {
        const choices = examples[id]?.match.filter((example) => example.file === undefined) ?? [];
        const example = choices[number % choices.length];
        // An example of several lines cannot stand within one.
        if (example === undefined || (place === 'long line' && example.text.includes('\n'))) continue;
        const { text, spans } = plant(place, filler, expandExample(example.text, `${place}/${number}`));
        const found = inspector.inspect(Buffer.from(text)).filter(({ rule }) => rule.id === id);
        for (const { start, end } of spans)
          if (!found.some(({ span }) => span.start === start && span.end === end)) missed.push(`${id} in text ${number}`);
      }
    }
    expect(missed).toEqual([]);
  },
  600_000,
);
