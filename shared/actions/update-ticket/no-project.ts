import { ActionFailed } from '../result.ts';

/** The failure of an action that looks for tickets where the tracker shows it none: an answer of 404 does not say why. */
export function noProject(tracker: string, what: string): ActionFailed {
  return new ActionFailed(
    'ConfigurationError',
    `${tracker} shows no ${what}; check url and project, and what the credentials in the secret may see`,
  );
}
