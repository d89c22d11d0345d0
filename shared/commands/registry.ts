import { approve } from './approve.ts';
import type { AnyCommand } from './command.ts';
import { list } from './list.ts';
import { reject } from './reject.ts';
import { release } from './release.ts';
import { sourceOpen } from './source-open.ts';
import { sourceRecord } from './source-record.ts';
import { status } from './status.ts';

/** Every verb there is; what is not here is offered nowhere. */
export const commands: readonly AnyCommand[] = [release, status, list, approve, reject, sourceOpen, sourceRecord];
