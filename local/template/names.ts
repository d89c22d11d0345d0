import { createHash } from 'node:crypto';

/** The id of a stack: the same for the same name, account and region, so that names made from it stay at every start. */
export function stackIdOf(stackName: string, account: string, region: string): string {
  const hex = createHash('sha256').update(stackName).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${uuid}`;
}

/** What a generated name is made from. */
export interface NameParts {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly generation: number;
}

/** `<stack>-<logical id>-<hash>`, cut before the hash to `maxLength`. */
export function generateName(parts: NameParts, maxLength: number, options: { lowerCase?: boolean } = {}): string {
  const hash = createHash('sha256')
    .update(`${parts.stackId}/${parts.logicalId}/${parts.generation}`)
    .digest('hex')
    .slice(0, 12)
    .toUpperCase();
  const readable = `${parts.stackName}-${parts.logicalId}`.slice(0, Math.max(0, maxLength - hash.length - 1));
  const name = `${readable}-${hash}`.slice(-maxLength);
  return options.lowerCase ? name.toLowerCase() : name;
}
