/**
 * Who makes a call. `role` is what a function, a workflow or another service acts as (its execution role's ARN), `service`
 * an AWS service calling on its own behalf (`events.amazonaws.com`), `user` the person at this laptop.
 */
export type Principal =
  | { readonly kind: 'user'; readonly arn: string }
  | {
      readonly kind: 'role';
      readonly arn: string;
      readonly roleArn: string;
      readonly sessionName: string;
      /** Who took the role on: its trust policy has to name them. Absent where nobody says. */
      readonly assumedBy?: Principal;
    }
  | {
      readonly kind: 'service';
      readonly arn: string;
      readonly service: string;
      /** For whom the service acts, e.g. a rule: `aws:SourceArn` in policies. */
      readonly sourceArn?: string;
    };

/** An AWS service as caller, e.g. `servicePrincipal('events.amazonaws.com', rule.arn)`. */
export function servicePrincipal(service: string, sourceArn?: string): Principal {
  return { kind: 'service', arn: service, service, ...(sourceArn !== undefined && { sourceArn }) };
}

/** A role as caller: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
export function rolePrincipal(roleArn: string, sessionName: string, assumedBy?: Principal): Principal {
  const [, , , , account, resource = ''] = roleArn.split(':');
  const role = resource.split('/').at(-1);
  const arn = `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`;
  return { kind: 'role', arn, roleArn, sessionName, ...(assumedBy && { assumedBy }) };
}

/** Keys that name a principal in the credential scope of a signed request. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Issues credentials and knows whose they are. */
export interface CredentialIssuer {
  /**
   * Credentials for a principal. They live as long as the local cloud's folder unless `expiresAtMs` is given. Asking
   * again for the same principal without an expiry gives the same credentials.
   */
  issue(principal: Principal, options?: { expiresAtMs?: number }): AwsCredentials;
  /** The principal and secret behind an access key id; undefined if unknown or expired. */
  find(accessKeyId: string): { principal: Principal; secretAccessKey: string; sessionToken?: string } | undefined;
}
