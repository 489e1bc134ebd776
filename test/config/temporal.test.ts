import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTemporalTarget } from '../../config/temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** No file but the one a test writes: the machine may have one of its own. */
async function profiles(toml = '[profile.default]\n'): Promise<{ TEMPORAL_CONFIG_FILE: string }> {
  const file = join(await temporaryFolder(), 'temporal.toml');
  await writeFile(file, toml);
  return { TEMPORAL_CONFIG_FILE: file };
}

describe('where Temporal is', () => {
  test('is this machine, unless somebody says otherwise', async () => {
    const target = readTemporalTarget(await profiles());
    expect(target).toMatchObject({ address: '127.0.0.1:7233', namespace: 'default' });
    expect(target.connectionOptions.address).toBe('127.0.0.1:7233');
    expect(target.connectionOptions.tls ?? false).toBe(false);
  });

  test('comes from the variables of the CLI', async () => {
    const env = { ...(await profiles()), TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'gf25' };
    const target = readTemporalTarget(env);
    expect(target).toMatchObject({ address: 'temporal.example:7233', namespace: 'gf25' });
    expect(target.connectionOptions.address).toBe('temporal.example:7233');
  });

  test('counts an empty value as not set, as compose files make them', async () => {
    const names = ['ADDRESS', 'NAMESPACE', 'API_KEY', 'TLS', 'TLS_CLIENT_CERT_PATH', 'PROFILE', 'CONFIG_FILE'];
    for (const value of ['', ' ', '\t']) {
      const empty = Object.fromEntries(names.map((name) => [`TEMPORAL_${name}`, value]));
      for (const env of [
        { ...empty, ...(await profiles()) },
        { ...empty, HOME: await temporaryFolder() },
      ]) {
        const target = readTemporalTarget(env);
        expect(target).toMatchObject({ address: '127.0.0.1:7233', namespace: 'default' });
        expect(target.connectionOptions.tls ?? false).toBe(false);
      }
    }
  });

  test('with an API key is spoken to over TLS only', async () => {
    const { connectionOptions } = readTemporalTarget({ ...(await profiles()), TEMPORAL_API_KEY: 'cloud-key' });
    expect(connectionOptions.apiKey).toBe('cloud-key');
    expect(connectionOptions.tls).toBeTruthy();
  });

  test('comes from a profile, and the variables have the last word', async () => {
    const file = await profiles(
      '[profile.default]\naddress = "one.example:7233"\nnamespace = "one"\n' +
        '[profile.other]\naddress = "two.example:7233"\nnamespace = "two"\n',
    );
    expect(readTemporalTarget(file)).toMatchObject({ address: 'one.example:7233', namespace: 'one' });
    const other = { ...file, TEMPORAL_PROFILE: 'other' };
    expect(readTemporalTarget(other)).toMatchObject({ address: 'two.example:7233', namespace: 'two' });
    expect(readTemporalTarget({ ...other, TEMPORAL_NAMESPACE: 'mine' })).toMatchObject({
      ...{ address: 'two.example:7233', namespace: 'mine' },
    });
  });

  test('is not in a file that says nothing: it counts as none', async () => {
    for (const text of ['', '\n', '# not yet\n']) {
      const file = await profiles(text);
      expect(readTemporalTarget({ ...file, TEMPORAL_NAMESPACE: 'mine' })).toMatchObject({
        ...{ address: '127.0.0.1:7233', namespace: 'mine' },
      });
      expect(() => readTemporalTarget({ ...file, TEMPORAL_PROFILE: 'other' })).toThrow('no [profile.NAME] in it');
    }
    expect(readTemporalTarget({ TEMPORAL_CONFIG_FILE: '/dev/null' })).toMatchObject({ namespace: 'default' });
  });

  test('is not guessed when the profile is not there, or is no TOML', async () => {
    const file = await profiles('[profile.default]\naddress = "one.example:7233"\n');
    expect(() => readTemporalTarget({ ...file, TEMPORAL_PROFILE: 'missing' })).toThrow(/missing/);
    const broken = await profiles('[profile.default\n');
    expect(() => readTemporalTarget(broken)).toThrow(`with ${broken.TEMPORAL_CONFIG_FILE}: Invalid TOML`);
    const without = await profiles('address = "one.example:7233"\n');
    expect(() => readTemporalTarget(without)).toThrow(`with ${without.TEMPORAL_CONFIG_FILE}: no [profile.NAME] in it`);
  });
});
