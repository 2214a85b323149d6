/** How often a booking is tried before its account goes on without it. The queues and their consumers agree on it. */
export const MAX_RECEIVE_COUNT = 3;
