/**
 * The services that a file is about as a whole: the packages that it imports and the hosts of its addresses. Weaker than
 * what stands around a value, and asked only where nothing there says whose it is.
 */
import { wordsOf } from '../detect/surroundings.ts';

/** A line that takes in a package, of the common languages, up to the package. */
const IMPORT =
  /^[ \t]{0,8}(?:import|from|using|use|gem|require|require_once|(?:const|let|var)[ \t][\w{},:*$ \t]{1,80}=[ \t]{0,4}(?:await[ \t]{1,4})?(?:require|import)\b|\} from)[ \t(]{1,4}([^\n]{1,160})/gm;
/** One of a list of packages in Go, with its host: `statsd "github.com/acme/acme-go/statsd"`. */
const LISTED = /^\t(?:[\w.]{1,30} )?"[\w-]{1,40}\.[a-z]{2,6}\/([\w./-]{2,120})"[ \t]{0,4}$/gm;
const QUOTED = /["'`](?:[a-z-]{1,20}:)?([@\w][\w./@-]{1,100})["'`]/;
const WORD = /^[\w.\\:-]{2,100}/;
const HOST = /\bhttps?:\/\/([a-z0-9.-]{4,100})/g;

/** What packages and hosts are also called, and nobody's name. */
const AFFIXES = new Set('node js ts py python go java ruby php rust dotnet net sdk client api lib core web server cloud www com org io co ai dev app'.split(' '));

/** What a content, in lower case, calls the services that it uses: words without separators, each once. */
export function servicesIn(text: string): Set<string> {
  const services = new Set<string>();
  for (const [, rest = ''] of text.matchAll(IMPORT)) addNames(services, QUOTED.exec(rest)?.[1] ?? WORD.exec(rest)?.[0] ?? '');
  for (const [, module = ''] of text.matchAll(LISTED)) addNames(services, module);
  for (const [, host = ''] of text.matchAll(HOST)) addNames(services, host.slice(0, host.lastIndexOf('.')));
  return services;
}

function addNames(services: Set<string>, path: string): void {
  for (const part of path.split(/[/\\:@.]{1,2}/)) {
    const words = wordsOf(part);
    services.add(words.join(''));
    services.add(words.filter((word) => !AFFIXES.has(word)).join(''));
  }
}
