import { AwsError, LocalCloudError } from '../errors.ts';

/** Does something with a resource; an error that comes of it names the resource. */
export async function naming<T>(
  resource: { stackName: string; logicalId: string; type: string },
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonOf(error);
    const where = `stack ${resource.stackName}, ${resource.logicalId} (${resource.type})`;
    throw new LocalCloudError(`${where}: ${reason}`, { cause: error });
  }
}

/** Why something failed, without its trace. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof LocalCloudError ? error.message : String(error);
}
