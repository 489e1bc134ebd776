import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runUntilSignal } from '../shared/run-main.ts';
import { buildJob } from './job.ts';
import { startGoflowStandIn } from './stand-in.ts';

const USAGE = `Starts the GoFlow stand-in with a queue of jobs.
  --port N              default 8090
  --host ADDRESS        default 127.0.0.1
  --api-key-env NAME    environment variable with the X-API-Key to demand; without it every call is let in
  --jobs N              jobs in the queue (default 1); more by POST /_stand-in/jobs
  --images N            images per job (default 10)
  --analyses M          analyses per image (default 15)
  --seed TEXT           ids and pictures are made from it (default 1)
  --slugs a,b,c         slugs of the first analyses
  --image-directory D   use the images of this folder instead of drawn ones
  --ignore-keys         be an upstream that knows no idempotency keys
  --log-file FILE       append each call as a line of JSON
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    host: { type: 'string', default: '127.0.0.1' },
    'api-key-env': { type: 'string' },
    jobs: { type: 'string', default: '1' },
    images: { type: 'string', default: '10' },
    analyses: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    slugs: { type: 'string', default: '' },
    'image-directory': { type: 'string' },
    'ignore-keys': { type: 'boolean', default: false },
    'log-file': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const keyName = values['api-key-env'];
  const apiKey = keyName === undefined ? undefined : process.env[keyName];
  if (keyName !== undefined && !apiKey) throw new Error(`--api-key-env names ${keyName}, which is not set`);
  const logFile = values['log-file'];
  const standIn = await startGoflowStandIn({
    host: values.host,
    port: toCount('port'),
    requireKey: apiKey !== undefined,
    honoursKeys: !values['ignore-keys'],
    ...(apiKey !== undefined && { apiKey }),
    ...(logFile !== undefined && { logFile }),
  });

  const folder = values['image-directory'];
  const files = folder === undefined ? [] : readdirSync(folder).sort();
  if (folder !== undefined) standIn.addImageDirectory('/media/files/', folder);
  const filePath = (index: number): string => `/media/files/${encodeURIComponent(files[index % files.length] ?? '')}`;
  for (let number = 1; number <= toCount('jobs'); number += 1) {
    standIn.enqueue(
      buildJob({
        images: toCount('images'),
        analyses: toCount('analyses'),
        seed: number === 1 ? values.seed : `${values.seed}-${number}`,
        slugs: values.slugs.split(',').filter((slug) => slug !== ''),
        ...(files.length > 0 && { mediaPath: filePath, greyscalePath: filePath }),
      }),
    );
  }
  runUntilSignal('goflow-stand-in', standIn);
}

function toCount(name: 'port' | 'jobs' | 'images' | 'analyses'): number {
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 0) throw new Error(`--${name} takes a number, not "${values[name]}"`);
  return count;
}
