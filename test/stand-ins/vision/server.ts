import type { IncomingMessage, ServerResponse } from 'node:http';
import { controlRoutes, CONTROL_PATH } from './control.ts';
import { Engine } from './engine/engine.ts';
import { LoadedModels } from './engine/loaded-models.ts';
import { ModelShelf } from './engine/models.ts';
import { Slots } from './engine/slots.ts';
import { Exchange } from './exchange.ts';
import { Gate } from './gate.ts';
import { fault } from './inference-handler.ts';
import { openJournal } from './journal.ts';
import { Listener } from './listener.ts';
import { isHostAllowed } from './ollama/host-check.ts';
import { ollamaWire } from './ollama/wire.ts';
import { openaiWire } from './openai/wire.ts';
import { settingsOf, type VisionStandInOptions } from './options.ts';
import { CallBook, type CallRecord } from './records.ts';
import { dispatch, type Wire } from './router.ts';
import { Script } from './script.ts';
import { statsOf, type Stats, type TimeWindow } from './stats.ts';
import { waitForCalls } from './wait-for.ts';

/** Calls end within a turn of the event loop of their connection. */
const SETTLE_MS = 2000;

/** A running stand-in for a vision server. */
export interface VisionStandIn {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every inference call since the start, in the order in which they came. */
  calls(): readonly CallRecord[];
  stats(window?: TimeWindow): Stats;
  readonly script: Pick<Script, 'add' | 'clear'>;
  /** Closes the listening socket and destroys open connections: new ones are refused. */
  down(): Promise<void>;
  /** Listens on the same port again, and ends `hangAll`. */
  up(): Promise<void>;
  /** Freezes: connections are accepted, but nothing is answered any more, until `up()`. Control routes still answer. */
  hangAll(): void;
  /**
   * Resolves with the calls as soon as they satisfy the predicate. Rejects, naming the state of the calls, after the
   * timeout. (Default: 5,000 ms)
   */
  waitFor(
    predicate: (calls: readonly CallRecord[]) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<readonly CallRecord[]>;
  close(): Promise<void>;
}

/**
 * Starts a stand-in for a vision server that speaks Ollama's wire protocol and OpenAI's, as vLLM does: it takes images,
 * keeps slots busy for as long as it is told, and answers with made-up but plausible text.
 *
 * @throws when an option makes no sense or the port is taken
 */
export async function startVisionStandIn(options: VisionStandInOptions = {}): Promise<VisionStandIn> {
  const settings = settingsOf(options);
  const journal = openJournal(settings.logFile);
  const calls = new CallBook();
  calls.subscribe(journal.noteCall);
  const script = new Script();
  const gate = new Gate();
  const shelf = new ModelShelf(settings.models, settings.acceptAnyModel);
  const loaded = new LoadedModels(settings.loadMs, (model) => journal.note('loaded', { model }));
  const engine = new Engine({ settings, shelf, loaded, slots: new Slots(settings.slots), script });
  const stats = (window?: TimeWindow): Stats => statsOf(calls.records(), loaded.loadedAtMs, window);
  const isUp = (): boolean => listener.isOpen;
  const parts = { engine, calls, shelf, loaded, gate, isUp, version: settings.version };
  const wire = [...ollamaWire(parts), ...openaiWire(parts)];
  const control = controlRoutes({ script, calls, stats });
  const listener = new Listener(settings, (request, response) => {
    void serve({ wire, control, boundTo: settings.host }, request, response);
  });
  // What the closing of connections ends has ended, and is recorded, when this resolves.
  const shut = async (): Promise<void> => {
    await listener.close();
    await waitForCalls(calls, (records) => records.every(({ outcome }) => outcome !== undefined), SETTLE_MS);
  };
  await listener.open().catch((error: unknown) => {
    journal.close();
    throw error;
  });
  const urlHost = settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host;
  return {
    url: `http://${urlHost.includes(':') ? `[${urlHost}]` : urlHost}:${listener.port}`,
    port: listener.port,
    calls: () => calls.records(),
    stats,
    script,
    down: shut,
    up: () => {
      gate.open();
      return listener.open();
    },
    hangAll: () => gate.close(),
    waitFor: (predicate, { timeoutMs = 5000 } = {}) => waitForCalls(calls, predicate, timeoutMs),
    close: async () => {
      await shut();
      journal.close();
    },
  };
}

async function serve(
  { wire, control, boundTo }: { readonly wire: Wire; readonly control: Wire; readonly boundTo: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = new Exchange(request, response);
  try {
    if (exchange.path.startsWith(CONTROL_PATH)) await dispatch(control, exchange);
    else if (isHostAllowed(boundTo, exchange.hostHeader)) await dispatch(wire, exchange);
    else exchange.text(403, '');
  } catch (error) {
    if (exchange.isAbandoned) return;
    if (exchange.hasBegun) exchange.reset();
    else exchange.json(500, { error: fault(error) });
  }
}
