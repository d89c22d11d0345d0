import { approve } from './approve.ts';
import type { AnyCommand, ReleaseCommandContext } from './command.ts';
import { list } from './list.ts';
import { reject } from './reject.ts';
import { release } from './release.ts';
import { status } from './status.ts';

/** The verbs about releases: one bundle holds these and no S3 client. */
export const releaseCommands: readonly AnyCommand<ReleaseCommandContext>[] = [release, status, list, approve, reject];
