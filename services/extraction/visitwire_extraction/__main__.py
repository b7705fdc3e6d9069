"""`python -m visitwire_extraction`: a worker of the extraction stage on Kafka."""

from visitwire_runtime.process import main

from visitwire_extraction.stage import configured

if __name__ == "__main__":
    main(configured)
