from auth_service.main import build
from auth_service.settings import AuthSettings
from kit.service import serve

settings = AuthSettings()
serve(build(settings), settings)
