#!/bin/sh
# Runs the published vectors where they are at hand: in $HUB_SHARED_DIR, or else beside the source tree.
# Usage: run_shared.sh PROGRAM FOLDER
set -eu

folder="${HUB_SHARED_DIR:-$2}/vectors"
if [ ! -d "$folder" ]; then
    echo "skipped: $folder is not there; name its parent in HUB_SHARED_DIR"
    exit 77
fi
exec "$1" "$folder"
