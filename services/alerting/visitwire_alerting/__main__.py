"""`python -m visitwire_alerting`: a worker of the alerting stage on Kafka."""

from visitwire_runtime.worker import main

from visitwire_alerting.stage import alerting

if __name__ == "__main__":
    main(alerting)
