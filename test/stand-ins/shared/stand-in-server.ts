import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, CONTROL_PREFIX, type ControlRoutes } from './control.ts';
import { sendWhole } from './deliver.ts';
import { readBody } from './http.ts';
import { openListener } from './listener.ts';

/** One request whose body has arrived whole. */
export interface IncomingCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** Aborts when the stand-in goes down: a call that still waits by then is never processed. */
  readonly stopping: AbortSignal;
}

interface StandInServerOptions {
  readonly host?: string | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Answers below `/_stand-in/`, by `<METHOD> <name>`. */
  readonly control: ControlRoutes;
  /** Answers everything else. */
  handle(call: IncomingCall): Promise<void>;
}

interface StandInServer {
  readonly url: string;
  readonly port: number;
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** The HTTP side that all stand-ins share: body reading, the control paths, going down and coming back. */
export async function startStandInServer(options: StandInServerOptions): Promise<StandInServer> {
  let stop = newStop();
  const running = new Set<Promise<void>>();

  const listener = await openListener(options.host ?? '127.0.0.1', options.port ?? 0, (request, response) => {
    const work = answer(request, response).catch((cause: unknown) => reportDefect(response, cause));
    running.add(work);
    void work.finally(() => running.delete(work));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stopping = stop.signal;
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return; // the client left before its call was whole
    const [rawPath = '/', query] = (request.url ?? '/').split('?', 2);
    const path = decodePath(rawPath);
    const call = { request, response, method: request.method ?? 'GET', path, query: new URLSearchParams(query), body };
    if (path.startsWith(CONTROL_PREFIX)) {
      await sendWhole(response, await answerControl(options.control, call));
    } else {
      await options.handle({ ...call, stopping });
    }
  }

  async function down(): Promise<void> {
    stop.abort();
    await listener.down();
    await Promise.all(running);
  }

  return {
    url: listener.url,
    port: listener.port,
    down,
    async up() {
      if (stop.signal.aborted) stop = newStop();
      await listener.up();
    },
    close: down,
  };
}

/** Any number of delayed calls may wait for one signal without Node's warning of a leak. */
function newStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}

function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return rawPath;
  }
}

/** A fault of the stand-in itself must be seen, not read as an answer of the server it stands for. */
function reportDefect(response: ServerResponse, cause: unknown): void {
  process.stderr.write(`stand-in defect: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  response.destroy();
}
