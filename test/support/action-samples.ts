/**
 * Parameters of each action of the registry, with which it asks for all that it ever asks for beside what every use needs;
 * one or several. Tests that go over every action use them.
 */
export const actionSamples: Readonly<Record<string, object | readonly object[]>> = {
  'resolve-image-digest': {
    images: { web: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1' },
    registrySecrets: { 'registry.example': 'registry' },
  },
  'git-tag': { provider: 'github', secret: 'bot', project: 'acme/shop', tag: 'v1', commit: 'a'.repeat(40) },
  'load-test': {
    ...{ url: 'https://shop.example/', allowedHosts: ['shop.example'] },
    secretHeaders: { authorization: 'site-token' },
  },
  'mobile-test': {
    ...{
      projectArn: 'arn:aws:devicefarm:us-west-2:123456789012:project:p-1',
      app: 'app.apk',
      testType: 'BUILTIN_FUZZ',
    },
    devicePoolArn: 'arn:aws:devicefarm:us-west-2::devicepool:d-1',
  },
  'provision-resources': {
    ...{ stackName: 'preview', roleArn: 'arn:aws:iam::123456789012:role/provision', templateBucket: 'templates' },
    expiry: { afterHours: 8, roleArn: 'arn:aws:iam::123456789012:role/sweep' },
  },
  'run-workflow': { stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:orders' },
  'security-scan': [
    { scanners: ['image'], image: { repository: 'shop', tag: '1' } },
    { scanners: ['image'], image: { repository: 'shop', tag: '1', from: 'inspector' } },
  ],
  'send-notification': [{ topicArn: 'arn:aws:sns:eu-central-1:123456789012:people' }, { webhookSecret: 'webhook' }],
  'smoke-test': { url: 'https://shop.example/', secretHeaders: { authorization: 'site-token' } },
  'update-dashboard': [
    { provider: 'cloudwatch', dashboard: 'shop', metric: { namespace: 'Deployments', name: 'Released' } },
    { provider: 'datadog', secret: 'datadog' },
  ],
  'update-ticket': { provider: 'github', secret: 'tracker', project: 'acme/shop', comment: 'released', tickets: ['7'] },
};
