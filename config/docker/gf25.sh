#!/bin/sh
# The commands of the image: a role, `api`, `health-check` (for the container engine), or a verb of the CLI.
set -eu
app=/app/dist
case "${1:-}" in
  orchestrator | io | gpu | all) exec node --enable-source-maps "$app/workers/main.js" "$@" ;;
  api) exec node --enable-source-maps "$app/client/http/server.js" ;;
  health-check)
    exec node --eval '
      const { GF25_WORKER_PORT, GF25_API_PORT } = process.env;
      fetch(`http://127.0.0.1:${GF25_WORKER_PORT || GF25_API_PORT || 8080}/health/ready`).then(
        async (answer) => {
          console.log(answer.status, await answer.text());
          process.exit(answer.ok ? 0 : 1);
        },
        (error) => {
          console.log(String(error.cause ?? error));
          process.exit(1);
        },
      );'
    ;;
  *) exec node --enable-source-maps "$app/client/cli/main.js" "$@" ;;
esac
