-- Beside the ledger, which is the database that the server makes: each of these has a table `stories` of its own.
CREATE DATABASE ingestion;
CREATE DATABASE gateway;
