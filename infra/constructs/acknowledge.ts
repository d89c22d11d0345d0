import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why findings of cdk-nag's AWS Solutions rules do not hold here; it counts for the construct and all below it. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}

/** Wildcards in policies, and why they are as narrow as can be. */
export interface Wildcards {
  readonly because: string;
  /** IAM actions as the policy writes them: `s3:List*`. */
  readonly actions?: readonly string[];
  /** `*`, or ARNs that end so; they may be tokens. */
  readonly resources?: readonly string[];
}

/** The same for wildcards in the policies of a role: each is a finding of its own. */
export function acknowledgeWildcards(
  construct: IConstruct,
  { because, actions = [], resources = [] }: Wildcards,
): void {
  const stack = Stack.of(construct);
  const findings = [
    ...actions.map((action) => `Action::${action}`),
    ...resources.map((resource) => `Resource::${flat(stack.resolve(resource))}`),
  ];
  acknowledge(construct, Object.fromEntries(findings.map((finding) => [`IAM5[${finding}]`, because])));
}

/** An ARN as cdk-nag writes it in a finding: `arn:<AWS::Partition>:s3:::<Bucket.Name>/*`. */
function flat(value: unknown): string {
  if (Array.isArray(value)) return value.map(flat).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = []] = Object.entries(value);
  switch (intrinsic) {
    case 'Ref':
      return `<${String(argument)}>`;
    case 'Fn::GetAtt':
      return `<${(Array.isArray(argument) ? argument : [argument]).join('.')}>`;
    case 'Fn::Join':
      return flat(argument[1]);
    default:
      throw new Error(`an ARN with ${intrinsic} cannot be named in a finding; Ref, Fn::GetAtt and Fn::Join can`);
  }
}
