from auth_service.main import build
from auth_service.settings import AuthSettings
from kit.service import main

if __name__ == "__main__":
    main(AuthSettings, build)
