import type { Credentials } from '../gateways/secrets.ts';
import type { WebApi, WebApiOptions } from '../web/web-api.ts';

/** A ticket. */
export interface Ticket {
  /** As people write it: `OPS-7`, `#12`, `CHG0030002`. */
  readonly key: string;
  /** As the API calls it. */
  readonly id: string;
  /** Where people see it. */
  readonly url: string;
}

/** A ticket to be made. */
export interface NewTicket {
  readonly title: string;
  readonly body: string;
  readonly type: string | undefined;
  readonly labels: readonly string[];
  readonly mark: string;
}

/** Text that is put onto a ticket. */
export interface Note {
  readonly text: string;
  /** Is shown by the provider with the text, so that a later run sees that it is there; letters, digits and `-`. */
  readonly mark: string;
}

/** A text file that is put onto a ticket. */
export interface TicketFile extends Note {
  /** Holds the mark. */
  readonly name: string;
}

/**
 * A system that keeps tickets. What makes something makes it again when called again: `marked` methods say whether a run
 * that died had made it.
 */
export interface TicketProvider {
  /** Keys of tickets that a text mentions, each once, in their order. They need not exist. */
  keysIn(text: string): readonly string[];
  /** What in a text looks like a key and is not looked for: people see by it that a project is misspelt. */
  passedOver?(text: string): readonly string[];
  /** Undefined if there is no such ticket. */
  find(key: string): Promise<Ticket | undefined>;
  /**
   * Tells a key that nobody has given from a tracker that shows nothing.
   * @throws ActionFailed if the project can't be seen; PermissionError if the credentials may not look
   */
  checkProject(): Promise<void>;
  create(ticket: NewTicket): Promise<Ticket>;
  /** @param since no ticket is older that bears the mark */
  findMarked(mark: string, since: string): Promise<Ticket | undefined>;
  comment(ticket: Ticket, note: Note): Promise<void>;
  isCommented(ticket: Ticket, mark: string, since: string): Promise<boolean>;
  /**
   * Moves a ticket to a status, one that `problemOfStatus` takes; a ticket that has it stays.
   * @throws ActionFailed if the ticket cannot go there from where it is
   */
  transition(ticket: Ticket, to: string): Promise<void>;
  attach(ticket: Ticket, file: TicketFile): Promise<void>;
  isAttached(ticket: Ticket, file: TicketFile, since: string): Promise<boolean>;
}

/** What a provider is opened with. */
export interface ProviderOptions {
  readonly url: string | undefined;
  /** Where people see tickets, if that is elsewhere. */
  readonly site: string | undefined;
  readonly project: string | undefined;
  readonly credentials: Credentials;
  /** Makes the client of an API. */
  readonly api: (options: Pick<WebApiOptions, 'name' | 'baseUrl' | 'headers'>) => WebApi;
}

/** Opens a provider. */
export type OpenTicketProvider = (options: ProviderOptions) => TicketProvider;
