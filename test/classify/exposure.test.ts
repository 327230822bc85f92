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
