/**
 * The services that a file is about as a whole: the packages that it imports and the hosts of its addresses. Weaker than
 * what stands around a value, and asked only where nothing there says whose it is.
 */
import { wordsOf } from '../detect/surroundings.ts';

/** A line that may take in a package, in common languages. */
const LINE = /^[ \t]{0,8}(import|from|using|use|gem|require|require_once|const|let|var|\})(?=[ \t(])/gm;
/** How much of it is looked at; lists of names stand before some packages. */
const MAX_LINE = 200;
/** The package of such a line: behind one of these words, else the first quoted text, or the first word. */
const TAKEN = /\b(?:from|require|import)[ \t(]{1,4}["'`](?:[a-z-]{1,20}:)?([@\w][\w./@-]{1,100})["'`]/;
const QUOTED = /^[ \t(]{0,4}["'`]([@\w][\w./@-]{1,100})["'`]/;
const WORD = /^[\w.\\:-]{2,100}/;
/** One of a list of packages in Go, without its host and whoever keeps it there: `statsd "github.com/acme/acme-go/statsd"`. Go's own are of no service. */
const LISTED = /^\t(?:[\w.]{1,30} )?"(?!golang\.org\/x\/)[\w-]{1,40}\.[a-z]{2,6}\/(?:[\w.-]{1,60}\/)?([\w./-]{2,120})"[ \t]{0,4}$/gm;
/** No address of an image or of what a click on one leads to, as badges have: `[![build](https://…)](https://…)`. */
const HOST = /(?<!!\[[^\]\n]{0,80}\]\(|\)\]\(|<img src=["']|image:: |target: )\bhttps?:\/\/([a-z0-9.-]{4,100})/g;

/** Words that begin many another line too. */
const DECLARING = new Set(['const', 'let', 'var', '}']);

/** What packages and hosts are also called, and nobody's name. */
const AFFIXES = new Set(
  'node js ts py python go java ruby php rust dotnet net sdk client api lib core web server cloud bolt www com org io co ai dev app'.split(' '),
);

/** Makers of libraries for everything. */
const MAKERS = new Set(['google', 'github', 'microsoft', 'facebook', 'apple', 'amazon']);

/** What a content, in lower case, calls the services that it uses: words without separators, each once. */
export function servicesIn(text: string): Set<string> {
  const services = new Set<string>();
  for (const { 0: match, 1: word = '', index } of text.matchAll(LINE)) {
    const from = index + match.length + 1;
    const [rest = ''] = text.slice(from, from + MAX_LINE).split('\n', 1);
    const plain = DECLARING.has(word) ? undefined : (QUOTED.exec(rest)?.[1] ?? WORD.exec(rest)?.[0]);
    addNames(services, TAKEN.exec(`${word} ${rest}`)?.[1] ?? plain ?? '');
  }
  for (const [, module = ''] of text.matchAll(LISTED)) addNames(services, module);
  for (const [, host = ''] of text.matchAll(HOST)) addNames(services, host.slice(0, host.lastIndexOf('.')));
  for (const maker of MAKERS) services.delete(maker);
  return services;
}

function addNames(services: Set<string>, path: string): void {
  for (const part of path.split(/[/\\:@.]/)) {
    const words = wordsOf(part);
    for (const name of [words, words.filter((word) => !AFFIXES.has(word))]) if (name.length > 0) services.add(name.join(''));
  }
}
