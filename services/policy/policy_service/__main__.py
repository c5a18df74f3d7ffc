from kit.service import serve
from policy_service.main import build
from policy_service.settings import PolicySettings

settings = PolicySettings()
serve(build(settings), settings)
