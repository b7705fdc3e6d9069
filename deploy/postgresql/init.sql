-- Beside the ledger, which is the database that the server creates. One database could hold all three: no tables clash.
CREATE DATABASE ingestion;
CREATE DATABASE gateway;
