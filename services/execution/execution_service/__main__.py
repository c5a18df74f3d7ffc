from egress import EgressSettings
from execution_service.main import build
from execution_service.settings import ExecutionSettings
from kit.service import main

if __name__ == "__main__":
    main(ExecutionSettings, lambda settings: build(settings, EgressSettings()))
