"""The pages made from the code: JSON Schemas, AsyncAPI, the flow, settings, commands, a day with one story."""
