import type { FastifyRequest } from 'fastify';

/** For routes whose body may be left out: it counts as `{}`. */
export const noBodyIsEmpty = {
  preValidation: async (request: FastifyRequest): Promise<void> => {
    request.body ??= {};
  },
};
