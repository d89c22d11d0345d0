import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why findings of the AWS Solutions rules do not hold here; it counts for the construct and all below it. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}

/** The same for the wildcards of a role's policies, by finding: `Resource::*`, `Action::s3:List*`. */
export function acknowledgeWildcards(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  acknowledge(construct, Object.fromEntries(Object.entries(reasons).map(([finding, reason]) => [`IAM5[${finding}]`, reason])));
}
