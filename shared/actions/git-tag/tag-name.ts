import { fillPlaceholders } from '../release-facts.ts';
import { ActionFailed } from '../result.ts';

/** What git-check-ref-format(1) refuses. */
const refused = /[\x00-\x20\x7f~^:?*[\\]|\.\.|\/\/|@\{|^[-/.]|\/\.|[/.]$|\.lock(\/|$)|^@$/;

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

/** Whether a template can become a tag's name, whatever its facts turn out to be. */
export function mayBeTagName(template: string): boolean {
  return isTagName(fillPlaceholders(template, () => 'x'));
}

function isTagName(name: string): boolean {
  return name !== '' && name.length <= 200 && !refused.test(name);
}
