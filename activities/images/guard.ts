import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Failure } from '../shared/failure.ts';

export interface GuardOptions {
  /** Development: plain http and loopback addresses are allowed. */
  readonly isDevelopment: boolean;
  /** Empty: any public host. */
  readonly allowedHosts: readonly string[];
}

/** Which addresses an untrusted image URL may lead to. Looked at for every redirect and, by name, at connect time. */
export interface Guard {
  /**
   * @param base what a redirect may be relative to
   * @throws {Failure} `ImageAddressRefused`
   */
  checkUrl(url: string, base?: URL): URL;
  /** Resolves a name for the socket itself, so that a name which changes its mind is caught, too. */
  readonly lookup: LookupFunction;
}

export function createGuard({ isDevelopment, allowedHosts }: GuardOptions): Guard {
  const mayConnectTo = (address: string) => isPublic(address) || (isDevelopment && isLoopback(address));
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));

  return {
    checkUrl(text, base) {
      const url = parseUrl(text, base);
      const { protocol, username, password } = url;
      if (protocol !== 'https:' && !(isDevelopment && protocol === 'http:'))
        throw refused(`only https is allowed, not "${protocol.replace(':', '')}"`);
      if (username !== '' || password !== '') throw refused('user names and passwords in an address are not allowed');
      const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
      if (allowed.size > 0 && !allowed.has(host)) throw refused(`the host ${host} is not in images.allowedHosts`);
      // a literal address never passes through lookup
      if (isIP(host) !== 0 && !mayConnectTo(host)) throw refused(`the address ${host} is not public`);
      return url;
    },
    lookup(hostname, options, callback) {
      dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
        const good = error ? [] : addresses.filter(({ address }) => mayConnectTo(address));
        const [first] = good;
        if (first === undefined) callback(error ?? refused(`${hostname} does not lead to a public address`), '', 0);
        else if (options.all === true) callback(null, good);
        else callback(null, first.address, first.family);
      });
    },
  };
}

function parseUrl(text: string, base?: URL): URL {
  try {
    return new URL(text, base);
  } catch {
    throw refused('not a valid address');
  }
}

const refused = (why: string) => new Failure('ImageAddressRefused', `the image address was refused: ${why}`);

/** Azure's metadata and control address: in the public range, but it leads into the machine's own cloud. */
const metadataAddress = '168.63.129.16';

/** IANA has given out no other part of IPv6; "unicast" in the library's sense also covers `::a.b.c.d`. */
const globalUnicast6 = ipaddr.parseCIDR('2000::/3');

/** Global unicast only: not loopback, private, link-local, carrier-grade NAT, unique local, metadata services, ... */
function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast' || address.toString() === metadataAddress) return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast6);
}
const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
