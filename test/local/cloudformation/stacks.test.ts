import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../local/json.ts';
import { rolePrincipal } from '../../../local/gateway/principal.ts';
import { broken, parameter, queue, stackCloud, type StackCloud } from './stack-cloud.ts';

let stacks: StackCloud;
beforeEach(async () => {
  stacks = await stackCloud();
});
afterEach(() => stacks.close());

const body = (resources: object, more: object = {}): string => JSON.stringify({ Resources: resources, ...more });

async function createStack(resources: object, more: object = {}) {
  const created = await stacks.cfn.createStack({ StackName: 'shop', TemplateBody: body(resources), ...more });
  await stacks.cloud.settled();
  return created;
}

async function updateStack(resources: object, more: object = {}) {
  await stacks.cfn.updateStack({ StackName: 'shop', TemplateBody: body(resources), ...more });
  await stacks.cloud.settled();
}

const queueNames = async (): Promise<(string | undefined)[]> => {
  const { QueueUrls: urls = [] } = (await stacks.cloud.call('sqs', 'ListQueues', {})) as { QueueUrls?: string[] };
  return urls.map((url) => url.split('/').at(-1)).sort();
};

const value = async (name: string) => {
  const answer = await stacks.cloud.call('ssm', 'GetParameter', { Name: name });
  return (answer as { Parameter: { Value: string } }).Parameter.Value;
};

const statuses = async (logicalId: string) => {
  const { StackEvents: events = [] } = await stacks.cfn.describeStackEvents({ StackName: 'shop' });
  return events
    .filter(({ LogicalResourceId: id }) => id === logicalId)
    .map(({ ResourceStatus: status }) => status)
    .toReversed();
};

describe('stacks', () => {
  it('[cloudformation.stack.create] makes its resources and tells each step', async () => {
    await createStack({ Q: queue({ QueueName: 'orders' }) });
    expect(await stacks.status('shop')).toBe('CREATE_COMPLETE');
    expect(await queueNames()).toEqual(['orders']);
    expect(await statuses('Q')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    expect(await statuses('shop')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    expect(await stacks.cfn.describeStackResources({ StackName: 'shop' })).toMatchObject({
      StackResources: [{ LogicalResourceId: 'Q', ResourceStatus: 'CREATE_COMPLETE', ResourceType: 'AWS::SQS::Queue' }],
    });
  });

  it('[cloudformation.stack.rollback] deletes what it made when its creation fails', async () => {
    await createStack({ Q: queue({ QueueName: 'orders' }), Broken: broken({ DependsOn: 'Q' }) });
    expect(await queueNames()).toEqual([]);
    expect(await statuses('shop')).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
    expect(await statuses('Q')).toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    const { StackEvents: events = [] } = await stacks.cfn.describeStackEvents({ StackName: 'shop' });
    expect(events.find(({ ResourceStatus: status }) => status === 'CREATE_FAILED')).toMatchObject({
      LogicalResourceId: 'Broken',
      ResourceStatusReason: expect.stringContaining('Empty arrays are not allowed') as unknown,
    });
    await expect(updateStack({ Q: queue() })).rejects.toMatchObject({
      message: expect.stringMatching(/is in ROLLBACK_COMPLETE state and can not be updated\.$/) as unknown,
    });
  });

  it.each([
    ['DO_NOTHING', 'CREATE_FAILED', ['orders']],
    ['DELETE', undefined, []],
  ])('[cloudformation.stack.on-failure] does %s when its creation fails', async (onFailure, status, left) => {
    await createStack(
      { Q: queue({ QueueName: 'orders' }), Broken: broken({ DependsOn: 'Q' }) },
      { OnFailure: onFailure },
    );
    expect(await queueNames()).toEqual(left);
    expect(await stacks.status('shop').catch(() => undefined)).toBe(status);
  });

  it('[cloudformation.stack.update-rollback] takes everything back when an update fails', async () => {
    const before = {
      Changed: parameter('/changed', 'before'),
      Removed: queue({ QueueName: 'removed' }),
      Replaced: queue({ QueueName: 'replaced-before' }),
    };
    await createStack(before);
    await updateStack({
      Added: queue({ QueueName: 'added' }),
      Changed: parameter('/changed', 'after'),
      Replaced: queue({ QueueName: 'replaced-after' }),
      Broken: broken({ DependsOn: ['Added', 'Changed', 'Replaced'] }),
    });
    expect(await stacks.status('shop')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await queueNames()).toEqual(['removed', 'replaced-before']);
    expect(await value('/changed')).toBe('before');
    expect((await stacks.cfn.getTemplate({ StackName: 'shop' })).TemplateBody).toBe(body(before));
    await updateStack({ ...before, Changed: parameter('/changed', 'at last') });
    expect(await stacks.status('shop')).toBe('UPDATE_COMPLETE');
    expect(await value('/changed')).toBe('at last');
  });

  it('[cloudformation.template.summary] tells what a template declares and needs, of a stack and of a body', async () => {
    const Parameters = {
      Name: { Type: 'String', Default: 'q' },
      Key: { Type: 'AWS::SSM::Parameter::Value<String>', NoEcho: true },
    };
    await createStack({ Q: queue({ QueueName: 'told' }) });
    expect(await stacks.cfn.getTemplateSummary({ StackName: 'shop' })).toMatchObject({
      Parameters: [],
      ResourceTypes: ['AWS::SQS::Queue'],
    });
    const TemplateBody = body({ R: { Type: 'AWS::IAM::Role' } }, { Parameters, Description: 'roles' });
    expect(await stacks.cfn.getTemplateSummary({ TemplateBody })).toMatchObject({
      Description: 'roles',
      ResourceTypes: ['AWS::IAM::Role'],
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: [
        { ParameterKey: 'Name', ParameterType: 'String', DefaultValue: 'q', NoEcho: false },
        { ParameterKey: 'Key', ParameterType: 'AWS::SSM::Parameter::Value<String>', NoEcho: true },
      ],
    });
    await expect(stacks.cfn.getTemplateSummary({ StackName: 'other' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id other does not exist',
    });
    await expect(stacks.cfn.getTemplateSummary({})).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('[cloudformation.stack.no-updates] refuses an update that changes nothing', async () => {
    await createStack({ Q: queue() });
    await expect(updateStack({ Q: queue() })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
  });

  it('[cloudformation.stack.clean-up] deletes what an update replaced or left out once it is complete', async () => {
    await createStack({ A: queue({ QueueName: 'a' }), B: queue({ QueueName: 'b' }) });
    await updateStack({ A: queue({ QueueName: 'a2' }) });
    expect(await queueNames()).toEqual(['a2']);
    expect(await statuses('shop')).toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
  });

  it('[cloudformation.stack.delete] deletes its resources but those that are retained, and stays known by its id', async () => {
    const { StackId: id } = await createStack({
      A: queue({ QueueName: 'a' }),
      Kept: queue({ QueueName: 'kept' }, { DeletionPolicy: 'Retain' }),
    });
    await stacks.cfn.deleteStack({ StackName: 'shop' });
    await stacks.cloud.settled();
    expect(await queueNames()).toEqual(['kept']);
    await expect(stacks.cfn.describeStacks({ StackName: 'shop' })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id shop does not exist',
    });
    expect(await stacks.cfn.describeStacks({ StackName: id })).toMatchObject({
      Stacks: [{ StackStatus: 'DELETE_COMPLETE' }],
    });
    expect(await stacks.cfn.listStacks({ StackStatusFilter: ['DELETE_COMPLETE'] })).toMatchObject({
      StackSummaries: [{ StackId: id, DeletionTime: expect.any(Date) as unknown }],
    });
    const { StackId: second } = await createStack({ A: queue() });
    expect(second).not.toBe(id);
  });

  it('[cloudformation.stack.delete-missing] takes a stack that does not exist for deleted', async () => {
    await expect(stacks.cfn.deleteStack({ StackName: 'nothing' })).resolves.toBeDefined();
  });

  it('[cloudformation.stack.protection] is not deleted while it is protected', async () => {
    await createStack({ A: queue() }, { EnableTerminationProtection: true });
    await expect(stacks.cfn.deleteStack({ StackName: 'shop' })).rejects.toThrow('TerminationProtection is enabled');
    await stacks.cfn.updateTerminationProtection({ StackName: 'shop', EnableTerminationProtection: false });
    await stacks.cfn.deleteStack({ StackName: 'shop' });
    await stacks.cloud.settled();
    await expect(stacks.status('shop')).rejects.toThrow('does not exist');
  });

  it('[cloudformation.stack.token] is made once for one token', async () => {
    const first = await createStack({ A: queue() }, { ClientRequestToken: 'one' });
    const again = await createStack({ A: queue() }, { ClientRequestToken: 'one' });
    expect(again.StackId).toBe(first.StackId);
    await expect(createStack({ A: queue() })).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it('[cloudformation.stack.restart] is there after a restart, and goes on with what was under way', async () => {
    await stacks.deploy('shop', {
      Resources: { A: queue({ QueueName: 'a' }) },
      Outputs: { Url: { Value: { Ref: 'A' } } },
    });
    await stacks.cfn.createChangeSet({
      StackName: 'shop',
      ChangeSetName: 'more',
      TemplateBody: body({ A: queue({ QueueName: 'a' }), B: queue({ QueueName: 'b' }) }),
    });
    await stacks.cloud.settled();
    // Inside the process: no timer runs before the cloud is stopped.
    await stacks.cloud.call('cloudformation', 'ExecuteChangeSet', { StackName: 'shop', ChangeSetName: 'more' });
    expect(await stacks.cloud.call('cloudformation', 'DescribeStacks', { StackName: 'shop' })).toMatchObject({
      Stacks: [{ StackStatus: 'UPDATE_IN_PROGRESS' }],
    });
    await stacks.restart();
    await stacks.cloud.settled();
    expect(await stacks.status('shop')).toBe('UPDATE_COMPLETE');
    expect(await queueNames()).toEqual(['a', 'b']);
    expect(await statuses('A')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
  });

  it('[cloudformation.stack.outputs] shows its outputs, and exports them to other stacks', async () => {
    await createStack(
      { A: queue({ QueueName: 'a' }) },
      {
        TemplateBody: body(
          { A: queue({ QueueName: 'a' }) },
          {
            Outputs: {
              Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] }, Description: 'the queue', Export: { Name: 'queue' } },
            },
          },
        ),
      },
    );
    const arn = 'arn:aws:sqs:us-east-1:123456789012:a';
    expect((await stacks.cfn.describeStacks({ StackName: 'shop' })).Stacks?.[0]?.Outputs).toEqual([
      { OutputKey: 'Arn', OutputValue: arn, Description: 'the queue', ExportName: 'queue' },
    ]);
    expect((await stacks.cfn.listExports({})).Exports).toMatchObject([{ Name: 'queue', Value: arn }]);
    await stacks.deploy('other', { Resources: { P: parameter('/imported', { 'Fn::ImportValue': 'queue' }) } });
    expect(await value('/imported')).toBe(arn);
  });

  it('[cloudformation.template.url] reads a template from an object of S3, with the rights of the caller', async () => {
    await stacks.cloud.call('s3', 'CreateBucket', { Bucket: 'templates' });
    await stacks.cloud.call('s3', 'PutObject', {
      Bucket: 'templates',
      Key: 'a/b.json',
      Body: body({ A: queue({ QueueName: 'a' }) }),
    });
    for (const [index, url] of [
      'https://templates.s3.us-east-1.amazonaws.com/a/b.json',
      'https://s3.amazonaws.com/templates/a/b.json',
      `${stacks.cloud.endpoint}/templates/a/b.json`,
    ].entries()) {
      await stacks.cfn.createStack({ StackName: `from-url-${index}`, TemplateURL: url });
      await stacks.cloud.settled();
      expect(await stacks.status(`from-url-${index}`)).toBe('CREATE_COMPLETE');
    }
    await expect(stacks.cfn.createStack({ StackName: 'x', TemplateURL: 'https://example.com/a.json' })).rejects.toThrow(
      'TemplateURL must be a supported URL.',
    );
  });

  it('[cloudformation.template.objects] takes what resources name in S3 from there', async () => {
    await stacks.cloud.call('s3', 'CreateBucket', { Bucket: 'code' });
    const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
    await stacks.cloud.call('s3', 'PutObject', { Bucket: 'code', Key: 'machine.json', Body: definition });
    const machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'm',
        RoleArn: 'arn:aws:iam::123456789012:role/r',
        DefinitionS3Location: { Bucket: 'code', Key: 'machine.json' },
      },
    };
    await createStack({ M: machine });
    expect(await statuses('M')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    await stacks.deploy('missing', {
      Resources: {
        M: {
          ...machine,
          Properties: {
            ...machine.Properties,
            StateMachineName: 'n',
            DefinitionS3Location: { Bucket: 'code', Key: 'none' },
          },
        },
      },
    });
    expect(await stacks.status('missing')).toBe('ROLLBACK_COMPLETE');
  });

  it('[cloudformation.stack.name] refuses names that CloudFormation refuses', async () => {
    const made = stacks.cfn.createStack({ StackName: '1st', TemplateBody: body({ A: queue() }) });
    await expect(made).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("Value '1st' at 'stackName'") as unknown,
    });
  });

  it('[cloudformation.stack.busy] takes no second update while one is under way', async () => {
    await createStack({ A: queue() });
    // Calls inside the process leave no time to the timers between them.
    const update = (resources: object) =>
      stacks.cloud.call('cloudformation', 'UpdateStack', { StackName: 'shop', TemplateBody: body(resources) });
    await update({ A: queue(), B: queue() });
    await expect(update({ A: queue(), C: queue() })).rejects.toThrow(
      'is in UPDATE_IN_PROGRESS state and can not be updated.',
    );
    await stacks.cloud.settled();
    expect(await statuses('B')).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
  });

  it.each<[string, object, string]>([
    ['Ref', { Ref: 'Nobody' }, '[Nobody]'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, '[Nobody]'],
    ['Fn::Sub', { 'Fn::Sub': ['${Own}-${AWS::Region}-${Nobody.Arn}-${!Kept}', { Own: 'x' }] }, '[Nobody]'],
  ])(
    '[cloudformation.template.references] refuses a %s to what the template does not have',
    async (_name, value, list) => {
      const message = `Template format error: Unresolved resource dependencies ${list} in the Resources block of the template`;
      await expect(createStack({ P: parameter('/p', value as Json) })).rejects.toMatchObject({ message });
    },
  );

  it.each<[string, string, string]>([
    ['is not JSON', '{"Resources":', 'Template format error: JSON not well-formed.'],
    ['has no resources', '{}', 'Template format error: At least one Resources member must be defined.'],
    ['is YAML', 'Resources:\n  A: 1', 'a template in YAML'],
    [
      'has a transform',
      '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"X"}}}',
      'the transform "AWS::Serverless-2016-10-31" is not supported locally',
    ],
    ['is too long', `{"Resources":{"A":"${'x'.repeat(51_200)}"}}`, 'less than or equal to 51200'],
  ])('[cloudformation.template.checked] refuses a template that %s', async (_name, text, message) => {
    await expect(stacks.cfn.createStack({ StackName: 'shop', TemplateBody: text })).rejects.toThrow(message);
  });
});

describe('rights', () => {
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const role = (name: string, service: string, actions: string[] = []) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: trust(service),
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: actions.map((action) => ({
              Effect: 'Allow',
              Action: action,
              Resource: 'arn:aws:cloudformation:us-east-1:123456789012:stack/shop/*',
            })),
          },
        },
      ],
    },
  });

  it('[cloudformation.permissions] a role needs the permission for the stack that it names', async () => {
    await stacks.deploy(
      'roles',
      { Resources: { R: role('deployer', 'lambda.amazonaws.com', ['cloudformation:CreateStack']) } },
      { Capabilities: ['CAPABILITY_NAMED_IAM'] },
    );
    const deployer = rolePrincipal('arn:aws:iam::123456789012:role/deployer', 'test');
    const create = (name: string) =>
      stacks.cloud.call(
        'cloudformation',
        'CreateStack',
        { StackName: name, TemplateBody: body({ A: queue() }) },
        deployer,
      );
    await expect(create('other')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(create('shop')).resolves.toMatchObject({ StackId: expect.any(String) as unknown });
    await stacks.cloud.settled();
  });

  it('[cloudformation.role] takes only a role that trusts CloudFormation, and reads parameters as that role', async () => {
    await stacks.deploy(
      'roles',
      {
        Resources: {
          Right: role('right', 'cloudformation.amazonaws.com'),
          Wrong: role('wrong', 'lambda.amazonaws.com'),
          P: parameter('/given', 'x'),
        },
      },
      { Capabilities: ['CAPABILITY_NAMED_IAM'] },
    );
    const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    await expect(createStack({ A: queue() }, { RoleARN: arn('wrong') })).rejects.toMatchObject({
      message: `Role ${arn('wrong')} is invalid or cannot be assumed`,
    });
    const parameters = { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/given' } } };
    await createStack(
      {},
      { TemplateBody: body({ A: parameter('/copy', { Ref: 'P' }) }, parameters), RoleARN: arn('right') },
    );
    expect(await statuses('shop')).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE']);
    const { StackEvents: events = [] } = await stacks.cfn.describeStackEvents({ StackName: 'shop' });
    expect(events.some(({ ResourceStatusReason: reason }) => reason?.includes('ssm:GetParameter'))).toBe(true);
  });
});
