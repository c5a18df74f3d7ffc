from dataclasses import dataclass

from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.change_access import ChangeAccess
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.create_gpt import CreateGpt
from catalog_service.usecases.edit_gpt import EditGpt
from catalog_service.usecases.find_release import FindRelease
from catalog_service.usecases.find_uses import FindUses
from catalog_service.usecases.forget_versions import ForgetVersions
from catalog_service.usecases.list_gpts import ListGpts
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.make_releases import MakeReleases
from catalog_service.usecases.open_action import OpenAction
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_access import ReadAccess
from catalog_service.usecases.read_action import ReadAction
from catalog_service.usecases.read_gpt import ReadGpt
from catalog_service.usecases.read_published_gpt import ReadPublishedGpt
from catalog_service.usecases.read_release import ReadRelease
from catalog_service.usecases.read_release_texts import ReadReleaseTexts
from catalog_service.usecases.read_version import ReadVersion
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from catalog_service.usecases.restore_version import RestoreVersion
from catalog_service.usecases.unpublish_gpt import UnpublishGpt


@dataclass(frozen=True, slots=True)
class CatalogApp:
    """Everything that the catalog can do."""

    create_gpt: CreateGpt
    list_gpts: ListGpts
    open_gpt: OpenGpt
    read_gpt: ReadGpt
    edit_gpt: EditGpt
    remove_gpt: RemoveGpt
    bind_action: BindAction
    open_action: OpenAction
    remove_action: RemoveAction
    read_action: ReadAction
    check_publication: CheckPublication
    publish_gpt: PublishGpt
    change_access: ChangeAccess
    read_access: ReadAccess
    unpublish_gpt: UnpublishGpt
    read_release: ReadRelease
    read_release_texts: ReadReleaseTexts
    read_published_gpt: ReadPublishedGpt
    list_versions: ListVersions
    read_version: ReadVersion
    restore_version: RestoreVersion
    find_uses: FindUses
    find_release: FindRelease
    pin_tools: PinTools
    forget_versions: ForgetVersions
    make_releases: MakeReleases
