"""The desk: the pipeline in a browser, over the workflow functions that the commands call."""
