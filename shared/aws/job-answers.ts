import {
  CodePipelineClient,
  InvalidJobStateException,
  JobNotFoundException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import type { Answer, JobAnswers } from '../actions/runner/job.ts';
import { traceOf } from '../actions/traceable.ts';
import { clientSettings } from './client-settings.ts';
import { calling } from './failure.ts';

/** Answers jobs through CodePipeline's API; throttled and failing calls are tried again by the client. */
export function createJobAnswers(client: CodePipelineClient = new CodePipelineClient(clientSettings)): JobAnswers {
  return {
    send: (jobId, answer) =>
      // A workflow tries again by the name of what is thrown here.
      calling('codepipeline:PutJobResult', async () => {
        try {
          await client.send(commandFor(jobId, answer) as PutJobSuccessResultCommand); // both answer nothing
          return 'taken';
        } catch (error) {
          // The job is done, timed out or belongs to a stopped execution: no later call can change it.
          if (error instanceof InvalidJobStateException || error instanceof JobNotFoundException) return 'refused';
          if (error instanceof Error && unacceptable.test(error.name))
            return { unacceptable: `${error.name}: ${error.message}` };
          throw error;
        }
      }),
  };
}

/** The call breaks a rule of the API's model, so the same call never passes. */
const unacceptable = /^(ValidationException|SerializationException|OutputVariablesSizeExceededException)$/;

function commandFor(jobId: string, answer: Answer): PutJobSuccessResultCommand | PutJobFailureResultCommand {
  switch (answer.kind) {
    case 'failed':
      return new PutJobFailureResultCommand({
        jobId,
        failureDetails: { type: answer.type, message: answer.message, ...traceOf(answer) },
      });
    case 'continues':
      return new PutJobSuccessResultCommand({
        jobId,
        continuationToken: answer.token,
        executionDetails: { ...details(answer.summary, answer.percentComplete), ...traceOf(answer) },
      });
    case 'succeeded':
      return new PutJobSuccessResultCommand({
        jobId,
        outputVariables: definedOnly(answer.outputs),
        executionDetails: { ...details(answer.summary, 100), ...traceOf(answer) },
      });
  }
}

function details(summary: string, percentComplete: number | undefined): { summary?: string; percentComplete?: number } {
  // CodePipeline refuses an empty summary.
  return { ...(summary !== '' && { summary }), ...(percentComplete !== undefined && { percentComplete }) };
}

function definedOnly(outputs: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
