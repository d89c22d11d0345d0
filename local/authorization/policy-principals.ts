import type { Principal } from '../gateway/principal.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** Who a statement of a resource or trust policy is about. */
export interface Principals {
  /** True for `NotPrincipal`: everyone but these. */
  readonly isNegated: boolean;
  readonly everyone: boolean;
  /** ARNs and account ids. */
  readonly arns: readonly string[];
  /** E.g. `events.amazonaws.com`. */
  readonly services: readonly string[];
}

/** How a statement meets a principal: by name (or as everyone), only by its account, or not. */
export type Meeting = 'named' | 'account' | 'none';

/** Reads `Principal` or `NotPrincipal`; undefined for a statement with neither. */
export function readPrincipals(statement: JsonObject): Principals | undefined {
  const { Principal: principal, NotPrincipal: notPrincipal } = statement;
  const given = principal ?? notPrincipal;
  if (given === undefined) return undefined;
  const kinds = isJsonObject(given) ? given : { AWS: given };
  const arns = texts(kinds['AWS']);
  return {
    isNegated: principal === undefined,
    everyone: arns.includes('*'),
    arns,
    services: texts(kinds['Service']),
  };
}

/**
 * How a statement meets a caller. A statement for the whole account lets its identity policies decide, where one that
 * names the role (or everyone) grants by itself.
 */
export function meet(principals: Principals | undefined, caller: Principal): Meeting {
  if (!principals) return 'none';
  const meeting = meetListed(principals, caller);
  if (!principals.isNegated) return meeting;
  return meeting === 'none' ? 'named' : 'none';
}

function meetListed({ everyone, arns, services }: Principals, caller: Principal): Meeting {
  if (everyone) return 'named';
  if (caller.kind === 'service') return services.includes(caller.service) ? 'named' : 'none';
  const roleArn = caller.kind === 'role' ? caller.roleArn : caller.arn;
  if (arns.includes(caller.arn) || arns.includes(roleArn)) return 'named';
  const account = roleArn.split(':')[4] ?? '';
  return arns.includes(account) || arns.includes(`arn:aws:iam::${account}:root`) ? 'account' : 'none';
}

function texts(value: Json | undefined): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
