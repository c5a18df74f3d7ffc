from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.service import serve

settings = IdentitySettings()
serve(build(settings), settings)
