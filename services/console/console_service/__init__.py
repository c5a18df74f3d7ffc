"""The web pages, as files. They read and change everything through the REST API."""
