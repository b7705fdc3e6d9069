"""`python -m visitwire_ingestion`: a worker of the ingestion stage on Kafka."""

from visitwire_runtime.process import main

from visitwire_ingestion.stage import ingestion

if __name__ == "__main__":
    main(ingestion)
