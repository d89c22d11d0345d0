import { releaseCommands } from './release-commands.ts';
import { sourceCommands } from './source-commands.ts';

export { releaseCommands, sourceCommands };

/** The names of every verb there is; what is in neither list is offered nowhere. */
export const verbs: readonly string[] = [...releaseCommands, ...sourceCommands].map(({ verb }) => verb);
