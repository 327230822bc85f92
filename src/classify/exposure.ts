/**
 * Whether what a file holds is handed to everybody: sent to browsers, or shipped inside an app. Told by path, content
 * and the package manifest above it. Signs of a server win: a key there is where it belongs.
 */
import { PUBLIC_PREFIXES } from '../detect/public-prefix.ts';
import type { Circumstances } from '../model/finding.ts';
import { fileKind } from './paths.ts';

export interface Exposure {
  readonly where: 'browser' | 'app' | 'server' | 'unknown';
  /** What decided, in words. */
  readonly because: string;
}

/** What a package manifest says its code runs on: names of dependencies. */
export type Dependencies = ReadonlySet<string>;

/** How far into a content signs are looked for: imports and directives stand at the top. Bytes. */
export const SIGNS_REACH = 16_384;

const SCRIPT_TAG = 'a `<script>` tag';
/** What is told, and how it looks: a text, or the name of a module that is imported. */
type Sign = { readonly words: string } & (
  | {
      readonly regex: RegExp;
      /** Texts of which each holds one: most contents hold none, which is found out sooner. */
      readonly holds?: readonly string[];
      readonly modules?: undefined;
    }
  | { readonly modules: RegExp }
);

const BROWSER_SIGNS: readonly Sign[] = [
  { words: "`'use client'`", regex: /^[ \t]{0,80}["']use client["']/m, holds: ['use client'] },
  { words: 'a React import', modules: /^(?:react|react-dom(?:\/client)?|preact(?:\/hooks)?|@scribeberry\/sdk\/react)$/ },
  { words: 'a Vue, Svelte, Solid or Angular import', modules: /^(?:vue|svelte(?:\/store)?|solid-js|@angular\/core|lit)$/ },
  { words: '`import.meta.env`', regex: /\bimport\.meta\.env\b/, holds: ['import.meta.env'] },
  {
    words: '`document`',
    regex: /\bdocument\.(?:getElement|querySelector|createElement|addEventListener|body|cookie|title)/,
    holds: ['document.'],
  },
  { words: '`window`', regex: /(?<![.\w])window\.[a-zA-Z]/, holds: ['window.'] },
  { words: '`navigator`', regex: /\bnavigator\.(?:mediaDevices|userAgent|clipboard|geolocation)/, holds: ['navigator.'] },
  { words: '`localStorage`', regex: /(?<![.\w])(?:local|session)Storage\./, holds: ['Storage.'] },
  {
    words: 'a worker of a page or an extension',
    regex: /(?<![.\w])(?:self\.addEventListener|chrome\.(?:runtime|tabs|storage)|browser\.(?:runtime|tabs))\b/,
    holds: ['self.add', 'chrome.', 'browser.'],
  },
  { words: SCRIPT_TAG, regex: /<script[\s>]/i },
];
const SERVER_SIGNS: readonly Sign[] = [
  { words: "`'use server'`", regex: /^[ \t]{0,80}["']use server["']/m, holds: ['use server'] },
  { words: '`server-only`', regex: /["']server-only["']/, holds: ['server-only'] },
  {
    words: 'a server framework',
    modules:
      /^(?:express|fastify|koa|hono|@hono\/node-server|@nestjs\/[\w-]+|@hapi\/hapi|next\/server|aws-lambda|firebase-functions|@remix-run\/(?:node|cloudflare|server-runtime))$/,
  },
  { words: 'a module of Node', modules: /^(?:node:[a-z/_]+|fs|fs\/promises|http|https|net|path|child_process|os)$/ },
  {
    words: 'code that runs before a page is sent',
    regex:
      /\bexport (?:async )?(?:function|const) (?:loader|action)\b|\b(?:getServerSideProps|getStaticProps|NextApiRequest|NextApiResponse|defineEventHandler|RequestHandler|createServer\()/,
    holds: ['export ', 'getServerSideProps', 'getStaticProps', 'NextApi', 'defineEventHandler', 'RequestHandler', 'createServer('],
  },
  { words: 'a server of Deno or Bun', regex: /\b(?:Deno|Bun)\.(?:serve|env)\b/, holds: ['Deno.', 'Bun.'] },
  { words: 'a script for a shell or interpreter', regex: /^(?:#!|<\?php)/ },
];
const APP_SIGNS: readonly Sign[] = [
  { words: 'a React Native or Expo import', modules: /^(?:react-native|expo|expo-[\w-]+|@react-native[\w/-]*)$/ },
  { words: 'an Electron import', modules: /^electron$/ },
  {
    words: 'an import of a mobile kit',
    regex: /^[ \t]{0,40}import[ \t]{1,4}(?:UIKit|SwiftUI|Foundation|android\.|androidx\.|'package:flutter)/m,
    holds: ['UIKit', 'SwiftUI', 'Foundation', 'android', 'package:flutter'],
  },
];
/** What is imported or required: up to the next quote. */
const MODULE = /(?:from\s{1,4}|require\(\s{0,4})(?=["']([^"']*)["'])/g;

/** One for most contents. */
const NO_SIGNS: Pick<Circumstances, 'browser' | 'server'> = { browser: [], server: [] };

/** Signs in a content's first bytes. App signs stand among those of browsers, with a mark before them. */
export function signsIn(text: string): Pick<Circumstances, 'browser' | 'server'> {
  // One expression for all modules: each of its own would go through the text once more.
  const modules = Array.from(text.matchAll(MODULE), ([, name = '']) => name);
  const isThere = (sign: Sign): boolean => {
    if (sign.modules !== undefined) return modules.some((name) => sign.modules.test(name));
    return sign.holds?.some((one) => text.includes(one)) !== false && sign.regex.test(text);
  };
  const found = (signs: readonly Sign[]): string[] => signs.filter(isThere).map(({ words }) => words);
  const app = found(APP_SIGNS).map((words) => APP_MARK + words);
  const browser = [...app, ...found(BROWSER_SIGNS)];
  const server = found(SERVER_SIGNS);
  if (text.includes('process.env.') && SERVER_VARIABLE.test(text)) server.push(WEAK_SERVER);
  return browser.length === 0 && server.length === 0 ? NO_SIGNS : { browser, server };
}

/** A variable that no build copies into what browsers load. */
const SERVER_VARIABLE = new RegExp(`\\bprocess\\.env\\.(?!${PUBLIC_PREFIXES.join('|')}|NODE_ENV)[A-Z]`);
const APP_MARK = 'app: ';
const WEAK_SERVER = 'reads `process.env`';
/** Any of these alone says browser. */
const USE_CLIENT = "`'use client'`";
const SURE_BROWSER = new Set([USE_CLIENT, 'a React import', 'a Vue, Svelte, Solid or Angular import', '`import.meta.env`']);

const SERVER_FOLDERS = new Set(['server', 'servers', 'backend', 'functions', 'lambda', 'lambdas', 'scripts', 'bin', 'cmd']);
const SERVER_NAMES = new Set(['route', 'middleware', 'instrumentation', 'server', '+server', 'entry-server']);
const SERVER_EXTENSIONS = new Set('py go rb php java scala cs rs ex exs pl sh bash zsh ps1 sql tf c cc cpp lua r'.split(' '));
/** Tools that run while the app is built. */
const BUILD_FILES = new Set(['gulpfile', 'gruntfile', '.eslintrc']);
const APP_NAMES = new Set(['info.plist', 'androidmanifest.xml', 'google-services.json', 'googleservice-info.plist']);
/** These belong to an app where its package says so. */
const EXPO_NAMES = new Set(['app.json', 'app.config.js', 'app.config.ts']);
const APP_EXTENSIONS = new Set('swift kt dart m mm xcconfig storyboard'.split(' '));
const MOBILE_EXTENSIONS = new Set('java kt swift m mm h xml plist gradle properties json'.split(' '));
const BROWSER_EXTENSIONS = new Set(['html', 'htm', 'vue', 'svelte', 'jsx']);
const BROWSER_FOLDERS = new Set(['public', 'static', 'www', 'client', 'frontend', 'components', 'assets', 'renderer', 'views', 'hooks']);
const SCRIPTS = new Set('js jsx mjs cjs ts tsx mts cts vue svelte astro html htm'.split(' '));
const BROWSER_PACKAGES = ['react-dom', 'react-scripts', 'vue', 'svelte', '@angular/core', 'preact', 'solid-js'];
const SERVER_PACKAGES = [
  'express',
  'fastify',
  'koa',
  'hono',
  '@nestjs/core',
  '@hapi/hapi',
  'next',
  'nuxt',
  '@sveltejs/kit',
  '@remix-run/node',
  'astro',
];

/** A path taken apart, in lower case. */
interface Parts {
  readonly path: string;
  readonly folders: readonly string[];
  /** The name without its last extension, and that. */
  readonly stem: string;
  readonly extension: string;
}

function partsOf(path: string): Parts {
  const folders = path.toLowerCase().split('/');
  const base = folders.pop() ?? '';
  const dot = base.lastIndexOf('.');
  return dot <= 0 ? { path, folders, stem: base, extension: '' } : { path, folders, stem: base.slice(0, dot), extension: base.slice(dot + 1) };
}

const UNKNOWN: Exposure = { where: 'unknown', because: '' };

export function exposureOf(path: string, signs: Pick<Circumstances, 'browser' | 'server'>, dependencies: Dependencies | undefined): Exposure {
  const kind = fileKind(path);
  const parts = partsOf(path);
  const has = (name: string): boolean => dependencies?.has(name) === true;
  if (kind === 'test' || kind === 'docs' || kind === 'outside') return UNKNOWN;
  if (isAppFile(parts, has)) return { where: 'app', because: `the file \`${path.slice(path.lastIndexOf('/') + 1)}\`` };
  if (kind === 'env' || kind === 'template' || kind === 'config') return UNKNOWN;
  const app = signs.browser.find((words) => words.startsWith(APP_MARK));
  if (app !== undefined) return { where: 'app', because: app.slice(APP_MARK.length) };
  const serverSign = signs.server.find((words) => words !== WEAK_SERVER);
  if (serverSign !== undefined) return { where: 'server', because: serverSign };
  if (isTemplate(parts) && signs.browser.includes(SCRIPT_TAG)) return { where: 'browser', because: `${SCRIPT_TAG} in a template of a page` };
  if (isServerPath(parts)) return { where: 'server', because: `the path \`${path}\`` };
  if (!SCRIPTS.has(parts.extension) && parts.extension !== 'map') return UNKNOWN;
  if (has('react-native') || has('expo')) return { where: 'app', because: 'its package depends on React Native or Expo' };
  const kit = APP_KITS.find(([name]) => has(name));
  if (kit !== undefined) return { where: 'app', because: `its package depends on ${kit[1]}` };
  return browserOr(parts, signs, has);
}

function isAppFile({ folders, stem, extension }: Parts, has: (name: string) => boolean): boolean {
  const base = `${stem}.${extension}`; // all of the names have one
  if (APP_NAMES.has(base) || APP_EXTENSIONS.has(extension)) return true;
  if (EXPO_NAMES.has(base)) return has('expo') || has('react-native');
  if (extension === 'xml' && folders.at(-2) === 'res' && folders.at(-1)?.startsWith('values') === true) return true;
  const mobile = folders.includes('android') || folders.includes('ios') || folders.join('/').includes('app/src/main/java');
  return mobile && MOBILE_EXTENSIONS.has(extension) && stem !== 'package';
}

function isServerPath({ folders, stem, extension }: Parts): boolean {
  if (SERVER_EXTENSIONS.has(extension)) return true;
  if (!SCRIPTS.has(extension)) return false;
  // Functions of Vercel and Netlify, handlers of Next.
  const api = folders.lastIndexOf('api');
  if (api >= 0 && (api === folders.length - 1 || folders.slice(0, api).some((folder) => folder === 'pages' || folder === 'app'))) return true;
  const named = SERVER_NAMES.has(stem) || BUILD_FILES.has(stem) || stem.endsWith('.server') || stem.endsWith('.config');
  return named || folders.some((folder) => SERVER_FOLDERS.has(folder));
}

function browserOr(parts: Parts, signs: Pick<Circumstances, 'browser' | 'server'>, has: (name: string) => boolean): Exposure {
  const { path, folders, stem, extension } = parts;
  const isPage = folders.includes('pages');
  // Components of Next's app folder stay on the server unless they say otherwise.
  if (folders.includes('app') && !isPage && !signs.browser.includes(USE_CLIENT) && (has('next') || NEXT_FILES.has(stem))) {
    return { where: 'server', because: "a component of Next's app folder without `'use client'`" };
  }
  const reasons: string[] = [];
  let score = 0;
  const add = (points: number, reason: string): void => {
    score += points;
    reasons.push(reason);
  };
  for (const sign of signs.browser) add(SURE_BROWSER.has(sign) ? 2 : 1.5, sign);
  if (BROWSER_EXTENSIONS.has(extension) || extension === 'tsx' || stem.endsWith('.min') || extension === 'map')
    add(2, `the file's kind \`.${extension}\``);
  // What stands above its dashes runs while the page is built.
  if (extension === 'astro' && signs.browser.length > 0) add(1, "the file's kind `.astro`");
  if (folders.some((folder) => BROWSER_FOLDERS.has(folder))) add(1, `the path \`${path}\``);
  if (isPage) add(has('next') ? 2 : 1, 'a page of Next');
  if (BROWSER_PACKAGES.some(has) && !SERVER_PACKAGES.some(has)) add(2, 'its package is for browsers');
  if (signs.server.includes(WEAK_SERVER)) score -= 1;
  return score >= 2 ? { where: 'browser', because: reasons.slice(0, 2).join(' and ') } : UNKNOWN;
}

/** Pages that a server fills in: `index.html.erb`, `home.blade.php`, `page.twig`. */
function isTemplate({ stem, extension }: Parts): boolean {
  return TEMPLATE_EXTENSIONS.has(extension) || stem.endsWith('.blade') || stem.endsWith('.html');
}

const TEMPLATE_EXTENSIONS = new Set('erb ejs hbs handlebars mustache twig jinja jinja2 liquid njk cshtml razor jsp ftl gohtml'.split(' '));
/** Kits that put a web page into an app. */
const APP_KITS = [
  ['electron', 'Electron'],
  ['@capacitor/core', 'Capacitor'],
  ['@tauri-apps/api', 'Tauri'],
  ['@nativescript/core', 'NativeScript'],
] as const;

/** Files of Next's app folder that are components of the server by default. */
const NEXT_FILES = new Set(['page', 'layout', 'template', 'loading', 'not-found', 'default']);
