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
    ['Go without another name', 'import (\n\t"github.com/datadog/datadog-go" \n)', 'datadog'],
    ['an address that a text leads to', 'get a key at [Acme](https://acme.com/keys)', 'acme'],
    ['an address', 'base = "https://api.deepgram.com/v1"', 'deepgram'],
    ['an address without encryption', 'base = "http://acme.com:8080"', 'acme'],
    ['let', "let client = require('acme')", 'acme'],
    ['var', "var client = require('acme')", 'acme'],
    ['an import that waits', "const acme = await import('acme-sdk')", 'acme'],
    ['a require of its own', "require('acme')", 'acme'],
    ['a require of PHP', "require_once 'acme/autoload.php';", 'acme'],
    ['a register of packages', 'import send from "npm:acme"', 'acme'],
    ['back quotes', 'import send from `acme`', 'acme'],
    ['as far in as a block of blocks', '        import acme', 'acme'],
    ['behind tabs', '\t\tusing acme;', 'acme'],
    ['two words', 'import acme_pay', 'acmepay'],
    ['two words and an affix', 'import acme_pay_sdk', 'acmepay'],
    ['a require with room', 'const x = require( "acme" )', 'acme'],
    ['a gem in parentheses', "gem ('acme')", 'acme'],
    ['Go of a host alone', '\t"go.com/acme"', 'acme'],
  ])('%s', (_what, text, service) => {
    expect(servicesIn(text)).toContain(service);
  });

  test.each(
    'node js ts py python go java ruby php rust dotnet net sdk client api lib core web server cloud bolt www com org io co ai dev app'.split(' '),
  )('what %s is added to is told without it', (affix) => {
    for (const name of [`acme-${affix}`, `${affix}_acme`]) expect(servicesIn(`import ${name.replace('-', '_')}`)).toContain('acme');
  });

  test('a line that takes in nothing names nothing', () => {
    expect(servicesIn('import {\nconst x = 1\nuse ::\n')).toEqual(new Set());
  });

  test.each(['google', 'github', 'microsoft', 'facebook', 'apple', 'amazon'])('%s makes libraries for everything', (maker) => {
    expect(servicesIn(`import ${maker}_sdk\nimport acme`)).toEqual(new Set([`${maker}sdk`, 'acme']));
  });

  test.each([
    ['a file of its own', "import { send } from './acme/mail';"],
    ['a badge', '[![build](https://acme.com/x/y.svg)](https://acme.com/x/y)'],
    ['an image', '<img src="https://acme.com/x.svg"> .. image:: https://acme.com/x.svg'],
    ["Go's own packages", '\t"golang.org/x/acme/slices"'],
    ['prose', '# we import nothing from acme here\nsee acme for more'],
    ['a name in a string', 'call("acme", "x/acme");'],
    ['a variable', 'let acme = 1;\nvar acme = 2;\nconst acme = 3;\n} acme'],
    ['further in', '         import acme'],
    ['far behind in a line', `import { ${'a, '.repeat(80)} } from "acme"`],
    ['a word that begins like one', 'imports acme\nuser acme\nfroms acme'],
    ['a name that is taken in', 'import { acme } from "./x"'],
    ['a name alone', 'import { acme }'],
    ['a quoted text further on', 'use x("acme")'],
    ['whoever keeps a package of Go', '\t"github.com/acme/other"'],
    ['a list that is none', 'x\t"go.com/acme"\n\t"go.com/acme", x'],
    ['a list without a host', '\t"acme/x"'],
    ['the end of a host', 'fetch("https://example.acme")'],
  ])('not %s', (_what, text) => {
    expect(servicesIn(text)).not.toContain('acme');
  });
});
