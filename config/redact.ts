/** Takes secrets out of texts, wherever they come from: an echo of GoFlow's counts, too. */
export type Redact = (text: string) => string;

const redacted = '[redacted]';

/** Names of fields whose value nobody may see, as they stand in JSON, in headers and in URLs. */
const names = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwd',
  'secret',
  'token',
  '[\\w-]*api[-_]?key',
  '[\\w-]*(?:access|refresh|auth|id|bearer|session)[-_]?token',
  '[\\w-]*client[-_]?secret',
  '[\\w-]*webhook(?:[-_]?url)?',
].join('|');

/** What is secret by its place or form. JSON stays JSON: a string is replaced between its quotes. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`"(${names})":"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `"$1":"${redacted}"`],
  [new RegExp(`"(${names})":\\[[^\\]]*\\]`, 'gi'), `"$1":"${redacted}"`],
  // JSON inside of a string of JSON: an answer that an error quotes
  [new RegExp(`(\\\\+)"(${names})\\1"(\\s*:\\s*)\\1"[^"\\\\]*\\1"`, 'gi'), `$1"$2$1"$3$1"${redacted}$1"`],
  // a header or a parameter of a URL; not "token", which is an ordinary word
  [
    /\b((?:proxy-)?authorization|x-api-key|api[-_]?key|access[-_]?token|client[-_]?secret|password)(\s*[=:]\s*)(?:(?:bearer|basic)\s+)?[^\s"'\\,;&[\]]{4,}/gi,
    `$1$2${redacted}`,
  ],
  [/\b(bearer\s+)[\w.~+/=-]{16,}/gi, `$1${redacted}`],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, redacted],
  [/(\/api\/(?:v\d+\/)?webhooks\/)\d+\/[\w-]+/g, `$1${redacted}`],
  [/(:\/\/)[^\s/@:"\\]+:[^\s/@"\\]+@/g, `$1${redacted}@`],
];

/** By value what is known to be secret, by name and by form what looks like it. */
export function createRedact(secrets: readonly string[]): Redact {
  // as typed, in JSON and in a URL
  const forms = new Set(
    secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  );
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of longestFirst) clean = clean.replaceAll(secret, redacted);
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  };
}
