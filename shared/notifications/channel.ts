import type { Message } from './message.ts';

/**
 * A way to tell people: a folder with an implementation, and one line in `registry.ts`. Telling the same message twice
 * must do no harm, because a failing channel makes all of them hear it again.
 */
export interface Channel {
  /** Equals the folder's name. */
  readonly id: string;
  /** @throws ChannelFailed when the message was not taken */
  tell(message: Message): Promise<void>;
}
