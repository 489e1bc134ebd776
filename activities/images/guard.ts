import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Failure } from '../shared/failure.ts';
import { nonPublicRule } from './addresses.ts';

export interface GuardOptions {
  /** Development: plain http, loopback addresses and any port are allowed. */
  readonly isDevelopment: boolean;
  /** `host` or `host:port`. Empty: any public host. */
  readonly allowedHosts: readonly string[];
  /** Our own media base: its port is allowed for its host. */
  readonly mediaBaseUrl?: string | undefined;
  /** All addresses of a name; default: those that the system finds. */
  readonly resolve?: Resolve;
}

export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Which addresses an untrusted image URL may lead to. Looked at for every redirect and, by name, at connect time. */
export interface Guard {
  /**
   * @param base what a redirect may be relative to
   * @throws {Failure} `ImageAddressRefused` with the rule
   */
  checkUrl(url: string, base?: URL): URL;
  /** Resolves a name for the socket itself, so that a name which changes its mind is caught, too. */
  readonly lookup: LookupFunction;
}

export function createGuard({ isDevelopment, allowedHosts, mediaBaseUrl, resolve }: GuardOptions): Guard {
  const ruleAgainst = (address: string): string | undefined => {
    const rule = nonPublicRule(address);
    return isDevelopment && rule === 'loopback' ? undefined : rule;
  };
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const ownHost = hostOf(mediaBaseUrl);
  const findAll: Resolve = resolve ?? ((hostname, options, callback) => dnsLookup(hostname, options, callback));

  return {
    checkUrl(text, base) {
      const url = parseUrl(text, base);
      const { protocol, username, password, port } = url;
      if (protocol !== 'https:' && !(isDevelopment && protocol === 'http:'))
        throw refused(`only https is allowed, not "${protocol.replace(':', '')}"`);
      if (username !== '' || password !== '') throw refused('user names and passwords in an address are not allowed');
      const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
      const isListed = allowed.has(port === '' ? `${url.hostname}:443` : url.host);
      if (allowed.size > 0 && !isListed && !allowed.has(host))
        throw refused(`the host ${host} is not in images.allowedHosts`);
      // a literal address never passes through lookup
      const rule = isIP(host) === 0 ? undefined : ruleAgainst(host);
      if (rule !== undefined) throw refused(`the ${rule} address ${host} is not public`);
      if (!isDevelopment && port !== '' && !isListed && url.host !== ownHost)
        throw refused(`the port ${port} is not allowed: name ${url.host} in images.allowedHosts`);
      return url;
    },
    lookup(hostname, options, callback) {
      findAll(hostname, { ...options, all: true }, (error, addresses) => {
        const good = error ? [] : addresses.filter(({ address }) => ruleAgainst(address) === undefined);
        const [first] = good;
        if (first === undefined) callback(error ?? refused(nowherePublic(hostname, addresses)), '', 0);
        else if (options.all === true) callback(null, good);
        else callback(null, first.address, first.family);
      });
    },
  };
}

const nowherePublic = (hostname: string, addresses: readonly LookupAddress[]) => {
  const found = addresses.map(({ address }) => `${address} (${nonPublicRule(address) ?? 'public'})`).join(', ');
  return `${hostname} does not lead to a public address: ${found || 'it has none'}`;
};

function parseUrl(text: string, base?: URL): URL {
  try {
    return new URL(text, base);
  } catch {
    throw refused('not a valid address');
  }
}

/** With the port, where it is not that of the scheme. */
const hostOf = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) && new URL(url).host !== '' ? new URL(url).host : undefined;

const refused = (why: string) => new Failure('ImageAddressRefused', `the image address was refused: ${why}`);
