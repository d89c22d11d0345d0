import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ActionFailed } from '../actions/result.ts';
import type { StoredParameters } from '../actions/runner/stored-parameters.ts';
import { clientSettings } from './client-settings.ts';
import { calling, errorName } from './failure.ts';

/** Parameter Store, for what an action was given and could not be passed. */
export function parameterStore(client: SSMClient = new SSMClient(clientSettings)): StoredParameters {
  return {
    read: (name) =>
      calling('ssm:GetParameter', async () => {
        try {
          return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
        } catch (thrown) {
          if (errorName(thrown) === 'ParameterNotFound') return undefined;
          if (errorName(thrown) !== 'AccessDeniedException') throw thrown;
          const problem = `this action's role may not read ${name} of Parameter Store; deploy the pipeline, which grants it`;
          throw new ActionFailed('PermissionError', problem, { cause: thrown });
        }
      }),
  };
}
