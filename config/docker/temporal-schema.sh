#!/bin/sh
# Makes Temporal's two databases and brings their schemas to the version of this image. Safe to run at every start: what
# is there stays. Reads SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD, as temporal-sql-tool does.
set -eu

bring_up() {
  database=$1
  schema=$2
  temporal-sql-tool --db "$database" create-database
  temporal-sql-tool --db "$database" setup-schema --version 0.0
  temporal-sql-tool --db "$database" update-schema --schema-name "postgresql/v12/$schema"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
