import { parseArgs } from 'node:util';
import { startVisionStandIn } from './server.ts';

const USAGE = `Runs the vision stand-in by itself: node --import tsx test/stand-ins/vision/main.ts [options]
  --port N            0 takes a free one (0)          --host H           (127.0.0.1)
  --slots N           parallel inferences (1)         --max-queue N      then 503 (512)
  --latency-ms N      of one answer, or its mean (0)  --latency-sigma S  log-normal around the mean (0)
  --encode-ms N       image on a cache miss (0)       --load-ms N        loading a model (0)
  --known-models      404 for other models            --server-version V
  --seed N            other answers (0)               --log-file PATH    JSON lines`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    slots: { type: 'string', default: '1' },
    'max-queue': { type: 'string', default: '512' },
    'latency-ms': { type: 'string', default: '0' },
    'latency-sigma': { type: 'string', default: '0' },
    'encode-ms': { type: 'string', default: '0' },
    'load-ms': { type: 'string', default: '0' },
    'known-models': { type: 'boolean', default: false },
    'server-version': { type: 'string' },
    seed: { type: 'string', default: '0' },
    'log-file': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const sigma = Number(values['latency-sigma']);
  const meanMs = Number(values['latency-ms']);
  const standIn = await startVisionStandIn({
    port: Number(values.port),
    host: values.host,
    slots: Number(values.slots),
    maxQueue: Number(values['max-queue']),
    latencyMs: sigma === 0 ? meanMs : { meanMs, sigma },
    encodeMs: Number(values['encode-ms']),
    loadMs: Number(values['load-ms']),
    acceptAnyModel: !values['known-models'],
    seed: Number(values.seed),
    ...(values['server-version'] === undefined ? {} : { version: values['server-version'] }),
    ...(values['log-file'] === undefined ? {} : { logFile: values['log-file'] }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void standIn.close());
  process.stdout.write(`ready vision-stand-in ${standIn.url}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`vision stand-in: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
