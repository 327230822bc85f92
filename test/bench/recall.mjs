/**
 * In how many ways of writing each rule that needs a name finds its secret: the forms of `test/support/forms.ts`, which tests
 * hold to all of it, and those in which no secret is found every time. Values are made while it runs. For each form: how
 * many secrets were found at all, from the first to the last character, and as their provider's.
 */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { inspection } from './product.mjs';

/** Words of a name of which nobody knows the owner. */
const NOBODY = ['zorblat', 'api', 'token'];
/** `acmeapikey` → acme, api, key */
const NAME = /^([a-z]{3,}?)((?:access|admin|api|auth|client|private)?)(key|token|secret)$/;

/** @typedef {(words: readonly string[], value: string) => string} Form */
/** @typedef {{ words: readonly string[]; template: string; provider: string | undefined }} Subject */

/** @returns {Promise<Record<'FORMS' | 'NESTED_FORMS' | 'OPEN_FORMS', Record<string, Form>>>} */
async function forms() {
  const bundle = await rolldown({ input: fileURLToPath(new URL('../support/forms.ts', import.meta.url)) });
  const { output } = await bundle.generate({ format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

/** @param {{ print: (text: string) => void }} options */
export async function run({ print }) {
  const [{ FORMS, NESTED_FORMS, OPEN_FORMS }, { rules, examples, expand, inspect }] = await Promise.all([forms(), inspection()]);
  /** @type {Subject[]} */
  const subjects = [];
  for (const { id, provider, kind, matcher } of rules) {
    if (matcher.kind !== 'context' || kind === 'check') continue;
    const owners = provider.toLowerCase().split(/[^a-z0-9]+/);
    const words = matcher.names
      .map((name) => (NAME.exec(name) ?? []).slice(1).filter((word) => word !== ''))
      .find(([owner = '']) => owners.includes(owner));
    const template = examples[id]?.match
      .map(({ text }) => /\[\|([^\n"']{8,}?)\|\]/.exec(text)?.[1] ?? '')
      .find((text) => /^[^\s"'`=&,;<>|]{8,}$/.test(text));
    if (words !== undefined && template !== undefined) subjects.push({ words, template, provider });
  }
  const owned = subjects.length;
  for (const template of ['{{alnum:32}}', '{{hex:40}}', '{{base64url:43}}', '{{hex:64}}'])
    subjects.push({ words: NOBODY, template, provider: undefined });
  print(`${owned} rules, and ${subjects.length - owned} values of nobody's\n\nform                                found  exact  owner    nobody's`);
  for (const [group, list] of Object.entries({ '': FORMS, 'in ': NESTED_FORMS, 'open: ': OPEN_FORMS })) {
    for (const [name, form] of Object.entries(list)) print(lineOf(`${group}${name}`, form, subjects));
  }

  /**
   * @param {string} name
   * @param {Form} form
   * @param {readonly Subject[]} all
   */
  function lineOf(name, form, all) {
    const counts = { owned: { all: 0, found: 0, exact: 0, owner: 0 }, nobody: { all: 0, exact: 0 } };
    for (const [index, { words, template, provider }] of all.entries()) {
      const value = expand(template, `recall ${name} ${index}`);
      const text = form(words, value);
      const start = Buffer.byteLength(text.slice(0, text.lastIndexOf(value)));
      const end = start + Buffer.byteLength(value);
      const found = inspect(Buffer.from(text)).filter(({ span }) => span.start < end && span.end > start);
      const exact = found.filter(({ span }) => span.start === start && span.end === end);
      if (provider === undefined) {
        counts.nobody.all++;
        if (exact.length > 0) counts.nobody.exact++;
        continue;
      }
      counts.owned.all++;
      if (found.length > 0) counts.owned.found++;
      if (exact.length > 0) counts.owned.exact++;
      if (exact.some(({ rule, issuer }) => (issuer ?? rule).provider === provider)) counts.owned.owner++;
    }
    const share = (/** @type {number} */ count, /** @type {number} */ of) => `${((100 * count) / of).toFixed(1)}%`.padStart(7);
    const { owned: own, nobody } = counts;
    return `${name.padEnd(34)}${share(own.found, own.all)}${share(own.exact, own.all)}${share(own.owner, own.all)}  ${share(nobody.exact, nobody.all)}`;
  }
}
