import { describe, expect, test } from 'vitest';
import type { Inspector } from '../../src/scan/inspector.ts';
import { Mask } from '../../src/scan/mask.ts';

/** Takes each `tok_…` for a secret, and what begins in it and ends one character behind it for a second one. */
class ShapeInspector {
  asked = 0;

  inspect(bytes: Buffer, options: unknown): { span: { start: number; end: number } }[] {
    this.asked++;
    expect(options).toEqual({ selfIdentifyingOnly: true });
    const found = [...bytes.toString('latin1').matchAll(/tok_\w+/g)].map((match) => ({
      span: { start: match.index, end: match.index + match[0].length },
    }));
    return found.flatMap((one) => [one, { span: { start: one.span.start + 2, end: one.span.end + 1 } }]);
  }
}

function masking(...secrets: string[]): { mask: (text: string) => string; inspector: ShapeInspector } {
  const inspector = new ShapeInspector();
  const mask = new Mask(inspector as unknown as Inspector, secrets);
  return { mask: (text) => mask.apply(text), inspector };
}

describe('the mask', () => {
  test.each([
    ['the secrets of findings, wherever they stand', 'a hunter22-hunter22 b', 'a **** b'],
    ['at the start and at the end', 'correcthorse/hunter22-hunter22', '****/****'],
    ['the shortest of them at the end', 'x 12345678', 'x ****'],
    ['one behind the other, each', 'correcthorsecorrecthorse', '********'],
    ['of several lengths', 'x12345678y correcthorse', 'x****y ****'],
    ['not what is shorter than eight characters', 'short1 in a path', 'short1 in a path'],
    ['not a part of one', 'correcthors e', 'correcthors e'],
    ['what is a secret by its shape, in bytes of UTF-8', '\u00fc tok_abc. \u00fc', '\u00fc **** \u00fc'],
    ['nothing, and then the text is what it was', 'a lone \ud800 half', 'a lone \ud800 half'],
    ['every one of these, each once', 'tok_abc.-tok_def.', '****-****'],
  ])('hides %s', (_what, text, masked) => {
    expect(masking('hunter22-hunter22', 'correcthorse', '12345678', 'short1').mask(text)).toBe(masked);
  });

  test.each<readonly [what: string, text: string, secrets: readonly string[]]>([
    ['one inside another, whichever was found first', 'x plum-42-kite-sail y', ['42-kite-', 'plum-42-kite-sail']],
    ['two that begin alike', 'x plum-42-kite-sail y', ['plum-42-', 'plum-42-kite-sail']],
    ['the first of two that begin alike', 'x plum-42-kite-sail y', ['plum-42-kite-sail', 'plum-42-another']],
    ['two that overlap', 'x plum-42-kite-sail y', ['plum-42-kite', '42-kite-sail']],
  ])('leaves nothing of %s', (_what, text, secrets) => expect(masking(...secrets).mask(text)).toBe('x **** y'));

  test('looks at a text once, and not at one that is too short for any secret', () => {
    const { mask, inspector } = masking();
    expect([mask('tok_abcd'), mask('tok_abcd'), mask('tok_abc')]).toEqual(['****', '****', 'tok_abc']);
    expect(inspector.asked).toBe(1);
  });
});
