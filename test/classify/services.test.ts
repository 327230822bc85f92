import { describe, expect, test } from 'vitest';
import { servicesIn } from '../../src/classify/services.ts';

describe('what a file uses', () => {
  test.each([
    ['an import', "import twilio from 'twilio';", 'twilio'],
    ['an import with names', 'import { Mail, send } from "@sendgrid/mail";', 'sendgrid'],
    ['an import over lines', 'import {\n  Mail,\n} from "@sendgrid/mail";', 'sendgrid'],
    ['a require', "const { Client } = require('acme-node');", 'acme'],
    ['Python', 'from datadog_api import client\n', 'datadog'],
    ['Java', 'import com.cohere.api.cohere;', 'cohere'],
    ['C#', 'using acme.rest.client;', 'acme'],
    ['Ruby', "gem 'acme-ruby', '~> 2'", 'acme'],
    ['PHP', 'use acme\\rest\\client;', 'acme'],
    ['Rust', 'use acme_sdk::client;', 'acme'],
    ['Go', 'import (\n\t"fmt"\n\tstats "github.com/datadog/datadog-go/v5/statsd"\n)', 'datadog'],
    ['an address', 'base = "https://api.deepgram.com/v1"', 'deepgram'],
  ])('%s', (_what, text, service) => {
    expect(servicesIn(text)).toContain(service);
  });

  test.each([
    ['a file of its own', "import { send } from './acme/mail';"],
    ['prose', '# we import nothing from acme here\nsee acme for more'],
    ['a name in a string', 'call("acme", "x/acme");'],
    ['the end of a host', 'fetch("https://example.acme")'],
  ])('not %s', (_what, text) => {
    expect(servicesIn(text)).not.toContain('acme');
  });
});
