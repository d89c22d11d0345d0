import { AwsError } from '../../errors.ts';

// Step Functions refuses spaces, brackets, wildcards, some signs and control characters in names.
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

/** @throws AwsError `InvalidName` for the name of a machine or an execution that AWS would refuse */
export function checkName(name: string | undefined): string {
  if (name !== undefined && name.length >= 1 && name.length <= 80 && !forbidden.test(name)) return name;
  throw new AwsError('InvalidName', `Invalid Name: '${name ?? ''}'`);
}
