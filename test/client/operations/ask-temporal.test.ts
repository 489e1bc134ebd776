import { Client, Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { askTemporal, inOurWords } from '../../../client/operations/ask-temporal.ts';
import { NotFoundError, RefusedError } from '../../../client/operations/errors.ts';
import { listProjects } from '../../../client/operations/list-projects.ts';
import { toIso } from '../../../client/operations/timestamp.ts';
import { TemporalUnreachableError } from '../../../config/temporal.ts';

const temporalAt = (address: string, namespace = 'default') => {
  const connection = Connection.lazy({ address });
  return { client: new Client({ connection, namespace }), namespace, close: () => connection.close() };
};

const grpcError = (code: number, details: string) =>
  Object.assign(new Error(`${code} X: ${details}`), { code, details, metadata: {} });

test('a server that is gone is unreachable, by its address and within the deadline', async () => {
  const temporal = temporalAt('127.0.0.1:1');
  const asked = askTemporal(temporal, () => temporal.client.workflow.getHandle('x').describe(), { withinMs: 300 });
  await expect(asked).rejects.toThrow(new TemporalUnreachableError('127.0.0.1:1', undefined));
  await temporal.close();
});

test('a namespace that does not exist is not found', async () => {
  const temporal = temporalAt(inject('temporalAddress'), 'nowhere');
  await expect(listProjects(temporal, { limit: 1 })).rejects.toThrow(NotFoundError);
  await temporal.close();
});

test.each([
  [7, RefusedError, 'Temporal refuses access: no'],
  [16, RefusedError, 'Temporal refuses access: no'],
  [3, RefusedError, 'Temporal does not understand: no'],
  [1, TemporalUnreachableError, 'Temporal does not answer at a:1'],
  [4, TemporalUnreachableError, 'Temporal does not answer at a:1'],
  [14, TemporalUnreachableError, 'Temporal does not answer at a:1'],
])('gRPC code %i, also as a cause, is put in our words', (code, kind, message) => {
  const temporal = temporalAt('a:1');
  for (const error of [grpcError(code, 'no'), new Error('wrapped', { cause: grpcError(code, 'no') })]) {
    const ours = inOurWords(error, temporal);
    expect(ours).toBeInstanceOf(kind);
    expect((ours as Error).message).toBe(message);
  }
});

test('what we have no words for passes through', () => {
  const error = new Error('a bug');
  expect(inOurWords(error, temporalAt('a:1'))).toBe(error);
});

test('raw timestamps become ISO 8601', () => {
  expect(toIso({ seconds: 1_795_260_762n, nanos: 557_741_794 })).toBe('2026-11-21T11:32:42.557Z');
  expect(toIso({ seconds: null })).toBe('1970-01-01T00:00:00.000Z');
});
