from catalog_service.main import build
from catalog_service.settings import CatalogSettings
from kit.service import main

if __name__ == "__main__":
    main(CatalogSettings, build)
