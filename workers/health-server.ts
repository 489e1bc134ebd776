import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveConfigState } from '../config/live-config.ts';
import type { Foundation } from './foundation.ts';
import type { Part } from './roles.ts';

/** Health and metrics of one worker process: `/health`, `/health/live`, `/health/ready`, `/metrics`. */
export async function startHealthServer(port: number, { metrics, live }: Foundation, parts: readonly Part[]) {
  const health = () => {
    const components = [...parts.flatMap((part) => part.health?.() ?? []), healthOf(live.state)];
    const isRunning = parts.every(({ workers }) => workers.every(({ worker }) => worker.getState() === 'RUNNING'));
    const status = !isRunning ? 'stopping' : components.every(({ isHealthy }) => isHealthy) ? 'ok' : 'degraded';
    return { status, components };
  };
  const routes: Readonly<Record<string, () => Promise<{ status: number; type: string; body: string }>>> = {
    '/health': async () => json(200, health()),
    '/health/live': async () => json(200, { status: 'ok' }),
    '/health/ready': async () => json(health().status === 'stopping' ? 503 : 200, health()),
    '/metrics': async () => ({
      status: 200,
      type: metrics.registry.contentType,
      body: await metrics.registry.metrics(),
    }),
  };
  const server = createServer((request, response) => {
    const route = request.method === 'GET' ? routes[request.url?.split('?')[0] ?? ''] : undefined;
    const answer = route?.() ?? Promise.resolve(json(404, { detail: 'not found' }));
    answer.then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function healthOf({ hash, version, faults, needsRestart }: LiveConfigState) {
  const detail = [
    `version ${version}, hash ${hash.slice(0, 12)}`,
    ...(needsRestart.length > 0 ? [`after a restart: ${needsRestart.join(', ')}`] : []),
    ...(faults.length > 0 ? [`its files have faults now: ${faults.join('; ')}`] : []),
  ].join('; ');
  return { name: 'configuration', isHealthy: faults.length === 0, detail };
}

const json = (status: number, body: unknown) => ({ status, type: 'application/json', body: JSON.stringify(body) });
