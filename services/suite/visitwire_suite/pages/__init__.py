"""The pages made from the code: JSON Schemas, AsyncAPI, the drawing of the flow, settings, commands."""
