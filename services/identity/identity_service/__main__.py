from egress import EgressSettings
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.service import main

if __name__ == "__main__":
    main(IdentitySettings, lambda settings: build(settings, egress_settings=EgressSettings()))
