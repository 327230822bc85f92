/** From a hit of a rule's pattern to a candidate: what its text and its name say by themselves, wherever they stand. */
import type { Candidate, Dropped } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { isTextCheck, type Rule, type RuleSet } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { Confidence } from '../model/severity.ts';
import { CHECKSUMS } from '../rules/checksums.ts';
import type { Hit } from './compiled-rule.ts';
import { isPlainPassword } from './credential-value.ts';
import { isMixed } from './entropy.ts';
import { dropReason, type Drop } from './filters.ts';
import { lineAround } from './lines.ts';
import { assignedName } from './surroundings.ts';

/** Verdicts that are remembered, and the longest text of one. */
const MOST_VERDICTS = 2048;
const LONGEST_TEXT = 256;

export class Judge {
  readonly #samples: RuleSet['samples'];
  /** What filters said of a rule, a text and its name: the versions of a file hold the same ones. */
  readonly #verdicts = new Map<string, Drop | undefined>();

  constructor(samples: RuleSet['samples']) {
    this.#samples = samples;
  }

  /** What a hit in some bytes is, unless a filter takes it away. */
  candidate(hit: Hit, bytes: Buffer, dropped: ((drop: Dropped) => void) | undefined): Candidate | undefined {
    const { rule } = hit;
    const text = bytes.toString('latin1', hit.start, hit.end);
    if (isTextCheck(rule)) {
      const { start, end, name = text } = hit;
      const evidence = hit.evidence.length > 0 ? hit.evidence : [`\`${text}\``];
      return { rule, secret: new Secret(''), span: { start, end }, name, evidence, proven: false, confidence: rule.confidence };
    }
    const name = hit.name ?? nameOnLine(bytes, hit.start);
    const drop = this.#dropReason(rule, text, hit.prefixLength, name, dropped !== undefined);
    if (drop !== undefined) {
      dropped?.({ rule, span: { start: hit.start, end: hit.end }, ...drop });
      return undefined;
    }
    const algorithm = CHECKSUMS[rule.checksum ?? ''];
    const verdict = algorithm?.check(text);
    const proven = algorithm?.proves === true && verdict === 'valid';
    if (rule.matcher.kind === 'token' && !proven && isInsideBase64(bytes, hit)) {
      dropped?.({ rule, span: { start: hit.start, end: hit.end }, filter: 'base64', reason: 'a part of a longer run of base64' });
      return undefined;
    }
    const evidence = [...hit.evidence];
    const isSample =
      hit.sample ?? (rule.kind === 'password' && (rule.matcher.kind === 'pattern' || rule.matcher.kind === 'assignment') && isPlainPassword(text));
    let confidence: Confidence = isSample ? 'low' : hit.weak === true ? lower(rule.confidence) : rule.confidence;
    if (algorithm !== undefined && verdict === 'valid') {
      evidence.push(algorithm.label, ...(algorithm.details?.(text) ?? []));
      if (proven) confidence = 'high';
      const doubt = algorithm.doubt?.(text);
      if (doubt !== undefined) {
        evidence.push(doubt);
        confidence = 'low';
      }
    } else if (verdict === 'invalid') {
      evidence.push('its checksum does not fit: made up, damaged, or of a newer form');
      confidence = 'low';
    }
    return {
      rule,
      secret: new Secret(text, text.slice(0, hit.prefixLength)),
      span: { start: hit.start, end: hit.end },
      name,
      evidence,
      proven,
      ...(hit.named === undefined ? {} : { named: hit.named }),
      confidence,
    };
  }

  #dropReason(rule: Rule, text: string, prefixLength: number, name: string, exactly: boolean): Drop | undefined {
    const ask = (): Drop | undefined => dropReason({ rule, text, body: text.slice(prefixLength), name }, this.#samples, exactly);
    if (exactly || text.length > LONGEST_TEXT) return ask();
    const key = `${rule.id}\0${prefixLength}\0${name}\0${text}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined || this.#verdicts.has(key)) return known;
    const verdict = ask();
    if (this.#verdicts.size >= MOST_VERDICTS) this.#verdicts.clear();
    this.#verdicts.set(key, verdict);
    return verdict;
  }
}

/** The name that the value at an offset is given to on its own line. */
function nameOnLine(bytes: Buffer, start: number): string {
  const { text, offset } = lineAround(bytes, start, start);
  return assignedName(text, start - offset);
}

/** How much base64 stands on both sides of what is only a part of it: an image, a certificate. Bytes. */
const BASE64_AROUND = 64;

/** Whether a span goes on as base64 on both sides; on the left it must be a sign of base64 that sets it apart. */
function isInsideBase64(bytes: Buffer, { start, end }: Span): boolean {
  const before = bytes[start - 1];
  if (before !== 0x2b && before !== 0x2f) return false;
  if (base64Run(bytes, start - BASE64_AROUND, start) === undefined) return false;
  if (base64Run(bytes, end, end + BASE64_AROUND) !== undefined) return true;
  // The last of it: no path of an address is so long and has no other sign.
  const run = base64Run(bytes, start - 4 * BASE64_AROUND, start);
  return run !== undefined && isMixed(run);
}

/** A part of a content, where it is base64 throughout and lies within it. */
function base64Run(bytes: Buffer, from: number, to: number): string | undefined {
  if (from < 0 || to > bytes.length) return undefined;
  const run = bytes.toString('latin1', from, to);
  return /[^A-Za-z0-9+/]/.test(run) ? undefined : run;
}

function lower(confidence: Confidence): Confidence {
  return confidence === 'high' ? 'medium' : 'low';
}
