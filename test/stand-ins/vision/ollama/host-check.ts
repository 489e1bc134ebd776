import { hostname } from 'node:os';
import { isIP } from 'node:net';

/**
 * Whether a request may come in under this Host header. Bound to a loopback address, the server answers 403 to names
 * that are not local, against DNS rebinding. Private addresses are taken on trust here; the real server looks at them.
 */
export function isHostAllowed(boundTo: string, hostHeader: string): boolean {
  if (!isLoopback(boundTo)) return true;
  const name = hostHeader.replace(/:\d+$/, '').toLowerCase();
  if (isIP(name.replace(/^\[|\]$/g, '')) > 0) return true;
  return ['', 'localhost', hostname().toLowerCase()].includes(name) || /\.(localhost|local|internal)$/.test(name);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
