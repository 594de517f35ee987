#!/usr/bin/env bash
# Runs one check and prints its result as the other tests do. usage: check.sh PROGRAM [argument …]
if "$@"; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
