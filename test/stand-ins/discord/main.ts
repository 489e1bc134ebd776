import { parseArgs } from 'node:util';
import { runUntilSignal } from '../shared/run-main.ts';
import { startDiscordStandIn } from './stand-in.ts';

const CHANNELS = 'batch_manifest,qa_structural,qa_content,qa_domain,batch_report';

const USAGE = `Starts the Discord stand-in and prints the webhook URL of each channel.
  --port N            default 8091
  --host ADDRESS      default 127.0.0.1
  --webhooks a,b,c    default ${CHANNELS}
  --log-file FILE     append each call as a line of JSON
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8091' },
    host: { type: 'string', default: '127.0.0.1' },
    webhooks: { type: 'string', default: CHANNELS },
    'log-file': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const port = Number(values.port);
  if (!Number.isInteger(port)) throw new Error(`--port takes a number, not "${values.port}"`);
  const logFile = values['log-file'];
  const standIn = await startDiscordStandIn({ host: values.host, port, ...(logFile !== undefined && { logFile }) });
  for (const name of values.webhooks.split(',')) {
    process.stdout.write(`DISCORD_WEBHOOK_${name.toUpperCase()}=${standIn.webhookUrl(name)}\n`);
  }
  runUntilSignal('discord-stand-in', standIn);
}
