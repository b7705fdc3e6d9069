"""The language library below the stages: no Kafka, no language model."""
