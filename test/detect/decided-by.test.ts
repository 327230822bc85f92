/** Which bytes decide what rules give that look further than a line. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CompiledRule } from '../../src/detect/compiled-rule.ts';
import { decidedBy, LoneAnchors, NamelessValues } from '../../src/detect/decided-by.ts';
import type { Span } from '../../src/model/origin.ts';
import type { Matcher, Rule } from '../../src/model/rule.ts';

function rule(matcher: Partial<Matcher>): Rule {
  return { id: 'r', matcher } as unknown as Rule;
}

/** Lines `0` to `19`, three bytes each with their ends. */
const LINES = Array.from({ length: 20 }, (_, line) => `${line.toString().padStart(2, '0')}\n`).join('');
const bytes = Buffer.from(LINES);

/** The lines that decide about one of them, as first-last. */
function lines(matcher: Partial<Matcher>, line: number): string | undefined {
  const span = decidedBy(rule(matcher), bytes, { start: line * 3, end: line * 3 + 2 });
  return (
    span &&
    LINES.slice(span.start, span.end)
      .trim()
      .replaceAll(/\n(?:\d+\n)*/g, '-')
  );
}

describe('what decides about hits', () => {
  test.each([
    [{ kind: 'context', within: 0 }, '05-12'],
    [{ kind: 'context', within: 3 }, '05-15'],
    [{ kind: 'context', within: 6 }, '02-18'],
    [{ kind: 'credential' }, '05-12'],
    [{ kind: 'token' }, undefined],
    [{ kind: 'usage' }, undefined],
  ] as const)('of %j are whole lines around them', (matcher, expected) => {
    expect(lines(matcher, 10)).toBe(expected);
  });

  test('ends where the content does', () => {
    expect([lines({ kind: 'credential' }, 1), lines({ kind: 'credential' }, 19)]).toEqual(['00-03', '14-19']);
  });

  test('is not known where a line is too long', () => {
    const long = (above: number, below: number): Span | undefined => {
      const before = `${'x'.repeat(above)}\n1\n2\n3\n4\n`;
      return decidedBy(rule({ kind: 'credential' }), Buffer.from(`${before}here\n1\n${'x'.repeat(below)}\n2`), {
        start: before.length,
        end: before.length + 4,
      });
    };
    expect(long(2048, 2048)).toEqual({ start: 0, end: 2048 + 9 + 4 + 3 + 2048 });
    expect(long(2049, 10)).toBeUndefined();
    expect(long(10, 2049)).toBeUndefined();
  });
});

describe('a value whose name stands elsewhere', () => {
  const text = `${LINES}"value": "abc"\n${LINES}`;
  const at = { start: text.indexOf('value'), end: text.indexOf('value') + 5 };
  const own = { start: at.start - 16, end: at.end + 14 };
  const decided = (content: string, as: 'secret' | 'password', values = new NamelessValues(), given = Buffer.from(content)): Span | undefined =>
    values.decidedBy({ rule: rule({ kind: 'credential', as }) } as CompiledRule, given, {
      start: content.indexOf('value'),
      end: content.indexOf('value') + 5,
    });

  test('is decided by the lines around it, where no name can be', () => {
    expect([decided(text, 'secret'), decided(text, 'password')]).toEqual([own, own]);
    const { rule: other } = { rule: rule({ kind: 'token' }) };
    expect(new NamelessValues().decidedBy({ rule: other } as CompiledRule, Buffer.from(text), at)).toBeUndefined();
  });

  test.each([
    ['15\n', 'the Key\n', 'secret'],
    ['15\n', 'PASSWORD\n', 'password'],
    ['00\n01\n02\n03\n', '00\nAuth\n02\n03\n', 'secret'],
  ] as const)('is not decided where %j is %j', (line, named, as) => {
    const content = line.startsWith('15') ? text.replace(line, named) : text.replace(`abc"\n${line}`, `abc"\n${named}`);
    expect(decided(content, as)).toBeUndefined();
    expect(decided(content, as === 'secret' ? 'password' : 'secret')).toBeDefined();
  });

  test('one that names further away change nothing', () => {
    expect(decided(text.replace('14\n', 'the key\n').replace('03\n04\n', '03\nkey\n'), 'secret')).toBeDefined();
  });

  test('is asked about anew in another content, and at another place', () => {
    const values = new NamelessValues();
    expect(decided(text, 'secret', values)).toEqual(own);
    expect(decided(text.replace('19\n', 'key\n'), 'secret', values)).toBeUndefined();
    const twice = Buffer.from(`"value": 1\n${LINES}the key\n"value": 2\n`);
    const span = (place: number): Span | undefined =>
      values.decidedBy({ rule: rule({ kind: 'credential', as: 'secret' }) } as CompiledRule, twice, { start: place, end: place + 5 });
    expect([span(1) === undefined, span(twice.lastIndexOf('value'))]).toEqual([false, undefined]);
  });

  test('is not decided where a line is too long', () => {
    expect(decided(`${'x'.repeat(3000)}\n"value": "abc"\n`, 'secret')).toBeUndefined();
  });
});

describe('an anchor near which no value can be', () => {
  /** What decides about the word `acme` of a text, and between which bytes a value was looked for. */
  function lone(
    text: string,
    within: number,
    mayHold = false,
    anchors = new LoneAnchors(),
    content = Buffer.from(text),
  ): { span: Span | undefined; looked: Span[] } {
    const looked: Span[] = [];
    const compiled = {
      rule: rule({ kind: 'context', within }),
      mayHoldInLines: (_matcher: unknown, _bytes: unknown, span: Span) => (looked.push({ start: span.start, end: span.end }), mayHold),
    } as unknown as CompiledRule;
    const start = text.indexOf('acme');
    return { span: anchors.decidedBy(compiled, content, { start, end: start + 4 }), looked };
  }

  const text = 'a\nb\nc\nthe acme key\nd\ne\nf\n';

  test('is decided by the lines around it, where they hold no value', () => {
    expect(lone(text, 1)).toEqual({ span: { start: 4, end: 20 }, looked: [{ start: 4, end: 20 }] });
    expect(lone(text, 0).span).toEqual({ start: 6, end: 18 });
    expect(lone(text, 1, true)).toEqual({ span: undefined, looked: [{ start: 4, end: 20 }] });
    const compiled = { rule: rule({ kind: 'token' }) } as unknown as CompiledRule;
    expect(new LoneAnchors().decidedBy(compiled, Buffer.from(text), { start: 10, end: 14 })).toBeUndefined();
  });

  test('is decided by the letters around it, where it is a part of a word', () => {
    expect(lone('a\nb\nthe macme key\n', 1)).toEqual({ span: { start: 7, end: 13 }, looked: [] });
    expect(lone('xacme', 1)).toEqual({ span: { start: 0, end: 5 }, looked: [] });
  });

  test('is not decided where a line is too long', () => {
    expect(lone(`${'x '.repeat(1025)}acme`, 1).span).toBeUndefined();
    expect(lone(`${'x '.repeat(1024)}\nacme key`, 1).span).toEqual({ start: 0, end: 2048 + 9 });
    expect(lone(`${'x '.repeat(1025)}\nacme key`, 1).span).toBeUndefined();
  });

  test('is looked at once a line, content and reach', () => {
    const anchors = new LoneAnchors();
    const content = Buffer.from('acme acme\nb\nacme\n');
    const linesForth = vi.fn(() => false);
    const ask = (start: number, within: number, of = content): Span | undefined =>
      anchors.decidedBy({ rule: rule({ kind: 'context', within }), mayHoldInLines: linesForth } as unknown as CompiledRule, of, {
        start,
        end: start + 4,
      });
    expect(ask(0, 0)).toEqual({ start: 0, end: 9 });
    expect(ask(5, 0)).toEqual({ start: 0, end: 9 });
    expect(ask(12, 0)).toEqual({ start: 12, end: 16 });
    expect(ask(0, 0)).toEqual({ start: 0, end: 9 });
    expect(ask(5, 1)).toEqual({ start: 0, end: 11 });
    expect(ask(0, 1, Buffer.from('acme\n'))).toEqual({ start: 0, end: 5 });
    expect(ask(0, 1)).toEqual({ start: 0, end: 11 });
    const long = Buffer.from(`acme ${'x '.repeat(2000)}acme`);
    for (const start of [0, 0, long.length - 4, 0]) expect(ask(start, 1, long)).toBeUndefined();
  });

  test('has the same lines around it, whichever was asked about before', () => {
    const part = fc.constantFrom('\n', '\n', 'acme', 'ab', 'x'.repeat(1500), 'x'.repeat(2048));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 })), { minLength: 1, maxLength: 8 }),
        (parts, asked) => {
          const content = Buffer.from(parts.join(''));
          const anchors = new LoneAnchors();
          const compiled = (within: number): CompiledRule =>
            ({ rule: rule({ kind: 'context', within }), mayHoldInLines: () => false }) as unknown as CompiledRule;
          for (const [place, within] of asked) {
            const start = place % (content.length + 1);
            // A literal holds no line end.
            if (content[start] === 0x0a) continue;
            const at = { start, end: Math.min(content.length, start + 1) };
            const alone = new LoneAnchors().decidedBy(compiled(within), content, at);
            const told = anchors.decidedBy(compiled(within), content, at);
            if (alone !== undefined) expect(told).toEqual(alone);
          }
        },
      ),
    );
  });
});
