#!/bin/sh
# Visits to a country as JSON: sh visits.sh http://localhost:8080 IN [KEY]
curl --fail-with-body --silent --show-error ${3:+-H "Authorization: Bearer $3"} "$1/api/v1/visits?to=$2"
