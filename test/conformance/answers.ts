import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertFailure, type Check, failureOf, millisecondsOf, never, standInOf } from './check.ts';
import { imageOf, maxAnswerBytes, requestOf, type Subject } from './subject.ts';

const answerSchema = z.strictObject({ summary: z.string().min(1).max(300), colours: z.int().min(0).max(100) });

/** A server that is alive, its models, and answers as they should be. */
export const answerChecks: readonly Check[] = [
  {
    name: 'says that its server is alive',
    needs: 'provider',
    run: async ({ provider }) => (await provider.health(never())).version ?? 'no version here',
  },
  {
    name: 'knows its model',
    needs: 'provider',
    run: async ({ provider, model }) => JSON.stringify(await provider.checkModel(model, never())),
  },
  {
    name: 'says what to do when a model is missing',
    needs: 'server',
    async run({ provider }) {
      const failure = await failureOf(provider.checkModel('gf25-no-such-model:0b', never()));
      assertFailure(failure, ['model-missing'], 'analysis');
      assert.match(failure.message, /ollama pull gf25-no-such-model:0b|does not serve .* but .*: name one of these/);
      return failure.message;
    },
  },
  {
    name: 'says so when a model cannot see',
    needs: 'stand-in',
    async run({ provider }) {
      const failure = await failureOf(provider.checkModel('llama3.2:3b', never()));
      assertFailure(failure, ['not-supported'], 'analysis');
      return failure.message;
    },
  },
  {
    name: 'has a model loaded ahead, if that is needed',
    needs: 'server',
    async run({ provider, model }) {
      if (provider.warmUp === undefined) return 'not needed here';
      return `${await millisecondsOf(provider.warmUp(model, never()))} ms`;
    },
  },
  { name: 'gives an answer in the shape that was asked for', needs: 'provider', run: shapedAnswer },
  { name: 'sends the image first, and the same bytes each time', needs: 'stand-in', run: sameBytes },
  { name: 'tells what it saves that the server knows an image', needs: 'server', run: knownImage },
  {
    name: 'keeps the image when a conversation goes on',
    needs: 'stand-in',
    async run(subject) {
      const standIn = standInOf(subject);
      const first = await requestOf(subject);
      const { text } = await subject.provider.infer(first, never());
      const more = [
        { role: 'assistant' as const, text },
        { role: 'user' as const, text: 'Fewer words, please.' },
      ];
      await subject.provider.infer({ ...first, turns: [...first.turns, ...more] }, never());
      const [, second] = standIn.calls();
      assert.equal(second?.imageSha256, first.image.sha256);
      assert.equal(second.encoded, false, 'the image was encoded again');
      return 'not encoded again';
    },
  },
  {
    name: 'says when an answer was cut at the token limit',
    needs: 'server',
    async run(subject) {
      const sampling = { temperature: 0, seed: 25, maxTokens: 3 };
      const { finish, text } = await subject.provider.infer(await requestOf(subject, { sampling }), never());
      assert.equal(finish, 'length');
      return JSON.stringify(text);
    },
  },
  {
    name: 'leaves an answer that grows above its bound',
    needs: 'stand-in',
    async run(subject) {
      const long = 'a wall '.repeat(maxAnswerBytes / 4);
      standInOf(subject).script.add({ action: { kind: 'text', text: JSON.stringify({ summary: long }) } });
      const sampling = { temperature: 0, seed: 25, maxTokens: 1_000_000 };
      const request = await requestOf(subject, { sampling });
      const { finish, text, maxBytes } = await subject.provider.infer(request, never());
      assert.deepEqual({ finish, maxBytes }, { finish: 'too-long', maxBytes: maxAnswerBytes });
      assert.ok(Buffer.byteLength(text) <= maxAnswerBytes, `${text.length} characters were kept`);
      return `left within ${maxAnswerBytes} of ${long.length} bytes`;
    },
  },
];

async function shapedAnswer(subject: Subject): Promise<string> {
  const inference = await subject.provider.infer(await requestOf(subject), never());
  const { text, finish, model, usage, timings } = inference;
  assert.equal(finish, 'stop');
  assert.ok(model.length > 0, 'the model has a name');
  assert.ok(timings.totalMs > 0, 'it took some time');
  const answer: unknown = JSON.parse(text);
  if (subject.providerAt === undefined) return `${text.length} characters`;
  answerSchema.parse(answer);
  assert.ok((usage.outputTokens ?? 1) > 0, 'it has tokens');
  const { promptTokens = 0, outputTokens = 0 } = usage;
  return `${model}: ${promptTokens} tokens in, ${outputTokens} out, ${Math.round(timings.totalMs)} ms`;
}

async function sameBytes(subject: Subject): Promise<string> {
  const [one, two] = [await imageOf('one'), await imageOf('two')];
  for (const [image, text] of [
    [one, 'first'],
    [one, 'second'],
    [two, 'third'],
  ] as const)
    await subject.provider.infer(await requestOf(subject, { image, text }), never());
  const calls = standInOf(subject).calls();
  assert.deepEqual(
    calls.map(({ imageSha256 }) => imageSha256),
    [one.sha256, one.sha256, two.sha256],
  );
  // text in front of the image would make each of them a miss
  assert.deepEqual(
    calls.map(({ encoded }) => encoded),
    [true, false, true],
  );
  return 'encoded, known, encoded';
}

/** Only told: how much quicker is the server's affair. */
async function knownImage(subject: Subject): Promise<string> {
  const image = await imageOf(`known ${process.pid}`);
  const told: string[] = [];
  for (const text of ['What is in the image?', 'Which colour has the image?']) {
    const { usage, timings } = await subject.provider.infer(await requestOf(subject, { image, text }), never());
    const prompt = timings.promptMs === undefined ? '' : `, prompt ${Math.round(timings.promptMs)} ms`;
    const cached = usage.cachedTokens === undefined ? '' : `, ${usage.cachedTokens} tokens cached`;
    told.push(`first byte ${Math.round(timings.firstByteMs ?? 0)} ms${prompt}${cached}`);
  }
  return told.join(' -> ');
}
