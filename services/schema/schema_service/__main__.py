from egress import EgressSettings
from kit.service import serve
from schema_service.main import build
from schema_service.settings import SchemaSettings

if __name__ == "__main__":  # examining processes import this module again
    settings = SchemaSettings()
    serve(build(settings, EgressSettings()), settings)
