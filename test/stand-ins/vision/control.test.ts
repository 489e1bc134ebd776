import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, get, post, question, type Line } from './support.ts';

let standIn: VisionStandIn | undefined;

afterEach(async () => standIn?.close());

test('another process can script it and read its calls', async () => {
  standIn = await startVisionStandIn();
  const control = `${standIn.url}/_stand-in`;
  const rule = { times: 'Infinity', action: { kind: 'text', text: 'scripted' } };
  expect((await post(`${control}/script`, [rule])).status).toBe(201);
  expect((await ask(standIn.url, question(undefined))).text).toBe('scripted');
  expect((await post(`${control}/script`, { action: { kind: 'explode' } })).status).toBe(400);
  const { statusCode } = await request(`${control}/script`, { method: 'DELETE' });
  expect(statusCode).toBe(200);
  expect((await ask(standIn.url, question(undefined))).text).not.toBe('scripted');
  const calls = (await get(`${control}/calls`)) as unknown as Line[];
  expect(calls).toMatchObject([{ id: 1, outcome: 'answered', prompt: 'What is in this image?' }, { id: 2 }]);
  expect(await get(`${control}/stats`)).toMatchObject({ answered: 2 });
  expect(await get(`${control}/stats?toMs=1`)).toMatchObject({ answered: 0 });
  expect(await get(`${control}/stats?toMs=soon`)).toHaveProperty('error');
  expect(await get(`${control}/health`)).toEqual({ status: 'ok', service: 'vision stand-in' });
});

test('it runs by itself, says when it is ready, and ends on SIGTERM', async () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--slots', '2', '--latency-ms', '5']);
  const [ready] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^ready vision-stand-in (http:\S+)\n$/.exec(ready.toString())?.[1] ?? '';
  expect((await ask(url, question(undefined))).last.done).toBe(true);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([['--wings'], ['--slots', 'many'], ['--port', '1', '--host', 'nowhere.invalid']])(
  'it says what is wrong with %s %s',
  async (...wrong) => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...wrong]);
    const [said] = (await once(child.stderr, 'data')) as [Buffer];
    expect(said.toString()).toMatch(/^vision stand-in: (?!.*undefined).+/);
    expect(await once(child, 'exit')).toEqual([1, null]);
  },
);
