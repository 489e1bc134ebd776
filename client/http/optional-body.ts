import type { FastifyRequest } from 'fastify';

/** For routes whose body may be left out: it counts as `{}`. */
export const noBodyIsEmpty = {
  preValidation: async (request: FastifyRequest): Promise<void> => {
    // not `??=`: null is a body, and a wrong one
    if (request.body === undefined) request.body = {};
  },
};
