import { parseArgs } from 'node:util';
import { startVisionStandIn, type VisionStandIn } from './server.ts';

const USAGE = `Runs the vision stand-in by itself: node --import tsx test/stand-ins/vision/main.ts [options]
  --port N            0 takes a free one (0)          --host H           (127.0.0.1)
  --slots N           parallel inferences (1)         --max-queue N      then 503 (512)
  --latency-ms N      of one answer, or its mean (0)  --latency-sigma S  log-normal around the mean (0)
  --encode-ms N       image on a cache miss (0)       --load-ms N        loading a model (0)
  --model NAME        offered, repeatable             --known-models     404 for all others
  --server-version V
  --seed N            other answers (0)               --log-file PATH    JSON lines
`;

function readArguments() {
  return parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      slots: { type: 'string', default: '1' },
      'max-queue': { type: 'string', default: '512' },
      'latency-ms': { type: 'string', default: '0' },
      'latency-sigma': { type: 'string', default: '0' },
      'encode-ms': { type: 'string', default: '0' },
      'load-ms': { type: 'string', default: '0' },
      model: { type: 'string', multiple: true },
      'known-models': { type: 'boolean', default: false },
      'server-version': { type: 'string' },
      seed: { type: 'string', default: '0' },
      'log-file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

async function start(values: ReturnType<typeof readArguments>): Promise<VisionStandIn> {
  const sigma = Number(values['latency-sigma']);
  const meanMs = Number(values['latency-ms']);
  return startVisionStandIn({
    port: Number(values.port),
    host: values.host,
    slots: Number(values.slots),
    maxQueue: Number(values['max-queue']),
    latencyMs: sigma === 0 ? meanMs : { meanMs, sigma },
    encodeMs: Number(values['encode-ms']),
    loadMs: Number(values['load-ms']),
    models: values.model?.map((name) => ({ name })),
    acceptAnyModel: !values['known-models'],
    seed: Number(values.seed),
    version: values['server-version'],
    logFile: values['log-file'],
  });
}

try {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(USAGE);
  } else {
    const standIn = await start(values);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void standIn.close());
    process.stdout.write(`ready vision-stand-in ${standIn.url}\n`);
  }
} catch (error) {
  process.stderr.write(`vision stand-in: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
}
