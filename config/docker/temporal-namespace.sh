#!/bin/sh
# Makes our namespace, or gives the one that exists its retention: a closed project is remembered, and so not run
# again, only that long. Reads TEMPORAL_ADDRESS, DEFAULT_NAMESPACE and DEFAULT_NAMESPACE_RETENTION.
set -eu

patience_seconds=120
give_up_at=$(($(date +%s) + patience_seconds))

until_it_works() {
  what=$1
  shift
  until "$@" >/tmp/answer 2>&1; do
    if [ "$(date +%s)" -ge "$give_up_at" ]; then
      echo "in vain for $patience_seconds s: $what" >&2
      cat /tmp/answer >&2
      exit 1
    fi
    sleep 2
  done
  echo "$what"
}

make() {
  temporal operator namespace update --namespace "$DEFAULT_NAMESPACE" --retention "$DEFAULT_NAMESPACE_RETENTION" ||
    temporal operator namespace create --namespace "$DEFAULT_NAMESPACE" --retention "$DEFAULT_NAMESPACE_RETENTION"
}

until_it_works "namespace $DEFAULT_NAMESPACE keeps closed workflows for $DEFAULT_NAMESPACE_RETENTION" make
# the frontend learns of a new namespace some seconds later; workers that start sooner would fail
until_it_works "namespace $DEFAULT_NAMESPACE is usable" temporal workflow count --namespace "$DEFAULT_NAMESPACE"
