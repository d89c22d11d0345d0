import type { UpdateTicketParameters } from './parameters.ts';
import { openGitHub } from './github.ts';
import { openGitLab } from './gitlab.ts';
import { openJira } from './jira.ts';
import type { OpenTicketProvider } from './provider.ts';
import { openServiceNow } from './servicenow.ts';

/** Every system whose tickets the action knows: one file and one line each, and its name in the declaration. */
export const ticketProviders: Readonly<Record<UpdateTicketParameters['provider'], OpenTicketProvider>> = {
  github: openGitHub,
  gitlab: openGitLab,
  jira: openJira,
  servicenow: openServiceNow,
};
