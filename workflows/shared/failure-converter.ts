import { DefaultFailureConverter, type ProtoFailure } from '@temporalio/common';

/**
 * The default converter, except that every text in a failure is well-formed Unicode. JSON may hold half of a surrogate
 * pair, which Protobuf has no encoding for: with such a text in a failure the worker would end, and again at each start.
 */
class WellFormedFailureConverter extends DefaultFailureConverter {
  override errorToFailure(...args: Parameters<DefaultFailureConverter['errorToFailure']>): ProtoFailure {
    return wellFormed(super.errorToFailure(...args));
  }
}

function wellFormed(failure: ProtoFailure): ProtoFailure {
  const { message, stackTrace, cause, applicationFailureInfo } = failure;
  return {
    ...failure,
    ...(message && { message: message.toWellFormed() }),
    ...(stackTrace && { stackTrace: stackTrace.toWellFormed() }),
    ...(applicationFailureInfo?.type && {
      applicationFailureInfo: { ...applicationFailureInfo, type: applicationFailureInfo.type.toWellFormed() },
    }),
    ...(cause && { cause: wellFormed(cause) }),
  };
}

export const failureConverter = new WellFormedFailureConverter();
