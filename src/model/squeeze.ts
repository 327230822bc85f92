/** A name without case and separators: `ACME_API_KEY`, `acme-api-key` and `AcmeApiKey` are all `acmeapikey`. */
export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
