import { describe, expect, test } from 'vitest';
import { nameClaim, SCORE, Surroundings, type Claim } from '../../src/classify/surroundings.ts';
import type { Attribution } from '../../src/model/rule.ts';

const ACME: Attribution = { names: ['acme'], words: [], hosts: ['acme.io'], packages: ['acme-sdk', '@acme/*'], headers: ['x-acme-key'] };
/** One whose name is a word, too. */
const CLERK: Attribution = { names: ['clerk'], words: ['clerk'], hosts: [], packages: [], headers: [] };

/** The surroundings of what stands in `[|…|]`, and where that is. */
function placed(marked: string): { surroundings: Surroundings; span: { start: number; end: number } } {
  const [before = '', value = '', after = ''] = marked.split(/\[\||\|\]/);
  return {
    surroundings: new Surroundings(Buffer.from(before + value + after, 'latin1')),
    span: { start: before.length, end: before.length + value.length },
  };
}
function near(marked: string, attribution = ACME): Claim | undefined {
  const { surroundings, span } = placed(marked);
  return surroundings.nearClaim(attribution, span);
}
function claimed(marked: string, attribution = ACME): Claim | undefined {
  const { surroundings, span } = placed(marked);
  return surroundings.claim(attribution, span);
}

describe('what the name says that a value is given to', () => {
  test.each([
    ['ACME_KEY', { score: SCORE.ownName, evidence: '`ACME_KEY` in the same assignment' }],
    ['acmeKey', { score: SCORE.ownName, evidence: '`acmeKey` in the same assignment' }],
    ['X-Acme-Key', { score: SCORE.ownName, evidence: '`X-Acme-Key` in the same assignment' }],
    ['key', undefined],
    ['acmekeyer', undefined],
  ])('%s', (name, claim) => {
    expect(nameClaim(ACME, name)).toEqual(claim);
  });

  test('a header of a provider, in whatever letters', () => {
    const other: Attribution = { ...ACME, names: [] };
    expect(nameClaim(other, 'X-ACME-Key')).toEqual({ score: SCORE.ownName, evidence: 'header `X-ACME-Key`' });
    expect(nameClaim(other, 'X-Other')).toBeUndefined();
  });
});

describe('what stands near a value', () => {
  test.each([
    ['acme = "[|v|]"', 'acme'],
    ['get("https://api.ACME.io/", "[|v|]")', 'acme.io'],
    ['{ "X-Acme-Key": "[|v|]" }', 'x-acme-key'],
    ['connect(require("acme-sdk"), "[|v|]")', 'acme-sdk'],
    ["import x from '@acme/client'; x('[|v|]')", '@acme/'],
    ['x("[|v|]") // for Acme', 'acme'],
  ])('on its line: %s', (marked, what) => {
    expect(near(marked)).toEqual({ score: SCORE.sameLine, evidence: `\`${what}\` on the same line` });
  });

  test.each(['x = "[|acme|]"', 'x = "[|acme.io|]"', 'notacme.iox = "[|v|]"', 'pacmefree = "[|v|]"', 'x = "[|v|]"'])(
    'nothing on its line: %s',
    (marked) => {
      expect(near(marked)).toBeUndefined();
    },
  );

  test.each([1, 2, 3, 4])('%i lines away, above or below', (distance) => {
    const lines = 'x\n'.repeat(distance - 1);
    const claim = { score: SCORE.near - 3 * distance, evidence: `\`acme\` ${distance === 1 ? '1 line' : `${distance} lines`} away` };
    expect(near(`first\n# acme\n${lines}x = "[|v|]"\n`)).toEqual(claim);
    expect(near(`# acme\n${lines}x = "[|v|]"\n`)).toEqual(claim);
    expect(near(`x = "[|v|]"\n${lines}# acme\n`)).toEqual(claim);
    expect(near(`x = "[|v|]"\n${lines}# acme`)).toEqual(claim);
  });

  test('no further than four lines', () => {
    expect([near(`# acme\n${'x\n'.repeat(4)}x = "[|v|]"`), near(`x = "[|v|]"\n${'x\n'.repeat(4)}# acme`)]).toEqual([undefined, undefined]);
  });

  test('the nearest counts, wherever the other stands', () => {
    expect(near('acme.io\nx\nx = "[|v|]"\n# acme\n')).toEqual({ score: SCORE.near - 3, evidence: '`acme` 1 line away' });
    expect(near('acme.io\nx = "[|v|]"\nx\n# acme\n')).toEqual({ score: SCORE.near - 3, evidence: '`acme.io` 1 line away' });
    expect(near('acme\nacme.io, "[|v|]"\nacme')).toEqual({ score: SCORE.sameLine, evidence: '`acme.io` on the same line' });
  });

  test('asked about another value, the same content answers of that', () => {
    const bytes = 'acme = 1\nx\nx\nx\nx\nx\nx = 2\n';
    const surroundings = new Surroundings(Buffer.from(bytes));
    const [one, two] = ['1', '2'].map((value) => ({ start: bytes.indexOf(value), end: bytes.indexOf(value) + 1 }));
    expect(surroundings.nearClaim(ACME, one!)?.score).toBe(SCORE.sameLine);
    expect(surroundings.nearClaim(ACME, two!)).toBeUndefined();
    expect([surroundings.keysAround(two!), surroundings.keysAround(one!)]).toEqual([[], []]);
  });
});

describe('a name that is a word of the language, too', () => {
  test.each([
    ['clerkClient', 'x = clerkClient(a, b, c, "[|v|]")'],
    ['a property', 'const a = the.clerk.key("[|v|]", x)'],
    ['a path', 'the request goes to /clerk/users with "[|v|]"'],
    ['in quotes', 'what we use here is "clerk" with "[|v|]"'],
    ['what is called', 'and then the clerk(with, "[|v|]", some)'],
    ['what is assigned', 'here we set the clerk="[|v|]" of that'],
    ['a name of a place', 'and the clerk.com is asked with "[|v|]"'],
    ['a capital within a sentence', 'this is what our Clerk wants of us "[|v|]"'],
    ['before a word of keys', 'this is where the clerk key is put "[|v|]"'],
    ['before a word of keys, with a dash', 'this is where the clerk-secret is put "[|v|]"'],
    ['a heading', '# Clerk: "[|v|]"'],
    ['a heading of three words', '# the clerk here "[|v|]"'],
    ['the second of two', 'the clerk enters it into the clerkForm "[|v|]"'],
  ])('is a name: %s', (_what, marked) => {
    expect(near(marked, CLERK)).toMatchObject({ score: SCORE.sameLine });
  });

  test.each(['the clerk enters it by hand "[|v|]"', 'Clerk enters it here by hand "[|v|]"', 'then the clerk. enters it by hand "[|v|]"'])(
    'is no name: %s',
    (marked) => {
      expect(near(marked, CLERK)).toBeUndefined();
    },
  );
});

describe('what a file says anywhere', () => {
  const far = '\n'.repeat(9);

  test.each([
    [`import x from 'acme-sdk'${far}x = "[|v|]"`, SCORE.imported, 'the file imports `acme-sdk`'],
    [`x = "[|v|]"${far}require("acme-sdk")`, SCORE.imported, 'the file imports `acme-sdk`'],
    [`from acme-sdk import x${far}x = "[|v|]"`, SCORE.imported, 'the file imports `acme-sdk`'],
    [`import a from "@acme/a"${far}x = "[|v|]"`, SCORE.imported, 'the file imports `@acme/*`'],
    [`use Acme-SDK;${far}x = "[|v|]" acme-sdk;`, SCORE.sameLine, '`acme` on the same line'],
    [`get("https://eu.acme.io/x")${far}x = "[|v|]"`, SCORE.fileHost, 'the file names the host `acme.io`'],
    [`ACME_API_KEY${far}x = "[|v|]"`, SCORE.fileName, '`acme` elsewhere in the file'],
    [`acmesecret${far}x = "[|v|]"`, SCORE.fileName, '`acme` elsewhere in the file'],
    [`acme_token${far}x = "[|v|]"`, SCORE.fileName, '`acme` elsewhere in the file'],
  ])('%j', (marked, score, evidence) => {
    expect(claimed(marked)).toEqual({ score, evidence });
  });

  test.each([
    `import x from 'acme-sdk-2'${far}x = "[|v|]"`,
    `acme-sdk${far}x = "[|v|]"`,
    `notacme.io${far}x = "[|v|]"`,
    `acme.io.evil.com${far}x = "[|v|]"`,
    `acme.iox${far}x = "[|v|]"`,
    `myacme_key${far}x = "[|v|]"`,
    `acme_keys${far}x = "[|v|]"`,
    `acme and a key${far}x = "[|v|]"`,
  ])('nothing: %j', (marked) => {
    expect(claimed(marked)).toBeUndefined();
  });

  test('counts less than what is near, and is the same for each value of it', () => {
    const { surroundings, span } = placed(`acme.io${far}# acme\nx = "[|v|]"`);
    expect(surroundings.claim(ACME, span)).toEqual({ score: SCORE.near - 3, evidence: '`acme` 1 line away' });
    const top = { start: 0, end: 0 };
    expect([surroundings.claim(ACME, top)?.score, surroundings.claim(CLERK, top), surroundings.claim(CLERK, span)]).toEqual([
      SCORE.sameLine,
      undefined,
      undefined,
    ]);
  });

  test('hosts that are asked without encryption', () => {
    const plain = (text: string): string | undefined => new Surroundings(Buffer.from(text)).plainHost(ACME);
    expect(plain('x HTTP://api.acme.io/v1')).toBe('http://api.acme.io');
    expect(plain('ws://a.b.c.streaming.eu.acme.io')).toBe('ws://a.b.c.streaming.eu.acme.io');
    for (const text of ['https://api.acme.io', 'http://www.acme.io', 'http://acme.io', 'http://api.acme.iox', 'http://api.acme.io.evil'])
      expect([text, plain(text)]).toEqual([text, undefined]);
    const both = new Surroundings(Buffer.from('http://api.other.io http://api.acme.io'));
    expect(both.plainHost({ ...ACME, hosts: ['none.io', 'acme.io', 'other.io'] })).toBe('http://api.acme.io');
    expect(both.plainHost({ ...ACME, hosts: [] })).toBeUndefined();
  });

  test('hosts that are named, or some below them', () => {
    const named = (text: string, ...hosts: string[]): boolean => new Surroundings(Buffer.from(text)).namesHost(hosts);
    expect([named('at API.acme.io:', 'none.io', 'acme.io'), named('acme.io', 'acme.io')]).toEqual([true, true]);
    expect([named('acme.io', 'none.io'), named('acme.io'), named('acme.io.x', 'acme.io'), named('my-acme.io', 'acme.io')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    const [hosts, surroundings] = [['acme.io'], new Surroundings(Buffer.from('acme.io'))];
    expect([surroundings.namesHost(hosts), surroundings.namesHost(hosts), surroundings.namesHost(['none.io'])]).toEqual([true, true, false]);
  });
});

describe('a provider whose name a key is that the value stands in', () => {
  const byKey = (marked: string): Claim | undefined => {
    const { surroundings, span } = placed(marked);
    return surroundings.keyClaim(ACME, span);
  };

  test.each([
    ['acme:\n  key: [|v|]', 'acme'],
    ['acme_prod:\n  key: [|v|]', 'acme_prod'],
    ['x:\n  acme:\n    a:\n      key: [|v|]', 'acme'],
    ['Acme = {\n  key: [|v|]', 'Acme'],
  ])('%j', (marked, key) => {
    expect(byKey(marked)).toEqual({ score: SCORE.sameLine, evidence: `in \`${key}\`` });
  });

  test.each(['key: [|v|]', 'pacmefree:\n  key: [|v|]', 'acme("[|v|]"'])('not %j', (marked) => {
    expect(byKey(marked)).toBeUndefined();
  });
});
