import { describe, expect, it } from 'vitest';
import { printOutcomes } from '../../../local/template/print.ts';
import { openRecords } from '../../../local/template/records.ts';
import { testStacks, thing } from './stacks.ts';

const ref = (name: string) => ({ Ref: name });

describe('applying templates', () => {
  it('[cloudformation.apply.order] creates in dependency order and passes physical ids and attributes on', async () => {
    const stacks = testStacks();
    const outcomes = await stacks.apply({
      Engine: {
        Resources: {
          B: thing({ Name: { 'Fn::Sub': '${A}-b' } }),
          A: thing({ Name: 'a' }, { DependsOn: 'C' }),
          C: thing({ Name: 'c' }),
        },
      },
    });
    expect(stacks.log).toEqual(['create c', 'create a', 'create a-b']);
    expect(outcomes.map(({ did }) => did)).toEqual(['create', 'create', 'create']);
  });

  it('[cloudformation.apply.unchanged] touches nothing when nothing changed', async () => {
    const stacks = testStacks();
    const template = { Engine: { Resources: { A: thing({ Size: 1 }), B: thing({ Size: ref('A') }) } } };
    await stacks.apply(template);
    stacks.log.length = 0;
    const outcomes = await stacks.apply(template);
    expect(stacks.log).toEqual([]);
    expect(printOutcomes(outcomes)).toEqual(['stack Engine: 2 unchanged']);
  });

  it('[cloudformation.apply.replacement] updates what changed and what refers to a replaced resource, then deletes the old one', async () => {
    const stacks = testStacks();
    const template = (name: string, size: number) => ({
      Engine: { Resources: { A: thing({ Name: name }), B: thing({ Size: ref('A') }), C: thing({ Size: size }) } },
    });
    await stacks.apply(template('one', 1));
    stacks.log.length = 0;
    const outcomes = await stacks.apply(template('two', 2));
    expect(stacks.log.map((line) => line.replace(/Engine-(\w)-\w+/, '$1'))).toEqual([
      'create two',
      'update B "two"',
      'update C 2',
      'delete one',
    ]);
    expect(printOutcomes(outcomes)).toEqual(['stack Engine: 2 changed (B, C), 1 replaced (A), 1 deleted (A)']);
  });

  it('[cloudformation.apply.left] deletes in reverse order what left the template, and whole stacks that left the app', async () => {
    const stacks = testStacks();
    await stacks.apply({
      Data: { Resources: { A: thing({ Name: 'a' }) } },
      Engine: { Resources: { B: thing({ Name: 'b' }), C: thing({ Name: 'c', Size: ref('B') }) } },
    });
    stacks.log.length = 0;
    await stacks.apply({ Data: { Resources: { A: thing({ Name: 'a' }) } } });
    expect(stacks.log).toEqual(['delete c', 'delete b']);
  });

  it('[cloudformation.deletion-policy] keeps what its DeletionPolicy retains and says so', async () => {
    const stacks = testStacks();
    await stacks.apply({ Data: { Resources: { A: thing({ Name: 'a' }, { DeletionPolicy: 'Retain' }) } } });
    const outcomes = await stacks.apply({ Data: { Resources: {} } });
    expect(stacks.log).toEqual(['create a']);
    expect(printOutcomes(outcomes)).toEqual(['stack Data: 1 kept by policy (A)']);
  });

  it('[cloudformation.update-replace-policy] keeps what its UpdateReplacePolicy retains when it is replaced', async () => {
    const stacks = testStacks();
    const template = (name: string) => ({
      Data: { Resources: { A: thing({ Name: name }, { UpdateReplacePolicy: 'Retain' }) } },
    });
    await stacks.apply(template('a'));
    const outcomes = await stacks.apply(template('b'));
    expect(stacks.log).toEqual(['create a', 'create b']);
    expect(printOutcomes(outcomes)).toEqual(['stack Data: 1 replaced (A), 1 kept by policy (A)']);
  });

  it('keeps the old resource when the new one takes over its physical id', async () => {
    const stacks = testStacks();
    await stacks.apply({ Data: { Resources: { A: thing({ Name: 'a' }) } } });
    await stacks.apply({ Engine: { Resources: { B: thing({ Name: 'a' }) } } });
    expect(stacks.log).toEqual(['create a', 'create a']);
  });

  it('[cloudformation.apply.resumed] goes on where it stopped after a failure', async () => {
    const failOn: { logicalId?: string } = { logicalId: 'B' };
    const stacks = testStacks({ failOn });
    const template = { Engine: { Resources: { A: thing({ Name: 'a' }), B: thing({ Name: 'b', Size: ref('A') }) } } };
    await expect(stacks.apply(template)).rejects.toThrow(
      'stack Engine, B (Test::Thing): LimitExceeded: too many things',
    );
    delete failOn.logicalId;
    await stacks.apply(template);
    expect(stacks.log).toEqual(['create a', 'create b']);
  });

  it('[cloudformation.exports] passes exports from one stack to the next and records outputs', async () => {
    const stacks = testStacks();
    await stacks.apply({
      Data: {
        Resources: { A: thing({ Name: 'a' }) },
        Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] }, Export: { Name: 'Data:A' } } },
      },
      Engine: { Resources: { B: thing({ Name: { 'Fn::ImportValue': 'Data:A' } }) } },
    });
    expect(stacks.log).toEqual(['create a', 'create arn:thing:a']);
    expect(openRecords(stacks.store).outputs('Data')?.values).toEqual({ Arn: 'arn:thing:a' });
  });

  it('[cloudformation.conditions] leaves out resources and outputs whose condition is false', async () => {
    const stacks = testStacks();
    await stacks.apply({
      Engine: {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        Resources: { A: thing({ Name: 'a' }, { Condition: 'Never' }), B: thing({ Name: 'b' }) },
        Outputs: { A: { Value: ref('A'), Condition: 'Never' } },
      },
    });
    expect(stacks.log).toEqual(['create b']);
  });

  it('[cloudformation.names] makes another generated name for a replacement, and the same one at every start', async () => {
    const stacks = testStacks();
    const named = { Engine: { Resources: { A: thing({ Name: 'x' }) } } };
    const unnamed = { Engine: { Resources: { A: thing({}) } } };
    await stacks.apply(unnamed);
    await stacks.apply(named);
    await stacks.apply(unnamed);
    const other = testStacks();
    await other.apply(unnamed);
    const [first, , , third] = stacks.log;
    expect(first).toBe(other.log[0]);
    expect(first).toMatch(/^create Engine-A-[0-9A-F]{12}$/);
    expect(third).not.toBe(first);
  });

  it('updates a resource whose asset lies elsewhere now', async () => {
    const stacks = testStacks();
    const bucket = 'assets-${AWS::AccountId}-${AWS::Region}';
    const template = { Engine: { Resources: { A: thing({ Name: 'a', Asset: 'k.zip' }) } } };
    await stacks.apply(template, [{ bucket, key: 'k.zip', path: '/one' }]);
    await stacks.apply(template, [{ bucket, key: 'k.zip', path: '/one' }]);
    await stacks.apply(template, [{ bucket, key: 'k.zip', path: '/two' }]);
    expect(stacks.log).toEqual(['create a', 'update a null']);
  });
});

describe('values from the cloud', () => {
  it('[cloudformation.parameters.ssm] reads SSM-typed parameters, and answers the bootstrap version without SSM', async () => {
    const stacks = testStacks();
    stacks.ssm.set('/a/b', 'one,two');
    await stacks.apply({
      Engine: {
        Parameters: {
          One: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' },
          Many: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/a/b' },
          BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
        },
        Resources: { A: thing({ Name: ref('One') }), B: thing({ Name: { 'Fn::Select': [1, ref('Many')] } }) },
      },
    });
    expect(stacks.log).toEqual(['create one,two', 'create two']);
  });

  it('names the parameter that SSM does not have', async () => {
    const parameters = { One: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/no' } };
    await expect(testStacks().apply({ Engine: { Parameters: parameters } })).rejects.toThrow(
      'stack Engine, Parameters.One: ssm GetParameter failed: ParameterNotFound',
    );
  });

  it('[cloudformation.dynamic-references] resolves dynamic references for the resource and records only the reference', async () => {
    const stacks = testStacks();
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-1';
    stacks.secrets.set(arn, '{"user":"canary-value"}');
    stacks.ssm.set('/p', 'from-ssm');
    const name = `{{resolve:secretsmanager:${arn}:SecretString:user::}}/{{resolve:ssm:/p}}`;
    await stacks.apply({ Engine: { Resources: { A: thing({ Name: 'x', Other: name }), B: thing({ Name: name }) } } });
    expect(stacks.log).toEqual(['create x', 'create canary-value/from-ssm']);
    const [a] = openRecords(stacks.store).resources('Engine');
    expect(JSON.stringify(a?.properties)).not.toContain('canary-value');
  });
});

describe('refusing templates', () => {
  it('[cloudformation.unknown-type] names stack, logical id and type of what is not supported, and changes nothing', async () => {
    const stacks = testStacks();
    const resources = { A: thing({ Name: 'a' }), Vpc: { Type: 'AWS::EC2::VPC' } };
    const data = { Resources: { B: thing({ Name: 'b' }) } };
    await expect(stacks.apply({ Data: data, Engine: { Resources: resources } })).rejects.toThrow(
      'stack Engine, Vpc: the resource type AWS::EC2::VPC is not supported locally; supported: AWS::CDK::Metadata',
    );
    expect(stacks.log).toEqual([]);
  });

  it('names the resources of a cycle', async () => {
    const resources = {
      A: thing({ Name: ref('B') }),
      B: thing({}, { DependsOn: ['C'] }),
      C: thing({ Size: { 'Fn::Sub': '${A.Arn}' } }),
    };
    await expect(testStacks().apply({ Engine: { Resources: resources } })).rejects.toThrow(
      'stack Engine: circular dependency between resources: A -> B -> C -> A',
    );
  });

  it('refuses a parameter without a default', async () => {
    await expect(testStacks().apply({ Engine: { Parameters: { P: { Type: 'String' } } } })).rejects.toThrow(
      'stack Engine, Parameters.P: it has no default',
    );
  });
});

describe('recorded types', () => {
  it('[cloudformation.recorded] answer Ref and GetAtt in the formats of CloudFormation and are listed', async () => {
    const stacks = testStacks();
    const outcomes = await stacks.apply({
      Engine: {
        Resources: {
          Group: { Type: 'AWS::IAM::Group' },
          Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/x' } },
          Key: { Type: 'AWS::KMS::Key' },
        },
        Outputs: {
          Group: { Value: { 'Fn::GetAtt': ['Group', 'Arn'] } },
          Logs: { Value: { 'Fn::GetAtt': ['Logs', 'Arn'] } },
          Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        },
      },
    });
    const values = openRecords(stacks.store).outputs('Engine')?.values;
    expect(values?.['Group']).toMatch(/^arn:aws:iam::123456789012:group\/Engine-Group-[0-9A-F]{12}$/);
    expect(values?.['Logs']).toBe('arn:aws:logs:us-east-1:123456789012:log-group:/aws/x:*');
    expect(values?.['Key']).toMatch(/^arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36}$/);
    expect(printOutcomes(outcomes).at(-1)).toBe(
      'recorded only (no behaviour locally): AWS::IAM::Group, AWS::KMS::Key, AWS::Logs::LogGroup',
    );
  });
});
