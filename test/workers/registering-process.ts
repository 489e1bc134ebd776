import { pino } from 'pino';
import { registerProcess } from '../../workers/predecessors.ts';

/** A process that registers itself, says its name and stays: `<folder> <label>`. */
const [folder = '', label = ''] = process.argv.slice(2);
const { identity } = await registerProcess(folder, label, pino({ level: 'silent' }));
process.stdout.write(`${identity}\n`);
setInterval(() => undefined, 60_000);
