import type { SFN, ValidateStateMachineDefinitionInput } from '@aws-sdk/client-sfn';
import type { Operations } from '../../../gateway/service.ts';
import type { JsonObject } from '../../../json.ts';
import type { CloudContext } from '../../service-module.ts';
import { diagnose } from '../check-definition.ts';
import { warningsOf } from '../check-warnings.ts';
import { InvalidDefinitionError, maxDefinitionBytes, validationError, type Diagnostic } from '../errors.ts';
import { checkResource } from '../integrations/registry.ts';

const mostResults = 100;

/** Checking a definition without making a machine of it. */
export function validateOperations(context: CloudContext): Operations<SFN> {
  return {
    ValidateStateMachineDefinition(input) {
      checkBounds(input);
      const all = diagnosticsOf(context, input);
      const shown = all.filter(({ severity }) => input.severity === 'WARNING' || severity === 'ERROR');
      const most = input.maxResults || mostResults;
      return {
        result: all.some(({ severity }) => severity === 'ERROR') ? 'FAIL' : 'OK',
        diagnostics: shown.slice(0, most).map((each) => ({ ...each })),
        truncated: shown.length > most,
      };
    },
  };
}

/** @throws AwsError `NotImplemented` for what is not supported locally: nobody here can tell what is wrong with it */
function diagnosticsOf(
  { gateway }: CloudContext,
  { definition = '', type = 'STANDARD' }: ValidateStateMachineDefinitionInput,
): Diagnostic[] {
  const { errors } = diagnose(definition, (state, place) => checkResource(state, place, { gateway, type }));
  const found = errors.map((error) => {
    if (error instanceof InvalidDefinitionError) return error.diagnostic;
    throw error;
  });
  const isRead = found.every(({ code }) => code !== 'INVALID_JSON_DESCRIPTION' && code !== 'MISSING_DESCRIPTION');
  // A definition that was read as one is an object.
  return isRead ? [...found, ...warningsOf(Object(JSON.parse(definition)) as JsonObject)] : found;
}

function checkBounds({ definition = '', maxResults = 0 }: ValidateStateMachineDefinitionInput): void {
  if (Buffer.byteLength(definition) > maxDefinitionBytes) {
    throw validationError(
      `1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to ${maxDefinitionBytes}`,
    );
  }
  if (maxResults >= 0 && maxResults <= mostResults) return;
  throw validationError(
    `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 0 and ${mostResults}`,
  );
}
