"""git: read blobs, write branches, move refs. Import the module that does the job."""
