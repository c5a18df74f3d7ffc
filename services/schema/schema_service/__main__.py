if __name__ == "__main__":  # worker processes import this module too, and need nothing of it
    from egress import EgressSettings
    from kit.service import main
    from schema_service.main import build
    from schema_service.settings import SchemaSettings

    main(SchemaSettings, lambda settings: build(settings, EgressSettings()))
