/**
 * Loaded into the program before its own code: tells at the end how much memory it took and which network handles it made. As a module
 * it would cost each start a seventh more.
 */
'use strict';
const { createHook } = require('node:async_hooks');
const { writeFileSync } = require('node:fs');

const NETWORK = new Set([
  'TCPWRAP',
  'TCPSERVERWRAP',
  'TCPCONNECTWRAP',
  'UDPWRAP',
  'UDPSENDWRAP',
  'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP',
  'QUERYWRAP',
]);
const handles = [];

createHook({
  init(_id, type) {
    if (NETWORK.has(type)) handles.push(type);
  },
}).enable();

const file = process.env.KEYSIFT_TEST_OBSERVED;
delete process.env.KEYSIFT_TEST_OBSERVED; // nothing of the program sees it
process.on('exit', () => writeFileSync(file, JSON.stringify({ maxRss: process.resourceUsage().maxRSS * 1024, handles })));
