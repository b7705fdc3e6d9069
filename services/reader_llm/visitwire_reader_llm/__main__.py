"""`python -m visitwire_reader_llm`: a worker of the visits stage on Kafka, with the language model of the settings."""

from visitwire_runtime.process import main

from visitwire_reader_llm.stage import configured

if __name__ == "__main__":
    main(configured)
