"""`python -m visitwire_visits`: a worker of the visits stage on Kafka, with the embedded reader."""

from visitwire_runtime.process import main

from visitwire_visits.stage import embedded_only

if __name__ == "__main__":
    main(embedded_only)
