import ipaddr from 'ipaddr.js';

/** The services from which a machine in a cloud reads its own identity and keys. Some lie in public ranges. */
const metadataServices: ReadonlySet<string> = new Set([
  '169.254.169.254', // AWS, Google Cloud, Azure, OpenStack, DigitalOcean
  '169.254.170.2', // AWS containers
  '168.63.129.16', // Azure
  '100.100.100.200', // Alibaba
  'fd00:ec2::254', // AWS
  'fd20:ce::254', // Google Cloud
]);

/** The library's words for ranges, in those of the registries of IANA. */
const ruleNames: Readonly<Record<string, string>> = {
  linkLocal: 'link-local',
  carrierGradeNat: 'carrier-grade NAT',
  uniqueLocal: 'unique local',
  deprecatedSiteLocal: 'site-local',
  rfc6052: 'NAT64',
  rfc6145: 'IPv4-translated',
  teredo: 'Teredo',
  as112: 'AS112',
  as112v6: 'AS112',
  amt: 'AMT',
  segmentRouting: 'segment routing',
};

/** IANA has given out no other part of IPv6; "unicast" in the library's sense also covers `::a.b.c.d`. */
const globalUnicast6 = ipaddr.parseCIDR('2000::/3');

/**
 * Which rule keeps an address from being a public one: "private", "loopback", "NAT64", ... IPv4 inside of IPv6 is judged
 * as IPv4; the tunnels of IPv6 (6to4, Teredo, NAT64) are refused whole, whatever they lead to.
 *
 * @param text IPv4 or IPv6
 * @returns undefined for a global unicast address
 */
export function nonPublicRule(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return 'malformed';
  const address = ipaddr.process(text);
  if (metadataServices.has(address.toString())) return 'cloud metadata';
  const range = address.range();
  if (range !== 'unicast') return ruleNames[range] ?? range;
  return address.kind() === 'ipv4' || address.match(globalUnicast6) ? undefined : 'unassigned';
}
