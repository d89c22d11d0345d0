import { AwsError } from '../errors.ts';
import type { Permission } from './permission.ts';

/** Why a call is refused, as IAM words it behind the resource. */
export type Reason =
  | 'no-identity-based-policy'
  | 'no-resource-based-policy'
  | 'explicit-deny-in-identity-based-policy'
  | 'explicit-deny-in-resource-based-policy'
  | 'no-trust-policy';

/** How services call the refusal: most `AccessDeniedException`, and not all with the same status. */
const codes: Readonly<Record<string, { readonly code: string; readonly httpStatus: number }>> = {
  cloudformation: { code: 'AccessDenied', httpStatus: 403 },
  s3: { code: 'AccessDenied', httpStatus: 403 },
  sns: { code: 'AuthorizationErrorException', httpStatus: 403 },
  sqs: { code: 'AccessDenied', httpStatus: 403 },
  lambda: { code: 'AccessDeniedException', httpStatus: 403 },
  scheduler: { code: 'AccessDeniedException', httpStatus: 403 },
};

/** The refusal of a call to `service` in AWS's own words; `hint` adds what only the local cloud can tell. */
export function refusal(
  service: string,
  caller: string,
  permission: Permission,
  { reason, hint = '' }: { readonly reason: Reason; readonly hint?: string },
): AwsError {
  const { action, resource } = permission;
  const { code, httpStatus } = codes[service] ?? { code: 'AccessDeniedException', httpStatus: 400 };
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${words(reason, action)}`;
  return new AwsError(code, `${message}${hint}`, { httpStatus });
}

function words(reason: Reason, action: string): string {
  switch (reason) {
    case 'no-identity-based-policy':
      return `because no identity-based policy allows the ${action} action`;
    case 'no-resource-based-policy':
      return `because no resource-based policy allows the ${action} action`;
    case 'explicit-deny-in-identity-based-policy':
      return 'with an explicit deny in an identity-based policy';
    case 'explicit-deny-in-resource-based-policy':
      return 'with an explicit deny in a resource-based policy';
    case 'no-trust-policy':
      return `because no role trust policy allows the ${action} action`;
  }
}
