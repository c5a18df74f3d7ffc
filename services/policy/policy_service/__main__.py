from egress.settings import AllowedOrigins
from kit.service import main
from policy_service.main import build
from policy_service.settings import PolicySettings

if __name__ == "__main__":
    main(PolicySettings, lambda settings: build(settings, AllowedOrigins()))
