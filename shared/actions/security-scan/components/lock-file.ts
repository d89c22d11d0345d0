import { $ZodError } from 'zod/v4/core';
import { messageOf } from '../../../errors.ts';
import { problemsOf } from '../../../json.ts';
import { ActionFailed } from '../../result.ts';
import type { Component } from './component.ts';

/** What a lock file names, without the file. */
export type Locked = Omit<Component, 'foundIn'>;

/** Where a lock file is. */
export interface LockFilePlace {
  /** In the artifact. */
  readonly path: string;
  /** Whether the artifact holds a file of this path. */
  readonly holds: (path: string) => boolean;
}

/** Reads one kind of lock file. */
export interface LockFileReader {
  /** Whether a path is such a file. */
  readonly isMeant: (path: string) => boolean;
  /** @throws Error if the text is none */
  read(text: string, place: LockFilePlace): readonly Locked[];
}

/** Whether a path ends in one of these file names. */
export function named(...names: readonly string[]): (path: string) => boolean {
  return (path) => names.includes(path.split('/').at(-1) ?? '');
}

/**
 * Refuses what a reader cannot read, with the file's name and never with its text. A blank file locks nothing: Yarn advises an
 * empty `yarn.lock` at the root of a project within another.
 */
export function readLockFile(reader: LockFileReader, text: string, place: LockFilePlace): Component[] {
  if (text.trim() === '') return [];
  try {
    return reader.read(text, place).map((locked) => ({ ...locked, foundIn: place.path }));
  } catch (cause) {
    throw new ActionFailed(
      'ConfigurationError',
      `${place.path} can't be read (${reasonOf(cause)}); make it again with its package manager, or exclude it`,
      { cause },
    );
  }
}

/** A schema's reasons name members and no values; parsers quote the text in the lines that follow the first. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof $ZodError ? problemsOf(cause) : messageOf(cause).split('\n')[0];
  return reason?.slice(0, 200) ?? '';
}
