import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broken, parameter, queue, stackCloud, type StackCloud } from './stack-cloud.ts';

let stacks: StackCloud;
beforeEach(async () => {
  stacks = await stackCloud();
});
afterEach(() => stacks.close());

const template = (resources: object, more: object = {}): string => JSON.stringify({ Resources: resources, ...more });

async function create(name: string, body: string, more: object = {}) {
  return stacks.cfn.createChangeSet({ StackName: 'shop', ChangeSetName: name, TemplateBody: body, ...more });
}

const described = async (name: string) => {
  await stacks.cloud.settled();
  return stacks.cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: name });
};

describe('change sets', () => {
  it('[cloudformation.change-set.review] one that makes a stack leaves it in review until it is executed', async () => {
    const { Id: id, StackId: stackId } = await create('first', template({ Q: queue() }), { ChangeSetType: 'CREATE' });
    expect(id).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:changeSet\/first\//);
    expect(await stacks.status('shop')).toBe('REVIEW_IN_PROGRESS');
    expect(await described('first')).toMatchObject({
      StackId: stackId,
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'Q' } }],
    });
    await stacks.cfn.executeChangeSet({ ChangeSetName: id });
    await stacks.cloud.settled();
    expect(await stacks.cfn.describeStacks({ StackName: 'shop' })).toMatchObject({
      Stacks: [{ StackId: stackId, StackStatus: 'CREATE_COMPLETE', ChangeSetId: id }],
    });
    expect(await described('first')).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
  });

  it('[cloudformation.change-set.pending] cannot be executed before it has been compared', async () => {
    // Calls inside the process leave no time to the timers between them.
    const call = (operation: string, input: object) =>
      stacks.cloud.call('cloudformation', operation, { StackName: 'shop', ChangeSetName: 'first', ...input });
    await call('CreateChangeSet', { TemplateBody: template({ Q: queue() }), ChangeSetType: 'CREATE' });
    expect(await call('DescribeChangeSet', {})).toMatchObject({
      Status: 'CREATE_PENDING',
      ExecutionStatus: 'UNAVAILABLE',
    });
    await expect(call('ExecuteChangeSet', {})).rejects.toMatchObject({
      code: 'InvalidChangeSetStatusException',
      message: expect.stringContaining('cannot be executed in its current status of [CREATE_PENDING]') as unknown,
    });
    expect(await described('first')).toMatchObject({ Status: 'CREATE_COMPLETE' });
  });

  it('[cloudformation.change-set.changes] names what is added, modified, replaced and removed', async () => {
    await stacks.deploy('shop', {
      Resources: {
        A: queue({ VisibilityTimeout: 10 }),
        B: queue({ QueueName: 'b' }),
        C: queue(),
        D: parameter('/d', { 'Fn::GetAtt': ['B', 'Arn'] }),
      },
    });
    const wanted = {
      A: queue({ VisibilityTimeout: 20 }),
      B: queue({ QueueName: 'b2' }),
      D: parameter('/d', { 'Fn::GetAtt': ['B', 'Arn'] }),
      E: queue(),
    };
    await create('next', template(wanted));
    const { Changes: changes } = await described('next');
    expect(changes?.map(({ ResourceChange: change }) => change)).toMatchObject(
      [
        { Action: 'Modify', LogicalResourceId: 'A', Replacement: 'False', Scope: ['Properties'] },
        { Action: 'Modify', LogicalResourceId: 'B', Replacement: 'True', PhysicalResourceId: /\/b$/ },
        {
          Action: 'Modify',
          LogicalResourceId: 'D',
          Replacement: 'False',
          Details: [{ Target: { Name: 'Value' }, Evaluation: 'Dynamic', ChangeSource: 'ResourceReference' }],
        },
        { Action: 'Add', LogicalResourceId: 'E' },
        { Action: 'Remove', LogicalResourceId: 'C', PolicyAction: 'Delete' },
      ].map((change) =>
        'PhysicalResourceId' in change
          ? { ...change, PhysicalResourceId: expect.stringMatching(change.PhysicalResourceId as RegExp) as unknown }
          : change,
      ),
    );
  });

  it('[cloudformation.change-set.no-changes] fails without changes', async () => {
    await stacks.deploy('shop', { Resources: { Q: queue() } });
    await create('same', template({ Q: queue() }));
    expect(await described('same')).toMatchObject({
      Status: 'FAILED',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
      ExecutionStatus: 'UNAVAILABLE',
    });
    await expect(stacks.cfn.executeChangeSet({ StackName: 'shop', ChangeSetName: 'same' })).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
      message: expect.stringContaining('cannot be executed in its current status of [FAILED]') as unknown,
    });
  });

  it('[cloudformation.change-set.unknown-type] fails by the name of a resource type that is not there', async () => {
    await create('first', template({ Box: { Type: 'AWS::EC2::Instance' } }), { ChangeSetType: 'CREATE' });
    expect(await described('first')).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining(
        'Box: the resource type AWS::EC2::Instance is not supported locally',
      ) as unknown,
    });
  });

  it('[cloudformation.change-set.outputs] is one when only the outputs are others', async () => {
    await stacks.deploy('shop', { Resources: { Q: queue() } });
    await create('outputs', template({ Q: queue() }, { Outputs: { Url: { Value: { Ref: 'Q' } } } }));
    expect(await described('outputs')).toMatchObject({ Status: 'CREATE_COMPLETE', Changes: [] });
  });

  it('[cloudformation.change-set.token] is the same one for the same token, else its name is taken', async () => {
    const first = await create('first', template({ Q: queue() }), { ChangeSetType: 'CREATE', ClientToken: 'one' });
    const again = await create('first', template({ Q: queue() }), { ChangeSetType: 'CREATE', ClientToken: 'one' });
    expect(again.Id).toBe(first.Id);
    await expect(
      create('first', template({ Q: queue() }), { ChangeSetType: 'CREATE', ClientToken: 'two' }),
    ).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it('[cloudformation.change-set.type] wants a stack to update and none to create', async () => {
    await expect(create('first', template({ Q: queue() }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack [shop] does not exist',
    });
    await stacks.deploy('shop', { Resources: { Q: queue() } });
    await expect(create('again', template({ Q: queue() }), { ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      message: 'Stack [shop] already exists and cannot be created again with the changeSet [again].',
    });
  });

  it('[cloudformation.change-set.others] are gone once one of them is executed', async () => {
    await stacks.deploy('shop', { Resources: { Q: queue() } });
    await create('one', template({ Q: queue(), R: queue() }));
    await create('two', template({ Q: queue(), S: queue() }));
    await stacks.cloud.settled();
    await stacks.cfn.executeChangeSet({ StackName: 'shop', ChangeSetName: 'two' });
    await stacks.cloud.settled();
    const { Summaries: left } = await stacks.cfn.listChangeSets({ StackName: 'shop' });
    expect(left?.map(({ ChangeSetName: name }) => name)).toEqual(['two']);
    await expect(stacks.cfn.describeChangeSet({ StackName: 'shop', ChangeSetName: 'one' })).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
  });

  it('[cloudformation.change-set.delete] is deleted, and the stack stays as it is', async () => {
    await create('first', template({ Q: queue() }), { ChangeSetType: 'CREATE' });
    await stacks.cloud.settled();
    await stacks.cfn.deleteChangeSet({ StackName: 'shop', ChangeSetName: 'first' });
    await stacks.cfn.deleteChangeSet({ StackName: 'shop', ChangeSetName: 'first' });
    expect(await stacks.cfn.listChangeSets({ StackName: 'shop' })).toMatchObject({ Summaries: [] });
    expect(await stacks.status('shop')).toBe('REVIEW_IN_PROGRESS');
  });

  it('[cloudformation.change-set.failed] ends as failed when its execution does', async () => {
    await stacks.deploy('shop', { Resources: { Q: queue(), Broken: broken() } });
    expect(await described('change-1')).toMatchObject({ ExecutionStatus: 'EXECUTE_FAILED' });
    expect(await stacks.status('shop')).toBe('ROLLBACK_COMPLETE');
  });

  it('names itself by its ARN or together with its stack', async () => {
    await expect(stacks.cfn.describeChangeSet({ ChangeSetName: 'first' })).rejects.toThrow(
      'StackName must be specified if ChangeSetName is not specified as an ARN.',
    );
  });
});

describe('capabilities', () => {
  const role = (more: object = {}) => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }, ...more },
  });

  it.each([
    ['CAPABILITY_IAM', {}, []],
    ['CAPABILITY_NAMED_IAM', { RoleName: 'runner' }, ['CAPABILITY_IAM']],
  ])('[cloudformation.capabilities] %s is needed for %j', async (capability, properties, given) => {
    await expect(
      create('first', template({ Role: role(properties) }), { ChangeSetType: 'CREATE', Capabilities: given }),
    ).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: `Requires capabilities : [${capability}]`,
    });
    await create('first', template({ Role: role(properties) }), {
      ChangeSetType: 'CREATE',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    expect(await described('first')).toMatchObject({ Status: 'CREATE_COMPLETE' });
  });
});

describe('parameters', () => {
  const withStage = (declaration: object) =>
    template(
      { P: parameter('/stage', { Ref: 'Stage' }) },
      { Parameters: { Stage: { Type: 'String', ...declaration } } },
    );

  it.each<[string, object, object[], string]>([
    ['missing', {}, [], 'Parameters: [Stage] must have values'],
    [
      'unknown',
      { Default: 'a' },
      [{ ParameterKey: 'Other', ParameterValue: 'x' }],
      'Parameters: [Other] do not exist in the template',
    ],
    [
      'not-allowed',
      { AllowedValues: ['a', 'b'] },
      [{ ParameterKey: 'Stage', ParameterValue: 'c' }],
      "Parameter 'Stage' must be one of AllowedValues",
    ],
    [
      'pattern',
      { AllowedPattern: '[a-z]+' },
      [{ ParameterKey: 'Stage', ParameterValue: 'A1' }],
      "Parameter 'Stage' must match pattern [a-z]+",
    ],
    [
      'described',
      { AllowedPattern: '[a-z]+', ConstraintDescription: 'small letters' },
      [{ ParameterKey: 'Stage', ParameterValue: '1' }],
      'Parameter Stage failed to satisfy constraint: small letters',
    ],
    [
      'short',
      { MinLength: 3 },
      [{ ParameterKey: 'Stage', ParameterValue: 'ab' }],
      "Parameter 'Stage' must contain at least 3 characters",
    ],
    [
      'number',
      { Type: 'Number' },
      [{ ParameterKey: 'Stage', ParameterValue: 'ab' }],
      "Parameter 'Stage' must be a number",
    ],
  ])('[cloudformation.parameters.checked] refuses one that is %s', async (_name, declaration, given, message) => {
    await expect(
      create('first', withStage(declaration), { ChangeSetType: 'CREATE', Parameters: given }),
    ).rejects.toMatchObject({ name: 'ValidationError', message });
  });

  it('[cloudformation.parameters.previous] keeps the value that the stack had, and hides what is secret', async () => {
    const body = {
      Parameters: { Stage: { Type: 'String', NoEcho: true } },
      Resources: { P: parameter('/stage', { Ref: 'Stage' }) },
    };
    await stacks.deploy('shop', body, { Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'live' }] });
    const next = { ...body, Resources: { ...body.Resources, Q: queue() } };
    await stacks.deploy('shop', next, { Parameters: [{ ParameterKey: 'Stage', UsePreviousValue: true }] });
    const { Stacks: shown } = await stacks.cfn.describeStacks({ StackName: 'shop' });
    expect(shown?.[0]?.Parameters).toEqual([{ ParameterKey: 'Stage', ParameterValue: '****' }]);
    expect(await stacks.cloud.call('ssm', 'GetParameter', { Name: '/stage' })).toMatchObject({
      Parameter: { Value: 'live' },
    });
  });
});
