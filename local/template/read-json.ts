import { readFileSync } from 'node:fs';
import { LocalCloudError } from '../errors.ts';

/** Reads a JSON file that CDK wrote. @throws LocalCloudError naming the file if it is missing or broken */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LocalCloudError(`${file} cannot be read: ${reason}; synthesize the app again`, { cause: error });
  }
}
