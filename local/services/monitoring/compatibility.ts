import type { Compatibility } from '../compatibility.ts';

/** What CloudWatch says of itself in docs/compatibility.md. */
export const cloudWatchCompatibility: Compatibility = {
  id: 'cloudwatch',
  apiName: 'monitoring',
  title: 'CloudWatch',
  scope: 'Metrics, metric and composite alarms, dashboards.',
  partly: {
    DescribeAlarms: 'not by parent or child',
    GetMetricData: 'metric math, trimmed statistics and Metrics Insights are refused',
    GetMetricStatistics: 'trimmed statistics are refused',
    PutCompositeAlarm: 'ActionsSuppressor is refused',
    PutMetricAlarm: 'metric math, Unit, anomaly detection and actions other than topics and functions are refused',
    PutMetricData: 'StatisticValues and EntityMetricData are refused',
  },
  otherwise: 'insights, streams, anomaly detection, mute rules, tags and images of widgets are not here',
  resourceTypePrefix: 'AWS::CloudWatch::',
  rules: [
    { id: 'cloudwatch.alarm.action-lambda', rule: 'invokes a function with the alarm', source: 'unverified' },
    {
      id: 'cloudwatch.alarm.action-sns',
      rule: 'tells its topic once, with the subject and the message of CloudWatch',
      source: 'unverified',
    },
    { id: 'cloudwatch.alarm.actions-disabled', rule: 'tells nobody while its actions are off', source: 'unverified' },
    { id: 'cloudwatch.alarm.durable', rule: 'rings after a restart for what failed before it', source: 'unverified' },
    { id: 'cloudwatch.alarm.event', rule: 'sends the event of the change', source: 'unverified' },
    {
      id: 'cloudwatch.alarm.every-minute',
      rule: 'rings at the end of the minute, long before its period of five ends',
      source: 'unverified',
    },
    { id: 'cloudwatch.alarm.history', rule: 'keeps what happened, newest first', source: 'unverified' },
    {
      id: 'cloudwatch.alarm.initial',
      rule: 'begins without data and is judged at the end of the minute',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.alarm.range',
      rule: 'returns to OK when the failure has left the evaluation range, and then rests',
      source: 'unverified',
    },
    { id: 'cloudwatch.alarm.refused', rule: 'refuses …', source: 'unverified' },
    {
      id: 'cloudwatch.alarm.set-state',
      rule: 'keeps a state that was set by hand until it is evaluated',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.alarm.template',
      rule: 'are made with numbers as texts, and give their ARN',
      source: 'unverified',
    },
    { id: 'cloudwatch.alarms.api', rule: 'makes, shows and deletes alarms', source: 'unverified' },
    {
      id: 'cloudwatch.composite.child-kept',
      rule: 'keeps an alarm that a composite alarm names from being deleted',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.composite.follows',
      rule: 'follows the alarms that its rule names at once, also through another one',
      source: 'unverified',
    },
    { id: 'cloudwatch.composite.rule', rule: 'reads …', source: 'unverified' },
    { id: 'cloudwatch.composite.rule-refused', rule: 'refuses %j', source: 'unverified' },
    {
      id: 'cloudwatch.composite.unknown-child',
      rule: 'refuses a rule that names an alarm that does not exist',
      source: 'unverified',
    },
    { id: 'cloudwatch.dashboards', rule: 'keeps dashboards', source: 'unverified' },
    {
      id: 'cloudwatch.metrics.apigateway',
      rule: 'requests are counted by route where the stage has detailed metrics',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.metrics.lambda',
      rule: 'functions count invocations and errors, and their alarm rings',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.metrics.sqs',
      rule: 'queues tell how many messages are visible each minute, until they are empty',
      source: 'unverified',
    },
    { id: 'cloudwatch.metrics.states', rule: 'executions are counted by how they end', source: 'unverified' },
    { id: 'cloudwatch.missing-data.not-premature', rule: 'does not ring for …', source: 'unverified' },
    { id: 'cloudwatch.missing-data.three-of-three', rule: 'judges …', source: 'unverified' },
    { id: 'cloudwatch.missing-data.two-of-three', rule: 'judges …', source: 'unverified' },
    { id: 'cloudwatch.put-metric-data.gzip', rule: 'takes a body that the client compressed', source: 'unverified' },
    { id: 'cloudwatch.put-metric-data.refused', rule: 'refuses …', source: 'unverified' },
    { id: 'cloudwatch.statistics', rule: 'gives back the statistics of what was put', source: 'unverified' },
  ],
};
