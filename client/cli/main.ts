#!/usr/bin/env node
import { createCli } from './cli.ts';
import { run } from './program.ts';

/** `gf25 VERB`: exit 0 done, 1 failed, 2 wrong usage, 3 not found, 4 Temporal unreachable. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `gf25 projects list | head`: the reader has seen enough
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), createCli(process.stdin, process.stdout, process.stderr));
