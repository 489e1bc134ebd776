import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stateFolder } from '../../config/environment.ts';
import { freePort, isFree, startDevServer } from './dev-server.ts';

const usage = `usage: npm run temporal -- [--port N] [--ui-port N] [--db FILE | --ephemeral]

A Temporal dev server with the Web UI, in the foreground. Without ports: 7233 and 8233, or free ones where those are
taken. Without --db: temporal.db in the state directory. --ephemeral keeps everything in memory.`;

/** Where the \`temporal\` CLI and our workers look by default. */
const usual = { port: 7233, uiPort: 8233 };

function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'ui-port': { type: 'string' },
      db: { type: 'string' },
      ephemeral: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = portOf('--port', values.port);
  const uiPort = portOf('--ui-port', values['ui-port']);
  if (values.ephemeral && values.db !== undefined) throw new Error('--ephemeral and --db exclude each other');
  return { ...values, port, uiPort };
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name}: "${text}" is not a port`);
  return port;
}

async function main(): Promise<number> {
  const given = readArguments();
  if (given.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const dbFile = given.ephemeral ? undefined : (given.db ?? join(stateFolder(), 'temporal', 'temporal.db'));
  const server = await startDevServer({
    port: given.port ?? ((await isFree(usual.port)) ? usual.port : await freePort()),
    uiPort: given.uiPort ?? ((await isFree(usual.uiPort)) ? usual.uiPort : await freePort()),
    dbFile,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  // unless it was asked to end, an end is a failure
  let code = 1;
  const stop = () => {
    code = 0;
    void server.stop();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`ready temporal ${server.address} ${server.uiUrl}\n`);
  await server.ended;
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
