import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { createGuard, type GuardOptions } from '../../../activities/images/guard.ts';
import { Failure } from '../../../activities/shared/failure.ts';

const production: GuardOptions = { isDevelopment: false, allowedHosts: [] };
const development: GuardOptions = { isDevelopment: true, allowedHosts: [] };

/** `allowed`, or why the address was refused. */
function verdictOn(url: string, options: GuardOptions): string {
  try {
    createGuard(options).checkUrl(url);
    return 'allowed';
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'ImageAddressRefused' });
    return (error as Failure).message;
  }
}

const notPublic: readonly string[] = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '198.18.0.1',
  '[::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:a83f:8110]',
  '[::10.0.0.1]',
  '[::127.0.0.1]',
  '[4000::1]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::]',
];
const loopback: readonly string[] = [
  '127.0.0.1',
  '127.255.255.254',
  '[::1]',
  '[::ffff:127.0.0.1]',
  // other ways to write 127.0.0.1
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
];

describe('an address with a number for a host', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '[2606:4700:4700::1111]'])('%s is public', (host) => {
    expect(verdictOn(`https://${host}/a.jpg`, production)).toBe('allowed');
  });

  test.each([...notPublic, ...loopback])('%s is refused in production', (host) => {
    expect(verdictOn(`https://${host}/a.jpg`, production)).toMatch(/ is not public$/);
  });

  test.each(notPublic)('%s is refused in development, too', (host) => {
    expect(verdictOn(`http://${host}/a.jpg`, development)).toMatch(/ is not public$/);
  });

  test.each(loopback)('%s is allowed in development', (host) => {
    expect(verdictOn(`http://${host}:8080/a.jpg`, development)).toBe('allowed');
  });
});

describe('the scheme', () => {
  test.each(['https://images.example/a.jpg', 'HTTPS://IMAGES.EXAMPLE/a.jpg'])('%s is allowed', (url) => {
    expect(verdictOn(url, production)).toBe('allowed');
  });

  test('may be http in development only', () => {
    expect(verdictOn('http://images.example/a.jpg', production)).toContain('only https is allowed, not "http"');
    expect(verdictOn('http://images.example/a.jpg', development)).toBe('allowed');
  });

  test.each(['file:///etc/passwd', 'ftp://images.example/a.jpg', 'data:image/png;base64,AAAA', 'gopher://x/'])(
    'of %s is refused everywhere',
    (url) => {
      expect(verdictOn(url, production)).toContain('only https is allowed');
      expect(verdictOn(url, development)).toContain('only https is allowed');
    },
  );
});

describe('an address', () => {
  test.each(['', 'no address', '/media/a.jpg', 'https://', 'https://[::1', 'https://a:99999/'])(
    '%j is no valid one',
    (url) => expect(verdictOn(url, production)).toContain('not a valid address'),
  );

  test.each(['https://user@images.example/', 'https://:word@images.example/', 'https://u:p@images.example/'])(
    'with a name or password is refused: %s',
    (url) => expect(verdictOn(url, production)).toContain('user names and passwords'),
  );

  test('comes back parsed', () => {
    const url = createGuard(production).checkUrl('https://images.example:443/a%20b.jpg?size=1#part');
    expect(url.href).toBe('https://images.example/a%20b.jpg?size=1#part');
  });
});

describe('the port', () => {
  const other = 'https://images.example:8443/a.jpg';

  test('is that of https in production, and any in development', () => {
    expect(verdictOn(other, production)).toContain(
      'the port 8443 is not allowed: name images.example:8443 in images.allowedHosts',
    );
    expect(verdictOn(other, development)).toBe('allowed');
  });

  test('may be another one for a host that is listed with it', () => {
    expect(verdictOn(other, { ...production, allowedHosts: ['Images.Example:8443'] })).toBe('allowed');
    expect(verdictOn(other, { ...production, allowedHosts: ['images.example'] })).toContain('the port 8443');
    expect(verdictOn('https://images.example/', { ...production, allowedHosts: ['images.example:443'] })).toBe(
      'allowed',
    );
    const elsewhere = { ...production, allowedHosts: ['images.example:8443'] };
    expect(verdictOn('https://images.example:8444/', elsewhere)).toContain('is not in images.allowedHosts');
  });

  test('may be another one for our own media host', () => {
    const own = { ...production, mediaBaseUrl: 'https://images.example:8443/base' };
    expect(verdictOn(other, own)).toBe('allowed');
    expect(verdictOn('https://images.example:9443/', own)).toContain('the port 9443');
    expect(verdictOn('https://other.example:8443/', own)).toContain('the port 8443');
  });
});

describe('allowed hosts', () => {
  const listed = { ...production, allowedHosts: ['Images.Example', '8.8.8.8', '10.0.0.1', '2606:4700:4700::1111'] };

  test.each([
    'https://images.example/',
    'https://IMAGES.example:443/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('let %s through', (url) => expect(verdictOn(url, listed)).toBe('allowed'));

  test.each([
    'https://other.example/',
    'https://sub.images.example/',
    'https://images.example.evil.test/',
    'https://evil-images.example/',
    'https://1.1.1.1/',
  ])('keep %s out', (url) => expect(verdictOn(url, listed)).toContain('is not in images.allowedHosts'));

  test('do not make a private address public', () => {
    expect(verdictOn('https://10.0.0.1/', listed)).toMatch(/10\.0\.0\.1 is not public$/);
  });
});

describe('a name', () => {
  const lookUp = (hostname: string, options: GuardOptions, all: boolean) =>
    new Promise<LookupAddress[] | string>((resolve, reject) => {
      createGuard(options).lookup(hostname, { all, family: 4 }, (error, address, family) => {
        if (error) reject(error);
        else if (typeof address === 'string') resolve(`${address} ${family ?? '?'}`);
        else resolve(address);
      });
    });

  test('that leads to this machine is refused in production, when the socket asks', async () => {
    expect(verdictOn('https://localhost/', production)).toBe('allowed');
    await expect(lookUp('localhost', production, true)).rejects.toMatchObject({
      code: 'ImageAddressRefused',
      message: expect.stringContaining('localhost does not lead to a public address') as string,
    });
    await expect(lookUp('localhost', production, false)).rejects.toMatchObject({ code: 'ImageAddressRefused' });
  });

  test('that leads to this machine is allowed in development, in the form the socket asks for', async () => {
    expect(await lookUp('localhost', development, true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await lookUp('localhost', development, false)).toBe('127.0.0.1 4');
  });

  test('that is a literal private address is refused by the lookup, too', async () => {
    await expect(lookUp('169.254.169.254', development, true)).rejects.toMatchObject({ code: 'ImageAddressRefused' });
    expect(await lookUp('8.8.8.8', production, false)).toBe('8.8.8.8 4');
  });

  test('that nobody knows fails as it does without a guard', async () => {
    await expect(lookUp('nobody.invalid', production, true)).rejects.toMatchObject({ syscall: 'getaddrinfo' });
  });
});
