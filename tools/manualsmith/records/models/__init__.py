"""The record models: confirmation, suggestion, request, incident, walkthrough."""
