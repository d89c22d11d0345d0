import type { OpenGitHost } from './host.ts';
import { openGitHub } from './github.ts';
import { openGitLab } from './gitlab.ts';

/** Every host that the action knows: one file and one line each, and its name in the declaration. */
export const gitHosts: Readonly<Record<'github' | 'gitlab', OpenGitHost>> = { github: openGitHub, gitlab: openGitLab };
