import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/wait.ts';
import { asRole, bearer, openApi, tokenFor } from './api.ts';

const limits = { streams: 3, streamsPerCaller: 2, streamHeartbeatSeconds: 0.05 };

/** Over a real socket: what is at stake is what becomes of connections. */
async function listen(settings: object = { limits }) {
  const api = await openApi({ settings });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const follow = async (id: string, headers: Record<string, string>, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/api/v1/projects/${id}/events`, { headers, ...(signal && { signal }) });
  return { ...api, follow };
}

/** Reads what has come until it holds these words. */
async function readUntil(answer: Response, words: string): Promise<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(words)) {
    const piece = await reader?.read();
    if (!piece || piece.done) throw new Error(`the stream ended before "${words}": ${text}`);
    text += piece.value;
  }
  return text;
}

test('live progress comes as events, ends with the project and leaves nothing behind', async () => {
  const { follow, watching, app } = await listen();
  const answer = await follow('one', await asRole('viewer'));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const text = await answer.text();
  const frames = text.split('\n\n').filter((frame) => frame.includes('event:'));
  expect(frames.map((frame) => /event: (\w+)/.exec(frame)?.[1])).toEqual(['progress', 'progress', 'progress', 'end']);
  expect(frames.map((frame) => /^id: (\d+)/.exec(frame)?.[1])).toEqual(['1', '2', '3', undefined]);
  const last = JSON.parse(/data: (.*)/.exec(frames[2] ?? '')?.[1] ?? '') as object;
  expect(last).toMatchObject({ project: { projectId: 'one' }, progress: { totals: { done: 3 } } });
  expect(watching()).toBe(0);
  expect((await app.inject('/metrics')).body).toContain('gf25_api_streams 0');
});

interface EventSchema {
  readonly properties: {
    readonly event: { readonly enum: readonly [string] };
    readonly data: {
      readonly contentMediaType: string;
      readonly contentSchema: Parameters<typeof z.fromJSONSchema>[0];
    };
  };
}

test('each event is as the OpenAPI document describes it', async () => {
  const { follow, app } = await listen();
  const headers = await asRole('viewer');
  const document = (await app.inject({ url: '/api/v1/openapi.json', headers })).json<{
    paths: Record<
      string,
      { get: { responses: { 200: { content: Record<string, { schema: { anyOf: EventSchema[] } }> } } } }
    >;
  }>();
  const { content } = document.paths['/api/v1/projects/{id}/events']?.get.responses[200] ?? {};
  const kinds = content?.['text/event-stream']?.schema.anyOf ?? [];
  const texts = await Promise.all(['one', 'stumbles'].map(async (id) => (await follow(id, headers)).text()));
  const events = texts.flatMap((text) => [...text.matchAll(/event: (\w+)\ndata: (.*)/g)]);
  expect(new Set(events.map(([, event]) => event))).toEqual(new Set(['progress', 'end', 'error']));
  for (const [, event, data = ''] of events) {
    const described = kinds.find(({ properties }) => properties.event.enum[0] === event)?.properties.data;
    expect(described?.contentMediaType).toBe('application/json');
    const schema = z.fromJSONSchema(described?.contentSchema ?? false);
    expect(schema.safeParse(JSON.parse(data)).error, event).toBeUndefined();
    expect(schema.safeParse(null).success).toBe(false);
  }
});

test('while nothing happens there are signs of life', async () => {
  const { follow } = await listen();
  const leave = new AbortController();
  const answer = await follow('endless', await asRole('viewer'), leave.signal);
  expect(await readUntil(answer, ': nothing new\n\n: nothing new\n\n')).toContain('event: progress');
  leave.abort();
});

test('a caller who goes frees everything, and one who has too many is told so', async () => {
  const { follow, watching, app } = await listen();
  const headers = await asRole('viewer');
  const leaving = [new AbortController(), new AbortController()];
  for (const { signal } of leaving) await readUntil(await follow('endless', headers, signal), 'event: progress');
  const third = await follow('endless', headers);
  expect(third.status).toBe(429);
  expect(await third.json()).toMatchObject({ error_code: 'TooManyStreams' });
  // another caller has a place, and then the house is full
  const others = new AbortController();
  await readUntil(await follow('endless', await asRole('operator'), others.signal), 'event: progress');
  expect((await follow('endless', await asRole('admin'))).status).toBe(429);
  expect((await app.inject('/metrics')).body).toContain('gf25_api_streams 3');

  for (const each of [...leaving, others]) each.abort();
  await until('nobody watches any more', () => watching() === 0);
  expect((await app.inject('/metrics')).body).toContain('gf25_api_streams 0');
  const again = await follow('one', headers);
  expect(await again.text()).toContain('event: end');
});

test('what is wrong from the beginning has its status; what breaks off says why', async () => {
  const { follow, watching } = await listen();
  const headers = await asRole('viewer');
  for (const [id, status] of [
    ['missing', 404],
    ['unreachable', 503],
    ['breaks', 500],
  ] as const)
    expect((await follow(id, headers)).status).toBe(status);
  const text = await (await follow('stumbles', headers)).text();
  expect(text).toContain('event: error\ndata: {"detail":"Temporal does not answer');
  expect(text).not.toContain('10.0.0.7');
  expect(watching()).toBe(0);
});

test('a stream ends with its token', async () => {
  const { follow, watching } = await listen({ limits, auth: { clockToleranceSeconds: 0 } });
  const exp = Math.floor(Date.now() / 1_000) + 5;
  const { SignJWT } = await import('jose');
  const { secret } = await import('./api.ts');
  const token = await new SignJWT({ roles: ['viewer'], exp })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
  const answer = await follow('endless', bearer(token));
  await answer.text();
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(exp);
  expect(watching()).toBe(0);
});

test('an API that ends does not wait for its streams', async () => {
  const { follow, watching, app } = await listen();
  const answer = await follow('endless', bearer(await tokenFor('viewer')));
  const rest = answer.text();
  await delay(100);
  const startedAt = Date.now();
  await app.close();
  await rest;
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  expect(watching()).toBe(0);
});
