from catalog_service.main import build
from catalog_service.settings import CatalogSettings
from kit.service import serve

settings = CatalogSettings()
serve(build(settings), settings)
