import type { ActionOutcome, ActionProvider, ActionRun } from './provider.ts';
import { serviceFailure } from './service-failure.ts';

const minuteMs = 60 * 1000;
/** An approval that nobody answers fails after seven days (User Guide, quotas). */
const defaultMinutes = 7 * 24 * 60;

/** Approval, Manual: waits for PutApprovalResult with its token, and asks for it on a topic if one is named. */
export const manualApproval: ActionProvider = {
  type: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' },
  inputs: { min: 0, max: 0 },
  outputs: { min: 0, max: 0 },
  configuration: { CustomData: 'optional', ExternalEntityLink: 'optional', NotificationArn: 'optional' },
  isAnsweredByToken: true,
  timeLimit: ({ timeoutInMinutes = defaultMinutes }) => ({
    ms: timeoutInMinutes * minuteMs,
    message: `The approval request was not answered within ${timeoutInMinutes} minutes`,
  }),
  start: ask,
};

async function ask(run: ActionRun): Promise<ActionOutcome> {
  const topic = run.configuration['NotificationArn'];
  if (topic === undefined) return { kind: 'answer' };
  try {
    await run.call('sns', 'Publish', {
      TopicArn: topic,
      Subject: `APPROVAL NEEDED: AWS CodePipeline ${run.pipeline} for action ${run.action}`.slice(0, 100),
      Message: JSON.stringify(notification(run)),
    });
    return { kind: 'answer' };
  } catch (error) {
    return serviceFailure(error, 'ConfigurationError', `The approval request cannot be published to ${topic}`);
  }
}

/** The documented message of an approval notification. */
function notification(run: ActionRun): object {
  const consoleLink = `https://console.aws.amazon.com/codepipeline/home?region=${run.region}#/view/${run.pipeline}`;
  const { CustomData: customData, ExternalEntityLink: externalEntityLink } = run.configuration;
  return {
    region: run.region,
    consoleLink,
    approval: {
      pipelineName: run.pipeline,
      stageName: run.stage,
      actionName: run.action,
      token: run.token,
      expires: `${new Date(run.expiresAtMs ?? 0).toISOString().slice(0, 16)}Z`,
      externalEntityLink: externalEntityLink ?? null,
      approvalReviewLink: `${consoleLink}/${run.stage}/${run.action}/approve/${run.token}`,
      customData: customData ?? null,
    },
  };
}
