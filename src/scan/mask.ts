/** Keeps secrets out of text that is not theirs: paths, names, authors, git's complaints. */
import type { Finding, Sighting, Tracking } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import type { Report } from '../model/report.ts';
import { asText } from '../model/secret.ts';
import type { Inspector } from './inspector.ts';

/** A shorter secret is a common word; masking it would tell more than it hides. */
const SHORTEST = 8;
const MASK = '****';

/** Words of one case, joined by dashes or underscores. */
const WORDS = /^(?:[a-z]+(?:[-_][a-z]+)*|[A-Z]+(?:[-_][A-Z]+)*)$/;

/**
 * Whether a secret is most likely no one's: a password in a command that is also the project's name. Masked in paths and
 * targets, it would tell what the password is, and hide the file that must be opened.
 */
export function isOrdinaryWord({ rule, confidence, secret }: Pick<Sighting, 'rule' | 'confidence' | 'secret'>): boolean {
  return rule.kind === 'password' && confidence === 'low' && WORDS.test(secret.reveal());
}

export class Mask {
  readonly #inspector: Inspector;
  /** Secrets by their first characters, the longest first: of those that begin at one place it hides the others too. */
  readonly #secrets = new Map<string, string[]>();
  readonly #known = new Map<string, string>();

  /** `secrets` are those of the findings: they are masked wherever they turn up again. */
  constructor(inspector: Inspector, secrets: Iterable<string>) {
    this.#inspector = inspector;
    // As bytes, and as the text that they are in what git says.
    for (const secret of new Set(Array.from(secrets, (bytes) => [bytes, asText(bytes)]).flat())) {
      if (secret.length < SHORTEST) continue;
      const start = secret.slice(0, SHORTEST);
      const same = this.#secrets.get(start);
      if (same === undefined) this.#secrets.set(start, [secret]);
      else same.push(secret);
    }
    for (const same of this.#secrets.values()) same.sort((a, b) => b.length - a.length);
  }

  /** The text with every known secret, and everything that is one by its shape alone, masked. */
  apply(text: string): string {
    if (text.length < SHORTEST) return text;
    let masked = this.#known.get(text);
    if (masked === undefined) {
      masked = this.#withoutShapes(this.#withoutSecrets(text));
      this.#known.set(text, masked);
    }
    return masked;
  }

  #withoutSecrets(text: string): string {
    if (this.#secrets.size === 0) return text;
    const spans: Span[] = [];
    for (let start = 0; start + SHORTEST <= text.length; start++) {
      const secret = this.#secrets.get(text.slice(start, start + SHORTEST))?.find((one) => text.startsWith(one, start));
      if (secret !== undefined) spans.push({ start, end: start + secret.length });
    }
    return without(spans, (from, to) => text.slice(from, to));
  }

  #withoutShapes(text: string): string {
    const bytes = Buffer.from(text);
    const sightings = this.#inspector.inspect(bytes, { selfIdentifyingOnly: true });
    return sightings.length === 0
      ? text
      : without(
          sightings.map(({ span }) => span),
          (from, to) => bytes.toString('utf8', from, to),
        );
  }
}

/** A text with a mask for each of its spans, which are in order; of two that overlap the mask hides both. */
function without(spans: readonly Span[], slice: (from: number, to?: number) => string): string {
  let result = '';
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) result += slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return result + slice(end);
}

/** No text of a report holds a secret, whichever field it came by. */
export function maskReport(report: Report, mask: Mask): Report {
  const clean = (text: string): string => mask.apply(text);
  return {
    ...report,
    target: clean(report.target),
    notScanned: report.notScanned.map((entry) => ({ ...entry, unit: clean(entry.unit), detail: clean(entry.detail) })),
    notes: report.notes.map(clean),
    dropped: report.dropped.map((hit) => ({ ...hit, file: clean(hit.file) })),
    policy: report.policy.map(clean),
    findings: changed(report.findings, (finding) => maskedFinding(finding, clean)),
    suppressed: changed(report.suppressed, (entry) => replaced(entry, { reason: clean(entry.reason), finding: maskedFinding(entry.finding, clean) })),
  };
}

function maskedFinding(finding: Finding, clean: (text: string) => string): Finding {
  return replaced(finding, {
    ...(finding.halves === undefined ? {} : { halves: changed(finding.halves, (half) => maskedFinding(half, clean)) }),
    evidence: changed(finding.evidence, clean),
    checks: changed(finding.checks, (check) => cleaned(check, 'saw', clean)),
    ...(finding.tracking === undefined ? {} : { tracking: maskedTracking(finding.tracking, clean) }),
    locations: changed(finding.locations, (location) => cleaned(location, 'file', clean)),
    ...(finding.firstSeen === undefined ? {} : { firstSeen: cleaned(finding.firstSeen, 'author', clean) }),
    ...(finding.lastSeen === undefined ? {} : { lastSeen: cleaned(finding.lastSeen, 'author', clean) }),
    ...(finding.removedIn === undefined ? {} : { removedIn: cleaned(finding.removedIn, 'author', clean) }),
  });
}

/** The very same list where nothing changes: of a hundred thousand findings hardly one has anything to hide. */
function changed<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const made = items.map(change);
  return made.every((item, index) => item === items[index]) ? items : made;
}

/** With one text of it cleaned; itself where that is clean. */
function cleaned<Key extends string, Item extends Readonly<Record<Key, string>>>(item: Item, key: Key, clean: (text: string) => string): Item {
  const text = clean(item[key]);
  return text === item[key] ? item : { ...item, [key]: text };
}

/** With other parts; itself where they are those that it has. */
function replaced<Item extends object>(item: Item, parts: Partial<Item>): Item {
  for (const key of Object.keys(parts) as (keyof Item)[]) if (parts[key] !== item[key]) return { ...item, ...parts };
  return item;
}

function maskedTracking(tracking: Tracking, clean: (text: string) => string): Tracking {
  const { line, file, undo } = tracking;
  return { ...tracking, line: clean(line), file: clean(file), ...(undo === undefined ? {} : { undo: clean(undo) }) };
}
