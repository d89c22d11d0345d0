import { approve } from './approve.ts';
import type { AnyCommand, ReleaseCommandContext, SourceCommandContext } from './command.ts';
import { list } from './list.ts';
import { reject } from './reject.ts';
import { release } from './release.ts';
import { sourceOpen } from './source-open.ts';
import { sourceRecord } from './source-record.ts';
import { status } from './status.ts';

/** Every verb about releases there is; what is in no list here is offered nowhere. */
export const releaseCommands: readonly AnyCommand<ReleaseCommandContext>[] = [release, status, list, approve, reject];

/** Every verb about sources there is. */
export const sourceCommands: readonly AnyCommand<SourceCommandContext>[] = [sourceOpen, sourceRecord];

/** The names of all verbs. */
export const verbs: readonly string[] = [...releaseCommands, ...sourceCommands].map(({ verb }) => verb);
