"""`python -m visitwire_extraction`: a worker of the extraction stage on Kafka."""

from visitwire_runtime.process import main

from visitwire_extraction.stage import extraction, load

if __name__ == "__main__":
    main(lambda settings: extraction(load(settings.model), settings.batch))
