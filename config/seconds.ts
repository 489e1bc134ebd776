import { z } from 'zod';

/** Node's timers count milliseconds in 31 bits; a longer one would fire at once. */
const maxSeconds = Math.floor((2 ** 31 - 1) / 1000);

/** A duration that something waits for. */
export const seconds = z.number().positive().max(maxSeconds);
