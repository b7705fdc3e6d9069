"""`python -m visitwire_visits`: a worker of the visits stage on Kafka."""

from visitwire_runtime.process import main

from visitwire_visits.stage import visits

if __name__ == "__main__":
    main(lambda settings: visits())
