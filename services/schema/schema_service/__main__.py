from egress import EgressSettings
from kit.service import main
from schema_service.main import build
from schema_service.settings import SchemaSettings

if __name__ == "__main__":
    main(SchemaSettings, lambda settings: build(settings, EgressSettings()))
