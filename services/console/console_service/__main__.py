from console_service.main import build
from console_service.settings import ConsoleSettings
from kit.service import main

if __name__ == "__main__":
    main(ConsoleSettings, build)
