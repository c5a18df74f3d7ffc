"""The schema service: reads OpenAPI documents, says what is wrong, compiles their operations."""
