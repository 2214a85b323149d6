#!/bin/sh
# An AWS_LAMBDA_EXEC_WRAPPER that runs the real Runtime Interface Client in place of ours, with the flags that ours would have had.
printf r >&4
export _LAMBDA_TELEMETRY_LOG_FD=3
node=$1
shift
flags=
while [ "${1#--}" != "$1" ]; do
  flags="$flags $1"
  shift
done
here=$(dirname "$0")
cd "$LAMBDA_TASK_ROOT" || exit 1
# shellcheck disable=SC2086 # each flag is a word
exec "$node" $flags --require "$here/withNativeClient.cjs" "$here/node_modules/$RIC" "$_HANDLER"
