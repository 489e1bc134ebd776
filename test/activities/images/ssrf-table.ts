import type { Resolve } from '../../../activities/images/guard.ts';

/** What names lead to in these tests: the rest is unknown. */
const names: Readonly<Record<string, readonly string[]>> = {
  'private.example': ['10.1.2.3'],
  'home.example': ['192.168.0.1'],
  'loop.example': ['127.0.0.1'],
  'loop6.example': ['::1'],
  'metadata.example': ['169.254.169.254'],
  'metadata.google.internal': ['169.254.169.254'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'nat64.example': ['64:ff9b::a00:1'],
  '127.0.0.1.nip.example': ['127.0.0.1'],
  'xn--lcal-qqa.example': ['127.0.0.1'],
  'localhost.': ['127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  'ip6-localhost': ['::1'],
  'sub.localhost': ['127.0.0.1'],
  'localtest.example': ['0.0.0.0'],
  'none.example': [],
};

export const resolve: Resolve = (hostname, _, callback) => {
  const addresses = names[hostname];
  const unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
  if (addresses === undefined) callback(unknown, []);
  else
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

const literal = (rule: string) => (host: string) => [`https://${host}/a.jpg`, `the ${rule} address`] as const;
const loopback = literal('loopback');
const byPrivate = literal('private');
const metadata = literal('cloud metadata');
const named = (host: string, rule: string) => [`https://${host}/a.jpg`, `(${rule})`] as const;

/** Addresses that are refused in production, and words of the rule. */
export const refusedAddresses: readonly (readonly [url: string, rule: string])[] = [
  // this machine, in every spelling of 127.0.0.1
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '017700000001'].map(
    loopback,
  ),
  ...['0177.0.0.01', '0x7f.0x0.0x0.0x1', '127.0.0.1.', '%31%32%37.0.0.1', '127%2e0%2e0%2e1', '①②⑦.0.0.1'].map(loopback),
  ...['127。0。0。1', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'].map(loopback),
  ...['0.0.0.0', '0', '0x0', '[::]', '0.1.2.3'].map(literal('unspecified')),
  // networks of others
  ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1'].map(byPrivate),
  ...['167772161', '0xa000001', '012.0.0.1', '10.1', '192.168.257', '3232235777', '[::ffff:10.0.0.1]'].map(byPrivate),
  ...['100.64.0.1', '100.127.255.254'].map(literal('carrier-grade NAT')),
  ...['169.254.0.1', '[fe80::1]'].map(literal('link-local')),
  ...['[fc00::1]', '[fd00::1]', '[fdff:ffff::1]'].map(literal('unique local')),
  ...['[fec0::1]'].map(literal('site-local')),
  // where clouds keep their keys
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518'].map(metadata),
  ...['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '169.254.170.2', '168.63.129.16'].map(metadata),
  ...['100.100.100.200', '[fd00:ec2::254]', '[fd20:ce::254]'].map(metadata),
  // IPv4 inside of IPv6
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b::8.8.8.8]', '[64:ff9b:1::a00:1]'].map(literal('NAT64')),
  ...['[2002:7f00:1::]', '[2002:a9fe:a9fe::1]'].map(literal('6to4')),
  ...['[2001:0:7f00:1::]'].map(literal('Teredo')),
  ...['[::ffff:0:10.0.0.1]'].map(literal('IPv4-translated')),
  ...['[::127.0.0.1]', '[::10.0.0.1]', '[4000::1]'].map(literal('unassigned')),
  // nobody's
  ...['224.0.0.1', '239.255.255.250', '[ff02::1]'].map(literal('multicast')),
  ...['255.255.255.255'].map(literal('broadcast')),
  ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '240.0.0.1', '192.88.99.1', '[2001:db8::1]'].map(literal('reserved')),
  ...['198.18.0.1'].map(literal('reserved')),
  ...['[100::1]'].map(literal('discard')),
  // names
  named('localhost', 'loopback'),
  named('LOCALHOST', 'loopback'),
  named('localhost.', 'loopback'),
  named('%6Cocalhost', 'loopback'),
  named('ｌｏｃａｌｈｏｓｔ', 'loopback'),
  named('ip6-localhost', 'loopback'),
  named('sub.localhost', 'loopback'),
  named('loop.example', 'loopback'),
  named('LOOP.Example', 'loopback'),
  named('loop6.example', 'loopback'),
  named('127.0.0.1.nip.example', 'loopback'),
  named('lócal.example', 'loopback'),
  named('localtest.example', 'unspecified'),
  named('private.example', 'private'),
  named('home.example', 'private'),
  named('mapped.example', 'private'),
  named('metadata.example', 'cloud metadata'),
  named('metadata.google.internal', 'cloud metadata'),
  named('nat64.example', 'NAT64'),
  ['https://none.example/', 'it has none'],
  // names and passwords, also to hide the host behind them
  ['https://user:word@images.example/', 'user names and passwords'],
  ['https://images.example@127.0.0.1/', 'user names and passwords'],
  ['https://images.example%40x@127.0.0.1/', 'user names and passwords'],
  ['https://images.example:443@169.254.169.254/', 'user names and passwords'],
  // a host that looks like another one
  ['https://127.0.0.1#@images.example/', 'the loopback address'],
  ['https://127.0.0.1?@images.example/', 'the loopback address'],
  ['https://127.0.0.1\\@images.example/', 'the loopback address'],
  ['https:127.0.0.1/', 'the loopback address'],
  ['https:///127.0.0.1/', 'the loopback address'],
  ['\thttps://127.0.\n0.1/', 'the loopback address'],
  // schemes
  ['http://images.example/a.jpg', 'only https is allowed, not "http"'],
  ['HTTP://127.0.0.1/', 'only https is allowed, not "http"'],
  ['ftp://images.example/a.jpg', 'only https is allowed, not "ftp"'],
  ['file:///etc/passwd', 'only https is allowed, not "file"'],
  ['gopher://127.0.0.1:6379/_FLUSHALL', 'only https is allowed, not "gopher"'],
  ['data:image/png;base64,AAAA', 'only https is allowed, not "data"'],
  ['blob:https://images.example/1', 'only https is allowed, not "blob"'],
  ['javascript:alert(1)', 'only https is allowed, not "javascript"'],
  ['ws://images.example/', 'only https is allowed, not "ws"'],
  // ports
  ['https://images.example:22/', 'the port 22 is not allowed'],
  ['https://images.example:80/', 'the port 80 is not allowed'],
  ['https://images.example:6379/', 'the port 6379 is not allowed'],
  ['https://8.8.8.8:8443/', 'the port 8443 is not allowed'],
  // no addresses
  ['https://', 'not a valid address'],
  ['https://[::1', 'not a valid address'],
  ['https://[fe80::1%25eth0]/', 'not a valid address'],
  ['https://256.256.256.256/', 'not a valid address'],
  ['https://0x100000000/', 'not a valid address'],
  ['https://127.0.0.1:99999/', 'not a valid address'],
  ['https://exa mple/', 'not a valid address'],
  ['//127.0.0.1/a.jpg', 'not a valid address'],
];

/** Addresses that are none of our business to refuse. */
export const publicAddresses: readonly string[] = [
  'https://images.example/a.jpg',
  'https://IMAGES.example:443/a.jpg?size=1&x=http://127.0.0.1/',
  'https://cdn.images.example/path/with%20blank/ü.webp#part',
  'https://bücher.example/bild.png',
  'https://xn--bcher-kva.example/bild.png',
  'https://10.0.0.1.images.example/a.jpg',
  'https://localhost.images.example/a.jpg',
  'https://images.example./a.jpg',
  'https://8.8.8.8/a.jpg',
  'https://1.1.1.1/a.jpg',
  'https://134744072/a.jpg',
  'https://172.15.255.255/a.jpg',
  'https://172.32.0.1/a.jpg',
  'https://100.63.255.255/a.jpg',
  'https://100.128.0.1/a.jpg',
  'https://169.253.255.255/a.jpg',
  'https://192.167.255.255/a.jpg',
  'https://[2606:4700:4700::1111]/a.jpg',
  'https://[2a00:1450:4001:81b::200e]/a.jpg',
  'https://[::ffff:8.8.8.8]/a.jpg',
];
