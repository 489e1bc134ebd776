import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { retryUntilClosed } from '../../client/retry-until-closed.ts';

test('a call that would be sent anew after the connection was closed fails as cancelled, and throws nowhere else', async () => {
  const { interceptors, close } = retryUntilClosed();
  // nothing listens there: the call is sent again and again, 100 ms and more apart
  const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors });
  const call = connection.workflowService.getSystemInfo({}).then(
    () => 'answered',
    (error: unknown) => String(error),
  );
  await delay(50);
  close();
  await connection.close();
  expect(await call).toContain('CANCELLED: the connection is closed');
});
