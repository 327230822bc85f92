import { describe, expect, test } from 'vitest';
import { exposureOf, signsIn, type Exposure } from '../../src/classify/exposure.ts';

/** Small files as they are in real projects; the place of a key is marked by KEY. */
const FILES: readonly [what: string, where: Exposure['where'], path: string, packages: string, text: string][] = [
  [
    'React component',
    'browser',
    'src/components/Upload.jsx',
    'react react-dom',
    "import { useState } from 'react';\nexport default function Upload() {\n  return <button onClick={() => send('KEY')}>Go</button>;\n}\n",
  ],
  [
    'React app in plain JavaScript',
    'browser',
    'src/api.js',
    'react react-dom react-scripts axios',
    "import axios from 'axios';\nexport const client = axios.create({ headers: { authorization: 'KEY' } });\n",
  ],
  [
    'React with TypeScript and Vite',
    'browser',
    'src/App.tsx',
    'react react-dom vite',
    "const key = import.meta.env.VITE_X ?? 'KEY';\nexport const App = () => <p>{key}</p>;\n",
  ],
  [
    'React hook',
    'browser',
    'src/hooks/useTranscript.ts',
    'react react-dom',
    "import { useEffect } from 'react';\nexport function useTranscript() { const key = 'KEY'; }\n",
  ],
  [
    'Next, pages router, page',
    'browser',
    'pages/index.tsx',
    'next react react-dom',
    "export default function Home() {\n  return <Recorder apiKey='KEY' />;\n}\n",
  ],
  [
    'Next, pages router, handler',
    'server',
    'pages/api/token.ts',
    'next react react-dom',
    "import type { NextApiRequest, NextApiResponse } from 'next';\nexport default async function handler(req, res) { const key = 'KEY'; }\n",
  ],
  [
    'Next, pages router, page with server code',
    'server',
    'pages/report.tsx',
    'next react react-dom',
    "export async function getServerSideProps() {\n  const key = 'KEY';\n  return { props: {} };\n}\nexport default function Report() { return <p />; }\n",
  ],
  [
    'Next, app router, client component',
    'browser',
    'app/recorder/page.tsx',
    'next react react-dom',
    "'use client';\nimport { useState } from 'react';\nexport default function Page() { const key = 'KEY'; }\n",
  ],
  [
    'Next, app router, server component',
    'server',
    'app/dashboard/page.tsx',
    'next react react-dom',
    "export default async function Page() {\n  const data = await load('KEY');\n  return <p>{data}</p>;\n}\n",
  ],
  [
    'Next, app router, route',
    'server',
    'app/api/token/route.ts',
    'next react react-dom',
    "import { NextResponse } from 'next/server';\nexport async function GET() { const key = 'KEY'; }\n",
  ],
  [
    'Next, app router, action',
    'server',
    'app/actions.ts',
    'next react react-dom',
    "'use server';\nexport async function send() { const key = 'KEY'; }\n",
  ],
  [
    'Next in a src folder',
    'browser',
    'apps/web/src/components/player.tsx',
    'next react react-dom',
    "'use client'\n\nimport { AssemblyAI } from 'assemblyai'\nconst client = new AssemblyAI({ apiKey: 'KEY' })\n",
  ],
  ['Next middleware', 'server', 'src/middleware.ts', 'next react react-dom', "export function middleware(request) { const key = 'KEY'; }\n"],
  [
    'Vue component',
    'browser',
    'src/views/Record.vue',
    'vue vite',
    "<script setup>\nimport { ref } from 'vue';\nconst key = 'KEY';\n</script>\n<template><p /></template>\n",
  ],
  [
    'Vue store',
    'browser',
    'src/store/session.js',
    'vue pinia',
    "import { defineStore } from 'pinia';\nexport const useSession = defineStore('session', { state: () => ({ key: 'KEY' }) });\n",
  ],
  ['Nuxt server route', 'server', 'server/api/token.get.ts', 'nuxt vue', "export default defineEventHandler(() => mint('KEY'));\n"],
  [
    'Svelte component',
    'browser',
    'src/lib/Mic.svelte',
    'svelte @sveltejs/kit',
    "<script>\n  import { onMount } from 'svelte';\n  const key = 'KEY';\n</script>\n",
  ],
  [
    'SvelteKit server load',
    'server',
    'src/routes/+page.server.ts',
    'svelte @sveltejs/kit',
    "export const load = async () => ({ text: await transcribe('KEY') });\n",
  ],
  [
    'SvelteKit endpoint',
    'server',
    'src/routes/api/token/+server.ts',
    'svelte @sveltejs/kit',
    "import { json } from '@sveltejs/kit';\nexport const GET = () => json(mint('KEY'));\n",
  ],
  [
    'Express server',
    'server',
    'src/index.js',
    'express',
    "const express = require('express');\nconst app = express();\nconst client = new AssemblyAI({ apiKey: 'KEY' });\n",
  ],
  [
    'Express route beside a React client',
    'server',
    'server/routes/pay.js',
    'express react react-dom',
    "const router = require('express').Router();\nconst stripe = require('stripe')('KEY');\n",
  ],
  [
    'the client beside an Express server',
    'browser',
    'client/src/pay.js',
    'react react-dom',
    "import React from 'react';\nconst stripe = Stripe('KEY');\n",
  ],
  ['page of a static site', 'browser', 'public/index.html', '', "<!doctype html>\n<script>\n  const key = 'KEY';\n</script>\n"],
  [
    'script of a static site',
    'browser',
    'static/js/record.js',
    '',
    "const ws = new WebSocket('wss://streaming.assemblyai.com/v3/ws?token=KEY');\ndocument.getElementById('go').onclick = start;\n",
  ],
  ['bundled script', 'browser', 'public/app.min.js', '', "(()=>{var e='KEY';window.go=e})();\n"],
  [
    'Electron, main process',
    'app',
    'src/main.ts',
    'electron react react-dom',
    "import { app, BrowserWindow } from 'electron';\nconst key = 'KEY';\n",
  ],
  ['Electron, renderer', 'app', 'src/renderer/App.tsx', 'electron react react-dom', "import React from 'react';\nconst key = 'KEY';\n"],
  ['React Native screen', 'app', 'src/screens/Record.tsx', 'react react-native', "import { View } from 'react-native';\nconst key = 'KEY';\n"],
  ['Expo settings', 'app', 'app.json', 'expo react react-native', '{ "expo": { "extra": { "apiKey": "KEY" } } }\n'],
  ['Expo helper without a telling import', 'app', 'lib/api.ts', 'expo react react-native', "export const key = 'KEY';\n"],
  ['iOS property list', 'app', 'ios/Recorder/Info.plist', '', '<dict><key>ApiKey</key><string>KEY</string></dict>\n'],
  ['Android strings', 'app', 'android/app/src/main/res/values/strings.xml', '', '<string name="api_key">KEY</string>\n'],
  ['Swift', 'app', 'Recorder/Client.swift', '', 'import Foundation\nlet key = "KEY"\n'],
  ['Flutter', 'app', 'lib/main.dart', '', "import 'package:flutter/material.dart';\nconst key = 'KEY';\n"],
  ['Python service', 'server', 'app/main.py', '', 'from fastapi import FastAPI\nkey = "KEY"\n'],
  ['Node script', 'server', 'scripts/transcribe.mjs', 'assemblyai', "import { readFile } from 'node:fs/promises';\nconst key = 'KEY';\n"],
  ['build settings', 'server', 'vite.config.ts', 'react react-dom vite', "export default { define: { KEY: 'KEY' } };\n"],
  ['a library that says nothing', 'unknown', 'src/client.ts', 'assemblyai', "export const key = 'KEY';\n"],
  ['settings in JSON', 'unknown', 'config/default.json', 'express', '{ "apiKey": "KEY" }\n'],
  ['test of a component', 'unknown', 'src/App.test.tsx', 'react react-dom', "import React from 'react';\nrender(<App apiKey='KEY' />);\n"],
  [
    'Remix, route with a loader',
    'server',
    'app/routes/notes.tsx',
    '@remix-run/node react react-dom',
    "import { json } from '@remix-run/node';\nexport async function loader() { return json(await load('KEY')); }\n",
  ],
  [
    'Remix, component',
    'browser',
    'app/components/Recorder.tsx',
    '@remix-run/react react react-dom',
    "import { useState } from 'react';\nexport function Recorder() { const key = 'KEY'; }\n",
  ],
  [
    'Astro page with a client script',
    'browser',
    'src/pages/index.astro',
    'astro',
    "<button id='go'>Go</button>\n<script>\n  document.getElementById('go').onclick = () => start('KEY');\n</script>\n",
  ],
  [
    'Astro endpoint',
    'server',
    'src/pages/api/token.ts',
    'astro',
    "import type { APIRoute } from 'astro';\nexport const GET: APIRoute = async () => new Response(await mint('KEY'));\n",
  ],
  [
    'Angular service',
    'browser',
    'src/app/stt.service.ts',
    '@angular/core',
    "import { Injectable } from '@angular/core';\n@Injectable()\nexport class SttService { key = 'KEY'; }\n",
  ],
  [
    'Angular environment',
    'browser',
    'src/environments/environment.prod.ts',
    '@angular/core',
    "export const environment = { production: true, sttKey: 'KEY' };\n",
  ],
  [
    'SvelteKit, client page code',
    'browser',
    'src/routes/record/+page.svelte',
    'svelte @sveltejs/kit',
    "<script lang='ts'>\n  const key = 'KEY';\n</script>\n<button />\n",
  ],
  [
    'SvelteKit hooks',
    'server',
    'src/hooks.server.ts',
    'svelte @sveltejs/kit',
    "export const handle = async ({ event, resolve }) => { const key = 'KEY'; };\n",
  ],
  ['Solid component', 'browser', 'src/App.tsx', 'solid-js', "import { createSignal } from 'solid-js';\nconst key = 'KEY';\n"],
  ['Preact without a build', 'browser', 'static/app.mjs', '', "import { render } from 'https://esm.sh/preact';\ndocument.body.append(go('KEY'));\n"],
  ['service worker of a page', 'browser', 'public/sw.js', '', "self.addEventListener('fetch', (event) => send(event, 'KEY'));\n"],
  [
    'extension, content script',
    'browser',
    'extension/content.js',
    '',
    "const key = 'KEY';\nchrome.runtime.onMessage.addListener(() => document.querySelector('p'));\nwindow.addEventListener('x', go);\n",
  ],
  ['Cloudflare worker', 'server', 'src/worker.ts', 'wrangler hono', "import { Hono } from 'hono';\nconst app = new Hono();\nconst key = 'KEY';\n"],
  ['AWS Lambda', 'server', 'lambda/token.mjs', '', "export const handler = async (event) => ({ statusCode: 200, body: await mint('KEY') });\n"],
  [
    'Netlify function',
    'server',
    'netlify/functions/token.js',
    'react react-dom',
    "exports.handler = async () => ({ statusCode: 200, body: mint('KEY') });\n",
  ],
  ['Deno server', 'server', 'main.ts', '', "Deno.serve(async () => new Response(await mint('KEY')));\n"],
  ['Bun server', 'server', 'src/index.ts', '', "Bun.serve({ fetch: () => new Response(mint('KEY')) });\n"],
  [
    'NestJS controller',
    'server',
    'src/stt.controller.ts',
    '@nestjs/core',
    "import { Controller } from '@nestjs/common';\n@Controller()\nexport class Stt { key = 'KEY'; }\n",
  ],
  [
    'Next, action inside a page',
    'server',
    'src/app/notes/actions.ts',
    'next react react-dom',
    "'use server';\nimport { db } from './db';\nexport async function save() { const key = 'KEY'; }\n",
  ],
  [
    'Next, custom document',
    'browser',
    'pages/_app.tsx',
    'next react react-dom',
    "export default function App({ Component }) { window.sttKey = 'KEY'; return <Component />; }\n",
  ],
  [
    'Ionic page',
    'app',
    'src/app/home.page.ts',
    '@ionic/angular @capacitor/core @angular/core',
    "import { Component } from '@angular/core';\nexport class HomePage { key = 'KEY'; }\n",
  ],
  [
    'Tauri front end',
    'app',
    'src/App.tsx',
    '@tauri-apps/api react react-dom',
    "import { invoke } from '@tauri-apps/api/core';\nconst key = 'KEY';\n",
  ],
  ['Kotlin activity', 'app', 'app/src/main/java/com/acme/Main.kt', '', 'import android.os.Bundle\nval key = "KEY"\n'],
  ['settings of Gradle', 'app', 'android/app/build.gradle', '', 'buildConfigField "String", "STT_KEY", "\\"KEY\\""\n'],
  ['source map', 'browser', 'dist/app.js.map', '', '{"version":3,"sourcesContent":["const key = \'KEY\'"]}\n'],
  ['Rails view', 'browser', 'app/views/home/index.html.erb', '', "<script>\n  const key = 'KEY';\n  document.querySelector('p');\n</script>\n"],
  ['Blade template', 'browser', 'resources/views/record.blade.php', '', "<div></div>\n<script>\n  const key = 'KEY';\n</script>\n"],
  ['Django template', 'browser', 'templates/index.html', '', "{% extends 'base.html' %}\n<script>const key = 'KEY';</script>\n"],
];

describe('who gets the file that a key stands in', () => {
  test.each(FILES)('%s: %s', (_what, where, path, packages, text) => {
    expect(exposureOf(path, signsIn(text), packages === '' ? undefined : new Set(packages.split(' '))).where).toBe(where);
  });

  test('it says why', () => {
    expect(exposureOf('src/App.tsx', signsIn("import React from 'react';\n"), undefined).because).toBe("a React import and the file's kind `.tsx`");
  });
});

test('a variable that builds hand to browsers is no sign of a server', () => {
  for (const name of ['NUXT_PUBLIC_API_KEY', 'VITE_API_KEY', 'NX_PUBLIC_API_KEY', 'NODE_ENV'])
    expect([name, signsIn(`process.env.${name}`).server]).toEqual([name, []]);
  expect(signsIn('process.env.API_KEY').server).toHaveLength(1);
});

/** Where files are shown, by path and by the packages that theirs depends on. */
function shownIn(paths: readonly string[], packages = '', text = ''): ReadonlySet<string> {
  const dependencies = packages === '' ? undefined : new Set(packages.split(' '));
  return new Set(
    paths.map((path) => `${exposureOf(path, signsIn(text), dependencies).where}: ${exposureOf(path, signsIn(text), dependencies).because}`),
  );
}

/** Names separated by blanks, each in the place of `*`. */
const each = (pattern: string, names: string): string[] => names.split(' ').map((name) => pattern.replace('*', name));

describe('what a path says alone', () => {
  test('names of apps', () => {
    for (const path of each('a/*', 'Info.plist AndroidManifest.xml google-services.json GoogleService-Info.plist'))
      expect(shownIn([path])).toEqual(new Set([`app: the file \`${path.slice(2)}\``]));
    for (const path of each('x.*', 'swift kt dart m mm xcconfig storyboard')) expect(shownIn([path])).toEqual(new Set([`app: the file \`${path}\``]));
    for (const name of ['expo', 'react-native']) {
      for (const path of ['app.json', 'app.config.js', 'app.config.ts']) expect([...shownIn([path], name)][0]).toMatch(/^app: /);
    }
    expect(shownIn(['app.json'])).toEqual(new Set(['unknown: ']));
    expect([...shownIn(['app/res/values-de/strings.xml', 'res/values/a.xml'])].every((one) => one.startsWith('app: '))).toBe(true);
    expect(shownIn(['values/a.xml', 'res/layout/a.xml', 'res/values/x/a.xml', 'a.xml', 'res/values/a.txt', '.swift', 'swift'])).toEqual(
      new Set(['unknown: ']),
    );
  });

  test('folders of apps, and what is no part of one in them', () => {
    for (const folder of ['android', 'x/ios', 'app/src/main/java/com']) {
      for (const path of each(`${folder}/a.*`, 'java kt swift m mm h xml plist gradle properties json'))
        expect([...shownIn([path])][0], path).toMatch(/^app: /);
      expect([...shownIn([`${folder}/package.json`, `${folder}/a.txt`])].some((one) => one.startsWith('app'))).toBe(false);
    }
  });

  test('servers', () => {
    const paths = [
      ...each('*/x.ts', 'server servers backend functions lambda lambdas scripts bin cmd pages/api pages/api/y app/x/api/y api'),
      ...each('src/*.ts', 'route middleware instrumentation server +server entry-server hooks.server +page.server +layout.server x.server x.config'),
      ...each('src/*.js', 'gulpfile gruntfile .eslintrc'),
      ...each('src/x.*', 'py go rb php java scala cs rs ex exs pl sh bash zsh ps1 sql c cc cpp lua r'),
    ];
    for (const path of paths) expect(shownIn([path])).toEqual(new Set([`server: the path \`${path}\``]));
    expect(shownIn(['server/x.txt', 'api/x/y.ts', 'x/api/y/z.ts', 'api/pages/x.ts', 'routes.ts', 'a.configs.ts', '.py', 'py'])).toEqual(
      new Set(['unknown: ']),
    );
  });

  test('pages and what is sent with them', () => {
    for (const extension of ['html', 'htm', 'vue', 'svelte', 'jsx', 'tsx', 'map'])
      expect(shownIn([`x.${extension}`])).toEqual(new Set([`browser: the file's kind \`.${extension}\``]));
    expect(shownIn(['x.min.js'])).toEqual(new Set(["browser: the file's kind `.js`"]));
    expect(shownIn(['x.js', 'x.ts', 'x.mjs', 'x.txt', 'min.js'])).toEqual(new Set(['unknown: ']));
    const use = 'window.x = 1';
    for (const path of each('*/x.js', 'public static www client frontend components assets renderer views hooks')) {
      expect(shownIn([path])).toEqual(new Set(['unknown: ']));
      expect(shownIn([path], '', use)).toEqual(new Set([`browser: \`window\` and the path \`${path}\``]));
    }
    for (const extension of 'js jsx mjs cjs ts tsx mts cts vue svelte astro html htm map'.split(' '))
      expect([...shownIn([`components/x.${extension}`], '', use)][0], extension).toMatch(/^browser: /);
    expect(shownIn(['components/x.css'], '', use)).toEqual(new Set(['unknown: ']));
  });

  test('templates of pages that a server fills in', () => {
    const script = '<script>';
    const paths = [
      ...each('x.*', 'erb ejs hbs handlebars mustache twig jinja jinja2 liquid njk cshtml razor jsp ftl gohtml'),
      'x.blade.php',
      'x.html.py',
    ];
    for (const path of paths) {
      expect(shownIn([path], '', script)).toEqual(new Set(['browser: a `<script>` tag in a template of a page']));
      expect([...shownIn([path])][0]).not.toMatch(/^browser/);
    }
    expect(shownIn(['x.html'], '', script)).toEqual(new Set(["browser: a `<script>` tag and the file's kind `.html`"]));
    expect(shownIn(['x.php'], '', script)).toEqual(new Set(['server: the path `x.php`']));
  });

  test('files that nobody runs are shown to nobody by what they say', () => {
    const node = "from 'node:fs'";
    expect(shownIn(['x.js'], '', node)).toEqual(new Set(['server: a module of Node']));
    expect(shownIn(['tests/x.js', 'docs/x.js', '<x>', '.env', '.env.example', 'x.yml', ''], '', node)).toEqual(new Set(['unknown: ']));
  });

  test("components of Next's app folder", () => {
    const server = new Set(["server: a component of Next's app folder without `'use client'`"]);
    for (const path of each('src/app/x/*.tsx', 'page layout template loading not-found default')) {
      expect(shownIn([path])).toEqual(server);
      expect([...shownIn([path], '', "'use client'")][0]).toMatch(/^browser: /);
    }
    expect(shownIn(['app/x/button.tsx'], 'next')).toEqual(server);
    expect(shownIn(['app/x/button.tsx'])).toEqual(new Set(["browser: the file's kind `.tsx`"]));
    expect(shownIn(['app/pages/page.ts'], 'next')).toEqual(new Set(['browser: a page of Next']));
    expect(shownIn(['pages/x.ts'], 'next')).toEqual(new Set(['browser: a page of Next']));
    expect(shownIn(['pages/x.ts'])).toEqual(new Set(['unknown: ']));
  });
});

describe('what a package depends on', () => {
  test('a package for browsers, unless a server is in it too', () => {
    for (const name of ['react-dom', 'react-scripts', 'vue', 'svelte', '@angular/core', 'preact', 'solid-js']) {
      expect(shownIn(['x.js'], name)).toEqual(new Set(['browser: its package is for browsers']));
      expect(shownIn(['x.js'], name, 'process.env.KEY')).toEqual(new Set(['unknown: ']));
      for (const server of 'express fastify koa hono @nestjs/core @hapi/hapi next nuxt @sveltejs/kit @remix-run/node astro'.split(' '))
        expect(shownIn(['x.js'], `${name} ${server}`), server).toEqual(new Set(['unknown: ']));
    }
  });

  test.each([
    ['react-native', 'React Native or Expo'],
    ['expo', 'React Native or Expo'],
    ['electron', 'Electron'],
    ['@capacitor/core', 'Capacitor'],
    ['@tauri-apps/api', 'Tauri'],
    ['@nativescript/core', 'NativeScript'],
  ])('%s makes an app of it', (name, words) => {
    expect(shownIn(['x.js'], name)).toEqual(new Set([`app: its package depends on ${words}`]));
  });
});

describe('what a content says', () => {
  test.each<[string, 'browser' | 'server', readonly string[]]>([
    ["`'use client'`", 'browser', ["'use client'", '// x\n  "use client";']],
    ['a React import', 'browser', each("import x from '*'", 'react react-dom react-dom/client preact preact/hooks @scribeberry/sdk/react')],
    ['a React import', 'browser', ["const x = require('react')", 'const x = require( "react" )']],
    ['a Vue, Svelte, Solid or Angular import', 'browser', each('import x from "*"', 'vue svelte svelte/store solid-js @angular/core lit')],
    ['`import.meta.env`', 'browser', ['import.meta.env.X']],
    ['`document`', 'browser', each('document.*', 'getElementById querySelector createElement addEventListener body cookie title')],
    ['`window`', 'browser', ['window.x']],
    ['`navigator`', 'browser', each('navigator.*', 'mediaDevices userAgent clipboard geolocation')],
    ['`localStorage`', 'browser', ['localStorage.x', 'sessionStorage.x']],
    [
      'a worker of a page or an extension',
      'browser',
      each('*', 'self.addEventListener chrome.runtime chrome.tabs chrome.storage browser.runtime browser.tabs'),
    ],
    ['a `<script>` tag', 'browser', ['<script>', '<SCRIPT src=x>']],
    ["`'use server'`", 'server', ["'use server'", 'x\n\t"use server"']],
    ['`server-only`', 'server', ["import 'server-only'", '"server-only"']],
    [
      'a server framework',
      'server',
      each(
        "import x from '*'",
        'express fastify koa hono @hono/node-server @nestjs/core-x @hapi/hapi next/server aws-lambda firebase-functions @remix-run/node @remix-run/cloudflare @remix-run/server-runtime',
      ),
    ],
    [
      'a module of Node',
      'server',
      each("require('*')", 'node:fs node:fs/promises node:child_process fs fs/promises http https net path child_process os'),
    ],
    [
      'code that runs before a page is sent',
      'server',
      [
        ...['function loader', 'async function loader', 'const loader', 'const action'].map((what) => `export ${what}`),
        ...each('*', 'getServerSideProps getStaticProps NextApiRequest NextApiResponse defineEventHandler RequestHandler createServer()'),
      ],
    ],
    ['a server of Deno or Bun', 'server', ['Deno.serve', 'Deno.env', 'Bun.serve', 'Bun.env']],
    ['a script for a shell or interpreter', 'server', ['#!/bin/sh', '<?php']],
    [
      'app: a React Native or Expo import',
      'browser',
      each("import x from '*'", 'react-native expo expo-camera @react-native/x @react-native-community/x'),
    ],
    ['app: an Electron import', 'browser', ["require('electron')", 'from "electron"']],
    ['app: an import of a mobile kit', 'browser', each('  import *', "UIKit SwiftUI Foundation android.os androidx.x 'package:flutter/x'")],
    ['reads `process.env`', 'server', ['process.env.KEY']],
  ])('%s, for a %s', (words, side, texts) => {
    for (const text of texts) expect(signsIn(text)[side], text).toContain(words);
  });

  test('blanks may stand around what is taken in', () => {
    const kinds = { react: 'a React import', vue: 'a Vue, Svelte, Solid or Angular import', expo: 'app: a React Native or Expo import' };
    for (const [name, words] of Object.entries({ ...kinds, electron: 'app: an Electron import' }))
      for (const text of [`from    "${name}"`, `require(  '${name}')`]) expect(signsIn(text).browser, text).toEqual([words]);
    for (const [name, words] of Object.entries({ express: 'a server framework', 'node:fs': 'a module of Node' }))
      for (const text of [`from    "${name}"`, `require(  '${name}')`]) expect(signsIn(text).server, text).toEqual([words]);
    expect(signsIn('import   UIKit').browser).toEqual(['app: an import of a mobile kit']);
  });

  test.each([
    ["'use client'", "browser: `'use client'`"],
    ["import x from 'react'", 'browser: a React import'],
    ["import x from 'vue'", 'browser: a Vue, Svelte, Solid or Angular import'],
    ['import.meta.env.X', 'browser: `import.meta.env`'],
    ['document.body', 'unknown: '],
    ['document.body, window.x', 'browser: `document` and `window`'],
    ['document.body, window.x, localStorage.y', 'browser: `document` and `window`'],
    ["import x from 'expo'", 'app: a React Native or Expo import'],
    ["document.body, require('electron')", 'app: an Electron import'],
  ])('%s alone, in a script', (text, shown) => {
    expect(shownIn(['x.ts'], '', text)).toEqual(new Set([shown]));
  });

  test.each([
    'x use client',
    "x 'use client'",
    'x "use server"',
    'the import UIKit',
    "import x from 'reactor'",
    "import x from 'vuex'",
    'document.x',
    'my.window.x window',
    'xwindow.y',
    'navigator.x',
    'mylocalStorage.x',
    'x.localStorage.y',
    'myself.addEventListener',
    '<scripts>',
    "import x from 'expressive'",
    "import x from 'paths'",
    'export function loaders',
    'Denox.serve',
    ' #!/bin/sh',
    "from 'electrons'",
    'import UIX',
    'process.env.key',
    'process.environment.KEY',
  ])('%s is no sign', (text) => {
    expect(signsIn(text)).toEqual({ browser: [], server: [] });
  });
});
