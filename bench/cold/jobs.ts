import { testJobEvent, type TestJobOptions } from '../../shared/actions/testing/test-job.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'checkout', stage: 'Act', action: 'Act' };
const commit = 'c'.repeat(40);
const machine = 'arn:aws:states:eu-central-1:123456789012:stateMachine:work';
const role = 'arn:aws:iam::123456789012:role/deploy';
const deviceFarm = (what: string): string => `arn:aws:devicefarm:us-west-2:123456789012:${what}:shop`;

/**
 * One job for each action, by id: as much of its work as the stand-in for everybody else's services at `url` lets it do.
 * Where the work takes seconds by itself it ends before them.
 */
export function jobsAt(url: string): Readonly<Record<string, TestJobOptions>> {
  const { host } = new URL(url);
  return {
    bake: { parameters: { alarms: ['errors'] } },
    'git-tag': { parameters: { provider: 'gitlab', url, secret: 'bot', project: 'team/shop', tag: 'v1', commit } },
    // A load takes a second at the least; a secret that is not there ends it before.
    'load-test': { parameters: { url, allowedHosts: ['127.0.0.1'], secretHeaders: { authorization: 'missing' } } },
    'mobile-test': {
      parameters: {
        projectArn: deviceFarm('project'),
        devicePoolArn: deviceFarm('devicepool'),
        app: 'shop.apk',
        testType: 'BUILTIN_FUZZ',
      },
      inputs: { App: {} },
    },
    'provision-resources': { parameters: { operation: 'delete', stackName: 'preview', roleArn: role } },
    'resolve-image-digest': { parameters: { images: { web: `${host}/team/web:1` } } },
    'run-workflow': { parameters: { stateMachineArn: machine } },
    'security-scan': { parameters: {}, inputs: { Source: {} } },
    'send-notification': { parameters: { webhookSecret: 'hook', message: 'released' } },
    'smoke-test': { parameters: { url, durationSeconds: 1, requestsPerCheck: 1 } },
    'update-dashboard': { parameters: { provider: 'grafana', secret: 'grafana', url, text: 'released' } },
    'update-ticket': {
      parameters: { provider: 'github', url, secret: 'bot', project: 'a/b', tickets: ['7'], comment: 'released' },
    },
    'variable-check': { parameters: { checks: [{ value: 'a', operator: 'equals', expected: 'a' }] } },
  };
}

/** The event of an action's job. @throws Error if no job is known for it */
export function jobEvent(actionId: string, url: string): object {
  const job = jobsAt(url)[actionId];
  if (!job) throw new Error(`no job is known for action ${actionId}; add one to bench/cold/jobs.ts`);
  return testJobEvent({ context, ...job });
}
