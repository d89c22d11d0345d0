import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { STS } from '@aws-sdk/client-sts';
import type { Recorder } from '../record.ts';

/** Requests to the services that answer in XML: awsQuery and restXml. */
export async function recordXmlServices(recorder: Recorder): Promise<void> {
  await recordS3(recorder.client('s3', S3));
  await recordTopics(recorder.client('sns', SNS));
  await recordStacks(recorder.client('cloudformation', CloudFormation), recorder);
  await recorder.client('sts', STS).getCallerIdentity({});
}

async function recordS3(s3: S3): Promise<void> {
  const Bucket = 'artifacts';
  const Key = 'a folder/ü&<x>.txt';
  await s3.createBucket({ Bucket });
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  await s3.putObject({ Bucket, Key, Body: 'hello', ContentType: 'text/plain', Metadata: { a: 'b' }, Tagging: 'k=v' });
  await s3.getObject({ Bucket, Key, Range: 'bytes=1-3' });
  await s3.headObject({ Bucket, Key });
  await s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` });
  await s3.listObjectsV2({ Bucket, Prefix: 'a', Delimiter: '/', MaxKeys: 5, StartAfter: 'a' });
  await s3.listObjectVersions({ Bucket, MaxKeys: 5 });
  await s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
  await s3.getObjectTagging({ Bucket, Key });
  const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'large' });
  const { ETag } = await s3.uploadPart({ Bucket, Key: 'large', UploadId, PartNumber: 1, Body: 'part' });
  await s3.listParts({ Bucket, Key: 'large', UploadId, MaxParts: 3 });
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  await s3.completeMultipartUpload({ Bucket, Key: 'large', UploadId, MultipartUpload });
  await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'large' }, { Key: 'none' }], Quiet: true } });
  await s3.putBucketWebsite({
    ...{ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'e' } } },
  });
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
  await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
  await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  await s3.deleteObject({ Bucket, Key: 'copy' });
  await s3.listBuckets({});
}

async function recordTopics(sns: SNS): Promise<void> {
  const { TopicArn } = await sns.createTopic({ Name: 'releases', Attributes: { DisplayName: 'd' } });
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
  const { SubscriptionArn } = await sns.subscribe({
    ...{ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:123456789012:work', ReturnSubscriptionArn: true },
    Attributes: { FilterPolicy: '{"kind":["x",{"prefix":"y"}]}', RawMessageDelivery: 'true' },
  });
  await sns.publish({ TopicArn, Message: 'm', Subject: 's', MessageAttributes });
  await sns.publish({ TopicArn, Message: '{"default":"d","sqs":"q"}', MessageStructure: 'json' });
  await sns.publishBatch({
    TopicArn,
    PublishBatchRequestEntries: [
      { Id: '1', Message: 'm', MessageAttributes },
      { Id: '2', Message: 'n' },
    ],
  });
  await sns.setSubscriptionAttributes({
    ...{ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{"n":[{"numeric":[">",1]}]}' },
  });
  await sns.getSubscriptionAttributes({ SubscriptionArn });
  await sns.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'e' });
  await sns.getTopicAttributes({ TopicArn });
  await sns.listSubscriptionsByTopic({ TopicArn });
  await sns.listTopics({});
}

async function recordStacks(stacks: CloudFormation, { settled }: Recorder): Promise<void> {
  const TemplateBody = JSON.stringify({
    Parameters: { Seconds: { Type: 'Number', Default: '10', MaxValue: 60 } },
    Conditions: { Always: { 'Fn::Equals': ['a', 'a'] } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Condition: 'Always', Properties: { VisibilityTimeout: { Ref: 'Seconds' } } },
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::Sub': '${Queue.Arn}-x' } },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
  });
  const set = { StackName: 'shop', ChangeSetName: 'first' };
  await stacks.createChangeSet({
    ...{ ...set, ChangeSetType: 'CREATE', TemplateBody, Tags: [{ Key: 'k', Value: 'v' }] },
    Parameters: [{ ParameterKey: 'Seconds', ParameterValue: '20' }],
  });
  await settled();
  await stacks.describeChangeSet(set);
  await stacks.executeChangeSet(set);
  await settled();
  await stacks.createStack({ StackName: 'other', TemplateBody, OnFailure: 'DELETE' });
  await settled();
  await stacks.updateStack({
    StackName: 'other',
    UsePreviousTemplate: true,
    Parameters: [{ ParameterKey: 'Seconds', ParameterValue: '5' }],
  });
  await settled();
  await stacks.describeStacks({ StackName: 'shop' });
  await stacks.describeStackEvents({ StackName: 'shop' });
  await stacks.getTemplate({ StackName: 'shop' });
  await stacks.deleteStack({ StackName: 'gone' });
}
