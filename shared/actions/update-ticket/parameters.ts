import type * as z from 'zod/mini';
import type { updateTicket } from './declaration.ts';

/** What the action is asked to do. */
export type UpdateTicketParameters = z.output<typeof updateTicket.parameters>;
