/** Every rule finds its secret wherever its example stands in a text of another kind, at exactly its bytes. */
import { expect, test } from 'vitest';
import type { Span } from '../../src/model/origin.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { isInSlice, shareOfSlice, SOAK, tellCases } from '../support/sample.ts';
import { TEXTS } from '../support/texts.ts';

const set = builtinRules();
const examples = builtinExamples();
const inspector = new Inspector(set);

/** One in so many rules a run; all with KEYSIFT_SOAK. */
const SAMPLE = SOAK ? 1 : 12;
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
  const crlf = place === 'line ends of Windows' ? marked.replaceAll(/\r?\n/g, '\r\n') : marked;
  const { text: example, spans } = parseMarked(crlf);
  const { text, at } = PLACES[place]!(filler, example);
  return { text, spans: spans.map(({ start, end }) => ({ start: start + at, end: end + at })) };
}

// Rules about paths, files and findings need more than a text.
const rules = set.rules.filter(
  ({ id, kind, paths, matcher }, index) =>
    index % SAMPLE === 0 && isInSlice(index) && kind !== 'check' && paths === undefined && matcher.kind !== 'file' && matcher.kind !== 'whole' && (examples[id]?.match.length ?? 0) > 0,
);

test('there are enough rules and texts to speak of', () => {
  expect(rules.length).toBeGreaterThan(shareOfSlice(900) / SAMPLE);
  expect(TEXTS).toHaveLength(20);
});

/** The rules that are missed, each with the number of the text; in a soak all texts are tried. */
function missedIn(texts: readonly string[], put: (filler: string, marked: string) => { bytes: Buffer; spans: readonly Span[] }, place: string): string[] {
  const missed: string[] = [];
  let planted = 0;
  for (const [number, filler] of texts.entries()) {
    for (const { id } of rules) {
      const choices = examples[id]?.match.filter((example) => example.file === undefined) ?? [];
      const example = choices[number % choices.length];
      // An example of several lines cannot stand within one.
      if (example === undefined || (place === 'long line' && example.text.includes('\n'))) continue;
      const { bytes, spans } = put(filler, expandExample(example.text, `${place}/${number}`));
      planted += spans.length;
      const found = inspector.inspect(bytes).filter(({ rule }) => rule.id === id);
      for (const { start, end } of spans)
        if (!found.some(({ span }) => span.start === start && span.end === end)) missed.push(`${id} in text ${number}`);
    }
  }
  tellCases(`secrets of ${rules.length} rules, ${place}`, planted);
  return missed;
}

test.each(Object.keys(PLACES))(
  'R9: %s',
  (place) => {
    const put = (filler: string, marked: string): { bytes: Buffer; spans: readonly Span[] } => {
      const { text, spans } = plant(place, filler, marked);
      return { bytes: Buffer.from(text), spans };
    };
    expect(missedIn(TEXTS, put, place)).toEqual([]);
  },
  600_000,
);

/** How a text is written, how many bytes stand before it, and how many each of its characters takes; none is beyond the first plane. */
const ENCODINGS: Readonly<Record<string, readonly [bytes: (text: string) => Buffer, mark: number, width: number]>> = {
  'UTF-8 with a mark': [(text) => Buffer.from(`\ufeff${text}`), 3, 1],
  'UTF-16 little-endian with a mark': [(text) => Buffer.from(`\ufeff${text}`, 'utf16le'), 2, 2],
  'UTF-16 big-endian with a mark': [(text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 2, 2],
  'UTF-16 little-endian without': [(text) => Buffer.from(text, 'utf16le'), 0, 2],
  'UTF-32 little-endian': [(text) => Buffer.from(Uint32Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0)).buffer), 4, 4],
};

test.each(Object.entries(ENCODINGS))(
  'S7: %s',
  (encoding, [encode, mark, width]) => {
    const put = (filler: string, marked: string): { bytes: Buffer; spans: readonly Span[] } => {
      const { text, spans } = plant('middle', filler, marked);
      const utf8 = Buffer.from(text);
      const at = (offset: number): number => (width === 1 ? offset : utf8.toString('utf8', 0, offset).length * width) + mark;
      return { bytes: encode(text), spans: spans.map(({ start, end }) => ({ start: at(start), end: at(end) })) };
    };
    expect(missedIn(SOAK ? TEXTS : TEXTS.filter((_text, number) => number % 5 === 2), put, encoding)).toEqual([]);
  },
  600_000,
);
