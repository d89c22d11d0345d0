import { ActionFailed } from '../result.ts';
import { isTagName } from './rules.ts';

/**
 * A tag's name as Git takes it.
 * @throws ActionFailed if it does not
 */
export function checkedTagName(name: string): string {
  if (isTagName(name)) return name;
  throw new ActionFailed(
    'ConfigurationError',
    `"${name.slice(0, 200)}" is not a tag's name; Git takes letters, digits, ".", "-", "_" and "/", e.g. checkout-1.2.3`,
  );
}
