from egress import EgressSettings
from execution_service.main import build
from execution_service.settings import ExecutionSettings
from kit.service import serve

settings = ExecutionSettings()
serve(build(settings, EgressSettings()), settings)
