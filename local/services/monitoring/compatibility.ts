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
    {
      id: 'cloudwatch.alarm.action-lambda',
      rule: 'An alarm invokes a function with what it knows.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html',
    },
    {
      id: 'cloudwatch.alarm.action-sns',
      rule: 'An alarm tells its topic once, with CloudWatch’s subject and message.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
    },
    {
      id: 'cloudwatch.alarm.actions-disabled',
      rule: 'An alarm whose actions are off tells nobody.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html',
    },
    {
      id: 'cloudwatch.alarm.durable',
      rule: 'An alarm rings after a restart for what failed before it.',
      source: 'inferred',
    },
    {
      id: 'cloudwatch.alarm.event',
      rule: 'A change of state sends the documented event.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html',
    },
    {
      id: 'cloudwatch.alarm.every-minute',
      rule: 'An alarm is judged each minute, before its period ends.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
    },
    {
      id: 'cloudwatch.alarm.history',
      rule: 'The history of alarms is kept, newest first.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html',
    },
    {
      id: 'cloudwatch.alarm.initial',
      rule: 'An alarm begins with INSUFFICIENT_DATA and is judged at the end of the minute.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
    },
    {
      id: 'cloudwatch.alarm.range',
      rule: 'An alarm returns to OK when what breached has left its evaluation range.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
    },
    {
      id: 'cloudwatch.alarm.refused',
      rule: 'Alarms against the documented limits are refused.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    },
    {
      id: 'cloudwatch.alarm.set-state',
      rule: 'A state that was set by hand is kept until the next evaluation.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html',
    },
    {
      id: 'cloudwatch.alarm.template',
      rule: 'Alarms of templates take numbers as texts and give their ARN.',
      source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html',
    },
    {
      id: 'cloudwatch.alarms.api',
      rule: 'Alarms are made, shown and deleted.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    },
    {
      id: 'cloudwatch.composite.child-kept',
      rule: 'An alarm that a composite alarm names is not deleted.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html',
    },
    {
      id: 'cloudwatch.composite.follows',
      rule: 'A composite alarm follows those that its rule names at once, also through another one.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html',
    },
    {
      id: 'cloudwatch.composite.rule',
      rule: 'Rules of composite alarms have AND, OR, NOT, brackets, TRUE, FALSE and the functions of states.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
    },
    {
      id: 'cloudwatch.composite.rule-refused',
      rule: 'A rule that is none is refused.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
    },
    {
      id: 'cloudwatch.composite.unknown-child',
      rule: 'A rule that names an alarm which does not exist is refused.',
      source: 'unverified',
    },
    {
      id: 'cloudwatch.dashboards',
      rule: 'Dashboards are kept.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html',
    },
    {
      id: 'cloudwatch.metrics.apigateway',
      rule: 'Requests are counted by route where the stage has detailed metrics.',
      source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html',
    },
    {
      id: 'cloudwatch.metrics.lambda',
      rule: 'Functions count invocations and errors, and their alarm rings.',
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
    },
    {
      id: 'cloudwatch.metrics.sqs',
      rule: 'Queues tell how many messages are visible each minute, until they are empty.',
      source:
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
    },
    {
      id: 'cloudwatch.metrics.states',
      rule: 'Executions are counted by how they end.',
      source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
    },
    {
      id: 'cloudwatch.missing-data.not-premature',
      rule: 'An alarm does not ring for one breach while more data may come.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
    },
    {
      id: 'cloudwatch.missing-data.three-of-three',
      rule: 'Three of three: the table of the user guide.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
    },
    {
      id: 'cloudwatch.missing-data.two-of-three',
      rule: 'Two of three: the table of the user guide.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html',
    },
    { id: 'cloudwatch.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
    {
      id: 'cloudwatch.protocol.cbor',
      rule: 'Clients that speak Smithy RPC v2 in CBOR (newer boto3) are answered in it.',
      source: 'https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html',
    },
    {
      id: 'cloudwatch.protocol.json',
      rule: 'Clients that speak AWS JSON are answered in it.',
      source: 'https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html',
    },
    {
      id: 'cloudwatch.protocol.query',
      rule: 'Clients that speak AWS Query (version 1 of the AWS CLI, older boto3) are answered in it.',
      source: 'https://smithy.io/2.0/aws/protocols/aws-query-protocol.html',
    },
    { id: 'cloudwatch.put-metric-data.gzip', rule: 'A body that the client compressed is taken.', source: 'inferred' },
    {
      id: 'cloudwatch.put-metric-data.refused',
      rule: 'Data against the documented limits is refused.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html',
    },
    {
      id: 'cloudwatch.statistics',
      rule: 'Statistics of what was put are given back.',
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html',
    },
  ],
};
