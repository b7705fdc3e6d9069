#!/bin/sh
# Every visit on Kafka, a JSON line each, oldest first; the last line of an id is how it stands, a line with nothing but
# the id says that it is gone: sh visits_kcat.sh 127.0.0.1:9092 [TOPIC]
kcat -C -b "$1" -t "${2:-visits-v1}" -o beginning -e -q -f '%k %s\n'
