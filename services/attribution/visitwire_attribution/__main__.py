"""`python -m visitwire_attribution`: a worker of the attribution stage on Kafka."""

from visitwire_runtime.process import main

from visitwire_attribution.stage import attribution

if __name__ == "__main__":
    main(lambda settings: attribution())
