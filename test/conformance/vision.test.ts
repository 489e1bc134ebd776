import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProviderKind } from '../../activities/vision/provider.ts';
import { isApplicable } from './check.ts';
import { checks } from './checks.ts';
import { openSubject } from './subject.ts';

const kinds: Readonly<Record<ProviderKind, readonly string[]>> = {
  ollama: ['server', 'stand-in', 'provider'],
  openai: ['server', 'stand-in', 'provider'],
  embedded: ['provider'],
};

describe.each(Object.entries(kinds))('the %s provider', (kind, needs) => {
  const applicable = checks.filter((check) => needs.includes(check.needs));
  test.each(applicable.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    const subject = await openSubject({ kind: kind as ProviderKind });
    onTestFinished(() => subject.close());
    expect(isApplicable(check, subject)).toBe(true);
    expect(await check.run(subject)).not.toBe('');
  });
});
