import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { failureConverter } from '../../../workflows/shared/failure-converter.ts';
import { payloadConverter } from '../../../workflows/shared/payload-converter.ts';

test('half a surrogate pair is replaced in every text of a failure, and a whole one stays', () => {
  const cause = ApplicationFailure.nonRetryable('inside \udc00', 'Type\ud800');
  const failure = failureConverter.errorToFailure(
    ApplicationFailure.create({ message: 'a\ud83d 😀', type: 'Outer', cause }),
    payloadConverter,
  );
  expect(failure.message).toBe('a\ufffd 😀');
  expect(failure.cause?.message).toBe('inside \ufffd');
  expect(failure.cause?.applicationFailureInfo?.type).toBe('Type\ufffd');
  expect(JSON.stringify(failure)).not.toMatch(/\\u[dD][89a-fA-F]/);
});
