/** Part of the build: writes `dist/bip39.json`, the English words of BIP39 in their order. */
import { writeFileSync } from 'node:fs';
import { wordlist } from '@scure/bip39/wordlists/english.js';

writeFileSync(new URL('../../dist/bip39.json', import.meta.url), JSON.stringify(wordlist));
