import type { Lambda } from '@aws-sdk/client-lambda';
import type { Operations } from '../../gateway/service.ts';
import { invalidParameter, readFunctionReference } from './function-reference.ts';
import type { FunctionStore } from './function-store.ts';

type ConcurrencyOperation = 'PutFunctionConcurrency' | 'GetFunctionConcurrency' | 'DeleteFunctionConcurrency';

/** The operations on reserved concurrency. It counts for all versions of a function together; 0 throttles it. */
export function concurrencyOperations(functions: FunctionStore): Pick<Operations<Lambda>, ConcurrencyOperation> {
  /** The function itself: reserved concurrency has no qualifier. */
  const nameOf = (text: string): string => {
    const { name, qualifier } = readFunctionReference(text);
    if (qualifier !== undefined) throw invalidParameter('This operation does not permit a qualifier on the function');
    return functions.resolve({ name }).name;
  };
  return {
    PutFunctionConcurrency: ({ FunctionName = '', ReservedConcurrentExecutions = 0 }) => {
      if (!Number.isInteger(ReservedConcurrentExecutions) || ReservedConcurrentExecutions < 0) {
        throw invalidParameter(
          `ReservedConcurrentExecutions is ${ReservedConcurrentExecutions}, but must be 0 or more`,
        );
      }
      functions.setReserved(nameOf(FunctionName), ReservedConcurrentExecutions);
      return { ReservedConcurrentExecutions };
    },
    GetFunctionConcurrency: ({ FunctionName = '' }) => {
      const reserved = functions.reservedOf(nameOf(FunctionName));
      return { ...(reserved !== undefined && { ReservedConcurrentExecutions: reserved }) };
    },
    DeleteFunctionConcurrency: ({ FunctionName = '' }) => {
      functions.setReserved(nameOf(FunctionName), undefined);
      return {};
    },
  };
}
