# One image for every role: `docker run gf25 orchestrator`, `... io`, `... gpu`, `... api`, or a verb of the CLI.
# Debian and not Alpine: Temporal's native core needs glibc.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# no install scripts: what we use works without them, and a stolen package could run one
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json tsconfig.json ./
COPY workflows workflows
COPY activities activities
COPY workers workers
COPY client client
COPY config config
RUN npm run build \
  && find dist -name '*.d.ts' -delete -o -name '*.tsbuildinfo' -delete \
  && find config -name '*.ts' -delete

FROM ${NODE_IMAGE} AS product
WORKDIR /app
COPY package.json package-lock.json ./
# false leaves the provider "embedded" out: 155 MB less.
ARG EMBEDDED_PROVIDER=true
# Not --omit=optional: sharp's and swc's programs for this platform are optional packages as well. Temporal's core comes
# for five platforms: only this one's stays.
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-*-linux-gnu" -exec rm -r {} + \
  && if [ "$EMBEDDED_PROVIDER" != true ]; then rm -rf node_modules/@tensorflow node_modules/@vladmandic; fi
COPY --from=build /app/dist dist
COPY --from=build /app/config config
# The workflows as one script, kept where the orchestrator looks for it: its root file system is read-only, so it would
# bundle for 2 s at every start. What workflow code may not import fails here, and not in production.
RUN node --input-type=module --eval " \
    import { pino } from 'pino'; \
    import { loadWorkflowBundle } from './dist/workers/workflow-bundle.js'; \
    await loadWorkflowBundle(pino());" \
  && ls node_modules/.cache/gf25/workflows-*.js

FROM ${NODE_IMAGE}
# Temporal's core trusts the system's certificates (TLS to a remote Temporal); Node brings its own.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/gf25
WORKDIR /app
# owned by root: the process cannot change its own code
COPY --from=product /app ./
COPY --chmod=755 config/docker/gf25.sh /usr/local/bin/gf25
ENV NODE_ENV=production GF25_STATE_DIR=/var/lib/gf25
VOLUME /var/lib/gf25
# API; health and metrics of a worker where GF25_WORKER_PORT=9090
EXPOSE 8080 9090
# `node`, as a number so that Kubernetes' runAsNonRoot can tell
USER 1000:1000
ENTRYPOINT ["gf25"]
CMD ["--help"]
