/** Variables that builds copy into what browsers and apps load, told by the prefixes that their tools ask for. */

export const PUBLIC_PREFIXES: readonly string[] = [
  'NEXT_PUBLIC_',
  'VITE_',
  'RENDERER_VITE_',
  'NUXT_PUBLIC_',
  'REACT_APP_',
  'EXPO_PUBLIC_',
  'GATSBY_',
  'VUE_APP_',
  'NG_APP_',
  'NX_PUBLIC_',
  'STORYBOOK_',
  'SNOWPACK_PUBLIC_',
  'BUN_PUBLIC_',
  'POI_APP_',
  'WXT_',
  'PLASMO_PUBLIC_',
  'REDWOOD_ENV_',
  'PREACT_APP_',
  'SANITY_STUDIO_',
  'PUBLIC_',
];
/** What such a variable is for when it names no secret. */
const PUBLIC_WORDS = /PUBLISHABLE|PUBLIC|ANON|SITE_?KEY|CLIENT_ID|MAPS|ANALYTICS|DSN/;
const DESCRIBING_END = /_(?:URL|URI|ID|NAME|PATH|ENABLED|LENGTH|HOST|PAGE|ROUTE|TTL|TYPE)$/;
/** Words that say secret by themselves, at the end of a name. */
const SECRET_END =
  /(?:^|_)(?:SECRET(?:_(?:ACCESS|API|APP))?(?:_(?:KEY|TOKEN))?|PRIVATE(?:_API)?_(?:KEY|TOKEN)|SERVICE_ROLE(?:_KEY)?|(?<!(?:RESET|FORGOT|CHANGE)_)PASSWORD)$/;
/** Providers whose keys never belong into a browser, with the ends of their names. */
const PROVIDER_END =
  /(?:^|_)(?:ASSEMBLY(?:_?AI)?|AAI|SCRIBEBERRY|SCRIPTIX|ZOOM_?MEDIA|OPENAI|ANTHROPIC|CLAUDE|DEEPGRAM|ELEVENLABS|GROQ|MISTRAL|REPLICATE|SENDGRID|RESEND|TWILIO_AUTH|HUGGINGFACE|PERPLEXITY|COHERE|TOGETHER(?:_AI)?|FIREWORKS|DEEPSEEK|OPENROUTER|XAI|CEREBRAS|STABILITY(?:_AI)?|CARTESIA|PINECONE|LANGSMITH|LANGCHAIN|TAVILY|FIRECRAWL|POSTMARK|MAILGUN|MAILERSEND|BREVO|SLACK_BOT|DISCORD_BOT|TELEGRAM_BOT|GITHUB|GITLAB|AIRTABLE|NOTION|LINEAR|CLOUDFLARE|DIGITALOCEAN|WORKOS)_(?:API_)?(?:KEY|TOKEN|SECRET)$/;

/** Former prefix of Nx, but for what its service on the web is called by. */
const OLD_PREFIX = /^NX_(?!CLOUD_|PUBLIC_)/;

/** The prefix by which a build copies a variable, whatever its name says; undefined for any other. */
export function bundlePrefix(name: string): string | undefined {
  return PUBLIC_PREFIXES.find((candidate) => name.startsWith(candidate)) ?? OLD_PREFIX.exec(name)?.[0];
}

/** The prefix that makes a variable public; undefined for any other, and for one whose name says that it is meant to be. */
export function publicPrefix(name: string): string | undefined {
  const prefix = bundlePrefix(name);
  if (prefix === undefined) return undefined;
  const rest = name.slice(prefix.length);
  return PUBLIC_WORDS.test(rest) || DESCRIBING_END.test(rest) ? undefined : prefix;
}

/** Whether a public variable's name alone says that a secret is in it. */
export function namesPublicSecret(name: string): boolean {
  const prefix = publicPrefix(name);
  return prefix !== undefined && namesSecret(name.slice(prefix.length));
}

/** Whether the name of a variable of the environment says that a secret is in it, which no browser may see. */
export function namesSecret(name: string): boolean {
  return /^[A-Z0-9_]{1,100}$/.test(name) && !PUBLIC_WORDS.test(name) && (SECRET_END.test(name) || PROVIDER_END.test(name));
}
