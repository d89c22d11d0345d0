import { Lambda } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const trust = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const functionOf = (FunctionName: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    Code: { ZipFile: 'exports.handler = async (event) => ({ got: event });' },
  },
});
const resources = {
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'echo', AssumeRolePolicyDocument: trust } },
  Echo: functionOf('echo'),
  Versioned: functionOf('versioned'),
  Limited: functionOf('limited'),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      ...{ FunctionName: { Ref: 'Echo' }, Action: 'lambda:InvokeFunction' },
      Principal: 'events.amazonaws.com',
    },
  },
};

tour(
  { service: 'lambda', client: Lambda, resources },
  {
    'invokes and describes functions': async (lambda) => {
      const FunctionName = 'echo';
      const { StatusCode, Payload } = await lambda.invoke({ FunctionName, Payload: '{"a":1}' });
      expect([StatusCode, Payload?.transformToString()]).toEqual([200, '{"got":{"a":1}}']);
      expect((await lambda.getFunction({ FunctionName })).Configuration).toMatchObject({ Runtime: 'nodejs22.x' });
      expect(await lambda.getFunctionConfiguration({ FunctionName })).toMatchObject({ Handler: 'index.handler' });
      const { Functions = [] } = await lambda.listFunctions({});
      expect(Functions.map((each) => each.FunctionName)).toContain(FunctionName);
      expect((await lambda.getPolicy({ FunctionName })).Policy).toContain('events.amazonaws.com');
    },
    'has versions and aliases': async (lambda) => {
      const FunctionName = 'versioned';
      const { Version } = await lambda.publishVersion({ FunctionName });
      expect(Version).toBe('1');
      const { Versions = [] } = await lambda.listVersionsByFunction({ FunctionName });
      expect(Versions.map((each) => each.Version)).toEqual(['$LATEST', '1']);
      await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
      await lambda.updateAlias({ FunctionName, Name: 'live', Description: 'what runs' });
      expect(await lambda.getAlias({ FunctionName, Name: 'live' })).toMatchObject({ Description: 'what runs' });
      expect((await lambda.listAliases({ FunctionName })).Aliases).toMatchObject([{ Name: 'live' }]);
      await lambda.deleteAlias({ FunctionName, Name: 'live' });
      expect((await lambda.listAliases({ FunctionName })).Aliases).toEqual([]);
    },
    'reserves concurrency': async (lambda) => {
      const FunctionName = 'limited';
      await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 2 });
      expect(await lambda.getFunctionConcurrency({ FunctionName })).toMatchObject({ ReservedConcurrentExecutions: 2 });
      await lambda.deleteFunctionConcurrency({ FunctionName });
      const after = await lambda.getFunctionConcurrency({ FunctionName });
      expect(after.ReservedConcurrentExecutions).toBeUndefined();
    },
  },
);
