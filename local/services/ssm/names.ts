import { AwsError } from '../../errors.ts';
import { validation } from './errors.ts';

const maxNameLength = 1011;
const maxLevels = 15;

/**
 * Refuses names that a new parameter may not have
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html).
 * @throws AwsError `ValidationException`, `HierarchyLevelLimitExceededException`, `AccessDeniedException`
 */
export function checkNewName(name: string): void {
  if (name.length < 1 || name.length > maxNameLength) {
    throw validation(`Parameter name must be between 1 and ${maxNameLength} characters; got ${name.length}.`);
  }
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || /\/\/|\/$/.test(name)) {
    throw validation(
      'Only a mix of letters, numbers and the following 4 symbols .-_/ are allowed, in levels that are not empty.',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) throw validation('Parameter name must be a fully qualified name.');
  const levels = name.replace(/^\//, '').split('/');
  const first = levels[0]?.toLowerCase() ?? '';
  if (first.startsWith('aws')) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (first.startsWith('ssm')) {
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.startsWith('/') && levels.length > maxLevels) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `Parameter name has ${levels.length} levels; a hierarchy can have a maximum of ${maxLevels}.`,
    );
  }
}

/** A parameter as requests name it: by name or ARN, with `:<version>` for a certain one. */
export interface NameSelector {
  readonly name: string;
  /** What stands behind the colon, without it. */
  readonly selector?: string;
}

/** Reads `name`, `name:3` or the parameter's ARN. */
export function parseName(text: string): NameSelector {
  const resource = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(text)?.[1];
  const [path = '', selector, ...rest] = (resource ?? text).split(':');
  if (path === '' || rest.length > 0) throw validation(`${text} is neither a parameter name nor an ARN of one.`);
  return { name: path, ...(selector !== undefined && { selector }) };
}

/** The names that an ARN's path may stand for: ARNs do not tell `/a` from `a`. */
export function namesOfPath(path: string): readonly string[] {
  return /^\/[^/]+$/.test(path) ? [path, path.slice(1)] : [path];
}

/** A parameter's ARN. */
export function parameterArn(place: { readonly region: string; readonly account: string }, name: string): string {
  return `arn:aws:ssm:${place.region}:${place.account}:parameter/${name.replace(/^\//, '')}`;
}
