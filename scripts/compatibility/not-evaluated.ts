import { evaluatedKeys, evaluatedOperators } from '../../local/authorization/conditions.ts';

const code = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(', ');

/** The section of what the local cloud takes as given where AWS would evaluate it. */
export const notEvaluated = `## Not evaluated

The local cloud starts with what AWS would evaluate and it does not; at start it names what of this your templates use.

- **KMS**: nothing is encrypted, and neither key policies nor grants are asked. Keys and aliases exist with their ARNs.
- **Permissions boundaries, session policies, policies of an organization**, and \`iam:PassRole\`: never asked.
- **Condition keys** other than ${code(evaluatedKeys)} (in any case), and **operators** other than ${code(evaluatedOperators)} (each also with \`IfExists\`, \`ForAllValues\` and \`ForAnyValue\`): a statement with one is left out, whether it allows or denies.
- **AWS managed policies** that are not known here are left out, each by name.
- **The person at the laptop** may do everything. Roles and services need their permissions, unless the cloud is started without them.
- **Networks**: VPCs, security groups and endpoint policies.`;
