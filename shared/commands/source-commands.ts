import type { AnyCommand, SourceCommandContext } from './command.ts';
import { sourceOpen } from './source-open.ts';
import { sourceRecord } from './source-record.ts';

/** The verbs about sources: one bundle holds these and nothing about releases. */
export const sourceCommands: readonly AnyCommand<SourceCommandContext>[] = [sourceOpen, sourceRecord];
