import { AwsError } from '../../errors.ts';
import type { Template } from '../../template/template.ts';

/** Resource types that grant permissions, with the property that names one; without it CloudFormation makes the name. */
const nameProperties: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': '',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': '',
};

/** Which capability a template asks for. Policies have names, but no names of their own. */
export function neededCapability({
  Resources: resources,
}: Template): 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined {
  const granting = Object.values(resources).filter(({ Type: type }) => Object.hasOwn(nameProperties, type));
  if (granting.length === 0) return undefined;
  const hasNames = granting.some(({ Type: type, Properties: properties }) => {
    const name = nameProperties[type];
    return name !== undefined && name !== '' && properties[name] !== undefined;
  });
  return hasNames ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

/** @throws AwsError InsufficientCapabilitiesException for what the caller did not acknowledge */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  const needed = neededCapability(template);
  if (needed === undefined || given.includes(needed) || given.includes('CAPABILITY_NAMED_IAM')) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}
