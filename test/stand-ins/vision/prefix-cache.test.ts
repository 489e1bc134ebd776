import { afterEach, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, picture, question } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

const encoded = (): boolean[] => standIn.calls().map((call) => call.encoded);

test('the same image again is not encoded again', async () => {
  standIn = await startVisionStandIn({ encodeMs: 60, latencyMs: 20 });
  const first = await ask(standIn.url, question(await picture(), 'What is it?'));
  const second = await ask(standIn.url, question(await picture(), 'What colour has it?'));
  expect(encoded()).toEqual([true, false]);
  expect(first.last.prompt_eval_duration).toBeGreaterThan(60e6);
  expect(second.last.prompt_eval_duration).toBeLessThan(20e6);
  expect(second.last.prompt_eval_count).toBeGreaterThan(1000);
  const [a, b] = standIn.calls().map((call) => (call.endedAtMs ?? 0) - (call.startedAtMs ?? 0));
  expect((a ?? 0) - (b ?? 0)).toBeGreaterThan(40);
});

test('each slot remembers one image: two taking turns on one slot are encoded each time, on two slots once each', async () => {
  for (const slots of [1, 2]) {
    standIn = await startVisionStandIn({ slots });
    for (const name of ['one', 'two', 'one', 'two'])
      await ask(standIn.url, question(await picture(name), `About ${name}`));
    expect(standIn.stats().encodes).toBe(slots === 1 ? 4 : 2);
    if (slots === 1) await standIn.close();
  }
});

test('a call takes the free slot that knows its image, else the one used longest ago', async () => {
  standIn = await startVisionStandIn({ slots: 3 });
  for (const name of ['one', 'two', 'three', 'two', 'four']) await ask(standIn.url, question(await picture(name)));
  expect(standIn.calls().map(({ slot }) => slot)).toEqual([0, 1, 2, 1, 0]);
});

test('text before the image that changes makes every call a miss; a system text that stays does not', async () => {
  standIn = await startVisionStandIn();
  const image = (await picture()).toString('base64');
  const call = (system: string, text: string): Promise<unknown> =>
    ask(standIn.url, {
      model: 'm',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: text, images: [image] },
      ],
    });
  await call('Be exact.', 'first');
  await call('Be exact.', 'second');
  await call('Be brief.', 'third');
  await call('Be brief.', 'now look at [img] closely');
  expect(encoded()).toEqual([true, false, true, true]);
});

test('a repair in the same conversation keeps the image', async () => {
  standIn = await startVisionStandIn();
  const images = [(await picture()).toString('base64')];
  const first = { role: 'user', content: 'What is it?', images };
  await ask(standIn.url, { model: 'm', messages: [first] });
  const repair = [first, { role: 'assistant', content: 'no' }, { role: 'user', content: 'Answer in JSON.' }];
  await ask(standIn.url, { model: 'm', messages: repair });
  expect(encoded()).toEqual([true, false]);
});

test('another model, a reload and a call without image forget it', async () => {
  standIn = await startVisionStandIn();
  const image = await picture();
  await ask(standIn.url, question(image));
  await ask(standIn.url, question(image, 'other model', { model: 'qwen3-vl:8b-instruct' }));
  await ask(standIn.url, question(image));
  await ask(standIn.url, question(image, 'reload', { options: { num_ctx: 4096 } }));
  await ask(standIn.url, question(undefined, 'no image', { options: { num_ctx: 4096 } }));
  await ask(standIn.url, question(image, 'back', { options: { num_ctx: 4096 } }));
  expect(encoded()).toEqual([true, true, true, true, false, true]);
});

test('an encode that was aborted is not remembered', async () => {
  standIn = await startVisionStandIn({ encodeMs: 300 });
  const image = await picture();
  const leave = new AbortController();
  const left = ask(standIn.url, question(image), { signal: leave.signal }).catch(() => undefined);
  await standIn.waitFor(([call]) => call?.startedAtMs !== undefined);
  leave.abort();
  await left;
  await ask(standIn.url, question(image));
  expect(encoded()).toEqual([true, true]);
});
